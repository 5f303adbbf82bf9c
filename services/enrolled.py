"""What follows from an enrolment that is paid, taken back or run out: once each, in the transaction that says so."""

import hashlib
from datetime import date, datetime, timedelta, tzinfo

from casefile.enrolments import Enrolment
from casefile.events import OperationDone
from casefile.packets import CResult
from casefile.records import Invoice, Slot, Student
from policies.enrol_price import same_person
from services.work import first_operator
from store import enrolments, records
from store.facts import answerable
from store.inbox import put_event
from store.records import Reader
from store.times import iso
from store.transaction import Tx

Changed = tuple[str, ...]
CHANNEL = "enrolments"


def on_paid(tx: Tx, invoice: Invoice, now: datetime, zone: tzinfo) -> Changed:
    """Give what an invoice is for once it is paid; returns the contacts whose records changed."""
    made = enrolments.enrolment_billed(tx.all, invoice.number)
    return settle(tx, made, now, zone) if made is not None else ()


def settle(tx: Tx, made: Enrolment, now: datetime, zone: tzinfo) -> Changed:
    """Give what an enrolment is for, once: the hour of a trial, or the sessions of a package to its student."""
    if not enrolments.turned(tx, made.id, "billed", "paid"):
        return ()
    tx.execute("UPDATE enrolments SET paid_at = ? WHERE id = ?", (iso(now), made.id))
    student_id = made.student_id or _new_student(tx, made)
    tx.execute("UPDATE enrolments SET student_id = ? WHERE id = ?", (student_id, made.id))
    tx.execute(
        "UPDATE invoices SET student_id = ? WHERE number = ? AND student_id IS NULL",
        (student_id, made.invoice),
    )
    if made.slot is not None:
        _hold_lesson(tx, made, student_id, made.slot)
    else:
        _add_sessions(tx, made, student_id, now.astimezone(zone).date())
    return _people(tx, student_id)


def hand_over(tx: Tx, invoice: Invoice, now: datetime) -> None:
    """Have a named person arrange the first lessons of who has just been enrolled, as an order of the case."""
    made = enrolments.enrolment_billed(tx.all, invoice.number)
    row = tx.one("SELECT conversation_id, state FROM cases WHERE id = ?", (made.case_id,)) if made else None
    if made is None or made.kind != "enrol" or made.student_id is None:
        return
    key, assignee = f"{made.id}:lessons", first_operator(tx.all)
    known = tx.execute(
        "INSERT INTO due_tasks (id, action, subject, contact_id, case_id, params, assignee, state, at)"
        " VALUES (?, 'ENROL', ?, ?, ?, '{}', ?, 'due', ?) ON CONFLICT (id) DO NOTHING",
        (key, made.student_id, made.contact_id, made.case_id, assignee, iso(now)),
    )
    if not known or row is None or row["state"] == "closed":
        return
    result = CResult(
        case_id=made.case_id,
        status="SUCCESS",
        action="ENROL",
        details=f"first lessons of {made.student_id} due for {assignee}",
        new_state={"state": "due", "assignee": assignee, "enrolment": made.id},
        refs={"task": key},
    )
    event = OperationDone(at=now, case_id=made.case_id, key=key, result=result)
    put_event(tx, CHANNEL, key, row["conversation_id"], event, now)


def on_reversed(tx: Tx, invoice: Invoice, now: datetime) -> Changed:
    """Take back what was given for money that was taken back: sessions not had yet, or a trial still ahead."""
    made = enrolments.enrolment_billed(tx.all, invoice.number)
    if made is None or made.student_id is None or not enrolments.turned(tx, made.id, "paid", "reversed"):
        return ()
    if made.slot is not None:
        lesson = _moved_to(tx, session_of(made.id))
        ahead = (
            "UPDATE sessions SET status = 'cancelled' WHERE id = ? AND status = 'scheduled' AND start_at > ?"
        )
        if tx.execute(ahead, (lesson, iso(now))):
            free_hour(tx, lesson)
    else:
        tx.execute(
            "UPDATE students SET sessions_left = CASE WHEN sessions_left > ? THEN sessions_left - ? ELSE 0 END"
            " WHERE id = ?",
            (made.offer.sessions, made.offer.sessions, made.student_id),
        )
    return _people(tx, made.student_id)


def free_hour(tx: Tx, session_id: str) -> None:
    """Let others have the hour of a trial that does not take place."""
    tx.execute("UPDATE slots SET session_id = NULL WHERE session_id = ?", (session_id,))


def session_of(enrolment_id: str) -> str:
    """Return the id of the session that an enrolment's trial is."""
    return f"ss_{_short(enrolment_id)}"


def namesake(read: Reader, contact_id: str, name: str) -> Student | None:
    """Return the student of this name for whom a contact answers."""
    return next((one for one in records.students_of(read, contact_id) if same_person(one.name, name)), None)


def _moved_to(tx: Tx, session_id: str) -> str:
    """Return the session that a session has become: itself, unless it was moved."""
    row = tx.one("SELECT moved_to FROM sessions WHERE id = ?", (session_id,))
    return _moved_to(tx, row["moved_to"]) if row is not None and row["moved_to"] else session_id


def _new_student(tx: Tx, made: Enrolment) -> str:
    """Write a student with whoever answers for them; one this contact has of the same name by now is that one."""
    if (known := namesake(tx.all, made.contact_id, made.name)) is not None:
        return known.id
    student_id = f"st_{_short(made.id)}"
    own = made.own and not any(
        one.own_contact == made.contact_id for one in records.students_of(tx.all, made.contact_id)
    )
    if own:
        tx.execute(
            "UPDATE contacts SET full_name = COALESCE(full_name, ?) WHERE id = ?",
            (made.name, made.contact_id),
        )
    tx.execute(
        "INSERT INTO students (id, name, own_contact) VALUES (?, ?, ?)",
        (student_id, made.name, made.contact_id if own else None),
    )
    if not own:
        tx.execute(
            "INSERT INTO guardians (student_id, contact_id) VALUES (?, ?)", (student_id, made.contact_id)
        )
    return student_id


def _hold_lesson(tx: Tx, made: Enrolment, student_id: str, slot: Slot) -> None:
    tx.execute(
        "INSERT INTO sessions (id, student_id, coach, start_at, end_at, status) VALUES (?, ?, ?, ?, ?, 'scheduled')",
        (
            session_of(made.id),
            student_id,
            slot.coach,
            iso(slot.start),
            iso(slot.start + timedelta(minutes=made.offer.minutes)),
        ),
    )


def _add_sessions(tx: Tx, made: Enrolment, student_id: str, today: date) -> None:
    """Add a package to what a student has; what has expired counts no more, and validity goes on from what is left."""
    student = records.student(tx.all, student_id)
    running = student.package if student and student.package and student.package.expires >= today else None
    begins = running.expires if running else today
    tx.execute(
        "UPDATE students SET package_name = ?, sessions_left = ?, package_expires = ? WHERE id = ?",
        (
            made.offer.name,
            (running.sessions_left if running else 0) + made.offer.sessions,
            (begins + timedelta(weeks=made.offer.weeks)).isoformat(),
            student_id,
        ),
    )


def _people(tx: Tx, student_id: str) -> Changed:
    student = records.student(tx.all, student_id)
    return answerable(student) if student else ()


def _short(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:12]
