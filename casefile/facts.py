"""Facts: what was read for this turn, and when. Collected first, thought about afterwards, never saved."""

from typing import Literal

from pydantic import AwareDatetime, JsonValue

from casefile.approval import ApprovalRecord
from casefile.base import Frozen
from casefile.packets import KbExcerpt
from casefile.reading import Reading
from casefile.records import (
    Contact,
    Conversation,
    IdentityStatus,
    Invoice,
    Session,
    Slot,
    Snapshot,
    StaffMember,
    Student,
)

RolloutMode = Literal["pilot", "hardening", "production"]
Dependency = Literal[
    "schedule", "payments", "knowledge", "model", "telegram", "whatsapp", "mail", "mattermost"
]


class Identity(Frozen):
    """Who this is and what proves it; `attempt` says how a verification tried in this turn went."""

    status: IdentityStatus
    contact_id: str | None = None
    attempt: Literal["none", "incomplete", "passed", "failed"] = "none"
    locked: bool = False


class ScheduleFacts(Frozen):
    """What C read from the schedule for one student."""

    student_id: str
    sessions: tuple[Session, ...]
    free_slots: tuple[Slot, ...]
    reschedules_this_month: int
    read_at: AwareDatetime
    rev: int


class PaymentFacts(Frozen):
    """What C read from the books for one contact."""

    invoices: tuple[Invoice, ...]
    read_at: AwareDatetime
    rev: int


class Claim(Frozen):
    """A payment the customer has claimed and staff are checking; `shown`: they sent something to prove it."""

    shown: bool
    due_at: AwareDatetime | None = None


class Facts(Frozen):
    """One turn's collected readings; anything not read is None, which is never the same as empty.

    `names` are staff ids to names, read where the turn has to name somebody.
    """

    now: AwareDatetime
    mode: RolloutMode
    reading: Reading | None = None
    conversation: Conversation
    contact: Contact | None = None
    identity: Identity
    identity_changes: dict[str, JsonValue] = {}
    students: tuple[Student, ...] = ()
    student: Student | None = None
    snapshot: Snapshot | None = None
    schedule: ScheduleFacts | None = None
    payments: PaymentFacts | None = None
    claim: Claim | None = None
    excerpt: KbExcerpt | None = None
    titles: dict[str, str] = {}
    approval: ApprovalRecord | None = None
    down: frozenset[str] = frozenset()
    next_approver: StaffMember | None = None
    names: dict[str, str] = {}
    in_hours: bool = True
