"""Facts: what was read for this turn, and when. Collected first, thought about afterwards, never saved."""

from typing import Literal

from pydantic import AwareDatetime, JsonValue

from casefile.approval import ApprovalRecord
from casefile.base import Frozen
from casefile.enrolments import EnrolSeen
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
from casefile.shop import Priced, Product, ShippingQuote, ShopFacts, Variant

RolloutMode = Literal["pilot", "hardening", "production"]
Dependency = Literal[
    "schedule", "payments", "knowledge", "model", "embeddings", "telegram", "whatsapp", "mail", "mattermost"
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


class ShopSeen(Frozen):
    """What was read of the shop for one turn, the words it was read for, and the writer's own number.

    `found` are the products that the words may mean, best first; `known` those of the cart, of what was talked about
    and of the orders meant; `instead` what there is in place of something that is sold out. `picked` is what a pressed
    button stands for; `cities` are the places somebody delivers to.
    """

    words: str = ""
    phone: str = ""
    found: tuple[Product, ...] = ()
    known: tuple[Product, ...] = ()
    instead: tuple[Product, ...] = ()
    shopping: ShopFacts | None = None
    cities: tuple[str, ...] = ()
    city: str = ""
    quotes: tuple[ShippingQuote, ...] = ()
    voucher: Priced | None = None

    def product(self, sku: str) -> Product | None:
        """Return the product that was read with this variant."""
        found = self.variant(sku)
        return found[0] if found else None

    def variant(self, sku: str) -> tuple[Product, Variant] | None:
        """Return a variant that was read, with its product."""
        read = ((p, v) for p in (*self.known, *self.found, *self.instead) for v in p.variants if v.sku == sku)
        return next(read, None)


class Claim(Frozen):
    """A payment the customer has claimed and staff are checking; `shown`: they sent something to prove it."""

    shown: bool
    due_at: AwareDatetime | None = None


class Facts(Frozen):
    """One turn's collected readings; anything not read is None, which is never the same as empty.

    `free_slots` are everybody's, read where something is to be booked; `names` are staff ids to names, read where the
    turn has to name somebody; `words` are the messages as they were typed, at a desk that takes down what prospects
    tell.
    """

    now: AwareDatetime
    mode: RolloutMode
    reading: Reading | None = None
    words: str = ""
    conversation: Conversation
    contact: Contact | None = None
    identity: Identity
    identity_changes: dict[str, JsonValue] = {}
    students: tuple[Student, ...] = ()
    student: Student | None = None
    snapshot: Snapshot | None = None
    schedule: ScheduleFacts | None = None
    free_slots: tuple[Slot, ...] | None = None
    payments: PaymentFacts | None = None
    claim: Claim | None = None
    shop: ShopSeen | None = None
    enrolling: EnrolSeen | None = None
    excerpt: KbExcerpt | None = None
    titles: dict[str, str] = {}
    approval: ApprovalRecord | None = None
    down: frozenset[str] = frozenset()
    next_approver: StaffMember | None = None
    names: dict[str, str] = {}
    in_hours: bool = True
