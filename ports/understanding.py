"""Understanding as the graph sees it: the rules are pure and a mere socket, a model's opinion is a recorded read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from casefile.base import Language
from casefile.opinion import Opinion
from casefile.reading import Reading


class Understander(Protocol):
    """Reads what a customer wrote."""

    def read(
        self,
        text: str,
        *,
        now: datetime,
        zone: ZoneInfo,
        conversation_language: Language | None,
        names: Sequence[str] = (),
    ) -> Reading:
        """Read one message or burst; deterministic, and any text at all is readable."""
        ...


class SecondReader(Protocol):
    """A model that reads what a customer wrote after the rules have; its opinion can only add."""

    async def opinion(self, text: str, language: Language, contact_id: str) -> Opinion | None:
        """Return what it makes of a message, None when it has nothing to say."""
        ...
