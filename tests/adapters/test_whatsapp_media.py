"""Media from a WhatsApp that does not play fair, served on a real port."""

import asyncio
import base64
import hashlib
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from adapters.whatsapp import WhatsApp
from casefile.errors import BadInput, DependencyDown
from tests.adapters.stage import whatsapp_settings

DATA = b"\x89PNG"


@dataclass
class Graph:
    """Describes one file as it is told to, and serves it."""

    url: str
    described: Any = None
    status: int = 200
    tokens: list[str] = field(default_factory=list)

    async def describe(self, request: Request) -> Response:
        return JSONResponse(self.described)

    async def serve(self, request: Request) -> Response:
        self.tokens.append(request.headers.get("authorization", ""))
        return Response(DATA, status_code=self.status)


@pytest.fixture
async def graph() -> AsyncIterator[Graph]:
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    served = Graph(f"http://127.0.0.1:{sock.getsockname()[1]}")
    app = Starlette(routes=[Route("/file", served.serve), Route("/v23.0/77", served.describe)])
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    running = asyncio.create_task(server._serve([sock]))
    yield served
    server.should_exit = True
    await running


@pytest.fixture
async def channel(graph: Graph) -> AsyncIterator[WhatsApp]:
    opened = WhatsApp(whatsapp_settings(graph.url))
    yield opened
    await opened.close()


@pytest.mark.parametrize("spelled", ["hex", "base64"])
async def test_either_spelling_of_the_digest_is_checked(
    graph: Graph, channel: WhatsApp, spelled: str
) -> None:
    for data, right in ((DATA, True), (b"other", False)):
        made = hashlib.sha256(data).digest()
        digest = made.hex() if spelled == "hex" else base64.b64encode(made).decode()
        graph.described = {"url": f"{graph.url}/file", "mime_type": "image/png", "sha256": digest}
        if right:
            assert (await channel.media("77")).data == DATA
        else:
            with pytest.raises(BadInput, match="not the one it announced"):
                await channel.media("77")


@pytest.mark.parametrize(
    "described", [{"url": "http://evil.example/file"}, {"url": "file:///etc/passwd"}, {}, []]
)
async def test_the_token_goes_nowhere_unsafe(graph: Graph, channel: WhatsApp, described: Any) -> None:
    graph.described = described
    with pytest.raises(BadInput, match="not safe"):
        await channel.media("77")
    assert graph.tokens == []


@pytest.mark.parametrize(
    ("status", "error"), [(404, BadInput), (410, BadInput), (401, DependencyDown), (500, DependencyDown)]
)
async def test_a_file_that_is_not_handed_over(
    graph: Graph, channel: WhatsApp, status: int, error: type[Exception]
) -> None:
    graph.described = {"url": f"{graph.url}/file"}
    graph.status = status
    with pytest.raises(error):
        await channel.media("77")


async def test_whatsapp_out_of_reach(graph: Graph) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    channel = WhatsApp(whatsapp_settings(f"http://127.0.0.1:{port}"))
    with pytest.raises(DependencyDown):
        await channel.media("77")
    await channel.close()
