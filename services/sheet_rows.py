"""A row of the school's sheet as a record of our store: written where it differs, and who is touched by that."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple, TypeVar

from casefile.records import Session, Student
from casefile.sheet import SheetReschedule, SheetRow, SheetSession, SheetStudent
from policies.merging import merged
from services.sheet_people import Unreadable, person
from store import records
from store.facts import Reading, answerable
from store.times import iso
from store.transaction import Tx

R = TypeVar("R", bound=SheetRow)


class Took(NamedTuple):
    """Whom a row touched, what it says, and what both sides had changed."""

    touched: set[str]
    content: str = ""
    clashes: tuple[str, ...] = ()


Take = Callable[[Tx, R, Reading, datetime, str], Took]


def content_of(record: Student | Session) -> str:
    """Return what the sheet can say of a record, to be compared."""
    if isinstance(record, Session):
        record = record.model_copy(update={"must_move": False, "service": ""})
    return record.model_dump_json()


def student(tx: Tx, row: SheetStudent, reading: Reading, now: datetime, known: str) -> Took:
    """Write a student: what people changed since it was last `known`, and what we did."""
    guardians = tuple(sorted({person(tx, who, now) for who in row.guardians}))
    own = person(tx, row.own, now) if row.own else None
    theirs = Student(id=row.id, name=row.name, guardians=guardians, own_contact=own, package=row.package)
    before, content = records.student(tx.all, row.id), content_of(theirs)
    after = theirs
    clashes: tuple[str, ...] = ()
    if before is not None and known:
        both, clashes = merged(
            json.loads(known), before.model_dump(mode="json"), theirs.model_dump(mode="json")
        )
        after = Student.model_validate(both)
    if before == after:
        return Took(set(), content, clashes)
    tx.execute(
        "INSERT INTO students (id, name) VALUES (?, ?) ON CONFLICT (id) DO NOTHING", (after.id, after.name)
    )
    package = after.package
    tx.execute(
        "UPDATE students SET name = ?, own_contact = ?, package_name = ?, sessions_left = ?, package_expires = ?"
        " WHERE id = ?",
        (
            after.name,
            after.own_contact,
            package and package.name,
            package and package.sessions_left,
            package and package.expires.isoformat(),
            after.id,
        ),
    )
    _answer(tx, after.id, after.guardians)
    return Took({*answerable(after), *(answerable(before) if before else ())}, content, clashes)


def session(tx: Tx, row: SheetSession, reading: Reading, now: datetime, known: str) -> Took:
    """Write a session; an hour it takes is free no more, and one it leaves is free again where there was one."""
    whose = _student(tx, row.student)
    before = records.session(tx.all, row.id)
    after = Session(
        id=row.id, student_id=whose.id, coach=row.coach, start=row.start, end=row.end, status=row.status
    )
    content, ours = content_of(after), content_of(before) if before else ""
    if before is not None and content in (ours, known):
        return Took(set(), content)
    clashes = ("session",) if known and ours not in ("", known) else ()
    # Wherever people have put it, the school's promise to find another hour is kept with that.
    tx.execute(
        "INSERT INTO sessions (id, student_id, coach, start_at, end_at, status, moved_to) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET student_id = excluded.student_id, coach = excluded.coach,"
        " start_at = excluded.start_at, end_at = excluded.end_at, status = excluded.status,"
        " moved_to = excluded.moved_to, must_move = 0",
        (
            after.id,
            after.student_id,
            after.coach,
            iso(after.start),
            iso(after.end),
            after.status,
            row.moved_to or None,
        ),
    )
    _hours(tx, after)
    touched = set(answerable(whose))
    if before is not None and before.student_id != whose.id:
        earlier = records.student(tx.all, before.student_id)
        touched |= set(answerable(earlier)) if earlier else set()
    return Took(touched, content, clashes)


def reschedule(tx: Tx, row: SheetReschedule, reading: Reading, now: datetime, known: str) -> Took:
    """Write a line of the ledger; only moves write one here, and those are written there first."""
    whose = _student(tx, row.student)
    told = (
        whose.id,
        row.session_id or None,
        iso(row.made),
        records.month(row.made, reading.zone),
        records.month(row.old_start or row.made, reading.zone),
        row.source,
        row.approval_id or None,
        iso(row.old_start) if row.old_start else None,
        iso(row.new_start) if row.new_start else None,
    )
    names = (
        "student_id, session_id, at, request_month, session_month, source, approval_id, old_start, new_start"
    )
    before = tx.one(f"SELECT {names} FROM reschedules WHERE id = ?", (row.id,))
    if before is not None and tuple(before) == told:
        return Took(set())
    tx.execute("DELETE FROM reschedules WHERE id = ?", (row.id,))
    tx.execute(
        f"INSERT INTO reschedules (id, {names}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (row.id, *told)
    )
    return Took(set(answerable(whose)))


def taken_away(tx: Tx, kind: str, record_id: str, since: datetime, whose: set[str] | None) -> set[str] | None:
    """Take a record away whose page is gone; None where the listing cannot tell: too old, or not of those students."""
    if kind == "session":
        lesson = records.session(tx.all, record_id)
        if lesson is None or lesson.start < since or (whose is not None and lesson.student_id not in whose):
            return None
        cancelled = lesson.model_copy(update={"status": "cancelled"})
        tx.execute("UPDATE sessions SET status = 'cancelled' WHERE id = ?", (record_id,))
        _hours(tx, cancelled)
        return _people(tx, lesson.student_id)
    if kind == "reschedule":
        line = tx.one("SELECT student_id, at FROM reschedules WHERE id = ?", (record_id,))
        if line is None or line["at"] < iso(since) or (whose is not None and line["student_id"] not in whose):
            return None
        tx.execute("DELETE FROM reschedules WHERE id = ?", (record_id,))
        return _people(tx, line["student_id"])
    if kind == "student" and whose is None:
        touched = _people(tx, record_id)
        tx.execute("UPDATE students SET own_contact = NULL WHERE id = ?", (record_id,))
        _answer(tx, record_id, ())
        return touched
    return None


def _student(tx: Tx, page: str) -> Student:
    row = tx.one("SELECT record_id FROM sheet_pages WHERE page = ? AND kind = 'student'", (page,))
    found = records.student(tx.all, row["record_id"]) if row else None
    if found is None:
        raise Unreadable("its student is none of the students' database, or not in order there")
    return found


def _people(tx: Tx, student_id: str) -> set[str]:
    found = records.student(tx.all, student_id)
    return set(answerable(found)) if found else set()


def _answer(tx: Tx, student_id: str, guardians: tuple[str, ...]) -> None:
    tx.execute("DELETE FROM guardians WHERE student_id = ?", (student_id,))
    tx.insert_many("INSERT INTO guardians VALUES (?, ?)", [(student_id, one) for one in guardians])


def _hours(tx: Tx, lesson: Session) -> None:
    """Let a session's own hours be taken, and no others by it."""
    tx.execute("UPDATE slots SET session_id = NULL WHERE session_id = ?", (lesson.id,))
    if lesson.status == "scheduled":
        tx.execute(
            "UPDATE slots SET session_id = ? WHERE coach = ? AND session_id IS NULL AND start_at < ? AND end_at > ?",
            (lesson.id, lesson.coach, iso(lesson.end), iso(lesson.start)),
        )
