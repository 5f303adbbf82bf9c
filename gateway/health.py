"""Which dependencies are down: what is observed here, joined with what somebody else says."""

from collections import Counter

from ports.sources import Health

FAILURES = 3


class Board:
    """Implements ports.sources.Health: down after three failures in a row, up again with the next success."""

    def __init__(self, others: tuple[Health, ...] = ()) -> None:
        self._others = others
        self._failures: Counter[str] = Counter()

    def failed(self, name: str) -> None:
        """Count a failure of a dependency."""
        self._failures[name] += 1

    def worked(self, name: str) -> None:
        """Forget a dependency's failures."""
        self._failures.pop(name, None)

    def failing(self) -> frozenset[str]:
        """Return what is down by what was observed here."""
        return frozenset(name for name, count in self._failures.items() if count >= FAILURES)

    async def down(self) -> frozenset[str]:
        """Return the names of the dependencies that are down now."""
        found = set(self.failing())
        for other in self._others:
            found |= await other.down()
        return frozenset(found)
