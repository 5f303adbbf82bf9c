"""Which dependencies are down: what every process has written down, and what was observed here since."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from casefile.incident import Breaker
from policies.breaker import CLOSED, Breaking, failed, worked
from ports.clock import Clock


class Board:
    """Implements ports.sources.Health over a circuit breaker for each dependency.

    A breaker that opens here opens an incident at the next look (gateway/incidents.py); from then on the incident
    says what is down, in every process alike, until it has ended.
    """

    def __init__(self, clock: Clock, rules: Breaking) -> None:
        self._clock = clock
        self._rules = rules
        self._breakers: dict[str, Breaker] = {}
        self._heard: dict[str, datetime] = {}
        self._doubted: set[str] = set()
        self._flagged: frozenset[str] = frozenset()

    def failed(self, name: str, *, check: bool = False) -> None:
        """Take note that work with a dependency failed, or a mere check of it."""
        self._heard[name] = self._clock.now()
        if name not in self._flagged:
            self._breakers[name] = failed(self._breaker(name), self._clock.now(), self._rules, check=check)

    def worked(self, name: str, *, check: bool = False) -> None:
        """Take note that a dependency did what was asked of it."""
        self._heard[name] = self._clock.now()
        if name not in self._flagged:
            self._breakers[name] = worked(self._breaker(name), check=check)

    def doubted(self, name: str) -> None:
        """Take note that a dependency asked to be left alone: whether it is well is looked at next."""
        self._doubted.add(name)

    def opened(self) -> frozenset[str]:
        """Return what has been found down here and is in no incident yet."""
        return (
            frozenset(name for name, breaker in self._breakers.items() if breaker.state == "open")
            - self._flagged
        )

    def to_check(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return which of these should be checked: those in doubt, and those nobody has heard of for long."""
        return tuple(name for name in names if name not in self._flagged and self._uncertain(name))

    def flag(self, names: frozenset[str]) -> None:
        """Take over what the open incidents say; what is back starts anew."""
        for name in self._flagged - names:
            self._breakers.pop(name, None)
        self._flagged = names

    async def down(self) -> frozenset[str]:
        """Return the names of the dependencies that are down now."""
        return self._flagged | self.opened()

    def _breaker(self, name: str) -> Breaker:
        return self._breakers.get(name, CLOSED)

    def _uncertain(self, name: str) -> bool:
        breaker, heard = self._breaker(name), self._heard.get(name)
        if name in self._doubted:
            self._doubted.discard(name)
            return True
        if breaker.failures or breaker.missed or heard is None:
            return breaker.state == "closed"
        idle = self._clock.now() - heard
        # Below zero when the clock was set back: then nobody knows how long it has been.
        return not timedelta(0) <= idle < timedelta(seconds=self._rules.idle_seconds)
