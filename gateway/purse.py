"""What a desk may spend on models in a day: when it is spent no model is asked, and people hear of it once."""

from agents.work import Desk
from casefile.money import MICRO
from gateway.cards import Cards
from graph.calls import dated
from ports.clock import Clock
from ports.models import Spending


class Purse:
    """Knows what is left of the day's money."""

    def __init__(self, spending: Spending, cards: Cards, desk: Desk, clock: Clock) -> None:
        self._spending = spending
        self._cards = cards
        self._desk = desk
        self._clock = clock

    async def open(self) -> bool:
        """Say whether a model may be asked; where not, the ops lane is told, once a day.

        Calls of turns that are still running are not counted yet: a day may end over its cap by those.
        """
        now, rules = self._clock.now(), self._desk.rules
        day = dated(rules, now)["day"]
        most = rules.limits.model_rupiah_per_day
        if await self._spending.spent_on(rules.desk, day) < most * MICRO:
            return True
        await self._cards.model_cap(self._desk, day, most, now)
        return False
