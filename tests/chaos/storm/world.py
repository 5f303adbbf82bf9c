"""The sandbox as everybody in the storm uses it: act over HTTP, and be told of what has come."""

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

import httpx

from sandbox.clock import SharedClock
from tests.chaos.storm.fleet import Processes

Json = dict[str, Any]
Heard = Callable[[Json], None]
STIRS = ("whatsapp.send", "whatsapp.webhook", "telegram.send", "telegram.press", "telegram.say", "fault.met")


class World:
    """The outside of the server; `clock` is the one that server and sandbox read."""

    def __init__(self, processes: Processes, http: httpx.AsyncClient, clock: SharedClock) -> None:
        self.processes = processes
        self.clock = clock
        self.tables = processes.fleet.tables
        self.sends: Counter[str] = Counter()
        self._http = http
        self._news: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._listeners: list[Heard] = []
        self._seen = 0
        self._stirring = asyncio.Event()

    def listen(self, heard: Heard) -> None:
        """Tell this of every receipt from now on."""
        self._listeners.append(heard)

    async def watch(self) -> None:
        """Follow the receipts for as long as the run lasts."""
        while True:
            for receipt in (await self.get("events", after=self._seen, wait=5))["events"]:
                self._seen = receipt["seq"]
                if receipt["kind"] in STIRS:
                    self._stirring.set()
                if receipt["kind"] == "whatsapp.send":
                    self.sends[receipt["chat"]] += 1
                    self._news[receipt["chat"]].set()
                for heard in self._listeners:
                    heard(receipt)

    async def stirring(self, seconds: float) -> None:
        """Wait until something goes in or out, but no longer than this."""
        self._stirring.clear()
        try:
            await asyncio.wait_for(self._stirring.wait(), seconds)
        except TimeoutError:
            return

    async def answered(self, chat: str, before: int, seconds: float) -> bool:
        """Wait until a chat has had more than `before` messages from the business."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while self.sends[chat] <= before:
            self._news[chat].clear()
            try:
                await asyncio.wait_for(self._news[chat].wait(), until - loop.time())
            except TimeoutError:
                return False
        return True

    async def get(self, path: str, **query: Any) -> Any:
        """Look at the sandbox; raises for what it will not show."""
        answer = await self._http.get(f"{self.processes.sandbox_url}/sandbox/{path}", params=query)
        return answer.raise_for_status().json()

    async def do(self, path: str, **told: Any) -> Json | None:
        """Act in the sandbox; None when it cannot be done (a button that is gone)."""
        answer = await self._http.post(f"{self.processes.sandbox_url}/sandbox/{path}", json=told)
        return dict(answer.json()) if answer.is_success else None

    async def mend(self, target: str) -> None:
        """Take every fault of one outside system away."""
        await self._http.delete(f"{self.processes.sandbox_url}/sandbox/faults", params={"target": target})


async def pause(chance: random.Random, least: float, most: float) -> None:
    """Let some real time go by: the storm has no other rhythm."""
    await asyncio.sleep(chance.uniform(least, most))
