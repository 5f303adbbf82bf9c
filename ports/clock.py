"""Time as a port: production follows the wall clock, tests and the sandbox move it."""

import asyncio
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The only source of "now" (aware, UTC)."""

    def now(self) -> datetime:
        """Return the current instant in UTC."""
        ...

    async def wait_until(self, at: datetime, wake: asyncio.Event) -> None:
        """Return when the clock reaches `at`, `wake` is set, or the clock is set back, whichever comes first.

        Set back, `at` may be hours away that nobody meant to wait; whoever waits reckons anew.
        """
        ...
