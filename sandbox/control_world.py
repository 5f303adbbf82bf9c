"""Control of the world around the conversations: the clock, what is broken, which limits hold."""

from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.control import Asked, Json, getting, posting
from sandbox.dependencies import IN_SERVER, OUTSIDE
from sandbox.faults import Fault
from sandbox.limits import Limits
from sandbox.parts import Sandbox


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
    """Every source that is down, in the server or outside it."""
    outside = {fault.target for fault in sandbox.faults.active if fault.mode == "down"}
    return sorted(outside | set(sandbox.dependencies.down))


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
        if asked.target in OUTSIDE:
            self._sandbox.faults.add(asked)
        else:
            self._set_source(asked.target, asked.mode)
        return {"seq": self._sandbox.receipts.last}

    async def mend(self, request: Request) -> Response:
        """Mend one target, or everything."""
        target = request.query_params.get("target")
        self._sandbox.faults.clear(target)
        for name in IN_SERVER:
            if target in (None, name):
                self._set_source(name, None)
        return JSONResponse({"seq": self._sandbox.receipts.last})

    def _set_source(self, name: str, mode: str | None) -> None:
        if name not in IN_SERVER:
            raise LookupError(f"{name!r} is none of {', '.join([*OUTSIDE, *IN_SERVER])}")
        self._sandbox.dependencies.set(name, mode)
        self._sandbox.receipts.write("dependency", name=name, mode=mode or "up")

    async def depend(self, asked: Dependency) -> Json:
        """Break a source or mend it."""
        if asked.name in OUTSIDE:
            self._sandbox.faults.clear(asked.name)
            if not asked.up:
                self._sandbox.faults.add(Fault(target=asked.name, mode="down"))
        else:
            self._set_source(asked.name, None if asked.up else "down")
        return {"down": out_of_order(self._sandbox)}

    async def limit(self, asked: Limits) -> Json:
        """Set every limit; one left out goes back to its default."""
        self._sandbox.limits = asked
        return asked.model_dump()
