"""Floods: who writes more often than a conversation may. Pure counting, by the times it is told."""

from collections import deque
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=1)


class FloodCounter:
    """Counts a conversation's messages of the last minute; it drops nothing, it only says.

    Holds times for conversations that wrote within the window and forgets the others; times that a clock which was
    set back since had told count as long ago.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._times: dict[str, deque[tuple[int, datetime]]] = {}
        self._swept: datetime | None = None

    def seen(self, conversation_id: str, number: int, at: datetime) -> bool:
        """Count a message once, by its running number; True when it is the one that passes the limit."""
        self._sweep(at)
        times = self._times.setdefault(conversation_id, deque(maxlen=self.limit + 1))
        if times and number <= times[-1][0]:
            return False
        before = self.flooding(conversation_id, at)
        times.append((number, at))
        return self.flooding(conversation_id, at) and not before

    def flooding(self, conversation_id: str, at: datetime) -> bool:
        """Say whether a conversation is past the limit, counting nothing."""
        recent = [time for _, time in self._times.get(conversation_id, ()) if abs(at - time) < WINDOW]
        return len(recent) > self.limit

    def _sweep(self, at: datetime) -> None:
        if self._swept is not None and abs(at - self._swept) < WINDOW:
            return
        self._swept = at
        self._times = {name: times for name, times in self._times.items() if abs(at - times[-1][1]) < WINDOW}
