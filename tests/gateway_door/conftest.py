"""A served door, with the sandbox at hand where a test wants one."""

from collections.abc import AsyncIterator, Callable
from itertools import count
from pathlib import Path

import httpx
import pytest

from adapters.clock import ManualClock
from gateway.door import Probes, build_door
from gateway.http import App, Receive, Scope, Send, say
from store.database import Database
from store.journal import SqlJournal
from tests.gateway_door.serving import NOW, Door, Server, Surroundings, whatsapp_channel


def counting() -> Callable[[], str]:
    """Contact ids that count."""
    numbers = count(1)
    return lambda: f"{next(numbers):012x}"


async def beyond(scope: Scope, receive: Receive, send: Send) -> None:
    """Stands for the console."""
    await say(send, 200, f"beyond {scope['path']}")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database.open(tmp_path / "loket.db")
    yield opened
    opened.close()


@pytest.fixture
def around() -> Surroundings:
    return Surroundings()


@pytest.fixture
async def app(database: Database, around: Surroundings) -> AsyncIterator[App]:
    journal = SqlJournal(database, {"school": "school"}, counting())
    channel = whatsapp_channel()
    channels = {"whatsapp/school": (channel, "school"), "whatsapp/unwired": (channel, "unwired")}
    probes = Probes(around.ready, around.samples)
    yield build_door(
        journal, channels, around.on_received, probes, ManualClock(NOW), staff=around, beyond=beyond
    )
    await channel.close()


@pytest.fixture
async def door(app: App, around: Surroundings) -> AsyncIterator[Door]:
    server = Server(app)
    await server.start()
    async with httpx.AsyncClient(base_url=server.url, timeout=10, trust_env=False) as http:
        yield Door(http, around)
    await server.stop()
