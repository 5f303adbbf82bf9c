"""The door on a real port, over a real journal, as these tests handle it."""

import asyncio
import hashlib
import hmac
import json
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import uvicorn

from adapters.whatsapp import WhatsApp, WhatsAppSettings
from casefile.errors import BadInput, DependencyDown
from gateway.http import App
from gateway.metrics import Sample
from ports.journal import Received

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
PATH = "/webhooks/whatsapp/school"
STAFF_SECRET = "staff-secret"


class Server(uvicorn.Server):
    """Serves an app in this loop, saying when it is up."""

    def __init__(self, app: App) -> None:
        super().__init__(
            uvicorn.Config(
                app, http="httptools", loop="uvloop", ws="none", log_level="warning", access_log=False
            )
        )
        self.up = asyncio.Event()
        self.sock = socket.socket()
        self.sock.bind(("127.0.0.1", 0))
        self.task: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.sock.getsockname()[1]}"

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    async def start(self) -> None:
        self.task = asyncio.create_task(self._serve([self.sock]))
        await self.up.wait()

    async def stop(self) -> None:
        self.should_exit = True
        assert self.task is not None
        await self.task


@dataclass
class Surroundings:
    """What the door calls, and what it was told."""

    received: list[Received] = field(default_factory=list)
    rang: asyncio.Event = field(default_factory=asyncio.Event)
    problems: tuple[str, ...] = ()
    staff_bodies: list[bytes] = field(default_factory=list)
    staff_connected: bool = True

    async def on_received(self, received: Sequence[Received]) -> None:
        self.received += received
        self.rang.set()

    async def ready(self) -> Sequence[str]:
        return self.problems

    async def samples(self) -> Sequence[Sample]:
        return [Sample("loket_outbox", 3, "Effects by state.", labels={"state": "queued"})]

    def verified(self, headers: Any, body: bytes) -> bool:
        return bool(headers.get("x-telegram-bot-api-secret-token") == STAFF_SECRET)

    async def receive(self, body: bytes) -> None:
        if not self.staff_connected:
            raise DependencyDown("telegram", "not yet")
        if not body.startswith(b"{"):
            raise BadInput("the body is not a Telegram update")
        self.staff_bodies.append(body)


@dataclass
class Door:
    """A served door and a client for it."""

    http: httpx.AsyncClient
    around: Surroundings

    async def deliver(self, body: bytes, signature: str | None = None, path: str = PATH) -> httpx.Response:
        """Post a delivery as WhatsApp does; signed rightly unless told otherwise."""
        made = f"sha256={hmac.new(b'app-secret', body, hashlib.sha256).hexdigest()}"
        return await self.http.post(
            path, content=body, headers={"X-Hub-Signature-256": (signature or made).encode("latin-1")}
        )


def whatsapp_channel() -> WhatsApp:
    """The channel whose secrets these tests know."""
    return WhatsApp(
        WhatsAppSettings(
            base_url="http://localhost",
            access_token="access-token",
            app_secret="app-secret",
            verify_token="verify-token",
            numbers={"school": "55501"},
        )
    )


def delivery(*texts: str, prefix: str = "wamid") -> bytes:
    """A webhook body with one message per text, the ids counting from 0."""
    messages = [
        {
            "from": "628111222333",
            "id": f"{prefix}.{n}",
            "timestamp": "1795230000",
            "type": "text",
            "text": {"body": t},
        }
        for n, t in enumerate(texts)
    ]
    value = {
        "metadata": {"phone_number_id": "55501"},
        "contacts": [{"profile": {"name": "Sari"}, "wa_id": "628111222333"}],
        "messages": messages,
    }
    return json.dumps(
        {"object": "whatsapp_business_account", "entry": [{"changes": [{"value": value}]}]}
    ).encode()
