"""Control of the world around the conversations: the clock, what is broken, which limits hold."""

from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.control import Asked, Json, getting, posting
from sandbox.faults import Fault
from sandbox.limits import Limits
from sandbox.parts import Sandbox
from sandbox.sources import IN_SERVER, OUTSIDE

# What still does what it is asked for, or only says later that it did not.
PARTIAL = frozenset({"timeout_after_effect", "error", "failed_status"})


class MoveClock(Asked):
    """Freezing comes first, then advancing, then flowing."""

    advance_seconds: float | None = Field(default=None, ge=0)
    freeze_at: AwareDatetime | Literal["now"] | None = None
    flow: bool = False


class Dependency(Asked):
    """A source to break or mend."""

    name: str
    up: bool


def routes(sandbox: Sandbox) -> list[Route]:
    """Clock, faults, dependencies and limits."""
    world = WorldControl(sandbox)
    return [
        getting("/sandbox/clock", world.clock),
        posting("/sandbox/clock", MoveClock, world.move),
        posting("/sandbox/faults", Fault, world.break_down),
        Route("/sandbox/faults", world.mend, methods=["DELETE"]),
        posting("/sandbox/dependencies", Dependency, world.depend),
        posting("/sandbox/limits", Limits, world.limit),
    ]


def clock_of(sandbox: Sandbox) -> Json:
    """The time and whether it passes."""
    return {"now": sandbox.clock.now().isoformat(), "mode": sandbox.clock.mode}


def out_of_order(sandbox: Sandbox) -> list[str]:
    """Every source that is out of order until it is mended: whatever is asked of it fails."""
    lasting = (fault for fault in sandbox.faults.active if fault.count is None and fault.op is None)
    return sorted({fault.target for fault in lasting if fault.mode not in PARTIAL})


class WorldControl:
    """What can be moved, broken and mended."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def clock(self, _: Request) -> Json:
        """The shared time."""
        return clock_of(self._sandbox)

    async def move(self, asked: MoveClock) -> Json:
        """Move, stop or start the clock."""
        if asked.freeze_at is not None:
            self._sandbox.clock.freeze(asked.freeze_at if isinstance(asked.freeze_at, datetime) else None)
        if asked.advance_seconds is not None:
            self._sandbox.clock.advance(asked.advance_seconds)
        if asked.flow:
            self._sandbox.clock.flow()
        self._sandbox.receipts.write("clock", **clock_of(self._sandbox))
        return clock_of(self._sandbox)

    async def break_down(self, asked: Fault) -> Json:
        """Put a fault in force."""
        self._known(asked.target)
        self._sandbox.faults.add(asked)
        return {"seq": self._sandbox.receipts.last}

    async def mend(self, request: Request) -> Response:
        """Mend one target, or everything."""
        target = request.query_params.get("target")
        self._sandbox.faults.clear(target)
        return JSONResponse({"seq": self._sandbox.receipts.last})

    def _known(self, name: str) -> None:
        if name not in (*OUTSIDE, *IN_SERVER):
            raise LookupError(f"{name!r} is none of {', '.join([*OUTSIDE, *IN_SERVER])}")

    async def depend(self, asked: Dependency) -> Json:
        """Break a source or mend it."""
        self._known(asked.name)
        self._sandbox.faults.clear(asked.name)
        if not asked.up:
            self._sandbox.faults.add(Fault(target=asked.name, mode="down"))
        self._sandbox.receipts.write("dependency", name=asked.name, mode="up" if asked.up else "down")
        return {"down": out_of_order(self._sandbox)}

    async def limit(self, asked: Limits) -> Json:
        """Set every limit; one left out goes back to its default."""
        self._sandbox.limits = asked
        return asked.model_dump()
