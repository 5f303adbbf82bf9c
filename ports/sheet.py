"""Student records where a school keeps them, when that is another system than our store."""

from datetime import datetime
from typing import Protocol

from casefile.sheet import (
    PlannedMove,
    SheetListing,
    SheetMoved,
    SheetNews,
    SheetPages,
    SheetRefused,
    SheetSession,
    SheetStudent,
    WrittenSession,
    WrittenStudent,
)


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

    async def put_student(self, written: WrittenStudent, page: str | None) -> SheetStudent:
        """Write a student as ours are, whatever stands there; without a page found by their ID, or made."""
        ...

    async def put_session(self, written: WrittenSession, page: str | None) -> tuple[SheetSession, bool]:
        """Write a session likewise, and say whether another one there overlaps it."""
        ...

    async def close(self) -> None:
        """Give the connections back."""
        ...


class SheetFinishing(Protocol):
    """Moves that were begun and that nobody has come back for."""

    async def finish(self, now: datetime) -> None:
        """Bring them to their end; raises DependencyDown."""
        ...


class SheetPushing(Protocol):
    """What changed here, to be written there."""

    async def push(self, now: datetime) -> tuple[str, ...]:
        """Write it; return what of it people have to look at. Raises DependencyDown."""
        ...


class SheetKeeping(Protocol):
    """The look at the sheet, by which what people change there becomes known here."""

    def due(self, now: datetime) -> bool:
        """Say whether it is to be looked at."""
        ...

    async def claim(self, now: datetime) -> bool:
        """Take the turn of looking after the sheet, of several processes; False while another has it."""
        ...

    async def release(self) -> None:
        """Give the turn back."""
        ...

    async def look(self, now: datetime) -> SheetNews:
        """Take over what changed there; raises DependencyDown."""
        ...
