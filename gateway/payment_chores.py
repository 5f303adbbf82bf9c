"""The periodic jobs of payments: unpaid bills spoken of, and the books compared with the provider's."""

from dataclasses import dataclass
from datetime import datetime

from gateway.bookkeeping import DEPENDENCY
from policies.reminders import may_remind
from policies.sla import Hours
from ports.bookkeeping import Bookkeeping
from ports.sources import Health
from ports.upkeep import Reminding


@dataclass(frozen=True, slots=True)
class PaymentChores:
    """None of them runs while payments are down; a desk without a provider, or without follow-up, has nothing to do."""

    books: Bookkeeping | None
    follow_ups: Reminding | None
    health: Health
    hours: Hours

    async def compare(self, slot: datetime, now: datetime) -> bool:
        """Ask the provider how payments stand that are open, over, or lately paid: webhooks get lost."""
        if self.books is None:
            return True
        return await self._up() and await self.books.compare(slot, now)

    async def follow_up(self, slot: datetime, now: datetime) -> bool:
        """Speak of unpaid bills; too late in the day nobody is spoken to any more."""
        if self.follow_ups is None or not may_remind(self.hours, slot, now):
            return True
        return await self._up() and await self.follow_ups.remind(now)

    async def _up(self) -> bool:
        return DEPENDENCY not in await self.health.down()
