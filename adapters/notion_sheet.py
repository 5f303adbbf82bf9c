"""Student records in Notion: three databases of a school, read and written with the official client."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from adapters.notion_calls import Sleep
from adapters.notion_rows import Json
from adapters.notion_tables import KINDS, NotionSheetSettings, SheetTables
from adapters.notion_values import ledger_line, new_session, session_row, student_row
from casefile.errors import BadInput
from casefile.records import Session
from casefile.sheet import (
    PlannedMove,
    SheetKind,
    SheetListing,
    SheetMoved,
    SheetPages,
    SheetProblem,
    SheetRefused,
    SheetReschedule,
    SheetSession,
    SheetStudent,
    WrittenSession,
    WrittenStudent,
)
from ports.clock import Clock

DAY = timedelta(days=1)
TAKEN = SheetRefused(why="the coach was given another session at that hour", by="slot_free")
CHANGED = SheetRefused(why="the session was changed by somebody meanwhile", by="policy")


class NotionSheet:
    """Implements ports.sheet.StudentSheet; see NotionCalls for `clock` and `sleep`.

    Notion knows no transactions: a move is four steps, each of which finds out whether it was done before, and people
    who change the same rows meanwhile win.
    """

    def __init__(self, settings: NotionSheetSettings, clock: Clock, sleep: Sleep = asyncio.sleep) -> None:
        self._names = settings.names
        self._tables = SheetTables(settings, clock, sleep)

    async def close(self) -> None:
        """Give the connections back."""
        await self._tables.close()

    async def check(self) -> None:
        """Look every database up anew."""
        await self._tables.check()

    async def listing(self, since: datetime, student: str | None = None) -> SheetListing:
        """Return what is there from then on, of everybody or of one student's page."""
        asked = (
            self._student(student) if student else self._tables.every("student"),
            self._tables.every("session", self._from("session", "time", since, student)),
            self._tables.every("reschedule", self._from("reschedule", "made", since, student)),
        )
        told: dict[SheetKind, list[Json]] = dict(zip(KINDS, await asyncio.gather(*asked), strict=True))
        read: dict[SheetKind, list[Any]] = {kind: [] for kind in KINDS}
        problems = []
        for kind, pages in told.items():
            for page in pages:
                try:
                    read[kind].append(await self._tables.read(kind, page))
                except BadInput as error:
                    link = str(page.get("url") or "")
                    problems.append(SheetProblem(page=str(page["id"]), words=str(error), link=link))
        return SheetListing(
            students=tuple(read["student"]),
            sessions=tuple(read["session"]),
            reschedules=tuple(read["reschedule"]),
            problems=tuple(problems),
            since=since,
            whole=student is None,
        )

    async def move(self, planned: PlannedMove, pages: SheetPages) -> SheetMoved | SheetRefused:
        """Make the new session, look whether anybody has the hour, write the ledger, then mark the old one moved."""
        before = await self._tables.page(pages.session)
        if refused := await self._refused(before, planned):
            return await self._undone(planned, refused)
        title = await self._tables.title("session", before)
        new: SheetSession = await self._kept("session", planned, new_session(planned, pages.student, title))
        if await self._clash(new, planned.session.id):
            return await self._undone(planned, TAKEN)
        line: SheetReschedule = await self._kept("reschedule", planned, ledger_line(planned, pages.student))
        if refused := await self._refused(await self._tables.page(pages.session), planned):
            return await self._undone(planned, refused)
        told = {"status": "moved", "moved_to": planned.new.id, "key": planned.key, "rev": planned.rev}
        old: SheetSession = await self._tables.ours(
            "session", await self._tables.change("session", pages.session, told)
        )
        # The answer shows the row as it then is: a change that came between the look and this is in it.
        if not _same(old, planned.session):
            back = {"status": planned.session.status, "moved_to": "", "key": ""}
            await self._tables.change("session", pages.session, back)
            return await self._undone(planned, CHANGED)
        return SheetMoved(old=old, new=new, line=line)

    async def put_student(self, written: WrittenStudent, page: str | None) -> SheetStudent:
        """Write a student as ours are; without a page the row of their ID, made unless it is there."""
        done: SheetStudent = await self._put("student", written.student.id, student_row(written), page)
        return done

    async def put_session(self, written: WrittenSession, page: str | None) -> tuple[SheetSession, bool]:
        """Write a session as ours is, and say whether another overlaps it there."""
        session = written.session
        put: SheetSession = await self._put("session", session.id, session_row(written), page)
        return put, put.status == "scheduled" and await self._clash(put, session.id)

    async def _put(self, kind: SheetKind, record_id: str, told: Mapping[str, Any], page: str | None) -> Any:
        if page is None:
            found = await self._tables.having(kind, "id", record_id)
            page = str(_first(found)["id"]) if found else None
        if page is None:
            return await self._tables.ours(kind, await self._tables.create(kind, told))
        return await self._tables.ours(kind, await self._tables.change(kind, page, told))

    async def _refused(self, page: Json, planned: PlannedMove) -> SheetRefused | None:
        """Return why a session does not stand as its move was planned for."""
        try:
            there: SheetSession = await self._tables.read("session", page)
        except BadInput as error:
            return SheetRefused(why=str(error), by="policy")
        # As this very move has left it is well, too.
        ours = there.status == "moved" and there.key == planned.key
        stands = _same(there, planned.session) and (ours or there.status == planned.session.status)
        return None if stands and not page.get("in_trash") else CHANGED

    async def _undone(self, planned: PlannedMove, refused: SheetRefused) -> SheetRefused:
        """Throw away what a key has made."""
        kinds: tuple[SheetKind, ...] = ("session", "reschedule")
        for kind in kinds:
            for page in await self._made(kind, planned):
                await self._tables.throw_away(str(page["id"]))
        return refused

    async def _made(self, kind: SheetKind, planned: PlannedMove) -> list[Json]:
        """Return the rows a key has made; the session it moved carries the key as well."""
        found = await self._tables.having(kind, "key", planned.key)
        if kind == "reschedule":
            return found
        return [page for page in found if (await self._tables.ours(kind, page)).id == planned.new.id]

    async def _kept(self, kind: SheetKind, planned: PlannedMove, told: Mapping[str, Any]) -> Any:
        """Return the row a key made, made now unless it is there."""
        found = await self._made(kind, planned)
        mine = _first(found) if found else await self._tables.create(kind, told)
        return await self._tables.ours(kind, mine)

    async def _clash(self, ours: SheetSession, instead_of: str) -> bool:
        """Say whether coach or student has another session there that overlaps, now that ours is written."""
        time = (await self._tables.place("session")).names["time"]
        day = {
            "and": [
                {"property": time, "date": {"on_or_after": (ours.start - DAY).isoformat()}},
                {"property": time, "date": {"on_or_before": ours.end.isoformat()}},
            ]
        }
        for told in await self._tables.every("session", day):
            try:
                other: SheetSession = await self._tables.read("session", told)
            except BadInput:
                continue
            apart = other.page == ours.page or other.id == instead_of
            overlaps = other.start < ours.end and other.end > ours.start
            same = other.coach == ours.coach or other.student == ours.student
            if not apart and overlaps and same and other.status == "scheduled":
                return True
        return False

    def _from(self, kind: SheetKind, field: str, since: datetime, student: str | None) -> Json:
        names = self._names[kind]
        later: Json = {"property": names[field], "date": {"on_or_after": since.isoformat()}}
        theirs: Json = {"property": names["student"], "relation": {"contains": student}}
        return {"and": [later, theirs]} if student else later

    async def _student(self, page: str) -> list[Json]:
        told = await self._tables.page(page)
        return [] if told.get("in_trash") else [told]


def _first(pages: list[Json]) -> Json:
    """Return the oldest: of a row people made a copy of, the first is ours."""
    return min(pages, key=lambda page: str(page.get("created_time")))


def _same(there: SheetSession, planned: Session) -> bool:
    return (there.start, there.end, there.coach) == (planned.start, planned.end, planned.coach)
