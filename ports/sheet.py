"""Student records where a school keeps them, when that is another system than our store."""

from datetime import datetime
from typing import Protocol

from casefile.sheet import PlannedMove, SheetListing, SheetMoved, SheetNews, SheetPages, SheetRefused


class StudentSheet(Protocol):
    """Students, their sessions and the reschedule ledger in another system. Everything raises DependencyDown."""

    async def check(self) -> None:
        """Return when it can be read."""
        ...

    async def listing(self, since: datetime, student: str | None = None) -> SheetListing:
        """Return what is there: sessions that begin, and ledger lines made, at `since` or later.

        With `student`, a page, only that student's.
        """
        ...

    async def move(self, planned: PlannedMove, pages: SheetPages) -> SheetMoved | SheetRefused:
        """Write a move once per key; asked again it goes on where it stood and writes nothing twice."""
        ...

    async def close(self) -> None:
        """Give the connections back."""
        ...


class SheetFinishing(Protocol):
    """Moves that were begun and that nobody has come back for."""

    async def finish(self, now: datetime) -> None:
        """Bring them to their end; raises DependencyDown."""
        ...


class SheetKeeping(Protocol):
    """The look at the sheet, by which what people change there becomes known here."""

    def due(self, now: datetime) -> bool:
        """Say whether it is to be looked at."""
        ...

    async def look(self, now: datetime) -> SheetNews:
        """Take over what changed there; raises DependencyDown."""
        ...
