"""How long an effect that cannot go now waits, and where that is written down."""

from datetime import datetime, timedelta

from casefile.effects import SendMessage
from casefile.errors import SendLater
from gateway.insisting import Insisting
from ports.clock import Clock
from ports.journal import Journal
from ports.ledger import OutboxRow

BACKOFF_SECONDS = (2, 5, 15, 60, 300)
LONGER_MOST = 6
# What is held back goes as soon as its dependency is back; this is only how often it is asked until then.
HELD_SECONDS = 60


class Waits:
    """Puts effects off, by what is known of whom they have to wait for."""

    def __init__(self, journal: Journal, ledger: Insisting, clock: Clock, per_minute: int) -> None:
        self._journal = journal
        self._ledger = ledger
        self._clock = clock
        self._per_minute = per_minute

    async def too_many(self, row: OutboxRow) -> bool:
        """Say whether a conversation has been sent as many messages as it may be in a minute."""
        sent = await self._journal.sent_in_last_minute(row.conversation_id, self._clock.now())
        return sent >= self._per_minute

    async def held_back(self, row: OutboxRow, error: SendLater) -> None:
        """Wait as the channel asks: for one recipient longer each time, for all of WhatsApp with everybody."""
        if isinstance(row.effect, SendMessage) and error.scope == "account":
            await self._ledger.throttled(row.key, "whatsapp", error.seconds, error.why, self._clock.now())
            return
        longer = 2 ** min(row.attempts, LONGER_MOST) if error.scope == "recipient" else 1
        wait = min(error.seconds * longer, max(error.seconds, BACKOFF_SECONDS[-1]))
        await self._ledger.requeue(row.key, self.until(wait), error.why)

    async def later(self, row: OutboxRow, why: str, seconds: float) -> None:
        """Put back what was not even attempted."""
        await self._journal.postpone(row.key, self.until(seconds), why)

    def until(self, seconds: float) -> datetime:
        """Return the instant so many seconds from now."""
        return self._clock.now() + timedelta(seconds=seconds)


def backoff(row: OutboxRow) -> float:
    """Return how many seconds an effect waits after so many attempts."""
    return BACKOFF_SECONDS[min(row.attempts, len(BACKOFF_SECONDS) - 1)]
