"""Calls of Notion's API with the official client: time-outs, cursors, what may be asked again, and its quiet times."""

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

from casefile.base import Frozen
from casefile.errors import DependencyDown
from ports.clock import Clock

PORTION = 100
TRIES = 3
# What Notion itself says may be tried again; a query is a POST, but it changes nothing.
AGAIN = frozenset({409, 429, 500, 502, 503, 504, 529})
# Of those, what says that nothing was done: a write may be tried again after no other.
NOTHING_DONE = frozenset({409, 429, 529})
# A longer wait is kept between the looks, not inside of one: other work may stand behind it.
LONGEST_WAIT = 5.0
MENDED = {
    401: "; set LOKET_NOTION_TOKEN to the integration's token",
    403: "; let the integration read content",
    404: "; share the database with the integration (Connections in its menu)",
}

T = TypeVar("T")
Sleep = Callable[[float], Awaitable[None]]


class NotionAccess(Frozen):
    """The integration, and how long to wait for it."""

    base_url: str
    token: str = Field(min_length=1, repr=False)
    timeout_seconds: float = Field(default=10.0, gt=0)


class NotionCalls:
    """Everything raises DependencyDown under `name`.

    `sleep` waits in real time, `clock` keeps longer requests to wait.
    """

    def __init__(self, access: NotionAccess, name: str, clock: Clock, sleep: Sleep) -> None:
        self._name = name
        self._timeout = access.timeout_seconds
        self._clock = clock
        self._sleep = sleep
        self._quiet_until = clock.now()
        # Loading the certificates takes 50 ms, and only an https address has any to check.
        self._http = httpx.AsyncClient(verify=not access.base_url.startswith("http://"), trust_env=False)
        self.client = AsyncClient(
            client=self._http,
            auth=access.token,
            base_url=access.base_url,
            timeout_ms=int(access.timeout_seconds * 1000),
            # Its own would put bodies on the standard output, and does not retry a query.
            logger=logging.getLogger(__name__),
            log_level=logging.ERROR,
            retry=False,
        )

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    async def every(self, portion: Callable[..., Any]) -> list[Any]:
        """Follow the cursors to the end."""
        rows: list[Any] = []
        portion = partial(portion, page_size=PORTION)
        while True:
            told = await self.call(portion)
            rows += self.read(_rows, told)
            cursor = told.get("next_cursor") if told.get("has_more") else None
            if cursor is None:
                return rows
            portion = partial(portion, start_cursor=cursor)

    async def call(
        self, call: Callable[[], Any], tries: int = TRIES, again: frozenset[int] = AGAIN
    ) -> dict[str, Any]:
        """Ask, again after one of those answers; what is asked for in Retry-After is waited.

        With `again` NOTHING_DONE a lost answer ends it as well: nobody knows whether the write was heard.
        """
        left = self.quiet()
        if left:
            raise DependencyDown(self._name, f"Notion asked to be left alone for another {left:.0f} s")
        for attempt in range(1, tries + 1):
            try:
                return await self._once(call)
            except HTTPResponseError as error:
                why, wait = f"HTTP {error.status}: {error}", _wait(error, attempt)
                if error.status not in again:
                    raise DependencyDown(self._name, f"{why}{MENDED.get(error.status, '')}") from error
            except (NotionClientErrorBase, httpx.HTTPError, ValueError, TimeoutError) as error:
                why, wait = f"no whole answer ({type(error).__name__})", float(attempt)
                if again is NOTHING_DONE:
                    raise DependencyDown(self._name, why) from error
            if wait > LONGEST_WAIT:
                self._quiet_until = self._clock.now() + timedelta(seconds=wait)
                raise DependencyDown(self._name, f"{why}, to be left alone for {wait:.0f} s")
            if attempt < tries:
                await self._sleep(wait)
        raise DependencyDown(self._name, f"{why}, {tries} times in a row")

    def quiet(self) -> float:
        """Return for how many seconds more it asked to be left alone."""
        return max(0.0, (self._quiet_until - self._clock.now()).total_seconds())

    def read(self, read: Callable[[Any], T], told: Any) -> T:
        """Read an answer; one without the shape it should have is none."""
        try:
            return read(told)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            why = f"an answer without the shape of one ({type(error).__name__})"
            raise DependencyDown(self._name, why) from error

    async def _once(self, call: Callable[[], Any]) -> dict[str, Any]:
        # httpx bounds each read, not the whole.
        async with asyncio.timeout(self._timeout * 2):
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
