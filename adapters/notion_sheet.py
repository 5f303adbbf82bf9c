"""Student records in Notion: three databases of a school, read and written with the official client."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from adapters.notion_calls import NOTHING_DONE, TRIES, NotionAccess, NotionCalls, Sleep
from adapters.notion_rows import READ, Json, Layout, Row, missing
from adapters.notion_text import words
from adapters.notion_values import ledger_line, new_session, values
from casefile.errors import BadInput, DependencyDown
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
)
from ports.clock import Clock

NAME = "schedule"
DAY = timedelta(days=1)
TAKEN = SheetRefused(why="the coach was given another session at that hour", by="slot_free")
CHANGED = SheetRefused(why="the session was changed by somebody meanwhile", by="policy")
KINDS: tuple[SheetKind, ...] = ("student", "session", "reschedule")


class NotionSheetSettings(NotionAccess):
    """The integration, the database of each kind, and what a desk calls their properties (all of them)."""

    databases: dict[SheetKind, str]
    names: dict[SheetKind, dict[str, str]]
    zone: str


class Place(Layout):
    """A database as it was found: its data source, and the type of each property."""

    source: str
    types: dict[str, str]


class NotionSheet:
    """Implements ports.sheet.StudentSheet; see NotionCalls for `clock` and `sleep`.

    Notion knows no transactions: a move is four steps, each of which finds out whether it was done before, and people
    who change the same rows meanwhile win.
    """

    def __init__(self, settings: NotionSheetSettings, clock: Clock, sleep: Sleep = asyncio.sleep) -> None:
        self._settings = settings
        self._calls = NotionCalls(settings, NAME, clock, sleep)
        self._client = self._calls.client
        self._found: dict[SheetKind, Place] = {}

    async def close(self) -> None:
        """Give the connections back."""
        await self._calls.close()

    async def check(self) -> None:
        """Look every database up anew, once; whoever asks to be left alone does answer."""
        if not self._calls.quiet():
            self._found = {kind: await self._look_up(kind, tries=1) for kind in KINDS}

    async def listing(self, since: datetime, student: str | None = None) -> SheetListing:
        """Return what is there from then on, of everybody or of one student's page."""
        told: dict[SheetKind, list[Json]] = {
            "student": await self._page(student) if student else await self._all("student"),
            "session": await self._all("session", self._from("session", "time", since, student)),
            "reschedule": await self._all("reschedule", self._from("reschedule", "made", since, student)),
        }
        read: dict[SheetKind, list[Any]] = {kind: [] for kind in KINDS}
        problems = []
        for kind, pages in told.items():
            for page in pages:
                try:
                    read[kind].append(self._read(self._found[kind], page))
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
        title, before = await self._old(pages.session)
        if not _stands(before, planned):
            return await self._undone(planned, CHANGED)
        new: SheetSession = await self._kept("session", planned, new_session(planned, pages.student, title))
        if await self._taken(planned, new):
            return await self._undone(planned, TAKEN)
        line: SheetReschedule = await self._kept("reschedule", planned, ledger_line(planned, pages.student))
        _, before = await self._old(pages.session)
        if not _stands(before, planned):
            return await self._undone(planned, CHANGED)
        told = {"status": "moved", "moved_to": planned.new.id, "key": planned.key, "rev": planned.rev}
        old = await self._change(pages.session, told)
        # The answer shows the row as it then is: a change that came between the look and this is in it.
        if not _same(old, planned.session):
            await self._change(pages.session, {"status": planned.session.status, "moved_to": "", "key": ""})
            return await self._undone(planned, CHANGED)
        return SheetMoved(old=old, new=new, line=line)

    async def _old(self, page: str) -> tuple[str, SheetSession]:
        """Return what the session that is moved is called, and how it stands."""
        place = await self._place("session")
        told = await self._calls.call(partial(self._client.pages.retrieve, page))
        title = self._calls.read(lambda p: words(p["properties"][place.names["title"]]["title"]), told)
        return title, self._ours(place, told)

    async def _undone(self, planned: PlannedMove, refused: SheetRefused) -> SheetRefused:
        """Throw away what a key has made."""
        kinds: tuple[SheetKind, ...] = ("session", "reschedule")
        for kind in kinds:
            for page in await self._made(kind, planned):
                await self._calls.call(partial(self._client.pages.update, page["id"], in_trash=True))
        return refused

    async def _made(self, kind: SheetKind, planned: PlannedMove) -> list[Json]:
        """Return the rows a key has made; the session it moved carries the key as well."""
        place = await self._place(kind)
        found = await self._all(kind, {"property": place.names["key"], "rich_text": {"equals": planned.key}})
        return [page for page in found if kind != "session" or self._ours(place, page).id == planned.new.id]

    async def _kept(self, kind: SheetKind, planned: PlannedMove, told: Mapping[str, Any]) -> Any:
        """Return the row a key made, made now unless it is there."""
        place = await self._place(kind)
        # Of a page people made a copy of, the first is ours.
        found = await self._made(kind, planned)
        mine = min(found, key=lambda page: str(page.get("created_time")), default=None)
        if mine is None:
            make = partial(
                self._client.pages.create,
                parent={"type": "data_source_id", "data_source_id": place.source},
                properties=values(place, place.types, told),
            )
            mine = await self._calls.call(make, again=NOTHING_DONE)
        return self._ours(place, mine)

    async def _change(self, page: str, told: Mapping[str, Any]) -> SheetSession:
        place = await self._place("session")
        change = partial(self._client.pages.update, page, properties=values(place, place.types, told))
        # The same change twice is one change.
        done: SheetSession = self._ours(place, await self._calls.call(change))
        return done

    async def _taken(self, planned: PlannedMove, ours: SheetSession) -> bool:
        """Say whether coach or student has another session there that overlaps, now that ours is written."""
        place, new = await self._place("session"), planned.new
        day = {
            "and": [
                {"property": place.names["time"], "date": {"on_or_after": (new.start - DAY).isoformat()}},
                {"property": place.names["time"], "date": {"on_or_before": new.end.isoformat()}},
            ]
        }
        for told in await self._all("session", day):
            try:
                other: SheetSession = self._read(place, told)
            except BadInput:
                continue
            apart = other.page == ours.page or other.id == planned.session.id
            overlaps = other.start < new.end and other.end > new.start
            same = other.coach == new.coach or other.student == ours.student
            if not apart and overlaps and same and other.status == "scheduled":
                return True
        return False

    def _from(self, kind: SheetKind, field: str, since: datetime, student: str | None) -> Json:
        names = self._settings.names[kind]
        later: Json = {"property": names[field], "date": {"on_or_after": since.isoformat()}}
        theirs: Json = {"property": names["student"], "relation": {"contains": student}}
        return {"and": [later, theirs]} if student else later

    async def _all(self, kind: SheetKind, asked: Json | None = None) -> list[Json]:
        place = await self._place(kind)
        query = partial(self._client.data_sources.query, place.source)
        rows = await self._calls.every(partial(query, filter=asked) if asked else query)
        # With the bin open a page can be listed while it is thrown away.
        return [row for row in rows if not row.get("in_trash")]

    async def _page(self, page: str) -> list[Json]:
        await self._place("student")
        told = await self._calls.call(partial(self._client.pages.retrieve, page))
        return [] if told.get("in_trash") else [told]

    def _read(self, place: Place, page: Json) -> Any:
        return self._calls.read(lambda told: READ[place.kind](Row(place, told)), page)

    def _ours(self, place: Place, page: Json) -> Any:
        """Read a row that we have written ourselves; one that cannot be read is the database's fault."""
        try:
            return self._read(place, page)
        except BadInput as error:
            raise DependencyDown(NAME, str(error)) from error

    async def _place(self, kind: SheetKind) -> Place:
        if kind not in self._found:
            self._found[kind] = await self._look_up(kind, TRIES)
        return self._found[kind]

    async def _look_up(self, kind: SheetKind, tries: int) -> Place:
        database = self._settings.databases[kind]
        told = await self._calls.call(partial(self._client.databases.retrieve, database), tries)
        sources = self._calls.read(lambda told: [str(one["id"]) for one in told["data_sources"]], told)
        title = self._calls.read(lambda told: words(told["title"]), told) or f"the {kind}s' database"
        if len(sources) != 1:
            raise DependencyDown(
                NAME, f"{title} in Notion has {len(sources)} data sources; it needs exactly one"
            )
        shown = await self._calls.call(partial(self._client.data_sources.retrieve, sources[0]), tries)
        properties = self._calls.read(lambda told: {**told["properties"]}, shown)
        layout = Layout(kind=kind, title=title, names=self._settings.names[kind], zone=self._settings.zone)
        if wrong := self._calls.read(lambda told: missing(layout, told), properties):
            raise DependencyDown(NAME, f"{title} in Notion: {'; '.join(wrong)}")
        types = self._calls.read(lambda told: {name: str(v["type"]) for name, v in told.items()}, properties)
        return Place(**layout.model_dump(), source=sources[0], types=types)


def _stands(there: SheetSession, planned: PlannedMove) -> bool:
    """Say whether the session is as the move was planned for, or as this very move has left it."""
    ours = there.status == "moved" and there.key == planned.key
    return _same(there, planned.session) and (ours or there.status == planned.session.status)


def _same(there: SheetSession, planned: Session) -> bool:
    return (there.start, there.end, there.coach) == (planned.start, planned.end, planned.coach)
