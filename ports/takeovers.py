"""Conversations that people have taken over, as the store keeps them: one truth for every process."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from casefile.effects import PostToLane


@dataclass(frozen=True, slots=True)
class Takeover:
    """One conversation's last change of hands: `held` while `person` (a staff id or PHONE) has it.

    `hands` counts the changes; `ended_by` is a staff id, or QUIET for the time that nobody said anything.
    """

    conversation_id: str
    person: str
    why: str
    since: datetime
    held: bool
    hands: int
    ended_at: datetime | None = None
    ended_by: str | None = None


class TakeoverBook(Protocol):
    """Who has which conversation. Every change happens once, with all that it silences, in one transaction."""

    async def begin(self, conversation_id: str, person: str, why: str, at: datetime) -> bool:
        """Give a conversation to a person and drop what B has queued in it; False when they have it already."""
        ...

    async def end(self, conversation_id: str, by: str, at: datetime) -> bool:
        """Give it back to the voice; False when nobody has it."""
        ...

    async def conversation(self, named: str) -> str | None:
        """Return the conversation of this id, or of the case with this id."""
        ...

    async def takeover(self, conversation_id: str) -> Takeover | None:
        """Return a conversation's last change of hands."""
        ...

    async def held(self) -> tuple[Takeover, ...]:
        """List what people have now, the longest first."""
        ...

    async def unposted(self) -> tuple[Takeover, ...]:
        """Return those whose last change of hands the ops lane has not been told of."""
        ...

    async def post(self, taken: Takeover, case_id: str, post: PostToLane, at: datetime) -> None:
        """Queue the post that tells of a change of hands; once."""
        ...
