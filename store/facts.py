"""Readings put together from the records: a schedule, the books, a whole snapshot."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from casefile.facts import PaymentFacts, ScheduleFacts
from casefile.records import Snapshot, Student, StudentSnapshot
from casefile.shop import Order
from store import orders, records
from store.errors import NotFound
from store.records import QuotaMonth, Reader

PAST_DAYS = 7
LATEST_ORDERS = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """How the desk reads its records: in which zone, counting which month, for how long it may be quoted."""

    zone: tzinfo
    quota_month: QuotaMonth = "request"
    ttl_minutes: int = 180


def schedule(read: Reader, reading: Reading, student_id: str, now: datetime) -> ScheduleFacts:
    """Read a student's sessions, the free slots ahead and this month's counted changes.

    Slots are those of the student's own coaches; only when these have none, everybody's. `rev` is the highest
    of the contacts who answer for the student. Raises NotFound for a student nobody knows.
    """
    student = records.student(read, student_id)
    if student is None:
        raise NotFound(f"no student {student_id!r} in the records")
    rev = _rev(read, answerable(student))
    sessions = records.sessions_of(read, student_id, now - timedelta(days=PAST_DAYS))
    coaches = sorted({session.coach for session in sessions})
    slots = records.free_slots(read, now, coaches) if coaches else ()
    return ScheduleFacts(
        student_id=student_id,
        sessions=sessions,
        free_slots=slots or records.free_slots(read, now),
        reschedules_this_month=_used(read, reading, student_id, now),
        read_at=now,
        rev=rev,
    )


def payments(read: Reader, contact_id: str, now: datetime) -> PaymentFacts:
    """Read a contact's invoices, newest first."""
    rev = _rev(read, (contact_id,))
    return PaymentFacts(invoices=records.invoices_of(read, contact_id), read_at=now, rev=rev)


def snapshot(read: Reader, reading: Reading, contact_id: str, now: datetime) -> Snapshot:
    """Read everything B may say about one contact, at the contact's current rev."""
    rev = _rev(read, (contact_id,))
    students = tuple(
        StudentSnapshot(
            student_id=student.id,
            name=student.name,
            sessions=tuple(s for s in records.sessions_of(read, student.id, now) if s.status == "scheduled"),
            reschedules_this_month=_used(read, reading, student.id, now),
            package=student.package,
        )
        for student in records.students_of(read, contact_id)
    )
    return Snapshot(
        contact_id=contact_id,
        as_of=now,
        ttl_minutes=reading.ttl_minutes,
        rev=rev,
        students=students,
        invoices=records.invoices_of(read, contact_id),
        open_orders=_open_orders(read, contact_id),
    )


def _open_orders(read: Reader, contact_id: str) -> tuple[Order, ...]:
    """Return the orders under way and the latest few; where they go is for nobody to keep a copy of."""
    found = orders.open_orders(read, contact_id, LATEST_ORDERS)
    return tuple(order.model_copy(update={"address": None}) for order in found)


def answerable(student: Student) -> tuple[str, ...]:
    """Return the contacts who answer for a student: the student's own, then the guardians."""
    own = (student.own_contact,) if student.own_contact else ()
    return tuple(dict.fromkeys((*own, *student.guardians)))


def _rev(read: Reader, contacts: tuple[str, ...]) -> int:
    """Read how far the records are, always before what they say.

    Each query sees what was committed by then. Read last, the rev of a change made meanwhile would stand over facts
    from before it, for good; read first, it can only be too low, and what is too low is read again.
    """
    return max((records.rev(read, contact_id) for contact_id in contacts), default=0)


def stated_rev(read: Reader, kind: str, subject: str) -> int:
    """Return how far the records of a contact, or of the contacts who answer for a student, are now."""
    if kind == "contact":
        return _rev(read, (subject,))
    student = records.student(read, subject)
    return _rev(read, answerable(student)) if student else 0


def _used(read: Reader, reading: Reading, student_id: str, now: datetime) -> int:
    return records.reschedules_in(read, student_id, records.month(now, reading.zone), reading.quota_month)
