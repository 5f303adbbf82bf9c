"""After the door: what was stored is shown as read, and its conversation is woken."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

import structlog

from ports.journal import Received

log = structlog.get_logger(__name__)
# Account and message id; shows the customer that it was read.
MarkRead = Callable[[str, str], Coroutine[Any, Any, None]]


class Intake:
    """Takes note of what the door has stored; `on_status` hears when statuses have changed something."""

    def __init__(
        self, wake: Callable[[str], None], mark_read: MarkRead, on_status: Callable[[], Awaitable[None]]
    ) -> None:
        self._wake = wake
        self._mark_read = mark_read
        self._on_status = on_status
        self._marks: set[asyncio.Task[None]] = set()
        self._hearing = 0

    async def received(self, received: Sequence[Received]) -> None:
        """Show that messages were read, and wake every conversation that has news."""
        for one in received:
            if not one.new or not one.conversation_id:
                continue
            self._wake(one.conversation_id)
            if one.message:
                self._mark(one)
        if any(not one.message for one in received):
            self._hearing += 1
            try:
                await self._on_status()
            finally:
                self._hearing -= 1

    def busy(self) -> bool:
        """Say whether a mark is on its way, or a status is being looked into."""
        return bool(self._marks or self._hearing)

    async def stop(self) -> None:
        """Let the marks in hand finish."""
        if self._marks:
            await asyncio.wait(self._marks)

    def _mark(self, one: Received) -> None:
        """Show that a message was read; a courtesy, so it is not in the ledger."""
        task = asyncio.create_task(self._mark_read(one.account, one.external_id))
        self._marks.add(task)
        task.add_done_callback(self._marked)

    def _marked(self, task: asyncio.Task[None]) -> None:
        self._marks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.warning("mark_failed", error=type(error).__name__)
