"""Webhooks out: at least once, retried until the server says 200."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from sandbox.receipts import ReceiptLog

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 2.0
# A server that was away finds a thousand waiting: all at once they would keep the sandbox too busy to deliver any.
AT_ONCE = 64


@dataclass(frozen=True)
class Webhook:
    """One POST to make; `carries` are the ids of what is in it, for the receipts."""

    channel: str
    url: str
    body: bytes
    headers: Mapping[str, str]
    carries: Sequence[str]


class Delivery:
    """Sends webhooks, in order per `lane` at the first attempt.

    One that fails goes on by itself and lets the next ones past it, as the real systems do.
    """

    def __init__(self, receipts: ReceiptLog, client: httpx.AsyncClient) -> None:
        self._receipts = receipts
        self._client = client
        self._tried: dict[str, asyncio.Event] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(AT_ONCE)
        self._count = 0

    @property
    def pending(self) -> int:
        """How many webhooks have not had their 200."""
        return len(self._tasks)

    def post(self, lane: str, webhook: Webhook, after: float = 0.0) -> int:
        """Start delivering, `after` so many real seconds; answers the webhook's number in the receipts."""
        self._count += 1
        tried = asyncio.Event()
        before = self._tried.get(lane)
        self._tried[lane] = tried
        task = asyncio.create_task(self._deliver(self._count, lane, webhook, before, tried, after))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return self._count

    async def close(self) -> None:
        """Give up what is undelivered."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _deliver(
        self,
        number: int,
        lane: str,
        webhook: Webhook,
        before: asyncio.Event | None,
        tried: asyncio.Event,
        after: float,
    ) -> None:
        if before is not None:
            await before.wait()
        await asyncio.sleep(after)
        pause, attempt = FIRST_PAUSE, 0
        while True:
            attempt += 1
            result = await self._attempt(webhook)
            self._note(number, webhook, attempt, result)
            tried.set()
            if result == 200:
                break
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        if self._tried.get(lane) is tried:
            del self._tried[lane]

    async def _attempt(self, webhook: Webhook) -> int | str:
        async with self._places:
            try:
                answer = await self._client.post(
                    webhook.url, content=webhook.body, headers=dict(webhook.headers)
                )
            except httpx.TransportError as error:
                return type(error).__name__
            return answer.status_code

    def _note(self, number: int, webhook: Webhook, attempt: int, result: int | str) -> None:
        told: dict[str, Any] = {"webhook": number, "carries": list(webhook.carries), "attempt": attempt}
        self._receipts.write(f"{webhook.channel}.webhook", **told, result=result)
