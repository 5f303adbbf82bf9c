"""What the clocks look after, as the gateway's chores see it; every act may be repeated, by any process."""

from datetime import datetime
from typing import Protocol

from casefile.vitals import KnowledgeChange, PageNews, ReviewedPage, Unreminded, Vitals


class Slots(Protocol):
    """Which slot of each periodic job has been seen to."""

    async def done(self) -> dict[str, datetime]:
        """Return the latest slot seen to, by job; a job nobody has looked at yet is missing."""
        ...

    async def mark(self, job: str, slot: datetime, at: datetime) -> None:
        """Note that a slot is seen to; an earlier slot never replaces a later one."""
        ...


class Oversight(Protocol):
    """How the desk is doing."""

    async def vitals(self, now: datetime) -> Vitals:
        """Return what a heartbeat looks at, but for the snapshots and for what is down."""
        ...

    async def open_heartbeat(self) -> str | None:
        """Return the thread of the heartbeat's post while what it tells of is not over."""
        ...

    async def unreminded(self, now: datetime) -> tuple[Unreminded, ...]:
        """Return the sessions of today and tomorrow whose customers could not be reminded, soonest first."""
        ...


class SnapshotKeeper(Protocol):
    """Everybody's snapshots, kept as the records are; each call does a portion and says whether none is left."""

    async def rebuild(self, slot: datetime, now: datetime) -> bool:
        """Renew what was read before a slot."""
        ...

    async def heal(self, now: datetime) -> bool:
        """Renew what missed a change, and what has grown old while a case of its contact is open."""
        ...

    async def drifted(self, now: datetime) -> tuple[str, ...]:
        """Compare a sample of what may be said with the records; renew and return what differed."""
        ...


class Reminding(Protocol):
    """Reminders of tomorrow's sessions."""

    async def remind(self, now: datetime) -> bool:
        """Let a portion of them fall due, once each; True when none is left."""
        ...


class Retiring(Protocol):
    """What is past its limit goes."""

    async def retire(self, now: datetime) -> bool:
        """Remove a portion of it; True when none is left."""
        ...


class Expiring(Protocol):
    """Orders nobody has paid run out."""

    async def expire(self, now: datetime) -> bool:
        """End a portion of those whose time is over, once each; True when none is left."""
        ...


class Releases(Protocol):
    """What is published."""

    async def changed_since(self, at: datetime) -> KnowledgeChange | None:
        """Return the release in force and how it differs from the one in force at a moment; None without any."""
        ...


class Reviewed(Protocol):
    """When what is published was last read by whose it is."""

    def reviewed(self) -> tuple[ReviewedPage, ...]:
        """Return the published pages in force."""
        ...


class PageKeeping(Protocol):
    """The look at where pages are written, when that is another system."""

    def due(self, now: datetime) -> bool:
        """Say whether it is to be looked at."""
        ...

    async def look(self, now: datetime) -> PageNews | None:
        """Read a portion; None while more is to be read. Raises DependencyDown."""
        ...
