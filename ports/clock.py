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
        """Return when the clock reaches `at` or `wake` is set, whichever comes first."""
        ...
