"""Approvals: what a person is asked, and what became of it."""

from typing import Literal

from pydantic import AwareDatetime

from casefile.base import Frozen, Lane, Language
from casefile.packets import Action, CTask
from casefile.verdict import ApprovalKind

ApprovalState = Literal["pending", "approved", "denied", "edited", "void"]


class Alternative(Frozen):
    """Another outcome a coach may choose with one button: its own operation and its own words.

    `hands_over`: the words promise that a person answers, so the case goes to one.
    """

    id: str
    label: str
    operation: CTask | None = None
    text: str
    hands_over: bool = False


class ApprovalRequest(Frozen):
    """Everything a person needs to decide, and exactly what APPROVE releases.

    `digest` binds operation, parameters, amounts, recipient, text and cited pages
    (`policies.approvals.digest`); `token` is the short name its buttons carry; the lane says who may
    decide (coach: a coach; ops: an operator, where a desk wants a person behind role A). `wants` is the
    operation that is asked for but not bound yet: the customer has still to prove who they are, and until
    then there is nothing to approve. `hands_over` is as in Alternative, for the plain yes.
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
    notes: str = ""
    operation: CTask | None = None
    wants: Action | None = None
    hands_over: bool = False
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
    """An approval as the store has it; `why` are the conditions or the reason it was decided with."""

    request: ApprovalRequest
    state: ApprovalState = "pending"
    decided_by: str | None = None
    decided_at: AwareDatetime | None = None
    why: str = ""
