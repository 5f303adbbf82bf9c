"""Notion: the pages of a database, read with the official client."""

import asyncio
from functools import partial

from adapters.notion_calls import TRIES, NotionAccess, NotionCalls, Sleep
from adapters.notion_text import Block, listed, markdown
from casefile.errors import DependencyDown
from ports.clock import Clock
from ports.knowledge import ListedPage

NAME = "knowledge"
PUBLISHED = {"property": "Status", "status": {"equals": "Published"}}
# Pages below a page are pages of their own.
WITHOUT_CHILDREN = frozenset({"child_page", "child_database", "unsupported"})


class NotionSettings(NotionAccess):
    """The integration, and the database that is shared with it."""

    database_id: str


class Notion:
    """Implements ports.knowledge.KnowledgeSource; see NotionCalls for `clock` and `sleep`."""

    def __init__(self, settings: NotionSettings, clock: Clock, sleep: Sleep = asyncio.sleep) -> None:
        self._database = settings.database_id
        self._calls = NotionCalls(settings, NAME, clock, sleep)
        self._client = self._calls.client

    async def close(self) -> None:
        """Give the connections back."""
        await self._calls.close()

    async def check(self) -> None:
        """Look the database up, once; raises DependencyDown. Whoever asks to be left alone does answer."""
        if not self._calls.quiet():
            await self._sources(tries=1)

    async def published(self) -> tuple[ListedPage, ...]:
        """List every published page of the database, in all its data sources."""
        found: list[ListedPage] = []
        for source in await self._sources():
            query = partial(self._client.data_sources.query, source, filter=PUBLISHED)
            rows = await self._calls.every(query)
            # With the bin open a page can be listed while it is thrown away.
            found += [self._calls.read(listed, row) for row in rows if not row.get("in_trash")]
        return tuple(found)

    async def text(self, page_id: str) -> str:
        """Return a page's blocks as Markdown."""
        return self._calls.read(markdown, await self._blocks(page_id))

    async def _sources(self, tries: int = TRIES) -> list[str]:
        told = await self._calls.call(partial(self._client.databases.retrieve, self._database), tries)
        sources = self._calls.read(lambda told: [str(source["id"]) for source in told["data_sources"]], told)
        if not sources:
            raise DependencyDown(NAME, "the Notion database has no data source that is shared with us")
        return sources

    async def _blocks(self, parent: str) -> tuple[Block, ...]:
        found = []
        for row in await self._calls.every(partial(self._client.blocks.children.list, parent)):
            kind, block_id = self._calls.read(lambda row: (str(row["type"]), str(row["id"])), row)
            deeper = row.get("has_children") and kind not in WITHOUT_CHILDREN
            below = await self._blocks(block_id) if deeper else ()
            body = row.get(kind)
            found.append(Block(kind, body if isinstance(body, dict) else {}, below))
        return tuple(found)
