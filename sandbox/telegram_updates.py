"""Updates for the bot: kept until acknowledged, handed out by long poll or by webhook."""

import asyncio
import json
from typing import Any

from sandbox.delivery import Delivery, Webhook
from sandbox.receipts import ReceiptLog

Json = dict[str, Any]


class Superseded(Exception):
    """Another getUpdates request has come in, and this one ends."""


class Updates:
    """The queue of one bot.

    An update leaves it only when an offset above it is asked for, so a poll whose client has died
    takes nothing along.
    """

    def __init__(self, first_id: int, receipts: ReceiptLog, delivery: Delivery) -> None:
        self._next = first_id
        self._receipts = receipts
        self._delivery = delivery
        self._waiting: list[Json] = []
        self._changed = asyncio.Event()
        self._poll = 0
        self._stopped = False
        self.webhook_url = ""
        self._secret: str | None = None

    @property
    def pending(self) -> int:
        """How many updates are not acknowledged yet."""
        return len(self._waiting)

    def add(self, kind: str, content: Json) -> int:
        """Queue one update; answers its id."""
        update_id = self._next
        self._next += 1
        update = {"update_id": update_id, kind: content}
        self._receipts.write("telegram.update", update=update_id, type=kind)
        if self.webhook_url:
            self._post(update)
        else:
            self._waiting.append(update)
            self._wake()
        return update_id

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Json]:
        """The updates from `offset` on, waiting up to `seconds` for one; a newer poll supersedes this one."""
        self._poll += 1
        mine = self._poll
        self._wake()
        self._acknowledge(offset)
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while not self._waiting and not self._stopped and loop.time() < until:
            try:
                await asyncio.wait_for(self._changed.wait(), until - loop.time())
            except TimeoutError:
                break
            if self._poll != mine:
                raise Superseded
        return self._waiting[:limit]

    def set_webhook(self, url: str, secret: str | None, drop: bool) -> None:
        """Deliver to `url` from now on; an empty one goes back to polling."""
        self.webhook_url, self._secret = url, secret
        if drop:
            self._waiting.clear()
        if url:
            waiting, self._waiting = self._waiting, []
            for update in waiting:
                self._post(update)
            self._poll += 1
            self._wake()

    def stop(self) -> None:
        """End the poll that is waiting, and every later one at once."""
        self._stopped = True
        self._wake()

    def _acknowledge(self, offset: int) -> None:
        if offset < 0:
            self._waiting = self._waiting[offset:]
        elif offset:
            done = [update["update_id"] for update in self._waiting if update["update_id"] < offset]
            self._waiting = self._waiting[len(done) :]
            if done:
                self._receipts.write("telegram.acknowledged", updates=done)

    def _post(self, update: Json) -> None:
        headers = {"Content-Type": "application/json"}
        if self._secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self._secret
        body = json.dumps(update, ensure_ascii=False).encode()
        carries = [str(update["update_id"])]
        self._delivery.post("telegram", Webhook("telegram", self.webhook_url, body, headers, carries))

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
