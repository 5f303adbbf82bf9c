"""The emulated Graph API over HTTP."""

import asyncio
import secrets
from collections.abc import Collection
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox import whatsapp_checks as checks
from sandbox.bodies import read_json
from sandbox.faults import Faults, under
from sandbox.media import read_multipart
from sandbox.receipts import ReceiptLog
from sandbox.whatsapp import WhatsApp
from sandbox.whatsapp_payloads import FAILURES

PREFIX = "/graph"


class GraphErrors:
    """Refusals in the Graph API's own shape."""

    def unavailable(self, status: int) -> Response:
        """The service is down (503) or broken (500)."""
        return _error(2 if status == 503 else 1, "Service temporarily unavailable", status)

    def too_many(self, seconds: float | None) -> Response:
        """The throughput limit, error 130429; the Graph API itself names no time to wait, what stands before it may."""
        answer = _error(130429, FAILURES[130429][1], 429)
        if seconds is not None:
            answer.headers["Retry-After"] = str(round(seconds))
        return answer

    def refused(self, code: int) -> Response:
        """Any error by its number."""
        return _error(code, FAILURES.get(code, ("", "An error asked for by the sandbox."))[1], 400)


class GraphApi:
    """Routes of the Graph API that the business numbers of one app use; they share its token and its files."""

    def __init__(
        self, numbers: Collection[WhatsApp], faults: Faults, receipts: ReceiptLog, stopping: asyncio.Event
    ) -> None:
        self._numbers = {whatsapp.account.phone_number_id: whatsapp for whatsapp in numbers}
        self._shelf = next(iter(numbers)).media
        self._token = next(iter(numbers)).account.access_token
        self._faults = faults
        self._receipts = receipts
        self._stopping = stopping

    def routes(self) -> list[Route]:
        """To be mounted at the root; the base URL for a client is `<sandbox>/graph`."""
        return [
            Route(f"{PREFIX}/media/{{token}}", self._download, methods=["GET"]),
            Route(f"{PREFIX}/{{version}}/{{number_id}}/messages", self._messages, methods=["POST"]),
            Route(f"{PREFIX}/{{version}}/{{number_id}}/media", self._upload, methods=["POST"]),
            Route(f"{PREFIX}/{{version}}/{{number_id}}", self._number_or_media, methods=["GET"]),
        ]

    async def _messages(self, request: Request) -> Response:
        body = await read_json(request)
        reading = isinstance(body, dict) and "status" in body
        fault = self._faults.take("whatsapp", "read" if reading else "send", usual=not reading)
        fail_as = fault.code or 131026 if fault and fault.mode == "failed_status" else None

        async def effect() -> Response:
            try:
                number = self._admit(request)
                answer = self._read(number, body) if reading else self._accepted(number, body, fail_as)
            except checks.Rejected as rejected:
                self._receipts.write(
                    "whatsapp.refused", code=rejected.code, details=rejected.details, body=body
                )
                return _error(rejected.code, rejected.details, rejected.status)
            return JSONResponse(answer)

        return await under(fault, GraphErrors(), effect, self._stopping)

    def _accepted(self, number: WhatsApp, body: Any, fail_as: int | None) -> dict[str, Any]:
        return number.accept(checks.read(body, number.account.templates), fail_as)

    def _read(self, number: WhatsApp, body: dict[str, Any]) -> dict[str, Any]:
        if body["status"] != "read" or not isinstance(body.get("message_id"), str):
            raise checks.Rejected(100, "A read mark needs status read and a message_id.")
        number.mark_read(body["message_id"], typing="typing_indicator" in body)
        return {"success": True}

    async def _upload(self, request: Request) -> Response:
        raw = await request.body()
        fault = self._faults.take("whatsapp", "media", usual=False)

        async def effect() -> Response:
            try:
                self._admit(request)
                kind, data = read_multipart(request.headers.get("content-type", ""), raw)["file"]
            except checks.Rejected as rejected:
                return _error(rejected.code, rejected.details, rejected.status)
            except KeyError:
                return _error(100, "The parameter file is required.", 400)
            stored = self._shelf.put(data, kind)
            self._receipts.write("whatsapp.upload", id=stored.id, mime_type=kind, size=len(data))
            return JSONResponse({"id": stored.id})

        return await under(fault, GraphErrors(), effect, self._stopping)

    async def _number(self, request: Request) -> Response:
        async def effect() -> Response:
            try:
                account = self._admit(request).account
            except checks.Rejected as rejected:
                return _error(rejected.code, rejected.details, rejected.status)
            told = {"display_phone_number": account.display_number, "id": account.phone_number_id}
            return JSONResponse(told)

        return await under(self._faults.take("whatsapp", "number"), GraphErrors(), effect, self._stopping)

    async def _number_or_media(self, request: Request) -> Response:
        if request.path_params["number_id"] in self._numbers:
            return await self._number(request)
        return await self._media(request)

    async def _media(self, request: Request) -> Response:
        fault = self._faults.take("whatsapp", "media", usual=False)

        async def effect() -> Response:
            try:
                self._known(request)
            except checks.Rejected as rejected:
                return _error(rejected.code, rejected.details, rejected.status)
            stored = self._shelf.get(request.path_params["number_id"])
            if stored is None:
                return _error(100, "Unsupported get request: no such object.", 400)
            link = f"{str(request.base_url).rstrip('/')}{PREFIX}/media/{self._shelf.link(stored.id)}"
            told = {"url": link, "mime_type": stored.mime_type, "sha256": stored.sha256}
            size = len(stored.data)
            return JSONResponse({"messaging_product": "whatsapp", **told, "file_size": size, "id": stored.id})

        return await under(fault, GraphErrors(), effect, self._stopping)

    async def _download(self, request: Request) -> Response:
        fault = self._faults.take("whatsapp", "media", usual=False)

        async def effect() -> Response:
            try:
                self._known(request)
            except checks.Rejected as rejected:
                return _error(rejected.code, rejected.details, rejected.status)
            stored = self._shelf.follow(request.path_params["token"])
            return Response(stored.data, media_type=stored.mime_type) if stored else Response(status_code=404)

        return await under(fault, GraphErrors(), effect, self._stopping)

    def _known(self, request: Request) -> None:
        given = request.headers.get("authorization", "")
        if not secrets.compare_digest(given.encode(), f"Bearer {self._token}".encode()):
            raise checks.Rejected(190, "Invalid OAuth access token - Cannot parse access token", 401)

    def _admit(self, request: Request) -> WhatsApp:
        self._known(request)
        number = self._numbers.get(request.path_params["number_id"])
        if number is None:
            raise checks.Rejected(100, "Object does not exist or cannot be loaded.")
        return number


def _error(code: int, details: str, status: int) -> Response:
    title = FAILURES[code][0] if code in FAILURES else details
    error = {
        "message": f"(#{code}) {title}",
        "type": "OAuthException",
        "code": code,
        "error_data": {"messaging_product": "whatsapp", "details": details},
        "fbtrace_id": secrets.token_urlsafe(12),
    }
    return JSONResponse({"error": error}, status_code=status)
