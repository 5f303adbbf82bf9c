"""The store as the door, the turn runner and the performer see it."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from casefile.approval import ApprovalRecord
from casefile.case import Case
from casefile.effects import Effect, PostToLane
from casefile.events import CaseEvent, ChannelEvent
from casefile.packets import AuditEntry
from ports.ledger import Ledger, OutboxRow, OutboxState
from ports.models import ModelCall
from ports.storefaults import StoreFaults


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one delivered event: its conversation, whether it was new; `message`: a customer wrote it."""

    conversation_id: str
    new: bool
    external_id: str
    account: str = ""
    message: bool = False


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One event waiting for its turn; `id` gives the order."""

    id: int
    conversation_id: str
    event: CaseEvent
    received_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class TimerRow:
    """A timer that is due."""

    key: str
    case_id: str
    conversation_id: str
    timer: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """One message of the whole transcript."""

    conversation_id: str
    case_id: str
    direction: Literal["in", "out"]
    author: str
    text: str
    at: datetime
    external_id: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A raw event for the measures of spec 4 (`name`, `value`, `at`), recorded from the start."""

    name: str
    case_id: str | None
    at: datetime
    value: float = 1.0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class TurnCommit:
    """Everything one turn writes, in one transaction.

    `staged` are the saver's checkpoint rows, `records` are compressed, `audit` names by key whose data was looked at;
    `worker` ran it behind `fence`; it was thought out at the revs in `stated`, after that many changes of `hands`.
    """

    turn_id: str
    conversation_id: str
    at: datetime
    inbox_ids: tuple[int, ...]
    cases: tuple[Case, ...]
    effects: tuple[tuple[str, Effect], ...]
    transcript: tuple[TranscriptLine, ...]
    measures: tuple[Measure, ...]
    records: tuple[tuple[str, int, bytes], ...]
    staged: Sequence[object] = field(default=())
    audit: tuple[tuple[str, AuditEntry], ...] = ()
    worker: str = ""
    fence: int | None = None
    stated: tuple[tuple[Literal["contact", "student"], str, int], ...] = ()
    calls: tuple[ModelCall, ...] = ()
    hands: int | None = None


class Staging(Protocol):
    """The saver's way to hold checkpoints back until the turn commits them."""

    def stage(self) -> AbstractContextManager[list[object]]:
        """Collect checkpoint rows written inside the block; dropped unless handed to a TurnCommit."""
        ...


