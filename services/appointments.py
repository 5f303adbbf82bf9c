"""Appointments: booked into a free slot, or given back; each whole or not at all."""

import re

from pydantic import JsonValue

from casefile.records import Session, Student
from policies import reschedule
from services import due
from services.schedule import enter, free, not_free, slot_asked
from services.work import Outcome, Work, blocked, impossible
from store import facts, records
from store.times import iso


def create(work: Work) -> Outcome:
    """BOOKING_CREATE: subject is the contact; params `slot_id`, `service` and, where it is known, `student_id`.

    Constraints are who gives the service (`people`), for how long (`minutes`) and `most_ahead`. Without a slot it is
    an order for a person, who arranges one.
    """
    if not work.text("slot_id"):
        return due.request(work)
    if work.task.subject not in work.owners:
        return blocked("the booking is for a contact this case does not speak for")
    contact, slot = records.contact(work.tx.all, work.task.subject), slot_asked(work)
    if contact is None or slot is None:
        return impossible("the contact or the slot is not in the records")
    student = _student(work, contact.wa_name or contact.full_name or "Tamu")
    if student is None:
        return blocked("the booking is for somebody this contact does not answer for")
    if taken := not_free(work, slot, student.id):
        return blocked(taken, by="slot_free")
    limits = work.task.constraints
    people, minutes = limits.get("people"), limits.get("minutes")
    if isinstance(people, list) and people and slot.coach not in people:
        return blocked(f"{slot.coach} does not give this")
    if isinstance(minutes, int) and (slot.end - slot.start).total_seconds() < 60 * minutes:
        return blocked("the slot is too short")
    if _full(work, student.id, limits.get("most_ahead")):
        return blocked("as many appointments as one may have are ahead already", by="most_ahead")
    session = Session(
        id="ss_" + re.sub(r"\W", "_", work.task.idempotency_key),
        student_id=student.id,
        coach=slot.coach,
        start=slot.start,
        end=slot.end,
        service=work.text("service"),
    )
    _enter_customer(work, student)
    enter(work, session, slot)
    return Outcome(
        "SUCCESS",
        f"appointment {session.id} booked",
        contacts=tuple(dict.fromkeys((contact.id, *facts.answerable(student)))),
        new_state=session.model_dump(mode="json"),
        refs={"session": session.id, "slot": slot.id},
    )


def cancel(work: Work) -> Outcome:
    """BOOKING_CANCEL: subject is the student; params `session_id`. Past the cut-off only a coach's yes ends it."""
    read = work.tx.all
    student = records.student(read, work.task.subject)
    session = records.session(read, work.text("session_id"))
    if student is None or session is None:
        return impossible("the customer or the appointment is not in the records")
    people = facts.answerable(student)
    if session.student_id != student.id or (not work.exception and work.owners.isdisjoint(people)):
        return blocked("the appointment is another customer's")
    if session.status not in reschedule.MOVABLE:
        return blocked(f"the appointment is {session.status}")
    if not work.exception and (refused := _outside_policy(work, session, people)):
        return blocked(refused)
    work.tx.execute("UPDATE sessions SET status = 'cancelled' WHERE id = ?", (session.id,))
    free(work, session)
    return Outcome(
        "SUCCESS",
        f"appointment {session.id} cancelled",
        contacts=people,
        old_state=session.model_dump(mode="json"),
        new_state=session.model_copy(update={"status": "cancelled"}).model_dump(mode="json"),
        refs={"session": session.id},
    )


def _student(work: Work, name: str) -> Student | None:
    """Return who it is for: the one named, the only one, or whoever writes, for their first."""
    contact_id = work.task.subject
    known = records.students_of(work.tx.all, contact_id)
    asked = work.text("student_id")
    if asked or known:
        return next((s for s in known if s.id == asked or (not asked and len(known) == 1)), None)
    return Student(id=f"st_{contact_id}", name=name, own_contact=contact_id)


def _enter_customer(work: Work, student: Student) -> None:
    """Let the records know who has booked: from now on the number proves who writes."""
    contact_id = work.task.subject
    if student.own_contact == contact_id and records.student(work.tx.all, student.id) is None:
        work.tx.execute(
            "INSERT INTO students (id, name, own_contact) VALUES (?, ?, ?)",
            (student.id, student.name, contact_id),
        )
    work.tx.execute("UPDATE contacts SET registered = 1 WHERE id = ?", (contact_id,))


def _full(work: Work, student_id: str, most: JsonValue) -> bool:
    ahead = work.tx.one(
        "SELECT COUNT(*) AS n FROM sessions WHERE student_id = ? AND status = 'scheduled' AND start_at > ?",
        (student_id, iso(work.now)),
    )
    return isinstance(most, int) and ahead is not None and int(ahead["n"]) >= most


def _outside_policy(work: Work, session: Session, people: tuple[str, ...]) -> str:
    if not reschedule.before_cutoff(session.start, work.now, work.limits.cutoff, work.zone):
        return "past the cut-off"
    read = work.tx.all
    answering = [contact for person in people if (contact := records.contact(read, person)) is not None]
    return "a VIP's appointments are a person's to change" if any(c.vip for c in answering) else ""
