"""Draining a conversation: its messages are collected into turns until nothing of it is unread."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from casefile.events import MessageReceived
from gateway.ratelimit import FloodCounter
from ports.clock import Clock
from ports.journal import InboxRow, Journal

RunTurn = Callable[[str, Sequence[InboxRow]], Awaitable[None]]
OnFlood = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Collecting:
    """How long a burst may go on: after its last message, and at most after its first."""

    quiet: timedelta
    most: timedelta
    flooded: timedelta = timedelta(seconds=30)

    def due(self, rows: Sequence[InboxRow], flooding: bool) -> datetime:
        """Return when the turn these rows start may run; anything but a message is never kept waiting.

        A conversation that floods is collected into fewer turns: one every `flooded`.
        """
        messages = burst(rows)
        if not messages:
            return rows[0].received_at
        first, latest = messages[0].received_at, messages[-1].received_at
        return first + self.flooded if flooding else min(latest + self.quiet, first + self.most)

    def longest(self) -> timedelta:
        """Return the longest that anything is kept waiting; what would have to wait longer came by a clock set back."""
        return max(self.most, self.flooded)


def burst(rows: Sequence[InboxRow]) -> list[InboxRow]:
    """Return the messages that these rows begin with."""
    return list(takewhile(lambda row: isinstance(row.event, MessageReceived), rows))


class Draining:
    """Runs a conversation's turns one after the other; implements ports.wakeups.Drain by `drain`."""

    def __init__(
        self,
        journal: Journal,
        clock: Clock,
        collecting: Collecting,
        floods: FloodCounter,
        run_turn: RunTurn,
        on_flood: OnFlood,
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._collecting = collecting
        self._floods = floods
        self._run_turn = run_turn
        self._on_flood = on_flood
        self._until: dict[str, tuple[datetime, asyncio.Event]] = {}
        self._halt = asyncio.Event()

    async def drain(self, conversation_id: str, news: asyncio.Event) -> None:
        """Run turns until nothing is unread; `news` ends a wait for more of a burst early, to look again."""
        while not self._halt.is_set():
            news.clear()
            rows = await self._journal.unread(conversation_id)
            if not rows:
                return
            await self._count(conversation_id, rows)
            now = self._clock.now()
            flooding = self._floods.flooding(conversation_id, now)
            due = self._collecting.due(rows, flooding)
            if now >= due or due - now > self._collecting.longest():
                await self._run_turn(conversation_id, rows)
                continue
            # A flood's turn has its time; each further message would only have all of them read again.
            woken = self._halt if flooding else news
            self._until[conversation_id] = (due, woken)
            try:
                await self._clock.wait_until(due, woken)
            finally:
                del self._until[conversation_id]

    async def _count(self, conversation_id: str, rows: Sequence[InboxRow]) -> None:
        """Flag a conversation that writes more than it may; nothing of it is dropped."""
        passed = [self._floods.seen(conversation_id, row.id, row.received_at) for row in burst(rows)]
        if any(passed):
            await self._on_flood(conversation_id)

    def stop(self) -> None:
        """Begin no further turn."""
        self._halt.set()

    def collecting(self) -> dict[str, datetime]:
        """Return until when each conversation waits in which nothing is done but more of a burst let come."""
        return {name: until for name, (until, news) in self._until.items() if not news.is_set()}
