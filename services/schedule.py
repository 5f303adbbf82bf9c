"""Moving a session: the old one is freed, the new one taken, the ledger written, or nothing at all."""

import re

from casefile.records import Contact, Session, Slot
from casefile.sheet import PlannedMove
from policies import reschedule
from services.work import Outcome, Work, blocked, impossible
from store import facts, records, sheet
from store.times import iso


def move(work: Work) -> Outcome:
    """RESCHEDULE: subject is the student; params `session_id` and `slot_id`.

    Every predicate of the policy must hold now; for an exception a coach released, only what makes it possible. Where
    the records are another system's, what is allowed is begun here and done once it stands there.
    """
    begun = sheet.move(work.tx.all, work.task.idempotency_key)
    if begun is not None:
        return _concluded(work, begun)
    planned = _planned(work)
    if isinstance(planned, Outcome):
        return planned
    # Held from here on, like the slot: two at once must not both find the last of a quota.
    _line(work, planned)
    if work.elsewhere:
        sheet.begin(work.tx, planned, work.task, work.owners, work.now)
        return Outcome("BEGUN", f"session {planned.session.id} is being moved")
    return _done(work, planned)


def _planned(work: Work) -> Outcome | PlannedMove:
    read = work.tx.all
    student = records.student(read, work.task.subject)
    session = records.session(read, work.text("session_id"))
    slot = slot_asked(work)
    if student is None or session is None or slot is None:
        return impossible("the student, the session or the slot is not in the records")
    people = facts.answerable(student)
    if not work.exception and work.owners.isdisjoint(people):
        return blocked("the case does not speak for this student")
    if session.student_id != student.id:
        return blocked("the session is another student's")
    if taken := not_free(work, slot, session.student_id, session.id):
        return blocked(taken, by="slot_free")
    refused = _not_movable(work, session) or (
        "" if work.exception else _outside_policy(work, session, slot, people)
    )
    if refused:
        return blocked(refused)
    new = {
        "coach": slot.coach,
        "start": slot.start,
        "end": slot.end,
        "status": "scheduled",
        "must_move": False,
    }
    return PlannedMove(
        key=work.task.idempotency_key,
        session=session,
        new=session.model_copy(update={**new, "id": _next_id(session.id)}),
        slot=slot,
        source="school" if session.must_move else "exception" if work.exception else "customer",
        approval_id=work.task.approval_id if work.exception else None,
        at=work.now,
        request_month=records.month(work.now, work.zone),
        session_month=records.month(session.start, work.zone),
        people=people,
    )


def _concluded(work: Work, begun: sheet.BegunMove) -> Outcome:
    """End a move that was begun, as it went there."""
    planned = begun.planned
    if begun.state == "written":
        return _done(work, planned)
    if begun.state == "refused":
        work.tx.execute("UPDATE slots SET session_id = NULL WHERE session_id = ?", (planned.new.id,))
        work.tx.execute("DELETE FROM reschedules WHERE id = ?", (planned.key,))
        return blocked(begun.why, by=begun.refused_by)
    return Outcome("BEGUN", f"session {planned.session.id} is being moved")


def _done(work: Work, planned: PlannedMove) -> Outcome:
    _write(work, planned)
    session, new = planned.session, planned.new
    used = records.reschedules_in(
        work.tx.all, session.student_id, records.month(work.now, work.zone), work.limits.quota_month
    )
    return Outcome(
        "SUCCESS",
        f"session {session.id} moved to {new.id}",
        contacts=planned.people,
        old_state=session.model_dump(mode="json"),
        new_state={
            **new.model_dump(mode="json"),
            "slot_id": planned.slot.id,
            "reschedules_this_month": used,
            "free_reschedules": work.limits.free_reschedules,
        },
        refs={"session": new.id, "slot": planned.slot.id},
    )


def slot_asked(work: Work) -> Slot | None:
    """Return the slot a task names."""
    row = work.tx.one("SELECT * FROM slots WHERE id = ?", (work.text("slot_id"),))
    return None if row is None else records.slot_row(row)