class Journal(Ledger, Protocol):
    """Durable intake, turns, the outbox ledger and timers. Every write has reached the disk when it returns."""

    async def receive(self, events: Sequence[ChannelEvent]) -> tuple[Received, ...]:
        """Insert a delivery durably, once per (channel, account, external id), resolving or creating contacts.

        MessageReceived enters the inbox; AliasChanged adds aliases; DeliveryStatus moves the ledger
        (monotonic, by key or provider id); ChannelFault is recorded as a measure.
        """
        ...

    async def submit(self, conversation_id: str, event: CaseEvent, external_id: str, at: datetime) -> bool:
        """Insert an event that did not come from a channel (approval, command); False when it was there already."""
        ...

    async def waiting(self) -> tuple[tuple[str, datetime, datetime], ...]:
        """Return (conversation, first and latest received_at of what waits) for conversations with unread events."""
        ...

    async def unread(self, conversation_id: str) -> tuple[InboxRow, ...]:
        """Return a conversation's unread events in order, of very many the first."""
        ...

    async def commit(self, turn: TurnCommit) -> None:
        """Write a turn whole or not at all."""
        ...

    async def spent(self, calls: Sequence[ModelCall], at: datetime) -> None:
        """Write down calls of models whose turn was not written: they have been paid for."""
        ...

    async def failed_turn(self, inbox_ids: Sequence[int], why: str, quarantine_after: int) -> bool:
        """Count a failed attempt on these events; True when that put them into quarantine."""
        ...

    async def due(self, now: datetime, limit: int, worker: str = "") -> tuple[OutboxRow, ...]:
        """Return queued effects that may go now: per conversation in order, nothing past one still on its way.

        What another worker's turn asked for is that worker's own, for the first LEFT_TO_ITS_WORKER.
        """
        ...

    async def attempting(self, key: str, at: datetime, worker: str = "") -> bool:
        """Take a queued effect for sending; False when it is not queued any more."""
        ...

    async def accepted(self, key: str, provider_id: str, at: datetime) -> None:
        """Record that the provider took it."""
        ...

    async def requeue(self, key: str, due_at: datetime, why: str) -> None:
        """Put an effect that was certainly not sent back into the queue."""
        ...

    async def postpone(self, key: str, due_at: datetime, why: str) -> None:
        """Let a queued effect wait longer; nothing was attempted."""
        ...

    async def failed(self, key: str, why: str, at: datetime) -> None:
        """Record that the provider refused it for good."""
        ...

    async def unknown(self, key: str, why: str, at: datetime) -> None:
        """Record that nobody can say whether it was sent."""
        ...

    async def orphans(self, at: datetime, of: Collection[str] = ("",)) -> tuple[OutboxRow, ...]:
        """Turn what these workers left `attempting` into `unknown` (operations into queued); return them."""
        ...

    async def outbox(self, states: Sequence[OutboxState]) -> tuple[OutboxRow, ...]:
        """List the ledger by state."""
        ...

    async def lane_message_id(self, thread: str) -> str | None:
        """Return the provider id of the post that a lane thread lives in."""
        ...

    async def sent_in_last_minute(self, conversation_id: str, now: datetime) -> int:
        """Count messages handed to the channel in the last 60 seconds."""
        ...

    async def fire_timers(self, now: datetime, limit: int) -> tuple[TimerRow, ...]:
        """Move due timers into the inbox as DeadlinePassed, once each, and return them."""
        ...

    async def next_due(self) -> datetime | None:
        """Return when the next timer or queued effect is due."""
        ...

    async def announce(
        self,
        post: PostToLane,
        case_id: str,
        conversation_id: str,
        at: datetime,
        measured: Measure | None = None,
    ) -> None:
        """Queue a lane post that no turn asked for (a card, an incident), with what it measures; once per key."""
        ...

    async def conversation_of(self, case_id: str) -> str | None:
        """Return the conversation a case belongs to."""
        ...

    async def waiting_for_dependency(self, name: str) -> tuple[tuple[str, str, int], ...]:
        """Return (conversation, case, turn) of the cases that wait for a dependency to come back, oldest first."""
        ...

    async def waited_for(self) -> frozenset[str]:
        """Return the dependencies that some case waits for."""
        ...

    async def untold(self) -> tuple[OutboxRow, ...]:
        """Return what failed or is unknown and has no card yet, the cards themselves apart.

        A card is keyed `<state>:<key>:<attempts>`.
        """
        ...

    async def note(self, key: str, entry: AuditEntry) -> None:
        """Document something outside a turn; once per key."""
        ...

    @property
    def faults(self) -> StoreFaults:
        """What the database was at fault for, as this process has seen it."""

    async def next_timer(self) -> datetime | None:
        """Return when the next timer is due."""
        ...

    async def take(self, conversation_id: str) -> int:
        """Take a conversation up and return its fence; a commit behind an earlier one raises FenceLost."""
        ...

    async def beat(self, worker: str) -> Mapping[str, int]:
        """Count on for a worker that lives; return everybody's counters."""
        ...

    async def forget(self, gone: Collection[str]) -> None:
        """Strike workers that are gone off the list."""
        ...

    async def approval_by_token(self, token: str) -> ApprovalRecord | None:
        """Look an approval up by the token its buttons carry."""
        ...

    async def pending_approval_of(self, case_id: str) -> ApprovalRecord | None:
        """Look up the approval a case is waiting for."""
        ...
