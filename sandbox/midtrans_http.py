"""The emulated Midtrans over HTTP; a client's base addresses are both `<sandbox>/midtrans`."""

import asyncio
import base64
import hmac
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.bodies import read_json
from sandbox.faults import Faults, under
from sandbox.midtrans import Midtrans, Payment, Refused
from sandbox.pay_page import pay_page


class MidtransErrors:
    """Refusals in Midtrans' shape."""

    def unavailable(self, status: int) -> Response:
        """Midtrans is down (503) or broken (500)."""
        return _error(status, "Sorry, our system is recovering from unexpected issues.")

    def too_many(self, seconds: float | None) -> Response:
        """Asked too often."""
        return _error(429, "API rate limit exceeded")

    def refused(self, code: int) -> Response:
        """Any error by its number."""
        return _error(code, "An error asked for by the sandbox")


class MidtransApi:
    """Charge, Snap, status, refund, expire and cancel, and the page a QR code or Snap link opens."""

    def __init__(self, midtrans: Midtrans, faults: Faults, stopping: asyncio.Event) -> None:
        self._midtrans = midtrans
        self._faults = faults
        self._stopping = stopping

    def routes(self) -> list[Route]:
        """To be mounted at the root."""
        return [
            Route("/midtrans/v2/charge", self._charge, methods=["POST"]),
            Route("/midtrans/snap/v1/transactions", self._snap, methods=["POST"]),
            Route("/midtrans/v2/qris/{name}/qr-code", self._page, methods=["GET", "POST"]),
            Route("/midtrans/snap/v4/redirection/{name}", self._page, methods=["GET", "POST"]),
            Route("/midtrans/v2/{name}/status", self._status, methods=["GET"]),
            Route("/midtrans/v2/{name}/refund", self._refund, methods=["POST"]),
            Route("/midtrans/v2/{name}/{act:str}", self._end, methods=["POST"]),
        ]

    async def _charge(self, request: Request) -> Response:
        asked = await read_json(request)
        key = request.headers.get("idempotency-key", "")
        return await self._answered(
            request,
            "request",
            lambda: _charged(self._midtrans, self._midtrans.charge(asked, key), _base(request)),
        )

    async def _snap(self, request: Request) -> Response:
        asked = await read_json(request)
        key = request.headers.get("idempotency-key", "")

        def made() -> Response:
            try:
                payment = self._midtrans.snap(asked, key)
            except Refused as error:
                return JSONResponse({"error_messages": [str(error)]}, error.code)
            url = f"{_base(request)}/midtrans/snap/v4/redirection/{payment.token}"
            return JSONResponse({"token": payment.token, "redirect_url": url}, 201)

        return await self._answered(request, "request", made)

    async def _status(self, request: Request) -> Response:
        return await self._answered(request, "state", lambda: self._shown(request.path_params["name"]))

    async def _refund(self, request: Request) -> Response:
        asked = await read_json(request)
        name = request.path_params["name"]

        def done() -> Response:
            return JSONResponse(
                self._midtrans.status_of(self._midtrans.refund(name, asked)) | {"status_code": "200"}
            )

        return await self._answered(request, "refund", done)

    async def _end(self, request: Request) -> Response:
        name, act = request.path_params["name"], request.path_params["act"]

        def done() -> Response:
            payment = self._midtrans.find(name)
            if act not in ("expire", "cancel"):
                raise Refused(404, "no such call")
            if payment.status != "pending":
                raise Refused(412, "Transaction status cannot be updated.")
            return JSONResponse(self._midtrans.status_of(self._midtrans.put(name, act)))

        return await self._answered(request, "end", done)

    async def _page(self, request: Request) -> Response:
        """What a scanned code or a link opens; its button pays."""
        try:
            payment = self._midtrans.find(request.path_params["name"])
            if request.method == "POST":
                payment = self._midtrans.pay(payment.order_id)
        except Refused as error:
            return pay_page(str(error), 0, "")
        return pay_page(payment.order_id, payment.amount, payment.status)

    def _shown(self, name: str) -> Response:
        payment = self._midtrans.find(name)
        if not payment.chosen:
            raise Refused(404, "Transaction doesn't exist.")
        return JSONResponse(self._midtrans.status_of(payment))

    async def _answered(self, request: Request, op: str, act: Callable[[], Response]) -> Response:
        async def effect() -> Response:
            if not self._known(request):
                return _error(
                    401, "Access denied due to unauthorized transaction, please check client or server key"
                )
            try:
                return act()
            except Refused as error:
                return _error(error.code, str(error))

        return await under(self._faults.take("payments", op), MidtransErrors(), effect, self._stopping)

    def _known(self, request: Request) -> bool:
        given = request.headers.get("authorization", "")
        ours = base64.b64encode(f"{self._midtrans.account.server_key}:".encode()).decode()
        return hmac.compare_digest(given.encode(), f"Basic {ours}".encode())


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _charged(midtrans: Midtrans, payment: Payment, base: str) -> Response:
    told: dict[str, Any] = midtrans.status_of(payment)
    del told["signature_key"]
    code = f"{base}/midtrans/v2/qris/{payment.transaction_id}/qr-code"
    told |= {
        "status_code": "201",
        "status_message": "QRIS transaction is created",
        "actions": [{"name": "generate-qr-code", "method": "GET", "url": code}],
        # In earnest the code holds the merchant's data; a scan by the sandbox's page needs only the way.
        "qr_string": f"00020101021226620016ID.LOKET.SANDBOX0118{payment.transaction_id}5303360",
    }
    return JSONResponse(told)


def _error(code: int, words: str) -> Response:
    # As real servers: an order that is not there, or taken, is an answer like any other.
    status = 200 if code in (404, 406, 412, 414) else code
    return JSONResponse({"status_code": str(code), "status_message": words, "id": "sandbox"}, status)
