"""Business records as the systems of record hold them. Money is integer rupiah, times are UTC."""

from datetime import date, datetime
from typing import Literal

from pydantic import AwareDatetime

from casefile.base import Frozen, Language
from casefile.payments import PaymentLink, PaymentState
from casefile.shop import Order

AliasKind = Literal["phone", "lid", "user_id", "username"]
IdentityStatus = Literal["WA_MATCH", "VERIFIED", "NEW", "UNKNOWN", "MISMATCH"]
SessionStatus = Literal["scheduled", "done", "consumed", "moved", "cancelled"]
InvoiceStatus = Literal["unpaid", "paid", "expired", "void", "refunded"]
# Whoever holds the business phone: the channel says that a person wrote, not which.
PHONE = "phone"


class Alias(Frozen):
    """One way a contact is known: E.164 phone, WhatsApp LID, business-scoped user id or username."""

    kind: AliasKind
    value: str


class Contact(Frozen):
    """A person who writes to us; the id is opaque and survives a changed number."""

    id: str
    aliases: tuple[Alias, ...] = ()
    wa_name: str | None = None
    full_name: str | None = None
    email: str | None = None
    phone: str | None = None
    tags: tuple[str, ...] = ()
    notes: str = ""
    vip: bool = False
    opt_out: bool = False


class Package(Frozen):
    """Lessons bought: how many are left and until when."""

    name: str
    sessions_left: int
    expires: date


class Student(Frozen):
    """Somebody who takes lessons; guardians are contact ids, `own_contact` an adult student's own."""

    id: str
    name: str
    guardians: tuple[str, ...] = ()
    own_contact: str | None = None
    package: Package | None = None


class Session(Frozen):
    """One lesson or appointment in the schedule (start and end in UTC).

    `must_move`: the desk itself cannot give it then; `service`: what it is for, where there is something to choose.
    """

    id: str
    student_id: str
    coach: str
    start: AwareDatetime
    end: AwareDatetime
    status: SessionStatus = "scheduled"
    must_move: bool = False
    service: str = ""


class Slot(Frozen):
    """A free hour of a coach that a session can be moved to."""

    id: str
    coach: str
    start: AwareDatetime
    end: AwareDatetime


class Payment(Frozen):
    """What is known of a payment and where it is known from.

    CONFIRMED is set only by a provider event, a provider's status read, or a named staff member with evidence.
    """

    state: PaymentState
    source: str
    confirmed_by: str | None = None
    evidence: str | None = None
    at: AwareDatetime | None = None


class Invoice(Frozen):
    """A bill, `INV-YYYY-MMDD-NNN`, with the state of its payment and, where there is one, the latest way to pay it."""

    number: str
    contact_id: str
    student_id: str | None = None
    description: str = ""
    amount: int
    due: date
    status: InvoiceStatus = "unpaid"
    payment: Payment
    link: PaymentLink | None = None


class StudentSnapshot(Frozen):
    """The part of a snapshot that concerns one student."""

    student_id: str
    name: str
    sessions: tuple[Session, ...] = ()
    reschedules_this_month: int = 0
    package: Package | None = None


# What a snapshot is made of.
PARTS = ("students", "invoices", "open_orders")


class Snapshot(Frozen):
    """What B may say about one contact without asking anyone (E to B).

    `open_orders` are those under way and the latest few, without where they go; None: they were not read.
    """

    contact_id: str
    as_of: AwareDatetime
    ttl_minutes: int
    rev: int
    students: tuple[StudentSnapshot, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    open_orders: tuple[Order, ...] | None = None

    def with_news(self, delta: "Delta") -> "Snapshot":
        """Return the snapshot with a change in it, or as it is where the change is not for it.

        Another contact's and what is not newer change nothing. Nor does part of a change that skips a `rev`: what was
        missed between them may be in the other parts, which would then be said with a `rev` they do not have.
        """
        newer = delta.rev > self.rev if delta.whole else delta.rev == self.rev + 1
        if delta.contact_id != self.contact_id or not newer:
            return self
        # The age is that of the oldest part: some of the news must not make the rest look newly read.
        as_of = delta.as_of if delta.whole else self.as_of
        return self.model_copy(update={**delta.changed(), "rev": delta.rev, "as_of": as_of})


class Delta(Frozen):
    """A change to one contact's snapshot, whole or in part; counts only when its `rev` is above the local one."""

    contact_id: str
    rev: int
    as_of: AwareDatetime
    students: tuple[StudentSnapshot, ...] | None = None
    invoices: tuple[Invoice, ...] | None = None
    open_orders: tuple[Order, ...] | None = None

    @property
    def whole(self) -> bool:
        """Say whether it holds everything a snapshot does."""
        return len(self.changed()) == len(PARTS)

    def changed(self) -> dict[str, object]:
        """Return the parts it holds, by name."""
        return {name: part for name in PARTS if (part := getattr(self, name)) is not None}


class Conversation(Frozen):
    """What is remembered of one conversation between its cases.

    `taken_by` is the person who has it, a staff id or PHONE; `hands` counts every change of hands, and
    `handed_back_at` is when the voice last got it back.
    """

    id: str
    desk: str
    account: str
    contact_id: str
    channel_address: str
    language: Language | None = None
    student_id: str | None = None
    verified_contact: str | None = None
    failed_attempts: int = 0
    locked_until: AwareDatetime | None = None
    injection_count: int = 0
    window_opened_at: AwareDatetime | None = None
    invited_at: AwareDatetime | None = None
    taken_by: str | None = None
    hands: int = 0
    handed_back_at: AwareDatetime | None = None


class StaffMember(Frozen):
    """A person who may act in a lane; authorised by the Telegram user id, never by chat membership."""

    id: str
    name: str
    telegram_user_id: int
    roles: tuple[Literal["coach", "operator", "oncall"], ...]


# How a task of a person's ends: carried out, or not to be carried out any more.
TaskEnd = Literal["done", "cancelled"]


class DueTask(Frozen):
    """An order that a named person carries out; its id is the key of the operation that recorded it."""

    id: str
    action: str
    subject: str
    contact_id: str
    case_id: str
    assignee: str
    conditions: str = ""
    state: Literal["due"] | TaskEnd = "due"
    at: AwareDatetime


def age_minutes(as_of: datetime, now: datetime) -> float:
    """Say how far from now a reading is, in minutes; one of a clock that was ahead counts by how far ahead it is."""
    return abs((now - as_of).total_seconds()) / 60
