"""Notion: the pages of a database, read with the official client."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

import httpx
from notion_client import AsyncClient
from notion_client.errors import HTTPResponseError, NotionClientErrorBase
from pydantic import Field

from adapters.notion_text import Block, listed, markdown
from casefile.base import Frozen
from casefile.errors import DependencyDown
from ports.clock import Clock
from ports.knowledge import ListedPage

NAME = "knowledge"
PUBLISHED = {"property": "Status", "status": {"equals": "Published"}}
PORTION = 100
TRIES = 3
# What Notion itself says may be tried again; a query is a POST, but it changes nothing.
AGAIN = frozenset({409, 429, 500, 502, 503, 504, 529})
# A longer wait is kept between the looks, not inside of one: other work may stand behind it.
LONGEST_WAIT = 5.0
MENDED = {
    401: "; set LOKET_NOTION_TOKEN to the integration's token",
    403: "; let the integration read content",
    404: "; share the database with the integration (Connections in its menu)",
}
# Pages below a page are pages of their own.
WITHOUT_CHILDREN = frozenset({"child_page", "child_database", "unsupported"})

T = TypeVar("T")
Sleep = Callable[[float], Awaitable[None]]


class NotionSettings(Frozen):
    """The integration, and the database that is shared with it."""

    base_url: str
    token: str = Field(min_length=1, repr=False)
    database_id: str
    timeout_seconds: float = Field(default=10.0, gt=0)


class Notion:
    """Implements ports.knowledge.KnowledgeSource; `sleep` waits in real time, `clock` keeps longer requests to wait."""

    def __init__(self, settings: NotionSettings, clock: Clock, sleep: Sleep = asyncio.sleep) -> None:
        self._settings = settings
        self._clock = clock
        self._sleep = sleep
        self._quiet_until = clock.now()
        # Loading the certificates takes 50 ms, and only an https address has any to check.
        self._http = httpx.AsyncClient(verify=not settings.base_url.startswith("http://"), trust_env=False)
        self._client = AsyncClient(
            client=self._http,
            auth=settings.token,
            base_url=settings.base_url,
            timeout_ms=int(settings.timeout_seconds * 1000),
            # Its own would put bodies on the standard output, and does not retry a query.
            logger=logging.getLogger(__name__),
            log_level=logging.ERROR,
            retry=False,
        )

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    async def check(self) -> None:
        """Look the database up, once; raises DependencyDown. Whoever asks to be left alone does answer."""
        if not self._quiet():
            await self._sources(tries=1)

    async def published(self) -> tuple[ListedPage, ...]:
        """List every published page of the database, in all its data sources."""
        found: list[ListedPage] = []
        for source in await self._sources():
            query = partial(self._client.data_sources.query, source, filter=PUBLISHED)
            rows = await self._every(query)
            # With the bin open a page can be listed while it is thrown away.
            found += [_read(listed, row) for row in rows if not row.get("in_trash")]
        return tuple(found)

    async def text(self, page_id: str) -> str:
        """Return a page's blocks as Markdown."""
        return _read(markdown, await self._blocks(page_id))

    async def _sources(self, tries: int = TRIES) -> list[str]:
        retrieve = partial(self._client.databases.retrieve, self._settings.database_id)
        told = await self._call(retrieve, tries)
        sources = _read(lambda told: [str(source["id"]) for source in told["data_sources"]], told)
        if not sources:
            raise DependencyDown(NAME, "the Notion database has no data source that is shared with us")
        return sources

    async def _blocks(self, parent: str) -> tuple[Block, ...]:
        found = []
        for row in await self._every(partial(self._client.blocks.children.list, parent)):
            kind, block_id = _read(lambda row: (str(row["type"]), str(row["id"])), row)
            deeper = row.get("has_children") and kind not in WITHOUT_CHILDREN
            below = await self._blocks(block_id) if deeper else ()
            body = row.get(kind)
            found.append(Block(kind, body if isinstance(body, dict) else {}, below))
        return tuple(found)

    async def _every(self, portion: Callable[..., Any]) -> list[Any]:
        """Follow the cursors to the end."""
        rows: list[Any] = []
        portion = partial(portion, page_size=PORTION)
        while True:
            told = await self._call(portion)
            rows += _read(_rows, told)
            cursor = told.get("next_cursor") if told.get("has_more") else None
            if cursor is None:
                return rows
            portion = partial(portion, start_cursor=cursor)

    async def _call(self, call: Callable[[], Any], tries: int = TRIES) -> Any:
        """Read, again where that may help; what is asked for in Retry-After is waited."""
        left = self._quiet()
        if left:
            raise DependencyDown(NAME, f"Notion asked to be left alone for another {left:.0f} s")
        for attempt in range(1, tries + 1):
            try:
                return await self._once(call)
            except HTTPResponseError as error:
                why, wait = f"HTTP {error.status}: {error}", _wait(error, attempt)
                if error.status not in AGAIN:
                    raise DependencyDown(NAME, f"{why}{MENDED.get(error.status, '')}") from error
            except (NotionClientErrorBase, httpx.HTTPError, ValueError, TimeoutError) as error:
                why, wait = f"no whole answer ({type(error).__name__})", float(attempt)
            if wait > LONGEST_WAIT:
                self._quiet_until = self._clock.now() + timedelta(seconds=wait)
                raise DependencyDown(NAME, f"{why}, to be left alone for {wait:.0f} s")
            if attempt < tries:
                await self._sleep(wait)
        raise DependencyDown(NAME, f"{why}, {tries} times in a row")

    def _quiet(self) -> float:
        """Return for how many seconds more it asked to be left alone."""
        return max(0.0, (self._quiet_until - self._clock.now()).total_seconds())

    async def _once(self, call: Callable[[], Any]) -> Any:
        # httpx bounds each read, not the whole.
        async with asyncio.timeout(self._settings.timeout_seconds * 2):
            told = await call()
        if not isinstance(told, dict):
            raise ValueError("not an object")
        return told


def _wait(error: HTTPResponseError, attempt: int) -> float:
    told = error.headers.get("retry-after", "")
    return float(told) if told.isdigit() else float(attempt)


def _rows(told: dict[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = list(told["results"])
    if not all(isinstance(row, dict) for row in rows):
        raise TypeError("a row that is no object")
    return rows


def _read(read: Callable[[Any], T], told: Any) -> T:
    """Read an answer; one without the shape it should have is none."""
    try:
        return read(told)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DependencyDown(NAME, f"an answer without the shape of one ({type(error).__name__})") from error
