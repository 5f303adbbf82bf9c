"""The ledger of effects on their way out, and what it does of its own accord."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from casefile.effects import AttachEvidence, PostToLane, RunOperation, SendMessage
from casefile.events import CaseEvent
from casefile.payment_effects import Paying

OutboxState = Literal["queued", "attempting", "accepted", "delivered", "read", "failed", "unknown", "dropped"]
OutboundEffect = SendMessage | PostToLane | RunOperation | Paying | AttachEvidence
# Workers that all reach for the same effect are in each other's way: whoever's turn asked for it goes first.
LEFT_TO_ITS_WORKER = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One effect on its way out; `held` says that it waits until the customer writes again."""

    key: str
    case_id: str
    conversation_id: str
    effect: OutboundEffect
    state: OutboxState
    attempts: int
    due_at: datetime
    provider_id: str | None
    error: str | None
    changed_at: datetime
    held: bool = False


class Ledger(Protocol):
    """What the ledger does of its own accord. A move that another process was quicker with changes nothing."""

    async def entry(self, key: str) -> OutboxRow | None:
        """Return one effect; None when there is none of this key, or it cannot be read."""
        ...

    async def unproved_since(self) -> datetime | None:
        """Return when the message became unknown that has been so for the longest."""
        ...

    async def resend_unproved(self, unknown_since: datetime, at: datetime) -> tuple[str, ...]:
        """Queue the messages again that have been unknown since then or longer; return the keys moved here."""
        ...

    async def settle(self, key: str, action: Literal["resend", "drop"], by: str, at: datetime) -> bool:
        """Settle an `unknown` by hand; False when it is not unknown (any more)."""
        ...

    async def throttled(self, key: str, channel: str, seconds: float, why: str, at: datetime) -> datetime:
        """Put an effect back and leave its whole channel alone, longer each time in a row; return until when."""
        ...

    async def hold(self, key: str, why: str, event: CaseEvent, external_id: str, at: datetime) -> bool:
        """Let words that failed wait for the customer, and tell their case; False when they have not failed."""
        ...

    async def give_up_held(self, conversation_id: str, why: str, at: datetime) -> tuple[OutboxRow, ...]:
        """Fail the words that wait in a conversation whose customer could not be invited; return them."""
        ...
