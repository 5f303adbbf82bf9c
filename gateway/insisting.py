"""What became of an effect, written down however long the database takes to accept it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from casefile.errors import StoreDown
from ports.clock import Clock
from ports.journal import Journal

log = structlog.get_logger(__name__)
HOLD = timedelta(seconds=5)


class Insisting:
    """The ledger's results over a journal: an answer from outside is not given up for a full disk.

    Unwritten, the effect would stay `attempting` and hold its conversation up until somebody restarts the server.
    """

    def __init__(self, journal: Journal, clock: Clock, stop: asyncio.Event) -> None:
        self._journal = journal
        self._clock = clock
        self._stop = stop

    async def accepted(self, key: str, provider_id: str, at: datetime) -> None:
        """Record that the provider took it."""
        await self._until_written(key, lambda: self._journal.accepted(key, provider_id, at))

    async def requeue(self, key: str, due_at: datetime, why: str) -> None:
        """Put an effect that was certainly not sent back into the queue."""
        await self._until_written(key, lambda: self._journal.requeue(key, due_at, why))

    async def throttled(self, key: str, channel: str, seconds: float, why: str, at: datetime) -> None:
        """Put an effect back and leave its whole channel alone."""
        await self._until_written(key, lambda: self._journal.throttled(key, channel, seconds, why, at))

    async def failed(self, key: str, why: str, at: datetime) -> None:
        """Record that the provider refused it for good."""
        await self._until_written(key, lambda: self._journal.failed(key, why, at))

    async def unknown(self, key: str, why: str, at: datetime) -> None:
        """Record that nobody can say whether it was sent."""
        await self._until_written(key, lambda: self._journal.unknown(key, why, at))

    async def _until_written(self, key: str, write: Callable[[], Awaitable[object]]) -> None:
        while True:
            try:
                await write()
                return
            except StoreDown as error:
                if self._stop.is_set():
                    # The next start finds it attempting, and settles it as after a crash.
                    raise
                log.error("result_held_up", key=key, why=str(error))
            await self._clock.wait_until(self._clock.now() + HOLD, self._stop)
