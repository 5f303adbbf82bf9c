"""What a turn reads of the systems of record; what is down stays unread and is named."""

from datetime import datetime

from casefile.errors import DependencyDown
from casefile.events import CaseEvent
from casefile.facts import Identity, PaymentFacts, ScheduleFacts
from casefile.records import Slot, Student
from graph.sources import Sources
from policies.charging import whose_bills
from policies.identity import is_verified


async def schedule(
    asked: bool,
    identity: Identity,
    student: Student | None,
    down: frozenset[str],
    sources: Sources,
    now: datetime,
) -> tuple[ScheduleFacts | None, frozenset[str]]:
    """Read the schedule of record where it is moved or reminded of; to answer, a lesson's snapshot is enough."""
    wanted = asked and is_verified(identity) and student is not None
    if not wanted or student is None or identity.locked or "schedule" in down:
        return None, down
    try:
        return await sources.schedule.schedule(student.id, now), down
    except DependencyDown as error:
        return None, down | {error.name}


async def free_slots(
    asked: bool, down: frozenset[str], sources: Sources, now: datetime
) -> tuple[tuple[Slot, ...] | None, frozenset[str]]:
    """Read everybody's free slots where something is booked by the hour."""
    if not asked or "schedule" in down:
        return None, down
    try:
        return await sources.schedule.free_slots(now), down
    except DependencyDown as error:
        return None, down | {error.name}


async def payments(
    events: tuple[CaseEvent, ...], identity: Identity, down: frozenset[str], sources: Sources, now: datetime
) -> tuple[PaymentFacts | None, frozenset[str]]:
    """Read the books of record where they are said to have changed."""
    account = whose_bills(events, identity)
    if account is None or "payments" in down:
        return None, down
    try:
        return await sources.books.payments(account, now), down
    except DependencyDown as error:
        return None, down | {error.name}
