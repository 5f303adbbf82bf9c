"""What servers say to an app beside requests, and a client that hangs up."""

from typing import Any

from adapters.clock import ManualClock
from gateway.door import Probes, build_door
from gateway.http import App
from store.database import Database
from store.journal import SqlJournal
from tests.gateway_door.serving import NOW, PATH, Surroundings


async def spoken(app: App, scope: dict[str, Any], *heard: dict[str, Any]) -> list[dict[str, Any]]:
    """Run the app on a scope; returns what it sent."""
    waiting, sent = list(heard), []

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(dict(message))

    await app(scope, receive, send)
    return sent


async def test_lifespan(app: App) -> None:
    sent = await spoken(
        app, {"type": "lifespan"}, {"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}
    )
    assert [message["type"] for message in sent] == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    ]


async def test_websockets_are_closed(app: App) -> None:
    sent = await spoken(app, {"type": "websocket", "path": PATH}, {"type": "websocket.connect"})
    assert [message["type"] for message in sent] == ["websocket.close"]


async def test_a_client_that_hangs_up_is_told_nothing(app: App) -> None:
    scope = {"type": "http", "method": "POST", "path": PATH, "headers": [], "query_string": b""}
    part = {"type": "http.request", "body": b"{", "more_body": True}
    assert await spoken(app, scope, part, {"type": "http.disconnect"}) == []


async def test_without_anything_beyond_other_paths_are_404(database: Database) -> None:
    around = Surroundings()
    probes = Probes(around.ready, around.samples)
    journal = SqlJournal(database, {}, lambda: "0")
    bare = build_door(journal, {}, around.on_received, probes, ManualClock(NOW))
    scope = {"type": "http", "method": "GET", "path": "/console", "headers": [], "query_string": b""}
    assert (await spoken(bare, scope))[0]["status"] == 404
