"""What a row of the gate's table is."""

from dataclasses import dataclass

from casefile.base import Lane
from casefile.verdict import ApprovalKind, Decision, Tier
from policies.conditions import Test


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: where it puts a request, what then happens, and in which words people read it."""

    id: str
    words: str
    words_id: str
    tier: Tier
    decision: Decision
    when: Test
    missing: str | None = None
    kind: ApprovalKind | None = None
    lane: Lane | None = None
    urgent: bool = False
