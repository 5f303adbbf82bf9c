"""Reconciliation: a message whose answer was lost goes again when no status has proved it within its window.

Any process may look, and several may at once: the ledger lets each message be taken up once.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from casefile.errors import StoreDown
from ports.clock import Clock
from ports.ledger import Ledger

log = structlog.get_logger(__name__)


class Reconciler:
    """Looks at what is unknown, at the latest every `look`; `window` is how long statuses may take.

    `next_look` is when it looks again without being told to.
    """

    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        window: timedelta,
        look: timedelta,
        wake: Callable[[], None],
        untold: Callable[[], Awaitable[None]],
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._window = window
        self._look = look
        self._wake = wake
        self._untold = untold
        self._news = asyncio.Event()
        self._stopping = False
        self.next_look = clock.now()

    def news(self) -> None:
        """Say that a message has become unknown."""
        self._news.set()

    def stop(self) -> None:
        """End `run`."""
        self._stopping = True
        self._news.set()

    async def run(self) -> None:
        """Look until stopped."""
        while not self._stopping:
            self._news.clear()
            now = self._clock.now()
            try:
                since = await self._settled(now)
                # Another process may have taken the report that a message failed.
                await self._untold()
            except StoreDown as error:
                log.error("reconciling_held_up", why=str(error))
                since = None
            at = now + self._look
            self.next_look = at if since is None else min(at, since + self._window)
            await self._clock.wait_until(self.next_look, self._news)

    async def _settled(self, now: datetime) -> datetime | None:
        """Queue again what was never proved; return since when the oldest of the rest is unknown."""
        since = await self._ledger.unproved_since()
        if since is None or since + self._window > now:
            return since
        if await self._ledger.resend_unproved(now - self._window, now):
            self._wake()
        return await self._ledger.unproved_since()
