"""Wake-ups inside one process: each woken conversation is a task, and never two of one at once."""

import asyncio
from collections.abc import Iterable

import structlog

from ports.wakeups import Drain, Handlers

log = structlog.get_logger(__name__)


class InProcessWakeups:
    """Implements ports.wakeups.Wakeups for the server that is the only one on its database."""

    def __init__(self) -> None:
        self._handlers: Handlers | None = None
        self._news: dict[str, asyncio.Event] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def wake(self, conversation_id: str) -> None:
        """Say that a conversation has something unread."""
        if self._handlers is None:
            return
        news = self._news.setdefault(conversation_id, asyncio.Event())
        news.set()
        if conversation_id not in self._tasks:
            work = self._work(conversation_id, news, self._handlers.drain)
            task = asyncio.create_task(work, name=f"turns {conversation_id}")
            task.add_done_callback(_log_failure)
            self._tasks[conversation_id] = task

    async def wake_forgotten(self, unread: Iterable[str]) -> None:
        """Wake these conversations; one that is in hand looks once more."""
        for conversation_id in unread:
            self.wake(conversation_id)

    async def ring(self, chore: str) -> bool:
        """Do a chore: there is nobody else to do it."""
        if self._handlers is not None:
            await self._handlers.chores[chore]()
        return True

    async def start(self, handlers: Handlers) -> None:
        """Begin to hand conversations out."""
        self._handlers = handlers

    async def stop(self) -> None:
        """Let the turns in hand finish; what is unread stays for the next start."""
        self._handlers = None
        for news in self._news.values():
            news.set()
        if self._tasks:
            await asyncio.wait(self._tasks.values())

    def active(self) -> frozenset[str]:
        """Return the conversations that are being worked on or collected."""
        return frozenset(self._tasks)

    async def _work(self, conversation_id: str, news: asyncio.Event, drain: Drain) -> None:
        try:
            while news.is_set() and self._handlers is not None:
                news.clear()
                await drain(conversation_id, news)
        finally:
            # Also when the store failed: the next look wakes what is still unread.
            del self._tasks[conversation_id]
            del self._news[conversation_id]


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("turns_stopped", task=task.get_name(), error=type(error).__name__, exc_info=error)
