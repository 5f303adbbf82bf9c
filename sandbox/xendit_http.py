"""The emulated Xendit over HTTP; a client's base address is `<sandbox>/xendit`."""

import asyncio
import base64
import hmac
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.bodies import read_json
from sandbox.faults import Faults, under
from sandbox.pay_page import pay_page
from sandbox.xendit import Invoice, Json, Refused, Xendit


class XenditErrors:
    """Refusals in Xendit's shape."""

    def unavailable(self, status: int) -> Response:
        """Xendit is down (503) or broken (500)."""
        return _error(status, "SERVER_ERROR", "An unexpected error occurred")

    def too_many(self, seconds: float | None) -> Response:
        """Asked too often."""
        return _error(429, "RATE_LIMIT_EXCEEDED", "Too many requests")

    def refused(self, code: int) -> Response:
        """Any error by its HTTP number."""
        return _error(code, "ASKED_FOR", "An error asked for by the sandbox")


class XenditApi:
    """Invoices and refunds, and the page an invoice's link opens."""

    def __init__(self, xendit: Xendit, faults: Faults, stopping: asyncio.Event) -> None:
        self._xendit = xendit
        self._faults = faults
        self._stopping = stopping

    def routes(self) -> list[Route]:
        """To be mounted at the root."""
        return [
            Route("/xendit/v2/invoices", self._create, methods=["POST"]),
            Route("/xendit/v2/invoices", self._list, methods=["GET"]),
            Route("/xendit/v2/invoices/{name}", self._get, methods=["GET"]),
            Route("/xendit/invoices/{name}/expire!", self._expire, methods=["POST"]),
            Route("/xendit/refunds", self._refund, methods=["POST"]),
            Route("/xendit/web/{name}", self._page, methods=["GET", "POST"]),
        ]

    async def _create(self, request: Request) -> Response:
        asked = await read_json(request)
        return await self._answered(
            request, "request", lambda: self._shown(self._xendit.create(asked), request)
        )

    async def _list(self, request: Request) -> Response:
        named = request.query_params.get("external_id", "")
        return await self._answered(
            request, "state", lambda: [self._shown(one, request) for one in self._xendit.named(named)]
        )

    async def _get(self, request: Request) -> Response:
        name = request.path_params["name"]
        return await self._answered(request, "state", lambda: self._shown(self._xendit.find(name), request))

    async def _expire(self, request: Request) -> Response:
        name = request.path_params["name"]

        def ended() -> Json:
            if self._xendit.find(name).status != "PENDING":
                raise Refused(400, "EXPIRE_INVOICE_ERROR", "Only a pending invoice can be expired")
            return self._shown(self._xendit.put(name, "EXPIRED"), request)

        return await self._answered(request, "end", ended)

    async def _refund(self, request: Request) -> Response:
        asked = await read_json(request)
        key = request.headers.get("idempotency-key", "")
        return await self._answered(request, "refund", lambda: self._xendit.refund(asked, key))

    async def _page(self, request: Request) -> Response:
        """What a link opens; its button pays."""
        name = request.path_params["name"]
        try:
            found = self._xendit.pay(name) if request.method == "POST" else self._xendit.find(name)
        except Refused as error:
            return pay_page(str(error), 0, "")
        return pay_page(found.external_id, found.amount, found.status)

    def _shown(self, found: Invoice, request: Request) -> Json:
        return self._xendit.shown(found, f"{str(request.base_url).rstrip('/')}/xendit/web/{found.id}")

    async def _answered(self, request: Request, op: str, act: Callable[[], Json | list[Json]]) -> Response:
        async def effect() -> Response:
            if not self._known(request):
                return _error(401, "INVALID_API_KEY", "The API key provided is invalid")
            try:
                return JSONResponse(act())
            except Refused as error:
                return _error(error.status, error.code, str(error))

        return await under(self._faults.take("payments", op), XenditErrors(), effect, self._stopping)

    def _known(self, request: Request) -> bool:
        given = request.headers.get("authorization", "")
        ours = base64.b64encode(f"{self._xendit.account.secret_key}:".encode()).decode()
        return hmac.compare_digest(given.encode(), f"Basic {ours}".encode())


def _error(status: int, code: str, words: str) -> Response:
    return JSONResponse({"error_code": code, "message": words}, status)
