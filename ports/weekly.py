"""What a desk's week is counted from, as the gateway sees it."""

from datetime import datetime
from typing import Protocol

from casefile.weekly import RawWeek


class WeekBook(Protocol):
    """The raw events of the past."""

    async def raw(self, begins: datetime, ends: datetime) -> RawWeek:
        """Return what lies between two instants, `ends` left out."""
        ...
