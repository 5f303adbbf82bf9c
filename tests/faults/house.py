"""The whole house for these tests: sandbox and server over real HTTP, with a database that may lie elsewhere."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from app.front import bound
from app.serve import LoketServer
from app.stage import Stage, staged_settings
from app.stage_sandbox import sandbox_settings
from app.wire import wire
from sandbox.clock import SharedClock
from sandbox.server import SandboxServer
from tests.graph.whole import loaded, phone_of, settings

MONDAY = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
RINA, BUDI = "ct_rina", "ct_budi"
PRICES = "harga paket berapa?"


async def something_happens(http: httpx.AsyncClient, stage: Stage) -> None:
    """Wait until the sandbox hears or says something, for a moment at most."""
    url = f"{stage.sandbox.url}/sandbox/events"
    last = (await http.get(url, params={"after": 10**9, "wait": 0})).json()["last"]
    await http.get(url, params={"after": last, "wait": 0.02})


@dataclass(slots=True)
class House:
    """What a test does to a running Loket, and what it can see of it."""

    stage: Stage
    http: httpx.AsyncClient

    async def writes(self, contact_id: str, text: str) -> None:
        """Let a customer write; WhatsApp delivers it for as long as it takes."""
        said = {"from": phone_of(contact_id), "kind": "text", "text": text}
        (
            await self.http.post(f"{self.stage.sandbox.url}/sandbox/whatsapp/send", json=said)
        ).raise_for_status()

    async def until(self, so: Callable[[], Awaitable[bool]]) -> None:
        """Let time pass, a second of it in a moment, until it is so."""
        async with asyncio.timeout(30):
            while not await so():
                self.stage.clock.advance(0.5)
                await something_happens(self.http, self.stage)

    async def heard(self, contact_id: str) -> list[str]:
        """Return what a customer's phone shows of us."""
        rows = await self.http.get(f"{self.stage.sandbox.url}/sandbox/whatsapp/chat/{phone_of(contact_id)}")
        return [m["text"] for m in rows.json()["messages"] if m["from"] != "customer"]

    async def lane(self, name: str) -> list[str]:
        """Return what a lane shows."""
        rows = await self.http.get(f"{self.stage.sandbox.url}/sandbox/telegram/chat/{name}")
        return [m["text"] for m in rows.json()["messages"]]

    async def ready(self) -> tuple[int, str]:
        """Ask the server whether it is ready."""
        answer = await self.http.get(f"{self.stage.server.url}/readyz")
        return answer.status_code, answer.text

    async def is_ready(self) -> bool:
        return (await self.ready())[0] == 200

    def answers(self) -> list[Any]:
        """Return what the server said to each delivery of a webhook, in order."""
        log = self.stage.sandbox.sandbox.receipts
        return [e["result"] for e in log.after(0) if e["kind"] == "whatsapp.webhook"]

    def count(self, sql: str, *params: object) -> int:
        """Count in the database."""
        row = self.stage.wired.database.read_one(sql, params)
        assert row is not None
        return int(row[0])


@asynccontextmanager
async def open_house(home: Path, database: Path | None = None) -> AsyncIterator[House]:
    """Open sandbox and server; the database may lie elsewhere, on a disk of its own."""
    clock = SharedClock(home / "clock.json")
    clock.freeze(MONDAY)
    door = bound("127.0.0.1", 0)
    desk_home, desk = settings().desks[0]
    told = sandbox_settings(desk_home, desk, home, "http://{}:{}".format(*door.getsockname()))
    sandbox = SandboxServer(told, clock)
    await sandbox.start()
    wired = await wire(
        staged_settings(settings(), desk, home, sandbox.url), loaded=loaded(), database=database
    )
    server = LoketServer([wired], door)
    await server.start()
    try:
        async with httpx.AsyncClient(verify=False) as http:
            yield House(Stage(sandbox, server, clock, home, wired), http)
    finally:
        await server.stop()
        await sandbox.stop()
