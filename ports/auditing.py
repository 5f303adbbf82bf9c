"""The book of what people look at after it was sent, as the gateway and the commands see it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from casefile.auditing import Answer, Count, Judgement, Sample


class AuditBook(Protocol):
    """One desk's weekly samples and what people found; a week is picked once, an answer judged once."""

    async def records(self, since: datetime, until: datetime) -> tuple[bytes, ...]:
        """Return the turn records of a span, in the order of the turns."""
        ...

    async def records_of(self, case_id: str) -> tuple[bytes, ...]:
        """Return the turn records of a case that are still there, in order."""
        ...

    async def arrived(self, since: datetime, until: datetime) -> frozenset[str]:
        """Return the keys of the messages of a span that the channel took."""
        ...

    async def sample(self, week: str) -> Sample | None:
        """Return what was picked of a week, with what was found so far; None before it was picked."""
        ...

    async def keep(self, week: str, sent: int, answers: Sequence[Answer], now: datetime) -> bool:
        """Keep what was picked of a week; False when somebody has picked already."""
        ...

    async def judge(self, key: str, judgement: Judgement) -> bool:
        """Keep what a person found of an answer, documented; False when it is judged, or was never picked."""
        ...

    async def stopped(self, since: datetime, until: datetime) -> tuple[Count, ...]:
        """Count what was held, edited and denied in a span by its reason, the most frequent first."""
        ...
