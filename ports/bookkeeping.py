"""The books of online payments, as the engine keeps them true."""

from datetime import datetime
from typing import Protocol

from casefile.payments import Doubt


class Bookkeeping(Protocol):
    """What was heard of payments is looked into by asking the provider; every act may be repeated, by any process."""

    async def waiting(self) -> bool:
        """Say whether anything was heard that nobody has looked into."""
        ...

    async def look(self, now: datetime) -> None:
        """Look into a portion of it; DependencyDown when the provider cannot be reached."""
        ...

    async def compare(self, slot: datetime, now: datetime) -> bool:
        """Ask how a portion of the payments stand that nobody asked about since a slot; True when none is left.

        What differs is booked, and told as a doubt: its news was lost. DependencyDown like `look`.
        """
        ...

    async def doubts(self) -> tuple[Doubt, ...]:
        """Return what a person has to look at and was not told of."""
        ...

    async def told(self, doubt: Doubt, at: datetime) -> None:
        """Note that they were told."""
        ...
