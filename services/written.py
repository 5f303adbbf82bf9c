"""Pages where people write them: the desk's own folder, or another system that is looked at again and again."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from casefile.errors import BadInput
from ports.knowledge import KnowledgeSource, ListedPage
from services.pages import Page, composed, parse_page, parts_of, read_pages
from store.connection import Row
from store.database import Database
from store.times import iso, moment
from store.transaction import Tx

# An edit is dated by the minute, and by another machine's clock: so long after one, there may be more of it to come.
OVERLAP = timedelta(minutes=2)
NEVER = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A page that cannot be used as it is written; `page` is what it was when it was last in order, if ever."""

    page: str
    words: str
    link: str


@dataclass(frozen=True, slots=True)
class Written:
    """The pages as they are written now, and those that are not in order."""

    pages: tuple[Page, ...]
    problems: tuple[Problem, ...] = ()

    def upon(self, in_force: Sequence[Page]) -> tuple[Page, ...]:
        """Return what would be released.

        A page that is not in order stays as it is in force, and so does one that says the same in another spelling.
        """
        known = {page.name: page for page in in_force}
        kept = {problem.page for problem in self.problems} - {page.name for page in self.pages}
        pages = (_known(page, known.get(page.name)) for page in self.pages)
        return (*pages, *(page for page in in_force if page.name in kept))


class WrittenPages(Protocol):
    """Where a desk's pages are written."""

    async def now(self, at: datetime) -> Written:
        """Read them; raises DependencyDown where they are out of reach, BadRecords where the whole cannot be used."""
        ...


class FolderPages:
    """Pages as files beside the desk: they are all in order, or none is taken."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def now(self, at: datetime) -> Written:
        """Read the folder."""
        return Written(read_pages(self._folder))


class SourcePages:
    """Pages in another system; what was read of it is kept, and read again only where it may have changed."""

    def __init__(self, database: Database, source: KnowledgeSource) -> None:
        self._database = database
        self._source = source

    async def now(self, at: datetime) -> Written:
        """Look at the source and return what is written there."""
        await self.poll(at)
        return self.read()

    async def poll(self, at: datetime) -> None:
        """Look at the source; what is read while somebody else has looked later is thrown away."""
        known = {row["id"]: row for row in self._database.read("SELECT * FROM kb_source")}
        asked = self._asked()
        listed = await self._source.published()
        bodies = {}
        for page in listed:
            row = known.get(page.id)
            unchanged = row is not None and not _may_differ(page, row)
            bodies[page.id] = row["body"] if row and unchanged else await self._source.text(page.id)
        rows = [_row(page, bodies[page.id], known.get(page.id), at) for page in listed]
        await self._database.submit(lambda tx: _keep(tx, rows, at, asked))

    def read(self) -> Written:
        """Return what was last read of the source."""
        rows = self._database.read("SELECT * FROM kb_source ORDER BY id")
        pages: list[tuple[Row, Page]] = []
        problems: list[Problem] = []
        for row in rows:
            try:
                pages.append((row, _page(row)))
            except BadInput as error:
                problems.append(Problem(row["page"], str(error), row["link"]))
        times = Counter(page.name for _, page in pages)
        for row, page in pages:
            if times[page.name] > 1:
                words = (
                    f"{page.title}: {times[page.name]} pages are {page.name}; take all but one of them back"
                )
                problems.append(Problem(page.name, words, row["link"]))
        return Written(tuple(page for _, page in pages if times[page.name] == 1), tuple(problems))

    async def ask(self, at: datetime) -> None:
        """Note that the source says there is news."""
        await self._database.submit(
            lambda tx: tx.execute(
                "INSERT INTO kb_polls (slot, polled_at, asked_at) VALUES (1, ?, ?)"
                " ON CONFLICT (slot) DO UPDATE SET asked_at = excluded.asked_at",
                (NEVER, iso(at)),
            )
        )

    def due(self, at: datetime, every: timedelta) -> bool:
        """Say whether the source is to be looked at: it said that there is news, or it is time."""
        row = self._database.read_one("SELECT * FROM kb_polls WHERE slot = 1")
        if row is None or row["polled_at"] == NEVER or row["asked_at"] != NEVER:
            return True
        return moment(row["polled_at"]) + every <= at

    def _asked(self) -> str:
        row = self._database.read_one("SELECT asked_at FROM kb_polls WHERE slot = 1")
        return NEVER if row is None else str(row["asked_at"])


def _known(page: Page, before: Page | None) -> Page:
    same = before is not None and parts_of(before.source) == parts_of(page.source)
    return before if before is not None and same else page


def _may_differ(page: ListedPage, row: Row) -> bool:
    return iso(page.edited_at) != row["edited_at"] or moment(row["read_at"]) < page.edited_at + OVERLAP


def _page(row: Row) -> Page:
    return parse_page(row["title"] or row["id"], composed(json.loads(row["front"]), row["body"]))


def _row(page: ListedPage, body: str, before: Row | None, at: datetime) -> tuple[str, ...]:
    try:
        name = parse_page(page.title, composed(page.front, body)).name
    except BadInput:
        name = before["page"] if before else ""
    front = json.dumps(page.front, ensure_ascii=False)
    return (page.id, page.title, page.link, iso(page.edited_at), iso(at), name, front, body)


def _keep(tx: Tx, rows: Sequence[Sequence[str]], at: datetime, asked: str) -> None:
    # Also the lock: of two that look at once, the one that began later has seen more. News that came since it began
    # asks for another look.
    latest = tx.execute(
        "INSERT INTO kb_polls (slot, polled_at, asked_at) VALUES (1, ?, ?)"
        " ON CONFLICT (slot) DO UPDATE SET polled_at = excluded.polled_at,"
        " asked_at = CASE WHEN kb_polls.asked_at = ? THEN '' ELSE kb_polls.asked_at END"
        " WHERE kb_polls.polled_at <= excluded.polled_at",
        (iso(at), NEVER, asked),
    )
    if latest:
        tx.execute("DELETE FROM kb_source")
        tx.insert_many(
            "INSERT INTO kb_source (id, title, link, edited_at, read_at, page, front, body)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
