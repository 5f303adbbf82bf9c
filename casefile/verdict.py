"""What the gate says: a tier, a decision and the rules that fired."""

from typing import Literal

from casefile.base import Frozen, Lane

Tier = Literal["R0", "R1", "R2", "R3"]
TIERS: tuple[Tier, ...] = ("R0", "R1", "R2", "R3")
Decision = Literal[
    "ANSWER",  # B may answer from what is cited or from the fresh snapshot
    "ASK",  # one short question first: which child, which slot, what is meant
    "NEED_VERIFICATION",  # identity first
    "LOOK_UP",  # C reads the record, then B answers
    "EXECUTE",  # C may carry out the proved operation
    "ESCALATE_COACH",  # a person decides
    "DEGRADED_MODE",  # a needed dependency is down: pending verification, queued
    "REFUSE",  # a polite no: injection, locked verification
    "REPORT",  # C's result is in; B says it
    "RELEASE",  # a person approved (or edited); exactly that leaves
    "DECLINE",  # a person said no
    "WAIT",  # still a person's to decide; the addition or the reminder reaches them
    "WITHDRAW",  # the customer took the request back
    "RELAY",  # a person answers in their own words; exactly those leave
    "UNHEARD",  # words did not reach the customer; the case is a person's again, and nothing is said
    "INVITE",  # WhatsApp takes our words only once the customer writes again; B invites them to, the words wait
    "NUDGE",  # a clock is about to run out; the customer gets a status update
    "SETTLE",  # nothing left to do: the case resolves or closes
    "HAND_OVER",  # a person takes it from here
]
ApprovalKind = Literal["REFUND", "RESCHEDULE_EXCEPTION", "ORDER_REVIEW", "PRIVACY", "OTHER_EXCEPTION"]


def strictest(*tiers: Tier) -> Tier:
    """Return the highest tier given; R0 when none is."""
    return max(tiers, key=TIERS.index, default="R0")


class RuleHit(Frozen):
    """A rule of the gate that fired, with its plain words."""

    id: str
    words: str


class Verdict(Frozen):
    """The gate's admission of one request.

    `floor` is the deterministic start before proofs brought it down; `missing` names what has to be asked
    (identity, child, meaning, slot, confirm ...); `a_approval` says whether role A (or an operator as
    well) must pass it before it leaves.
    """

    intent: str
    signals: tuple[str, ...] = ()
    floor: Tier
    tier: Tier
    decision: Decision
    rules: tuple[RuleHit, ...]
    missing: str | None = None
    approval_kind: ApprovalKind | None = None
    lane: Lane | None = None
    urgent: bool = False
    a_approval: Literal["none", "role", "human"] = "none"
    dependency: str | None = None


class Ruling(Frozen):
    """The gate's judgement of one proposed effect; `rules` explains a refusal."""

    allowed: bool
    rules: tuple[RuleHit, ...] = ()
