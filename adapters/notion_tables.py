"""A school's three databases in Notion: looked up, listed and written row by row."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from adapters.notion_calls import NOTHING_DONE, TRIES, NotionAccess, NotionCalls, Sleep
from adapters.notion_rows import READ, Json, Layout, Row, missing
from adapters.notion_text import words
from adapters.notion_values import values
from casefile.errors import BadInput, DependencyDown
from casefile.sheet import SheetKind
from ports.clock import Clock

NAME = "schedule"
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


class SheetTables:
    """Rows as JSON, and as our nouns: `read` raises BadInput for one that is not in order."""

    def __init__(self, settings: NotionSheetSettings, clock: Clock, sleep: Sleep) -> None:
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

    async def place(self, kind: SheetKind) -> Place:
        """Return a database as it was found, looked up once."""
        if kind not in self._found:
            self._found[kind] = await self._look_up(kind, TRIES)
        return self._found[kind]

    async def every(self, kind: SheetKind, asked: Json | None = None) -> list[Json]:
        """Return the rows that pass a filter."""
        place = await self.place(kind)
        query = partial(self._client.data_sources.query, place.source)
        rows = await self._calls.every(partial(query, filter=asked) if asked else query)
        # With the bin open a page can be listed while it is thrown away.
        return [row for row in rows if not row.get("in_trash")]

    async def having(self, kind: SheetKind, field: str, words: str) -> list[Json]:
        """Return the rows of which a property of ours says exactly this."""
        place = await self.place(kind)
        return await self.every(kind, {"property": place.names[field], "rich_text": {"equals": words}})

    async def page(self, page: str) -> Json:
        """Return one row as it stands, thrown away or not."""
        return await self._calls.call(partial(self._client.pages.retrieve, page))

    async def create(self, kind: SheetKind, told: Mapping[str, Any]) -> Json:
        """Write a new row; never again after an answer that may have been one."""
        place = await self.place(kind)
        make = partial(
            self._client.pages.create,
            parent={"type": "data_source_id", "data_source_id": place.source},
            properties=values(place, place.types, told),
        )
        return await self._calls.call(make, again=NOTHING_DONE)

    async def change(self, kind: SheetKind, page: str, told: Mapping[str, Any]) -> Json:
        """Change a row and return it as it then is; the same change twice is one change."""
        place = await self.place(kind)
        change = partial(self._client.pages.update, page, properties=values(place, place.types, told))
        return await self._calls.call(change)

    async def throw_away(self, page: str) -> None:
        """Put a row in the bin."""
        await self._calls.call(partial(self._client.pages.update, page, in_trash=True))

    async def read(self, kind: SheetKind, page: Json) -> Any:
        """Return a row as what it is; raises BadInput."""
        place = await self.place(kind)
        return self._calls.read(lambda told: READ[kind](Row(place, told)), page)

    async def title(self, kind: SheetKind, page: Json) -> str:
        """Return what people call a row."""
        place = await self.place(kind)
        return self._calls.read(lambda p: words(p["properties"][place.names["title"]]["title"]), page)

    async def ours(self, kind: SheetKind, page: Json) -> Any:
        """Read a row that we have written ourselves; one that cannot be read is the database's fault."""
        try:
            return await self.read(kind, page)
        except BadInput as error:
            raise DependencyDown(NAME, str(error)) from error

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
