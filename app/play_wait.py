"""How a script waits: until the server is at rest, or does nothing but collect a burst."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from gateway.engine import Engine

LOOK_SECONDS = 0.004
DEADLINE_SECONDS = 30.0


class NotSettled(Exception):
    """The server did not come to rest within the time a step may take."""


def collected_until(engine: Engine, now: datetime) -> list[datetime]:
    """Return the instants ahead that bursts still being collected wait for."""
    return [at for at in engine.turns.draining.collecting().values() if at > now]


async def at_rest(settled: Callable[[], Awaitable[bool]], engine: Engine, now: datetime) -> bool:
    """Say whether the server is done, or does nothing but collect."""
    active = engine.wakeups.active()
    return await settled() or (bool(active) and len(collected_until(engine, now)) == len(active))


async def until(check: Callable[[], Awaitable[bool]], otherwise: str) -> None:
    """Look until it is so; a step that takes longer than it may is a fault of the server."""
    loop = asyncio.get_running_loop()
    until = loop.time() + DEADLINE_SECONDS
    while not await check():
        if loop.time() > until:
            raise NotSettled(f"{otherwise} after {DEADLINE_SECONDS:.0f} s")
        await asyncio.sleep(LOOK_SECONDS)
