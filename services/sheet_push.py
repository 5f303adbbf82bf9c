"""What changed here of a school's students is written where they are kept: a package bought, a trial booked.

A move is written there before it is done (services.sheet_moves); what is done already, because money came, follows.
"""

from datetime import datetime

from casefile.records import Session, Student
from casefile.sheet import SheetKind, SheetRow, WrittenSession, WrittenStudent
from ports.sheet import StudentSheet
from services.sheet_mirror import BACK, SheetMirror
from services.sheet_people import written
from services.sheet_rows import content_of
from store import records, sheet
from store.database import Database
from store.facts import answerable
from store.times import iso
from store.transaction import Tx


class SheetPush:
    """Implements ports.sheet.SheetPushing; only what nobody there has changed meanwhile is written over."""

    def __init__(self, database: Database, there: StudentSheet, mirror: SheetMirror) -> None:
        self._database = database
        self._there = there
        self._mirror = mirror

    async def push(self, now: datetime) -> tuple[str, ...]:
        """Write what changed here; return what of it people have to look at."""
        if not sheet.state(self._database.read).polled:
            return ()
        problems: list[str] = []
        for student_id in sorted(
            {one.id for one in self._students()} | {s.student_id for s in self._sessions(now)}
        ):
            if sheet.page_of(self._database.read, "student", student_id) is not None:
                # Theirs wins where both have changed it, so theirs is known first.
                await self._mirror.renew(student_id, now)
            problems += await self._written(student_id, now)
        return tuple(problems)

    async def _written(self, student_id: str, now: datetime) -> list[str]:
        read, problems = self._database.read, []
        for student in self._students():
            if student.id == student_id:
                told = WrittenStudent(
                    student=student,
                    guardians=tuple(written(read, one) for one in student.guardians),
                    own=written(read, student.own_contact) if student.own_contact else "",
                )
                row = await self._there.put_student(told, sheet.page_of(read, "student", student.id))
                await self._kept("student", row, student)
        page = sheet.page_of(read, "student", student_id)
        for session in self._sessions(now):
            if session.student_id == student_id and page is not None:
                whose = records.student(read, student_id)
                assert whose is not None
                rev = max((records.rev(read, contact) for contact in answerable(whose)), default=0)
                lesson = WrittenSession(session=session, student_page=page, name=whose.name, rev=rev)
                put, clash = await self._there.put_session(lesson, sheet.page_of(read, "session", session.id))
                await self._kept("session", put, session)
                if clash:
                    problems.append(
                        f"{session.id}: {session.coach} has another session at that hour {put.link}"
                    )
        return problems

    async def _kept(self, kind: SheetKind, row: SheetRow, record: Student | Session) -> None:
        def keep(tx: Tx) -> None:
            sheet.link(tx, kind, row, sheet.next_write(tx), content_of(record))

        await self._database.submit(keep)

    def _students(self) -> list[Student]:
        """Return the students of whom the sheet says something else, or nothing, by what we last knew of it."""
        known = self._known("student")
        every = (records.student(self._database.read, row["id"]) for row in self._database.read(STUDENTS))
        return [one for one in every if one is not None and self._differs(known, one)]

    def _sessions(self, now: datetime) -> list[Session]:
        """Return the sessions likewise, of those a look goes back to; a move on its way is written by the mover."""
        known = self._known("session")
        moving = {
            name
            for move in sheet.open_moves(self._database.read)
            for name in (move.planned.session.id, move.planned.new.id)
        }
        rows = self._database.read(SESSIONS, (iso(now - BACK),))
        return [
            one
            for one in map(records.session_row, rows)
            if one.id not in moving and self._differs(known, one)
        ]

    def _known(self, kind: SheetKind) -> dict[str, tuple[bool, str]]:
        """Return of each record whether its page is there, and what it said."""
        found: dict[str, tuple[bool, str]] = {}
        for row in sheet.pages(self._database.read).values():
            if row["kind"].endswith(kind):
                found[row["record_id"]] = (row["kind"] == kind, row["content"])
        return found

    def _differs(self, known: dict[str, tuple[bool, str]], record: Student | Session) -> bool:
        there, content = known.get(record.id, (True, ""))
        # Of a row that was known before we kept what it says, the next look knows.
        return there and content != content_of(record) and (content != "" or record.id not in known)


STUDENTS = "SELECT id FROM students ORDER BY id"
SESSIONS = "SELECT * FROM sessions WHERE start_at >= ? ORDER BY start_at, id"
