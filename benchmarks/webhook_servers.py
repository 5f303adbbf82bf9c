"""The servers that `benchmarks.webhook` drives, each in a process of its own."""

import asyncio
import hashlib
import hmac
import json
import socket
import sys
from collections.abc import Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiosqlite
import uvicorn

from adapters.whatsapp import WhatsApp, WhatsAppSettings
from app.cli.serve import loop_factory
from app.front import bound
from benchmarks.desk import ACCOUNT, StillClock, open_desk
from casefile.events import ChannelEvent
from gateway.door import Probes, build_door
from gateway.metrics import Sample
from ports.journal import Journal, Received

SECRET = "bench-secret"
NUMBER_ID = "55501"
OURS_PATH = f"/webhooks/whatsapp/{ACCOUNT}"


class NoStore:
    """Takes a delivery and forgets it: what the door costs with no database at all."""

    async def receive(self, events: Sequence[ChannelEvent]) -> tuple[Received, ...]:
        """Say that everything was new."""
        return tuple(Received("wa-school-ct_b0", True, "", ACCOUNT, True) for _ in events)


async def _ours(door: socket.socket, *, stored: bool) -> None:
    desk = await open_desk(1)
    journal: Any = desk.wired.journal if stored else NoStore()
    try:
        await uvicorn.Server(_config(_door(journal), http="httptools")).serve([door])
    finally:
        desk.close()


def _door(journal: Journal) -> Any:
    channel = WhatsApp(
        WhatsAppSettings(
            base_url="http://127.0.0.1:9",
            access_token="bench",
            app_secret=SECRET,
            verify_token="bench",
            numbers={ACCOUNT: NUMBER_ID},
        )
    )
    channels: Any = {f"whatsapp/{ACCOUNT}": (channel, ACCOUNT)}
    return build_door(journal, channels, _told, Probes(_ready, _samples), StillClock())


async def _told(received: Sequence[Received]) -> None:
    """Let nobody know: turns are not what is measured here."""


async def _ready() -> Sequence[str]:
    return ()


async def _samples() -> Sequence[Sample]:
    return ()


async def _fastapi(door: socket.socket, folder: Path) -> None:
    """Serve the usual endpoint: check, parse, insert, commit, answer."""
    from fastapi import FastAPI, HTTPException, Request

    @asynccontextmanager
    async def opened(app: FastAPI) -> Any:
        connection = await aiosqlite.connect(folder / "inbox.db")
        await connection.execute("PRAGMA journal_mode=WAL")
        await connection.execute("PRAGMA synchronous=FULL")
        await connection.execute(
            "CREATE TABLE inbox (account TEXT, id TEXT, sender TEXT, body TEXT, UNIQUE (account, id))"
        )
        await connection.commit()
        app.state.connection, app.state.lock = connection, asyncio.Lock()
        yield
        await connection.close()

    app = FastAPI(lifespan=opened)

    @app.post(OURS_PATH)
    async def receive(request: Request) -> dict[str, bool]:
        body = await request.body()
        made = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(f"sha256={made}", request.headers.get("x-hub-signature-256", "")):
            raise HTTPException(401)
        async with app.state.lock:
            for entry in json.loads(body)["entry"]:
                for change in entry["changes"]:
                    for message in change["value"].get("messages", ()):
                        await app.state.connection.execute(
                            "INSERT OR IGNORE INTO inbox VALUES (?, ?, ?, ?)",
                            (ACCOUNT, message["id"], message["from"], json.dumps(message)),
                        )
            await app.state.connection.commit()
        return {"ok": True}

    await uvicorn.Server(_config(app, http="h11", lifespan="on")).serve([door])


def _config(app: Any, *, http: Any, lifespan: Any = "off") -> uvicorn.Config:
    return uvicorn.Config(
        app, http=http, loop="none", ws="none", lifespan=lifespan, log_level="error", access_log=False
    )


def main(kind: str, folder: str) -> None:
    """Serve until told to end; the first line of output is the port."""
    door = bound("127.0.0.1", 0)
    print(door.getsockname()[1], flush=True)
    served = _fastapi(door, Path(folder)) if kind == "fastapi" else _ours(door, stored=kind == "ours")
    # The loop `loket serve` runs on, and the one uvicorn would choose for FastAPI here too.
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(served)


if __name__ == "__main__":
    main(*sys.argv[1:3])
