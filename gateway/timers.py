"""Timers: waited for by every worker, fired by one."""

import asyncio
from datetime import timedelta

import structlog

from casefile.errors import StoreDown
from gateway.insisting import HOLD
from ports.clock import Clock
from ports.journal import Journal
from ports.wakeups import Wakeups

log = structlog.get_logger(__name__)
CHORE = "timers"
AT_ONCE = 200
FAR = timedelta(hours=1)
# Where another worker is asked to fire them: should it not come to it, it is asked again.
ASK_AGAIN = timedelta(seconds=1)


class Timers:
    """Waits for the next timer and has it fired; `fire` is the chore that one worker does for all."""

    def __init__(self, journal: Journal, wakeups: Wakeups, clock: Clock, stop: asyncio.Event) -> None:
        self._journal = journal
        self._wakeups = wakeups
        self._clock = clock
        self._stop = stop
        self._news = asyncio.Event()

    def look(self) -> None:
        """Look again at what is due when: something was armed, or the end has come."""
        self._news.set()

    async def run(self) -> None:
        """Wait and have fired until stopped."""
        while not self._stop.is_set():
            self._news.clear()
            now = self._clock.now()
            try:
                at = await self._journal.next_timer()
                if at is not None and at <= now:
                    if await self._wakeups.ring(CHORE):
                        continue
                    at = now + ASK_AGAIN
            except StoreDown as error:
                log.error("timers_held_up", why=str(error))
                await self._clock.wait_until(now + HOLD, self._stop)
                continue
            await self._clock.wait_until(min(at or now + FAR, now + FAR), self._news)

    async def fire(self) -> None:
        """Turn every due timer into an event of its conversation, and wake that."""
        while fired := await self._journal.fire_timers(self._clock.now(), AT_ONCE):
            for timer in fired:
                self._wakeups.wake(timer.conversation_id)
        self.look()
