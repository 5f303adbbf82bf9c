"""The bookkeeper: whatever was heard of payments is looked into at their provider, and people hear of what is odd."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from agents.work import Desk
from casefile.errors import DependencyDown, StoreDown
from gateway.cards import Cards
from gateway.health import Board
from ports.bookkeeping import Bookkeeping
from ports.clock import Clock

log = structlog.get_logger(__name__)
DEPENDENCY = "payments"
# Asked of one worker by the door, which has heard of a payment and works on nothing itself.
CHORE = "bookkeeping"
# What comes of comparing is told together.
DIFFERING = frozenset({"missed", "unknown"})


class Bookkeeper:
    """Looks when it is told of news, and at the latest every `look`; `on_news` wakes the cases that have some.

    Any process may look, and several may at once: the books take each word of a provider once.
    """

    def __init__(
        self,
        books: Bookkeeping,
        board: Board,
        cards: Cards,
        desk: Desk,
        clock: Clock,
        look: timedelta,
        on_news: Callable[[], Awaitable[None]],
    ) -> None:
        self._books = books
        self._board = board
        self._cards = cards
        self._desk = desk
        self._clock = clock
        self._look = look
        self._on_news = on_news
        self._news = asyncio.Event()
        self._stopping = False

    def news(self) -> None:
        """Say that something was heard."""
        self._news.set()

    async def asked(self) -> None:
        """Look at once, because another process has heard something."""
        self._news.set()

    def stop(self) -> None:
        """End `run`."""
        self._stopping = True
        self._news.set()

    async def settled(self) -> bool:
        """Say whether nothing is left to look into, which cannot be while the provider is down, or to tell."""
        return await self._looked() and not await self._books.doubts()

    async def _looked(self) -> bool:
        return DEPENDENCY in await self._board.down() or not await self._books.waiting()

    async def run(self) -> None:
        """Look until stopped."""
        while not self._stopping:
            self._news.clear()
            try:
                await self._work()
            except DependencyDown as error:
                self._board.failed(error.name)
            except StoreDown as error:
                log.error("bookkeeping_held_up", why=str(error))
            await self._clock.wait_until(self._clock.now() + self._look, self._news)

    async def _work(self) -> None:
        while not self._stopping and not await self._looked():
            await self._books.look(self._clock.now())
            self._board.worked(DEPENDENCY)
            await self._on_news()
        now, doubts = self._clock.now(), await self._books.doubts()
        differing = [doubt for doubt in doubts if doubt.kind in DIFFERING]
        if differing:
            await self._cards.compared(self._desk, differing, now)
        for doubt in doubts:
            if doubt not in differing:
                await self._cards.payment(self._desk, doubt, now)
            await self._books.told(doubt, now)
        if doubts:
            # The cards are queued after the news was, and would wait for whatever comes next.
            await self._on_news()
