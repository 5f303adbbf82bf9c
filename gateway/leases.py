"""Which workers on one database are alive: those whose counters still move."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping

import structlog

from casefile.errors import StoreDown
from ports.journal import Journal

log = structlog.get_logger(__name__)


class Leases:
    """Counts on for this worker and watches the others, on this machine's own clock.

    Nobody's clock is compared with anybody else's: a worker is gone when its counter has stood still here for
    `seconds`. One that was only slow is back on the list with its next beat, and what it held was given away.
    """

    def __init__(self, journal: Journal, worker: str, seconds: float) -> None:
        self._journal = journal
        self._worker = worker
        self._seconds = seconds
        self._seen: dict[str, tuple[int, float]] = {}

    async def run(self, stop: asyncio.Event, on_gone: Callable[[frozenset[str]], Awaitable[None]]) -> None:
        """Look three times a lease until stopped; what workers that are gone have left is `on_gone`'s."""
        while not stop.is_set():
            try:
                if gone := await self.look():
                    log.warning("workers_gone", workers=sorted(gone))
                    await on_gone(gone)
                    await self._journal.forget(gone)
            except StoreDown as error:
                log.error("leases_held_up", why=str(error))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), self._seconds / 3)

    async def look(self) -> frozenset[str]:
        """Count on, and return the workers that are gone."""
        counters = await self._journal.beat(self._worker)
        return self._gone(counters, asyncio.get_running_loop().time())

    def _gone(self, counters: Mapping[str, int], now: float) -> frozenset[str]:
        known = self._seen
        self._seen = {
            name: known[name] if name in known and known[name][0] == count else (count, now)
            for name, count in counters.items()
        }
        return frozenset(name for name, (_, since) in self._seen.items() if now - since >= self._seconds)