def _not_movable(work: Work, session: Session) -> str:
    if any(move.planned.session.id == session.id for move in sheet.open_moves(work.tx.all)):
        return "the session is being moved"
    # A session inside the cut-off counts as consumed; only an approved exception may still move that one.
    if session.status != "scheduled" and not (work.exception and session.status == "consumed"):
        return f"the session is {session.status}"
    return ""


def not_free(work: Work, slot: Slot, student_id: str, session_id: str = "") -> str:
    """Say why a slot cannot be had for a student, where `session_id` is what moves there; empty when it can."""
    taken = work.tx.one("SELECT session_id FROM slots WHERE id = ?", (slot.id,))
    if taken is None or taken["session_id"] is not None:
        return "the slot is taken"
    if slot.start <= work.now:
        return "the slot is in the past"
    clash = work.tx.one(
        "SELECT id FROM sessions WHERE status = 'scheduled' AND id <> ? AND start_at < ? AND end_at > ?"
        " AND (coach = ? OR student_id = ?) LIMIT 1",
        (session_id, iso(slot.end), iso(slot.start), slot.coach, student_id),
    )
    return "the slot overlaps another session" if clash else ""


def _outside_policy(work: Work, session: Session, slot: Slot, people: tuple[str, ...]) -> str:
    read = work.tx.all
    known = facts.schedule(read, work.reading, session.student_id, work.now)
    # Every free slot counts here, not only those that would be offered first.
    known = known.model_copy(update={"free_slots": records.free_slots(read, work.now)})
    sessions = known.sessions
    if session not in sessions:
        known = known.model_copy(update={"sessions": (*sessions, session)})
    contact = _strictest(tuple(c for c in (records.contact(read, p) for p in people) if c is not None))
    proofs = reschedule.prove(known, contact, session, slot, work.limits, work.zone, work.now)
    return "; ".join(f"{p.name}: {p.words_en}" for p in proofs if p.value != "true")


def _strictest(contacts: tuple[Contact, ...]) -> Contact | None:
    return next((contact for contact in contacts if contact.vip), contacts[0] if contacts else None)


def _write(work: Work, planned: PlannedMove) -> None:
    tx, session, new, slot = work.tx, planned.session, planned.new, planned.slot
    tx.execute("UPDATE sessions SET status = 'moved', moved_to = ? WHERE id = ?", (new.id, session.id))
    enter(work, new, slot)
    if not session.must_move:
        free(work, session)


def _line(work: Work, planned: PlannedMove) -> None:
    session = planned.session
    work.tx.execute(
        "INSERT INTO reschedules (id, student_id, session_id, at, request_month, session_month, source,"
        " approval_id,"
        " old_start, new_start) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            planned.key,
            session.student_id,
            session.id,
            iso(planned.at),
            planned.request_month,
            planned.session_month,
            planned.source,
            planned.approval_id,
            iso(session.start),
            iso(planned.slot.start),
        ),
    )


def enter(work: Work, session: Session, slot: Slot) -> None:
    """Put a session into the schedule, in a slot that is then taken."""
    work.tx.execute(
        "INSERT INTO sessions (id, student_id, coach, start_at, end_at, status, service)"
        " VALUES (?, ?, ?, ?, ?, 'scheduled', ?)",
        (
            session.id,
            session.student_id,
            session.coach,
            iso(session.start),
            iso(session.end),
            session.service,
        ),
    )
    work.tx.execute("UPDATE slots SET session_id = ? WHERE id = ?", (session.id, slot.id))


def free(work: Work, session: Session) -> None:
    """Give the hour of a session that does not take place back to who may want it."""
    if session.start <= work.now:
        return
    freed = work.tx.execute("UPDATE slots SET session_id = NULL WHERE session_id = ?", (session.id,))
    if not freed:
        work.tx.execute(
            "INSERT INTO slots (id, coach, start_at, end_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (coach, start_at) DO NOTHING",
            (f"sl_{session.id}", session.coach, iso(session.start), iso(session.end)),
        )


def _next_id(session_id: str) -> str:
    moved = re.fullmatch(r"(.+)-r(\d+)", session_id)
    return f"{moved[1]}-r{int(moved[2]) + 1}" if moved else f"{session_id}-r1"
