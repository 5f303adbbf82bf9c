"""The database in trouble: said on /readyz while it lasts, and told to people as soon as anything can be written."""

from contextlib import suppress
from datetime import datetime

from agents.work import Desk
from casefile.errors import StoreDown
from gateway.cards import Cards
from ports.clock import Clock
from ports.journal import Journal


class StoreWatch:
    """Counts what the database refused in this process since people were last told of it."""

    def __init__(self, journal: Journal, cards: Cards, desk: Desk, clock: Clock) -> None:
        self._journal = journal
        self._cards = cards
        self._desk = desk
        self._clock = clock
        self._told = 0
        self._since: datetime | None = None

    def problems(self) -> tuple[str, ...]:
        """Say what the database's trouble is, until it has written again."""
        trouble = self._journal.faults.trouble
        return () if trouble is None else (str(trouble),)

    async def try_again(self) -> None:
        """Where there is trouble, see whether it is over: a door that is not ready is sent nothing to write."""
        if self._journal.faults.trouble is not None:
            with suppress(StoreDown):
                await self.look()

    async def look(self) -> None:
        """Tell of what was refused; the telling is a write, and so the try whether it writes again (StoreDown)."""
        refused, why = self._journal.faults.refused, self._journal.faults.why
        if refused == self._told:
            return
        now = self._clock.now()
        self._since = self._since or now
        await self._cards.store(self._desk, why, self._since, now)
        self._told, self._since = refused, None
