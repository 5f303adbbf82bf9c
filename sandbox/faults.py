"""Faults on demand: what goes wrong next, at which outside system, and how often."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from sandbox.receipts import ReceiptLog

Mode = Literal[
    "down",
    "slow",
    "429",
    "5xx",
    "timeout_after_effect",
    "cut",
    "bad_json",
    "half_body",
    "error",
    "failed_status",
]


class Fault(BaseModel):
    """One thing to go wrong; without a `count` it lasts until it is cleared.

    `op` narrows it to one operation: for WhatsApp send, read or media, for Telegram a method's name.
    `code` is the vendor's own error number for the modes error and failed_status.
    `seconds` is how long slow and timeout_after_effect hold an answer back, or 429 asks to be left alone
    (WhatsApp says so only when it is given).
    """

    model_config = ConfigDict(extra="forbid")

    target: str
    mode: Mode
    count: int | None = Field(default=None, ge=1)
    op: str | None = None
    code: int | None = None
    seconds: float = Field(default=5.0, ge=0)


class Vendor(Protocol):
    """How one outside system words a refusal."""

    def unavailable(self, status: int) -> Response: ...
    def too_many(self, seconds: float | None) -> Response: ...
    def refused(self, code: int) -> Response: ...


class Faults:
    """The faults in force."""

    def __init__(self, receipts: ReceiptLog) -> None:
        self._receipts = receipts
        self._active: list[Fault] = []

    @property
    def active(self) -> list[Fault]:
        """The faults in force, oldest first."""
        return list(self._active)

    def add(self, fault: Fault) -> None:
        """Put a fault in force."""
        self._active.append(fault)
        self._receipts.write("fault.set", **fault.model_dump(exclude_none=True))

    def clear(self, target: str | None = None) -> None:
        """Mend one target, or everything."""
        self._active = [fault for fault in self._active if target is not None and fault.target != target]
        self._receipts.write("fault.cleared", target=target)

    def take(self, target: str, op: str, usual: bool = True) -> Fault | None:
        """The fault this operation meets, used up by one.

        A fault that names no operation meets the usual ones only, so that one meant for a send is
        not eaten by a long poll; an outage meets every one. What is counted is met before what lasts, and what
        came later before a slowness that lasts.
        """
        for fault in sorted(self._active, key=_lasting):
            named = fault.op == op if fault.op else usual or fault.mode == "down"
            if fault.target != target or not named:
                continue
            if fault.count is not None:
                fault.count -= 1
                if fault.count == 0:
                    self._active.remove(fault)
            self._receipts.write("fault.met", target=target, mode=fault.mode, op=op)
            return fault
        return None


def _lasting(fault: Fault) -> int:
    if fault.count is not None:
        return 0
    return 2 if fault.mode == "slow" else 1


async def under(
    fault: Fault | None, vendor: Vendor, effect: Callable[[], Awaitable[Response]], stopping: asyncio.Event
) -> Response:
    """Answer a request as the fault has it: before the effect, after it, or in place of it."""
    if fault is None or fault.mode == "failed_status":
        return await effect()
    match fault.mode:
        case "down":
            return vendor.unavailable(503)
        case "5xx":
            return vendor.unavailable(500)
        case "429":
            return vendor.too_many(fault.seconds if "seconds" in fault.model_fields_set else None)
        case "error":
            return vendor.refused(fault.code or 0)
        case "cut":
            return CutResponse(b"", sent=0)
        case "slow":
            await held(fault.seconds, stopping)
            return await effect()
        case "timeout_after_effect":
            answer = await effect()
            await held(fault.seconds, stopping)
            return CutResponse(bytes(answer.body), sent=0)
        case "bad_json":
            await effect()
            return Response(b'{"messages": [{"id": ', media_type="application/json")
        case "half_body":
            answer = await effect()
            return CutResponse(bytes(answer.body), sent=len(answer.body) // 2)


async def held(seconds: float, stopping: asyncio.Event) -> None:
    """Wait in real time, but no longer than the sandbox runs."""
    try:
        await asyncio.wait_for(stopping.wait(), seconds)
    except TimeoutError:
        return


class CutResponse(Response):
    """An answer cut off after its first `sent` bytes; at 0 not even a header arrives."""

    def __init__(self, content: bytes, sent: int) -> None:
        super().__init__(content, media_type="application/json")
        self._sent = sent

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._sent:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await send({"type": "http.response.body", "body": self.body[: self._sent], "more_body": True})
        Request(scope).state.drop_connection()
        # uvicorn reports an unfinished answer as an error of ours unless the client is known to be gone.
        while (await receive())["type"] != "http.disconnect":
            continue
