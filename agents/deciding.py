"""A's part in a decision: what leaves, in whose name, who has to see to what, and what is over."""

from dataclasses import replace

from agents import handed_posts as handed
from agents import lane_posts as posts
from agents.lane_alerts import operations
from agents.ruling import CANDIDATE
from agents.work import Proposal, Work
from casefile.approval import ApprovalRequest
from casefile.case import Case
from casefile.effects import CloseApproval, Effect, StopTimer
from casefile.events import ApprovalGiven

EXCEPTIONS = frozenset({"RESCHEDULE_EXCEPTION", "REFUND"})
STATES = {"APPROVE": "approved", "DENY": "denied", "EDIT": "edited"}


def decided(work: Work, request: ApprovalRequest) -> Proposal:
    """Settle a request by the decision of this turn."""
    given = work.approval()
    if given is None:
        raise AssertionError("the gate settles an approval only on a decision")
    state = STATES[given.decision]
    tags = (f"decision:{state}", *((CANDIDATE,) if given.candidate else ()))
    text, by_person = words_released(work, request, given)
    case = work.case.with_(
        approval_id=None,
        owner="A",
        release=text,
        released_by=given.by if by_person else None,
        disposition=state,
        gap="policy" if _is_exception(work.case, request, state) else work.case.gap,
        tags=tuple(dict.fromkeys((*work.case.tags, *tags))),
    ).move("triaged", "A", work.now)
    close = CloseApproval.model_validate(
        {
            "key": work.key("close"),
            "approval_id": request.id,
            "state": state,
            "by": given.by,
            "why": given.conditions,
        }
    )
    stop = StopTimer(key=f"{work.case.id}:approval")
    effects: tuple[Effect, ...] = (close, stop, posts.decided(work, request, given, state))
    if given.conditions and given.decision != "DENY":
        effects = (*effects, posts.conditions(work, request, given))
    if hands_over(request, given):
        case = case.with_(owner="person:ops", due_at=work.due()).move("with_person", "A", work.now)
        return Proposal("A", case, (*effects, *handed.handover(replace(work, case=case))))
    ordered = request.operation if given.alternative is None and given.decision != "DENY" else None
    ready = next((a.operation for a in request.alternatives if a.id == given.alternative), ordered)
    return Proposal("A", case, (*effects, *operations(work, ready)))


def _is_exception(case: Case, request: ApprovalRequest, state: str) -> bool:
    """Say whether a person allowed what the policy does not; an operator's word only confirms what it does."""
    asked = request.kind in EXCEPTIONS or case.cause.startswith("R3.exception")
    return request.lane == "coach" and asked and state != "denied"


def hands_over(request: ApprovalRequest, given: ApprovalGiven) -> bool:
    """Say whether what was chosen promises the customer an answer by a person."""
    if given.alternative is not None:
        return any(a.id == given.alternative and a.hands_over for a in request.alternatives)
    return given.decision == "APPROVE" and request.hands_over


def words_released(work: Work, request: ApprovalRequest, given: ApprovalGiven) -> tuple[str, bool]:
    """Return exactly the words the decision lets go, and whether a person wrote any of them."""
    if given.decision == "EDIT":
        return given.text, True
    chosen = next((a for a in request.alternatives if a.id == given.alternative), None)
    if chosen is not None:
        return chosen.text, False
    if given.decision == "DENY":
        return request.deny_text, False
    if given.conditions and not request.hands_over:
        template = f"{_conditioned(request)}_approved_conditions"
        return work.render(template, conditions=given.conditions).text, True
    return request.text, False


def _conditioned(request: ApprovalRequest) -> str:
    if request.operation is not None and request.operation.action == "CANCEL":
        return "cancel"
    return {"REFUND": "refund", "PRIVACY": "privacy"}.get(request.kind, "exception")


def withdrawn(work: Work, request: ApprovalRequest) -> Proposal:
    """Void a request that the customer has taken back."""
    return _void(work, work.case.with_(disposition="withdrawn"), request, "void.withdrawn")


def changed(work: Work, request: ApprovalRequest) -> Proposal:
    """Void a request whose customer now wants something that is still to be asked about."""
    return _void(work, work.case.move("triaged", "A", work.now), request, "void.other_time")


def _void(work: Work, case: Case, request: ApprovalRequest, why: str) -> Proposal:
    void = CloseApproval(key=work.key("void"), approval_id=request.id, state="void", by="customer", why=why)
    stop = StopTimer(key=f"{work.case.id}:approval")
    return Proposal("A", case.with_(approval_id=None), (void, stop, posts.void(work, request, why)))
