"""Approvals: what a person is asked, and what became of it."""

from typing import Literal

from pydantic import AwareDatetime

from casefile.base import Frozen, Lane, Language
from casefile.packets import CTask
from casefile.verdict import ApprovalKind

ApprovalState = Literal["pending", "approved", "denied", "edited", "void"]


class Alternative(Frozen):
    """Another outcome a coach may choose with one button: its own operation and its own words."""

    id: str
    label: str
    operation: CTask | None = None
    text: str


class ApprovalRequest(Frozen):
    """Everything a person needs to decide, and exactly what APPROVE releases.

    `digest` binds operation, parameters, amounts, recipient, text and cited pages
    (`policies.approvals.digest`); `token` is the short name its buttons carry; the lane says who may
    decide (coach: a coach; ops: an operator, where a desk wants a person behind role A).
    """

    id: str
    case_id: str
    kind: ApprovalKind
    lane: Lane = "coach"
    token: str
    digest: str
    customer_masked: str
    language: Language
    asks: str
    policy: str
    checked: tuple[str, ...]
    suggested: str
    operation: CTask | None = None
    text: str
    deny_text: str
    alternatives: tuple[Alternative, ...] = ()
    cited: tuple[str, ...] = ()
    additions: tuple[str, ...] = ()
    urgent: bool = False
    requested_at: AwareDatetime
    deadline: AwareDatetime
    reminders: int = 0


class ApprovalRecord(Frozen):
    """An approval as the store has it."""

    request: ApprovalRequest
    state: ApprovalState = "pending"
    decided_by: str | None = None
    decided_at: AwareDatetime | None = None
