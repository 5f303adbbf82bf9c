"""The periodic jobs of payments: the books compared with the provider's, and unpaid bills spoken of."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from gateway.bookkeeping import DEPENDENCY
from policies.reminders import may_remind
from policies.sla import Hours
from ports.bookkeeping import Bookkeeping
from ports.sources import Health
from ports.upkeep import Reminding

Job = Callable[[datetime, datetime], Awaitable[bool]]


def comparing(books: Bookkeeping, health: Health) -> Job:
    """Return the job that asks the provider how payments stand that are open or lately paid: webhooks get lost."""

    async def compare(slot: datetime, now: datetime) -> bool:
        return DEPENDENCY not in await health.down() and await books.compare(slot, now)

    return compare


def following_up(bills: Reminding, health: Health, hours: Hours) -> Job:
    """Return the job that speaks of unpaid bills; too late in the day nobody is spoken to any more."""

    async def follow_up(slot: datetime, now: datetime) -> bool:
        if not may_remind(hours, slot, now):
            return True
        return DEPENDENCY not in await health.down() and await bills.remind(now)

    return follow_up
