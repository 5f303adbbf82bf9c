"""What a turn reads, every failure and every success told to the board."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol, TypeVar

from casefile.errors import DependencyDown
from casefile.facts import PaymentFacts, ScheduleFacts
from casefile.records import Slot, Snapshot
from gateway.health import Board
from gateway.purse import Purse
from ports.clock import Clock
from ports.models import Ask, Model, S
from ports.sources import Books, Reach, Records, Schedule

T = TypeVar("T")
# A contact nobody has: reading theirs shows whether anything can be read.
NOBODY = ""


class Stored(Schedule, Books, Records, Protocol):
    """What can be read of the records."""


class Watch:
    """Tells the board how reading went; `reach` stands before every read where the records are another system's."""

    def __init__(self, board: Board, reach: Reach | None = None) -> None:
        self._board = board
        self._reach = reach

    async def reached(self, name: str) -> None:
        """Raise DependencyDown while the system of this name does not answer."""
        if self._reach is not None:
            await self._reach.reach(name)

    async def told(self, name: str, read: Callable[[], Awaitable[T]]) -> T:
        """Return what is read."""
        try:
            await self.reached(name)
            found = await read()
        except DependencyDown as error:
            self._board.failed(error.name)
            raise
        self._board.worked(name)
        return found


class WatchedRecords:
    """Implements ports.sources.Schedule, Books and Records over another that does."""

    def __init__(self, records: Stored, watch: Watch, clock: Clock) -> None:
        self._records = records
        self._watch = watch
        self._clock = clock

    async def schedule(self, student_id: str, now: datetime) -> ScheduleFacts:
        """Return a student's sessions, the free slots ahead and this month's counted reschedules."""
        return await self._watch.told("schedule", lambda: self._records.schedule(student_id, now))

    async def free_slots(self, now: datetime) -> tuple[Slot, ...]:
        """Return everybody's free slots ahead, in order."""
        return await self._watch.told("schedule", lambda: self._records.free_slots(now))

    async def payments(self, contact_id: str, now: datetime) -> PaymentFacts:
        """Return a contact's invoices, newest first, with the state of each payment."""
        return await self._watch.told("payments", lambda: self._records.payments(contact_id, now))

    async def fresh_snapshot(self, contact_id: str, now: datetime) -> Snapshot:
        """Read everything a snapshot holds, now, with the contact's current rev."""
        return await self._watch.told("schedule", lambda: self._records.fresh_snapshot(contact_id, now))

    async def check_schedule(self) -> None:
        """Raise DependencyDown while the schedule cannot be read."""
        await self._watch.reached("schedule")
        await self._records.fresh_snapshot(NOBODY, self._clock.now())

    async def check_payments(self) -> None:
        """Raise DependencyDown while the books cannot be read."""
        await self._watch.reached("payments")
        await self._records.payments(NOBODY, self._clock.now())


class WatchedModel:
    """Implements ports.models.Model over another: down, failed or with the day's money spent it has nothing to say."""

    def __init__(self, model: Model, board: Board, purse: Purse) -> None:
        self._model = model
        self._board = board
        self._purse = purse

    async def text(self, ask: Ask) -> str | None:
        """Return words, or None."""
        return await self._told(lambda: self._model.text(ask))

    async def structured(self, ask: Ask, schema: type[S]) -> S | None:
        """Return an answer of this shape, or None."""
        return await self._told(lambda: self._model.structured(ask, schema))

    async def _told(self, answer: Callable[[], Awaitable[T | None]]) -> T | None:
        if "model" in await self._board.down() or not await self._purse.open():
            return None
        try:
            found = await answer()
        except DependencyDown as error:
            self._board.failed(error.name)
            return None
        if found is not None:
            self._board.worked("model")
        return found
