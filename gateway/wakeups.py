"""Wake-ups: one conversation at a time, its messages collected into a turn, others side by side."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from casefile.events import MessageReceived
from ports.clock import Clock
from ports.journal import InboxRow, Journal

log = structlog.get_logger(__name__)
RunTurn = Callable[[str, Sequence[InboxRow]], Awaitable[None]]


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
        burst: list[InboxRow] = []
        for row in rows:
            if not isinstance(row.event, MessageReceived):
                break
            burst.append(row)
        if not burst:
            return rows[0].received_at
        if flooding:
            return burst[0].received_at + self.flooded
        return min(burst[-1].received_at + self.quiet, burst[0].received_at + self.most)


class Wakeups:
    """Runs each woken conversation until nothing of it is unread; never two turns of one at once."""

    def __init__(
        self,
        journal: Journal,
        clock: Clock,
        collecting: Collecting,
        flooding: Callable[[str], bool],
        run_turn: RunTurn,
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._collecting = collecting
        self._flooding = flooding
        self._run_turn = run_turn
        self._news: dict[str, asyncio.Event] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._until: dict[str, datetime] = {}
        self._stopping = False

    def wake(self, conversation_id: str) -> None:
        """Say that a conversation has something unread."""
        if self._stopping:
            return
        news = self._news.setdefault(conversation_id, asyncio.Event())
        news.set()
        if conversation_id not in self._tasks:
            task = asyncio.create_task(self._drain(conversation_id, news), name=f"turns {conversation_id}")
            task.add_done_callback(_log_failure)
            self._tasks[conversation_id] = task

    async def recover(self) -> None:
        """Wake every conversation that an earlier process left unread."""
        for conversation_id, _, _ in await self._journal.waiting():
            self.wake(conversation_id)

    def active(self) -> frozenset[str]:
        """Return the conversations that are being worked on or collected."""
        return frozenset(self._tasks)

    def collecting(self) -> dict[str, datetime]:
        """Return until when each conversation waits in which nothing is done but more of a burst let come."""
        return {name: until for name, until in self._until.items() if not self._news[name].is_set()}

    async def stop(self) -> None:
        """Let the turns in hand finish; what is unread stays for the next start."""
        self._stopping = True
        for news in self._news.values():
            news.set()
        if self._tasks:
            await asyncio.wait(self._tasks.values())

    async def _drain(self, conversation_id: str, news: asyncio.Event) -> None:
        try:
            await self._turns(conversation_id, news)
        finally:
            # Also when the store failed: the next look wakes what is still unread.
            del self._tasks[conversation_id]
            del self._news[conversation_id]

    async def _turns(self, conversation_id: str, news: asyncio.Event) -> None:
        while not self._stopping:
            news.clear()
            rows = await self._journal.unread(conversation_id)
            if not rows:
                if news.is_set():
                    continue
                break
            due = self._collecting.due(rows, self._flooding(conversation_id))
            if self._clock.now() < due:
                self._until[conversation_id] = due
                try:
                    await self._clock.wait_until(due, news)
                finally:
                    del self._until[conversation_id]
                continue
            await self._run_turn(conversation_id, rows)


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("turns_stopped", task=task.get_name(), error=type(error).__name__, exc_info=error)
