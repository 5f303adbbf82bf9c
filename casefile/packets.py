"""What the roles hand each other (spec 4, "Between roles"); also rendered as text blocks in lanes."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, JsonValue

from casefile.base import Frozen, Language
from casefile.verdict import Tier

Action = Literal[
    "SCHEDULE_LOOKUP",
    "RESCHEDULE",
    "PAYMENT_LOOKUP",
    "PAYMENT_RECONCILE",
    "INVOICE_RESEND",
    "PAYMENT_CONFIRM_MANUAL",
    "ENROL",
    "BOOKING_CREATE",
    "BOOKING_CANCEL",
    "CANCEL",
    "OPT_OUT",
    "OPT_IN",
    "REFUND",
    "CONTACT_CORRECT",
    "CONTACT_EXPORT",
    "CONTACT_ERASE",
    "HAND_OVER",
    "ORDER_CREATE",
    "ORDER_AMEND",
    "ORDER_CANCEL",
    "ORDER_STATUS",
    "ADDRESS_UPDATE",
    "SIZE_EXCHANGE",
    "STOCK_SET",
    "SCHOOL_MOVE",
    "LEAD_NOTE",
]
CaseDecision = Literal["APPROVE", "EDIT", "NEED_VERIFICATION", "ESCALATE_COACH", "DEGRADED_MODE", "ASK"]


class CasePacket(Frozen):
    """B to A: the case in one card. `wa_number` is masked."""

    case_id: str
    wa_number: str
    identity: Literal["WA_MATCH", "UNKNOWN", "MISMATCH"]
    request: str
    minutes_to_session: int | None = None
    reschedules_this_month: int | None = None
    draft_reply: str
    customer_message: str


class ADecision(Frozen):
    """A's ruling on a packet; the reason is one sentence naming the policy or the data."""

    tier: Tier
    decision: CaseDecision
    reason: str
    customer_reply: str | None = None
    next_step: Literal["NONE", "ASK_C", "ASK_D", "ASK_E", "ASK_COACH"] = "NONE"
    required_fields: tuple[str, ...] = ()
    audit_tags: tuple[str, ...] = ()


class CTask(Frozen):
    """A task for C; nothing is executed without one, and the key makes a repeat a no-op."""

    case_id: str
    action: Action
    subject: str
    params: dict[str, JsonValue] = {}
    constraints: dict[str, JsonValue] = {}
    verification_status: Literal["OK", "HOLD"]
    idempotency_key: str
    approval_id: str | None = None


class CResult(Frozen):
    """What C reports back; `rev` is the contact's revision after the write, 0 when nothing was written."""

    case_id: str
    status: Literal["SUCCESS", "FAILED", "BLOCKED_POLICY", "NEED_VERIFICATION"]
    action: Action
    details: str
    old_state: dict[str, JsonValue] = {}
    new_state: dict[str, JsonValue] = {}
    refs: dict[str, JsonValue] = {}
    rev: int = 0
    next_recommendation: str = ""

    @property
    def due_from(self) -> str | None:
        """Name the person who has to carry this order out; None when nothing is left to do."""
        assignee = self.new_state.get("assignee")
        return str(assignee) if self.new_state.get("state") == "due" and assignee else None


class DReview(Frozen):
    """D's review of an edge case."""

    case_id: str
    risk: Literal["LOW", "MED", "HIGH"]
    tier_recommendation: Literal["R1", "R2", "R3"]
    recommended_outcome: str
    allowed_options: tuple[str, ...] = ()
    must_not_say: tuple[str, ...] = ()
    notes_for_coach: str = ""


class KbExcerpt(Frozen):
    """A citable piece of published knowledge."""

    topic: str
    title: str
    status: Literal["Published", "Draft"]
    effective_date: date
    language: Language
    excerpt: str
    next_detail: str = ""
    source_link: str
    page_id: str
    release: str
    content_hash: str


class AuditEntry(Frozen):
    """One line of the audit trail; targets and parameters are hashed, never spelled out.

    `scope` is an approved exception's: good for this once, or a candidate for policy. `address` and `agent` are those
    of a system that called the API.
    """

    at: AwareDatetime
    case_id: str | None
    actor: str
    service: str
    action: str
    target_hash: str = ""
    params_hash: str = ""
    result: Literal["success", "blocked", "error"]
    reason: str = ""
    tier: Tier | None = None
    decision: str | None = None
    approver: str | None = None
    policy_refs: tuple[str, ...] = ()
    data_refs: tuple[str, ...] = ()
    notes: str = ""
    scope: Literal["", "one-off", "candidate for policy"] = ""
    address: str = ""
    agent: str = ""


class TemplateUpdate(Frozen):
    """F's proposed change of wording; `changes` are the old (-) and new (+) words."""

    template_id: str
    changes: tuple[str, ...]
    final_text: str
