"""The records as a turn reads them, every failure and every success told to the board."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol, TypeVar

from casefile.errors import DependencyDown
from casefile.facts import PaymentFacts, ScheduleFacts
from casefile.records import Snapshot
from gateway.health import Board
from ports.sources import Books, Records, Schedule

T = TypeVar("T")


class Stored(Schedule, Books, Records, Protocol):
    """What can be read of the records."""


class WatchedRecords:
    """Implements ports.sources.Schedule, Books and Records over another that does."""

    def __init__(self, records: Stored, board: Board) -> None:
        self._records = records
        self._board = board
        self._failed: dict[str, Callable[[], Awaitable[object]]] = {}

    async def schedule(self, student_id: str, now: datetime) -> ScheduleFacts:
        """Return a student's sessions, the free slots ahead and this month's counted reschedules."""
        return await self._told("schedule", lambda: self._records.schedule(student_id, now))

    async def payments(self, contact_id: str, now: datetime) -> PaymentFacts:
        """Return a contact's invoices, newest first, with the state of each payment."""
        return await self._told("payments", lambda: self._records.payments(contact_id, now))

    async def fresh_snapshot(self, contact_id: str, now: datetime) -> Snapshot:
        """Read everything a snapshot holds, now, with the contact's current rev."""
        return await self._told("schedule", lambda: self._records.fresh_snapshot(contact_id, now))

    async def look(self) -> None:
        """Try once more the read that failed last of what is held to be down: while it is, no turn would."""
        for name in sorted(self._board.failing() & self._failed.keys()):
            try:
                await self._told(name, self._failed[name])
            except DependencyDown:
                continue

    async def _told(self, name: str, read: Callable[[], Awaitable[T]]) -> T:
        try:
            found = await read()
        except DependencyDown as error:
            self._board.failed(error.name)
            self._failed[error.name] = read
            raise
        self._board.worked(name)
        return found
