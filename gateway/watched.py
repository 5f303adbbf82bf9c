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
NOBODY = "-"


class Stored(Schedule, Books, Records, Protocol):
    """What can be read of the records."""


class WatchedRecords:
    """Implements ports.sources.Schedule, Books and Records over another that does."""

    def __init__(self, records: Stored, board: Board) -> None:
        self._records = records
        self._board = board

    async def schedule(self, student_id: str, now: datetime) -> ScheduleFacts:
        """Return a student's sessions, the free slots ahead and this month's counted reschedules."""
        return await self._told("schedule", lambda: self._records.schedule(student_id, now))

    async def payments(self, contact_id: str, now: datetime) -> PaymentFacts:
        """Return a contact's invoices, newest first, with the state of each payment."""
        return await self._told("payments", lambda: self._records.payments(contact_id, now))

    async def fresh_snapshot(self, contact_id: str, now: datetime) -> Snapshot:
        """Read everything a snapshot holds, now, with the contact's current rev."""
        return await self._told("schedule", lambda: self._records.fresh_snapshot(contact_id, now))

    async def look(self, now: datetime) -> None:
        """Try again what the board holds to be down: while it is down no turn would."""
        tries: dict[str, Callable[[], Awaitable[object]]] = {
            "schedule": lambda: self.schedule(NOBODY, now),
            "payments": lambda: self.payments(NOBODY, now),
        }
        for name in sorted(self._board.failing() & tries.keys()):
            try:
                await tries[name]()
            except DependencyDown:
                continue

    async def _told(self, name: str, read: Callable[[], Awaitable[T]]) -> T:
        try:
            found = await read()
        except DependencyDown as error:
            self._board.failed(error.name)
            raise
        self._board.worked(name)
        return found
