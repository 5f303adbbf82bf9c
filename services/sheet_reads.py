"""C's reads where the school keeps its students in another system: taken over first, then read from our store."""

from datetime import datetime

from casefile.facts import PaymentFacts, ScheduleFacts
from casefile.records import Slot, Snapshot
from ports.sheet import StudentSheet
from services.sheet_mirror import SheetMirror
from store.sources import SqlSources


class SheetReads:
    """Implements ports.sources.Schedule, Books and Records; what cannot be taken over now raises DependencyDown."""

    def __init__(self, stored: SqlSources, there: StudentSheet, mirror: SheetMirror) -> None:
        self._stored = stored
        self._there = there
        self._mirror = mirror

    async def schedule(self, student_id: str, now: datetime) -> ScheduleFacts:
        """Return a student's sessions, the free slots ahead and this month's counted reschedules."""
        await self._mirror.renew(student_id, now)
        return await self._stored.schedule(student_id, now)

    async def free_slots(self, now: datetime) -> tuple[Slot, ...]:
        """Return everybody's free slots ahead: they are ours, like the books."""
        return await self._stored.free_slots(now)

    async def payments(self, contact_id: str, now: datetime) -> PaymentFacts:
        """Return a contact's invoices: the books are ours."""
        return await self._stored.payments(contact_id, now)

    async def fresh_snapshot(self, contact_id: str, now: datetime) -> Snapshot:
        """Read everything a snapshot holds, now, with the contact's current rev."""
        students = await self._stored.students_of(contact_id)
        for student in students:
            await self._mirror.renew(student.id, now)
        if not students:
            # Nobody's rows are asked for, but whether they could be is.
            await self._there.check()
        return await self._stored.fresh_snapshot(contact_id, now)
