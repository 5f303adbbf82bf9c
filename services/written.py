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
from services.pages import Page, composed, parse_page, parts_of, read_pages, sendable
from store.connection import Row
from store.database import Database
from store.times import iso, moment
from store.transaction import Tx

# An edit is dated by the minute, and by another machine's clock: so long after one there may have been more.
OVERLAP = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Problem:
    """A page that cannot be used as it is written; `page` is what it is called, or was; empty when nobody knows."""

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

    def __init__(self, database: Database, source: KnowledgeSource, placeholders: frozenset[str]) -> None:
        self._database = database
        self._source = source
        self._placeholders = placeholders

    async def now(self, at: datetime) -> Written:
        """Look at the source and return what is written there."""
        await self.poll(at)
        return self.read()

    async def poll(self, at: datetime, most: int | None = None) -> bool:
        """Look at the source and read what may have changed, at most so many pages; True when none is left.

        A look that is not through is gone on with by the next one, whoever takes it.
        """
        state = self._state()
        begun = moment(state.begun) if state.begun else at
        # Whoever reads all at once begins anew.
        since = None if most is None else begun
        known = {row["id"]: row for row in self._database.read("SELECT * FROM kb_source")}
        listed = await self._source.published()
        changed = [page for page in listed if _may_differ(page, known.get(page.id), since)]
        rows = []
        for page in changed[:most]:
            body = await self._source.text(page.id)
            rows.append(_row(page, body, known.get(page.id), at))
        gone = sorted(known.keys() - {page.id for page in listed})
        through = len(rows) == len(changed)
        after = _State(iso(at if since is None else begun), state.asked, "" if through else iso(begun))
        await self._database.submit(lambda tx: _keep(tx, rows, gone, at, after, through))
        return through

    def read(self) -> Written:
        """Return what was last read of the source."""
        return last_read(self._database, self._placeholders)

    def due(self, at: datetime, every: timedelta) -> bool:
        """Say whether the source is to be looked at: there is news, a look is not through, or it is time."""
        state = self._state()
        if not state.polled or state.asked or state.begun:
            return True
        return moment(state.polled) + every <= at

    def _state(self) -> "_State":
        row = self._database.read_one("SELECT * FROM kb_polls WHERE slot = 1")
        return (
            _State("", "", "") if row is None else _State(row["polled_at"], row["asked_at"], row["begun_at"])
        )


@dataclass(frozen=True, slots=True)
class _State:
    """When a look that got through began, when the source said there is news, and when a look began that goes on."""

    polled: str
    asked: str
    begun: str


def last_read(database: Database, placeholders: frozenset[str]) -> Written:
    """Return what was last read of the system the pages are written in; nothing before the first look.

    `placeholders` are those that can be filled in.
    """
    rows = database.read("SELECT * FROM kb_source ORDER BY id")
    pages: list[tuple[Row, Page]] = []
    problems: list[Problem] = []
    for row in rows:
        try:
            pages.append((row, sendable(_page(row), placeholders)))
        except BadInput as error:
            problems.append(Problem(row["page"], str(error), row["link"]))
    times = Counter(page.name for _, page in pages)
    for row, page in pages:
        if times[page.name] > 1:
            words = f"{page.title}: {times[page.name]} pages are {page.name}; take all but one of them back"
            problems.append(Problem(page.name, words, row["link"]))
    return Written(tuple(page for _, page in pages if times[page.name] == 1), tuple(problems))


def _known(page: Page, before: Page | None) -> Page:
    same = before is not None and parts_of(before.source) == parts_of(page.source)
    return before if before is not None and same else page


def _may_differ(page: ListedPage, row: Row | None, begun: datetime | None) -> bool:
    """Say whether a page has to be read, in a look that began then and has read some."""
    if row is None or iso(page.edited_at) != row["edited_at"]:
        return True
    read_at = moment(row["read_at"])
    return read_at < page.edited_at + OVERLAP and (begun is None or read_at < begun)


def _page(row: Row) -> Page:
    return parse_page(row["title"] or row["id"], composed(json.loads(row["front"]), row["body"]))


def _row(page: ListedPage, body: str, before: Row | None, at: datetime) -> tuple[str, ...]:
    # What it is called can be read off a page that is not in order otherwise, else it is what it was.
    named = [page.front.get("Topic"), page.front.get("Language")]
    name = ".".join(map(str, named)) if all(named) else (before["page"] if before else "")
    front = json.dumps(page.front, ensure_ascii=False)
    return (page.id, page.title, page.link, iso(page.edited_at), iso(at), name, front, body)


def _keep(
    tx: Tx, rows: Sequence[Sequence[str]], gone: Sequence[str], at: datetime, after: _State, through: bool
) -> None:
    # Two may look at once: what was read later stays, and news that came meanwhile asks for another look.
    tx.insert_many(
        "INSERT INTO kb_source (id, title, link, edited_at, read_at, page, front, body)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET title = excluded.title,"
        " link = excluded.link, edited_at = excluded.edited_at, read_at = excluded.read_at, page = excluded.page,"
        " front = excluded.front, body = excluded.body WHERE kb_source.read_at <= excluded.read_at",
        rows,
    )
    for page_id in gone:
        tx.execute("DELETE FROM kb_source WHERE id = ? AND read_at <= ?", (page_id, iso(at)))
    tx.execute(
        "INSERT INTO kb_polls (slot, polled_at, asked_at) VALUES (1, '', '') ON CONFLICT (slot) DO NOTHING"
    )
    if through:
        tx.execute(
            "UPDATE kb_polls SET polled_at = ?, begun_at = '',"
            " asked_at = CASE WHEN asked_at = ? THEN '' ELSE asked_at END WHERE polled_at <= ?",
            (after.polled, after.asked, after.polled),
        )
    else:
        tx.execute("UPDATE kb_polls SET begun_at = ?", (after.begun,))
