"""The case file: small, bounded, plain data. The one channel a checkpoint saves."""

import datetime as dt
from typing import Literal

from pydantic import AwareDatetime, JsonValue

from casefile.base import Frozen, Language
from casefile.cart import Cart, OrderChange
from casefile.enrolments import Signup
from casefile.errors import IllegalTransition
from casefile.lead import Lead
from casefile.reading import WhenSlot
from casefile.records import Slot
from casefile.verdict import Tier

CaseState = Literal[
    "new",
    "triaged",
    "awaiting_customer",
    "awaiting_approval",
    "executing",
    "with_person",
    "answered",
    "resolved",
    "closed",
]
WaitingFor = Literal[
    "identity",
    "child",
    "time",
    "slot",
    "confirm",
    "session",
    "service",
    "booking",
    "meaning",
    "invoice",
    "details",
    "offer",
    "product",
    "variant",
    "buy",
    "address",
    "order",
    "lead",
    "who",
    "package",
]
LEGAL: dict[CaseState, frozenset[CaseState]] = {
    "new": frozenset({"triaged"}),
    "triaged": frozenset({"awaiting_customer", "awaiting_approval", "executing", "with_person", "answered"}),
    "awaiting_customer": frozenset({"triaged", "with_person", "answered", "resolved"}),
    "awaiting_approval": frozenset({"triaged", "executing", "with_person", "answered"}),
    "executing": frozenset({"triaged", "with_person", "answered", "awaiting_customer", "awaiting_approval"}),
    "with_person": frozenset({"triaged", "answered", "resolved"}),
    "answered": frozenset({"triaged", "resolved", "with_person"}),
    "resolved": frozenset({"triaged", "closed"}),
    "closed": frozenset(),
}
# What closing can show to be missing: a page, a clear understanding, or a rule that fits.
Gap = Literal["", "knowledge", "meaning", "policy"]
PROVISIONAL = frozenset({"answered", "no_answer"})
WINDOW = 8
LINE_CHARS = 280


class Line(Frozen):
    """One message in the rolling window; the whole transcript lives in its own table."""

    who: Literal["customer", "B", "person"]
    text: str
    at: AwareDatetime


class Wish(WhenSlot):
    """A time wanted, `until` a later day when any from `date` on will do, `coach` when one was named."""

    until: dt.date | None = None
    coach: str | None = None


class Moved(Frozen):
    """The move this case has carried out last: the session as it now stands, and the hour it came from."""

    session_id: str
    old_start: AwareDatetime
    old_coach: str


class PendingTask(Frozen):
    """An operation that has been sent off and has not come back."""

    key: str
    action: str
    params: dict[str, JsonValue] = {}
    approval_id: str | None = None


class Order(Frozen):
    """What a person still has to carry out for a case; `promised`: the customer waits to hear of it."""

    key: str
    action: str
    promised: bool = True


class Transition(Frozen):
    """A named step of a case from one state to another."""

    old: CaseState
    new: CaseState
    actor: str
    at: AwareDatetime


class Case(Frozen):
    """One request from its first word to its closing.

    `turn` counts the turns applied; `owner` is a role letter or `person:<id>`, exactly one;
    `approval_id` is the pending approval; `release` are the exact words a person let go, said once C is done;
    `order` is what a person has to carry out for it; `updates` counts what B has said while the customer waits;
    `offered` are slots and `meanings` intents, services or sessions the customer may choose from, or what a yes to our
    offer asks for; `shown` are the slots they have seen, `wish` is the time they wanted last, `moved` what has been
    moved for them; `service` is what they want to book, `cart` what they are buying, `change` what they want changed
    of an order; `lead` what a prospect has told, `signup` whom they are signing up; `transitions` are those of the
    current turn only (history is in the store). `cause` is the rule that decided the case last, with the intent it was
    about; with `disposition`, `gap` and the tags it is what closing records. `spent` is what models have cost for it,
    in micro-rupiah.
    """

    id: str
    desk: str
    conversation_id: str
    contact_id: str
    language: Language
    state: CaseState = "new"
    owner: str = "B"
    intent: str = ""
    tier: Tier = "R0"
    kind: Literal["question", "request", "complaint"] = "question"
    sla: Literal["urgent", "standard", "low"] = "standard"
    request: str = ""
    student_id: str | None = None
    turn: int = 0
    clarifications: int = 0
    waiting_for: WaitingFor | None = None
    offered: tuple[Slot, ...] = ()
    chosen: Slot | None = None
    meanings: tuple[str, ...] = ()
    session_id: str | None = None
    wish: Wish | None = None
    shown: tuple[str, ...] = ()
    moved: Moved | None = None
    service: str | None = None
    cart: Cart | None = None
    change: OrderChange | None = None
    lead: Lead | None = None
    signup: Signup | None = None
    task: PendingTask | None = None
    updates: int = 0
    order: Order | None = None
    approval_id: str | None = None
    approvals_asked: int = 0
    release: str | None = None
    released_by: str | None = None
    pending_dependency: str | None = None
    evidence: tuple[str, ...] = ()
    additions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    disposition: str = ""
    cause: str = ""
    gap: Gap = ""
    window: tuple[Line, ...] = ()
    opened_at: AwareDatetime
    updated_at: AwareDatetime
    due_at: AwareDatetime | None = None
    first_reply_at: AwareDatetime | None = None
    reopened: int = 0
    opened_turn: int = 0
    spent: int = 0
    transitions: tuple[Transition, ...] = ()

    def move(self, new: CaseState, actor: str, at: AwareDatetime) -> "Case":
        """Step to another state; raises IllegalTransition when the two are not connected."""
        if new == self.state:
            return self
        if new not in LEGAL[self.state]:
            raise IllegalTransition(f"case {self.id} cannot go from {self.state} to {new}")
        step = Transition(old=self.state, new=new, actor=actor, at=at)
        return self.with_(state=new, updated_at=at, transitions=(*self.transitions, step))

    def reopen(self) -> "Case":
        """Take a resolved case up again, counted; how it ended then is open once more unless a person decided."""
        kept = "" if self.disposition in PROVISIONAL else self.disposition
        return self.with_(reopened=self.reopened + 1, opened_turn=self.turn, disposition=kept)

    def said(self, who: Literal["customer", "B", "person"], text: str, at: AwareDatetime) -> "Case":
        """Add a message to the rolling window, cut to what a case file may hold."""
        line = Line(who=who, text=text[:LINE_CHARS], at=at)
        return self.with_(window=(*self.window, line)[-WINDOW:], updated_at=at)

    def with_(self, **changes: object) -> "Case":
        """Return a copy with some fields changed (the caller passes valid values)."""
        return self.model_copy(update=changes)
