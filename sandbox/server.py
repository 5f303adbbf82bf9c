"""A sandbox on a port, alone or beside the server in one process."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from sandbox.app import build
from sandbox.clock import SharedClock
from sandbox.parts import Sandbox
from sandbox.settings import SandboxSettings


class _CuttableProtocol(HttpToolsProtocol):
    """Hands each request a way to drop its own connection, which ASGI has no word for."""

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self.scope["state"]["drop_connection"] = self.transport.close


class _Server(uvicorn.Server):
    """Leaves signals to the process it runs in, and says when it is up."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


class SandboxServer:
    """Serves a sandbox; the socket is bound at once, so `url` is known before it starts."""

    def __init__(
        self, settings: SandboxSettings, clock: SharedClock, host: str = "127.0.0.1", port: int = 0
    ) -> None:
        self._settings = settings
        self._clock = clock
        # With the protocol named asyncio turns Nagle's delay off; without it every answer waits 40 ms.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((host, port))
        self._server: _Server | None = None
        self._running: asyncio.Task[None] | None = None
        self._sandbox: Sandbox | None = None

    @property
    def url(self) -> str:
        """The base address, without a slash at the end."""
        host, port = self._socket.getsockname()
        return f"http://{host}:{port}"

    @property
    def sandbox(self) -> Sandbox:
        """The parts, while it runs; for those in the same process."""
        if self._sandbox is None:
            raise RuntimeError("the sandbox has not been started")
        return self._sandbox

    async def start(self) -> None:
        """Serve until `stop`; returns when requests are taken."""
        app = build(self._settings, self._clock)
        self._sandbox = app.state.sandbox
        options: dict[str, Any] = {
            "lifespan": "on",
            "ws": "none",
            "log_level": "warning",
            # Whose process this is says where its lines go.
            "log_config": None,
            "access_log": False,
        }
        config = uvicorn.Config(
            app, http=_CuttableProtocol, timeout_graceful_shutdown=2, timeout_keep_alive=75, **options
        )
        self._server = _Server(config)
        self._running = asyncio.create_task(self._server.serve([self._socket]))
        await self._server.up.wait()

    async def stop(self) -> None:
        """Wake the long polls, let the answers under way go out, and close."""
        if self._server is None or self._running is None:
            self._socket.close()
            return
        self.sandbox.wake()
        self._server.should_exit = True
        await self._running
