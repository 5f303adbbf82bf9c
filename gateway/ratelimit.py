"""Floods: who writes more often than a conversation may. Pure counting, by the times it is told."""

from collections import deque
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=1)


class FloodCounter:
    """Counts a conversation's messages of the last minute; it drops nothing, it only says.

    Holds times for conversations that wrote within the window and forgets the others.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._times: dict[str, deque[datetime]] = {}
        self._swept: datetime | None = None

    def seen(self, conversation_id: str, at: datetime) -> bool:
        """Count one message; True when it is past the limit."""
        self._sweep(at)
        times = self._times.setdefault(conversation_id, deque(maxlen=self._limit + 1))
        times.append(at)
        return self._recent(times, at) > self._limit

    def flooding(self, conversation_id: str, at: datetime) -> bool:
        """Say whether a conversation is past the limit, counting nothing."""
        return self._recent(self._times.get(conversation_id, deque()), at) > self._limit

    def _recent(self, times: deque[datetime], at: datetime) -> int:
        return sum(1 for time in times if at - time < WINDOW)

    def _sweep(self, at: datetime) -> None:
        if self._swept is not None and at - self._swept < WINDOW:
            return
        self._swept = at
        self._times = {name: times for name, times in self._times.items() if at - times[-1] < WINDOW}
