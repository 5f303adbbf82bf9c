"""What people write where the school keeps its students, taken over into our store: theirs is the truth."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from casefile.sheet import SheetKind, SheetListing, SheetNews, SheetProblem, SheetRow
from ports.sheet import StudentSheet
from services import sheet_rows
from services.revisions import revise
from services.sheet_people import Unreadable
from store import sheet
from store.connection import Row
from store.database import Database
from store.facts import Reading
from store.times import iso
from store.transaction import Tx

# How far back a look goes: last week's sessions can be asked about, and a quota counts this month and the last.
BACK = timedelta(days=62)
# No look takes so long; whoever has had the turn until then is gone.
LONGEST = timedelta(minutes=5)

R = TypeVar("R", bound=SheetRow)


class SheetMirror:
    """Implements ports.sheet.SheetKeeping; every contact whose records changed gets the next rev and a snapshot."""

    def __init__(self, database: Database, there: StudentSheet, reading: Reading, every: timedelta) -> None:
        self._database = database
        self._there = there
        self._reading = reading
        self._every = every

    def due(self, now: datetime) -> bool:
        """Say whether it is to be looked at: there is news, or it is time."""
        state = sheet.state(self._database.read)
        return bool(not state.polled or state.asked or state.polled <= iso(now - self._every))

    async def claim(self, now: datetime) -> bool:
        """Take the turn of looking after the sheet; a process that died with it has lost it after a while."""
        return await self._database.submit(lambda tx: sheet.claim(tx, now, now + LONGEST))

    async def release(self) -> None:
        """Give the turn back."""
        await self._database.submit(sheet.release)

    async def look(self, now: datetime) -> SheetNews:
        """Take over what changed there."""
        state = sheet.state(self._database.read)
        listing = await self._there.listing(now - BACK)

        def take(tx: Tx) -> tuple[str, ...]:
            found = _Taking(tx, self._reading, listing, state.seq, now).over()
            if not state.polled:
                _left_out(tx)
            problems = tuple(f"{one.words} {one.link}".strip() for one in found)
            sheet.looked(tx, now, state.asked, problems)
            return (*problems, *sheet.told_clashes(tx))

        return SheetNews(problems=await self._database.submit(take))

    async def renew(self, student_id: str, now: datetime) -> None:
        """Take over what changed of one student, or of everybody where that one has no page yet."""
        page = sheet.page_of(self._database.read, "student", student_id)
        if page is None:
            await self.look(now)
            return
        seq = sheet.state(self._database.read).seq
        listing = await self._there.listing(now - BACK, page)
        await self._database.submit(lambda tx: _Taking(tx, self._reading, listing, seq, now).over())


class _Taking:
    """One listing on its way into the store; `seq` is how often we had written there when it was asked for.

    A row that we have written since, or that is older than what is known of it, says nothing new; nor does one that a
    move on its way there is about.
    """

    def __init__(self, tx: Tx, reading: Reading, listing: SheetListing, seq: int, now: datetime) -> None:
        self._tx = tx
        self._reading = reading
        self._listing = listing
        self._seq = seq
        self._now = now
        self._known = sheet.pages(tx.all)
        moves = sheet.open_moves(tx.all)
        self._moving = {
            name
            for move in moves
            for name in (move.planned.session.id, move.planned.new.id, move.planned.key)
        }
        self._problems = list(listing.problems)
        self._touched: set[str] = set()

    def over(self) -> Sequence[SheetProblem]:
        """Take it over; return everything that is not in order."""
        told = self._listing
        # Students first, for the others name them.
        for student in self._fresh("student", told.students):
            self._taken("student", student, sheet_rows.student)
        for session in self._fresh("session", told.sessions):
            self._taken("session", session, sheet_rows.session)
        for line in self._fresh("reschedule", told.reschedules):
            self._taken("reschedule", line, sheet_rows.reschedule)
        self._gone()
        for contact in sorted(self._touched):
            revise(self._tx, self._reading, contact, self._now)
        return self._problems

    def _taken(self, kind: SheetKind, row: R, take: "sheet_rows.Take[R]") -> None:
        try:
            before = self._known.get(row.page)
            said = before["content"] if before is not None else ""
            took = take(self._tx, row, self._reading, self._now, said)
        except Unreadable as error:
            self._problems.append(SheetProblem(page=row.page, words=f"{row.id}: {error}", link=row.link))
            return
        self._touched |= took.touched
        if took.clashes:
            words = f"{row.id}: {', '.join(took.clashes)} changed both here and there; theirs stands"
            sheet.clashed(self._tx, f"{words} {row.link}")
        sheet.link(self._tx, kind, row, self._seq, took.content)

    def _fresh(self, kind: SheetKind, rows: Sequence[R]) -> list[R]:
        """Return the rows that may say something new; of two with one id, the one that is known."""
        times = Counter(row.id for row in rows)
        found = []
        for row in rows:
            if times[row.id] > 1 and sheet.page_of(self._tx.all, kind, row.id) != row.page:
                words = f"{row.id}: {times[row.id]} {kind}s have this ID; empty it in the copy"
                self._problems.append(SheetProblem(page=row.page, words=words, link=row.link))
                continue
            known = self._known.get(row.page)
            if row.id not in self._moving and (known is None or self._newer(kind, known, row)):
                found.append(row)
        return found

    def _newer(self, kind: SheetKind, known: Row, row: SheetRow) -> bool:
        settled = known["kind"] in {kind, sheet.GONE + kind} and known["seq"] <= self._seq
        return bool(settled and known["edited_at"] <= iso(row.edited_at))

    def _gone(self) -> None:
        """Take away what is not there any more; of a sheet that is suddenly empty nothing is taken away."""
        told = self._listing
        there = {row.page for row in (*told.students, *told.sessions, *told.reschedules)}
        there |= {problem.page for problem in told.problems}
        if not told.students:
            if any(known["kind"] == "student" for known in self._known.values()):
                words = "no student is there any more; nothing was taken away here"
                self._problems.append(SheetProblem(page="", words=words, link=""))
            return
        ours = {student.id for student in told.students}
        # Thrown away and written anew under its ID, it is there.
        kept = {row.id for row in (*told.students, *told.sessions, *told.reschedules)} | self._moving
        for page, known in self._known.items():
            if page in there or known["seq"] > self._seq or known["record_id"] in kept:
                continue
            whose = None if told.whole else ours
            touched = sheet_rows.taken_away(self._tx, known["kind"], known["record_id"], told.since, whose)
            if touched is not None:
                self._touched |= touched
                sheet.gone(self._tx, page)


def _left_out(tx: Tx) -> None:
    """Keep of everything that was here before the first look, and is not there, that it stays ours alone."""
    kinds: tuple[tuple[SheetKind, str], ...] = (("student", "students"), ("session", "sessions"))
    for kind, table in kinds:
        there = {row["record_id"] for row in sheet.pages(tx.all).values() if row["kind"] == kind}
        for row in tx.all(f"SELECT id FROM {table} ORDER BY id"):
            if row["id"] not in there:
                sheet.ours_alone(tx, kind, row["id"])
