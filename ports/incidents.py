"""Incidents as the store keeps them: one truth for every process."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from casefile.effects import PostToLane
from casefile.incident import Breaker, Incident, IncidentStep, Level
from ports.ledger import OutboxRow


@dataclass(frozen=True, slots=True)
class Opening:
    """What an incident is opened with: by a person, who may say how grave it is, or by a `breaker`."""

    name: str
    why: str
    by: str
    level: Level | None = None
    breaker: Breaker | None = None


class IncidentBook(Protocol):
    """What is out of order. Every change happens once, whoever else tries at the same time."""

    async def open(self) -> tuple[Incident, ...]:
        """Return the open incidents, oldest first."""
        ...

    async def incident(self, named: str) -> Incident | None:
        """Return one by its id, or the open one of a dependency."""
        ...

    async def latest(self, limit: int) -> tuple[Incident, ...]:
        """Return the open ones and the last ones, newest first."""
        ...

    async def begin(self, opening: Opening, year: int, at: datetime) -> Incident:
        """Open an incident numbered in this year, or return the one that is open already.

        One that a person opens is theirs to end, and so is then the one that was open.
        """
        ...

    async def move(self, incident: Incident, breaker: Breaker) -> bool:
        """Move an automatic one's breaker on; False when another process was first."""
        ...

    async def renew(self, incident: Incident, at: datetime) -> Incident:
        """Count the cases it has come to touch, and return it as it then is."""
        ...

    async def grade(self, incident_id: str, level: Level, at: datetime) -> bool:
        """Raise or lower its level; False when it has that level already or has ended."""
        ...

    async def ask(self, incident_id: str, post: PostToLane, at: datetime) -> bool:
        """Put the question to the person on call, once."""
        ...

    async def decide(self, incident_id: str, told: Literal["yes", "no"], by: str, at: datetime) -> bool:
        """Keep what was decided about the customers; the first decision counts."""
        ...

    async def end(self, incident_id: str, by: str, at: datetime) -> bool:
        """End it and let what it held back go; False when it has ended already."""
        ...

    async def release(self, name: str, at: datetime) -> None:
        """Let what was held back for a dependency go now."""
        ...

    async def unposted(self) -> tuple[Incident, ...]:
        """Return those whose post does not show them as they are."""
        ...

    async def post(self, incident: Incident, post: PostToLane, at: datetime) -> bool:
        """Queue the post of an incident as it is at this `rev`; once."""
        ...

    async def alert(self, post: PostToLane, at: datetime) -> None:
        """Queue a post that tells of an incident beside its own; once per key."""
        ...

    async def unreported(self) -> tuple[Incident, ...]:
        """Return ended ones whose post-mortem has not been written."""
        ...

    async def report(self, incident_id: str, text: str) -> None:
        """Keep the post-mortem; the first one stays."""
        ...

    async def steps(self, incident_id: str) -> tuple[IncidentStep, ...]:
        """Return the timeline."""
        ...

    async def cases(self, incident_id: str) -> tuple[str, ...]:
        """Return the cases it touched, in the order it did."""
        ...

    async def untold(self, incident: Incident) -> Sequence[tuple[str, str]]:
        """Return (conversation, case) of those that were to be told of it, still wait and have not been told.

        That they are told enters the inbox as `told:<incident>:<case>`.
        """
        ...

    async def unknown(self, incident: Incident) -> int:
        """Count its effects of which nobody can say whether they happened."""
        ...

    async def held(self, name: str) -> OutboxRow | None:
        """Return the oldest effect that is held back for a dependency and first in its queue."""
        ...

    async def released_at(self) -> datetime | None:
        """Return when the knowledge in force was released."""
        ...
