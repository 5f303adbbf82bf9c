"""A server of the simplest kind for webhooks to reach, and a client that steers a sandbox."""

import asyncio
import contextlib
import hashlib
import hmac
import json
import socket
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

TOKEN = "7001:sandbox-bot-token"
LANES = {"ops": -1001, "coach": -1002, "incident": -1003}
COACH, STRANGER = 501, 999


class Receiver:
    """Takes webhooks, answers each with the next status it was given (200 when it has none)."""

    def __init__(self, app_secret: str, verify_token: str) -> None:
        self.answers: list[int] = []
        self.taken: list[dict[str, Any]] = []
        self.refused = 0
        self.secrets_seen: list[str | None] = []
        self.url = ""
        self._grown = asyncio.Event()
        self._app_secret = app_secret
        self._verify_token = verify_token

    def app(self) -> Starlette:
        """The webhook endpoints and a health check."""
        return Starlette(
            routes=[
                Route("/webhooks/whatsapp", self._verify, methods=["GET"]),
                Route("/webhooks/whatsapp", self._take, methods=["POST"]),
                Route("/webhooks/telegram", self._telegram, methods=["POST"]),
                Route("/healthz", lambda _: PlainTextResponse("ok")),
            ]
        )

    async def until(self, enough: Callable[["Receiver"], bool]) -> None:
        """Wait for what has been taken to satisfy `enough`."""
        async with asyncio.timeout(10):
            while not enough(self):
                grown = self._grown
                await grown.wait()

    @property
    def messages(self) -> list[dict[str, Any]]:
        """Every message taken so far."""
        return [message for value in self.values for message in value.get("messages", [])]

    @property
    def statuses(self) -> list[dict[str, Any]]:
        """Every status taken so far."""
        return [status for value in self.values for status in value.get("statuses", [])]

    @property
    def values(self) -> list[dict[str, Any]]:
        """Every value taken so far."""
        entries = [entry for body in self.taken for entry in body.get("entry", [])]
        return [change["value"] for entry in entries for change in entry["changes"]]

    async def _verify(self, request: Request) -> Response:
        asked = request.query_params
        if asked["hub.mode"] != "subscribe" or asked["hub.verify_token"] != self._verify_token:
            return Response(status_code=403)
        return PlainTextResponse(asked["hub.challenge"])

    async def _take(self, request: Request) -> Response:
        raw = await request.body()
        signed = hmac.new(self._app_secret.encode(), raw, hashlib.sha256).hexdigest()
        if request.headers["x-hub-signature-256"] != f"sha256={signed}":
            return Response(status_code=403)
        return self._answer(raw)

    async def _telegram(self, request: Request) -> Response:
        self.secrets_seen.append(request.headers.get("x-telegram-bot-api-secret-token"))
        return self._answer(await request.body())

    def _answer(self, raw: bytes) -> Response:
        status = self.answers.pop(0) if self.answers else 200
        if status == 200:
            self.taken.append(json.loads(raw))
        else:
            self.refused += 1
        self._grown.set()
        self._grown = asyncio.Event()
        return Response(status_code=status)


class _Quiet(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield


@contextlib.asynccontextmanager
async def serving(app: Any, port: int = 0) -> AsyncIterator[str]:
    """An application on a real port."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("127.0.0.1", port))
    server = _Quiet(uvicorn.Config(app, log_level="warning", ws="none", lifespan="off"))
    running = asyncio.create_task(server.serve([sock]))
    yield f"http://127.0.0.1:{sock.getsockname()[1]}"
    server.should_exit = True
    await running


class Client:
    """What tests ask of a sandbox over HTTP."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def control(self, path: str, **body: Any) -> dict[str, Any]:
        """Post to the control API; anything but 200 fails the test."""
        answer = await self.http.post(f"/sandbox/{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def look(self, path: str, **query: Any) -> dict[str, Any]:
        """Get from the control API."""
        answer = await self.http.get(f"/sandbox/{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, body: dict[str, Any], token: str = "access-token") -> httpx.Response:
        """Ask the Graph API to send or mark."""
        headers = {"Authorization": f"Bearer {token}"}
        sent = {"messaging_product": "whatsapp", **body}
        return await self.http.post("/graph/v23.0/55501/messages", json=sent, headers=headers)

    async def text(self, to: str, words: str, **more: Any) -> httpx.Response:
        """Ask the Graph API to send words."""
        return await self.post({"to": to, "type": "text", "text": {"body": words}, **more})
