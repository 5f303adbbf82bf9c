"""Understanding as the graph sees it: pure, so it is a socket and not a recorded read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from casefile.base import Language
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
