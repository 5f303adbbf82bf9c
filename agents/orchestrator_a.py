"""A, orchestrator and QA: passes drafts, asks people, keeps the lanes informed. Never speaks to a customer."""

from dataclasses import replace

from agents import approval_request as asking
from agents import handed_posts as handed
from agents import lane_posts as posts
from agents.memory import sla_timer
from agents.ruling import documented
from agents.work import Proposal, Work
from casefile.approval import ApprovalRequest
from casefile.case import LEGAL, Case
from casefile.effects import (
    CloseApproval,
    Effect,
    OpenApproval,
    SendMessage,
    StartTimer,
    StopTimer,
)
from casefile.events import ApprovalGiven, MessageReceived

EXCEPTIONS = frozenset({"RESCHEDULE_EXCEPTION", "REFUND"})


async def propose(work: Work) -> Proposal:
    """Rule on the case: pass it, hold it, ask a person, or settle what a person decided; the ruling is kept."""
    return _ruled(work).also(documented(work))


def _ruled(work: Work) -> Proposal:
    match work.verdict.decision:
        case "ESCALATE_COACH":
            return _ask_coach(work)
        case "WAIT":
            return _waiting(work)
        case "RELEASE" | "DECLINE":
            return _decided(work)
        case "WITHDRAW":
            return _withdrawn(work)
        case "ANSWER" | "LOOK_UP" | "EXECUTE" if work.verdict.a_approval == "human":
            return _ask_operator(work)
        case "HAND_OVER":
            return _hand_over(work)
        case "UNHEARD":
            return _unheard(work)
        case "REPORT" if (event := work.result()) is not None and event.result.due_from is not None:
            return Proposal("A", work.case, (handed.task(work, event),))
        case "NUDGE":
            return Proposal("A", work.case, (handed.stalled(work),))
        case _:
            return Proposal("A", work.case, posts.notices(work))


def _ask_coach(work: Work) -> Proposal:
    if work.facts.approval is not None and work.facts.approval.state == "pending":
        return _ask_again(work, work.facts.approval.request)
    kind = work.verdict.approval_kind or "OTHER_EXCEPTION"
    suggested = work.review.recommended_outcome if work.review else work.why()
    request = asking.build(work, kind, "coach", asking.release_for(work), suggested)
    return Proposal("A", _awaiting(work, request), (*_opened(work, request), *posts.packet(work)))


def _ask_again(work: Work, old: ApprovalRequest) -> Proposal:
    """Void an approval whose ground has changed and ask the same anew, bound to what is true now."""
    renewed = asking.build(work, old.kind, old.lane, asking.again(work, old), old.suggested)
    case = work.case.with_(approval_id=renewed.id, approvals_asked=work.case.approvals_asked + 1)
    void = CloseApproval(key=work.key("void"), approval_id=old.id, state="void", by="A", why="void.changed")
    effects = (void, posts.void(work, old, "void.changed"), *_opened(replace(work, case=case), renewed))
    return Proposal("A", case, effects)


def _ask_operator(work: Work) -> Proposal:
    """Where a desk wants a person behind A: hold the draft and the task until an operator confirms."""
    drafts = [e for e in work.effects if isinstance(e, SendMessage)]
    text = drafts[0].text if drafts else ""
    release = asking.Release(work.task, text, asking.denied(work, "OTHER_EXCEPTION"))
    suggested = work.why()
    request = asking.build(work, "OTHER_EXCEPTION", "ops", release, suggested)
    if work.task is not None:
        bound = work.task.model_copy(update={"approval_id": request.id})
        release = replace(release, operation=bound)
        request = asking.build(work, "OTHER_EXCEPTION", "ops", release, suggested)
    held = frozenset(e.key for e in drafts)
    before = work.case if work.case.state == "triaged" else work.case.move("triaged", "A", work.now)
    case = _awaiting(replace(work, case=before), request)
    return Proposal("A", case, _opened(work, request), withdrawn=held)


def _awaiting(work: Work, request: ApprovalRequest) -> Case:
    case = work.case.with_(
        approval_id=request.id,
        approvals_asked=work.case.approvals_asked + 1,
        owner="coach" if request.lane == "coach" else "operator",
    )
    return case.move("awaiting_approval", "A", work.now)


def _opened(work: Work, request: ApprovalRequest) -> tuple[Effect, ...]:
    return (
        OpenApproval(key=work.key("approval"), request=request),
        posts.approval(work, request),
        StartTimer(key=f"{work.case.id}:approval", timer="approval", due_at=request.deadline),
    )


def _pending(work: Work) -> ApprovalRequest:
    if work.facts.approval is None:
        raise AssertionError("the gate waits, releases or withdraws only with an approval on record")
    return work.facts.approval.request


def _waiting(work: Work) -> Proposal:
    """Put an addition before the person deciding, or remind and ask the next one."""
    request = _pending(work)
    if work.deadline_event() is not None:
        again = asking.reminded(work, request)
        return Proposal(
            "A",
            work.case,
            (
                OpenApproval(key=work.key("approval"), request=again),
                posts.reminder(work, again),
                StartTimer(key=f"{work.case.id}:approval", timer="approval", due_at=again.deadline),
            ),
        )
    words = [e.message.text or f"({e.message.kind})" for e in work.events if isinstance(e, MessageReceived)]
    if not words:
        return Proposal("A", work.case)
    additions = (*work.case.additions, *words)[-5:]
    work = replace(work, case=work.case.with_(additions=additions))
    exact = request.operation is not None and request.operation.action == "RESCHEDULE"
    if request.kind == "RESCHEDULE_EXCEPTION" and not exact:
        renewed = _with_time(work, request)
        if renewed is not None:
            return renewed
    annotated = asking.with_additions(request, additions)
    return Proposal(
        "A",
        work.case,
        (
            OpenApproval(key=work.key("approval"), request=annotated),
            posts.approval(work, annotated),
            posts.added(work, annotated, "\n".join(words)),
        ),
    )


def _with_time(work: Work, request: ApprovalRequest) -> Proposal | None:
    """Ask anew when the customer has now named a free time: what is decided on has changed."""
    release = asking.release_for(_as_reschedule(work))
    if release.operation is None or release.operation.action != "RESCHEDULE":
        return None
    renewed = asking.build(_as_reschedule(work), request.kind, request.lane, release, request.suggested)
    case = work.case.with_(approval_id=renewed.id, approvals_asked=work.case.approvals_asked + 1)
    void = CloseApproval(
        key=work.key("void"), approval_id=request.id, state="void", by="A", why="void.changed"
    )
    return Proposal("A", case, (void, *_opened(replace(work, case=case), renewed)))


def _as_reschedule(work: Work) -> Work:
    verdict = work.verdict.model_copy(update={"approval_kind": "RESCHEDULE_EXCEPTION"})
    return replace(work, verdict=verdict)


def _decided(work: Work) -> Proposal:
    request, given = _pending(work), work.approval()
    if given is None:
        raise AssertionError("the gate settles an approval only on a decision")
    state = {"APPROVE": "approved", "DENY": "denied", "EDIT": "edited"}[given.decision]
    written_by_person = given.decision == "EDIT" or bool(given.conditions)
    case = work.case.with_(
        approval_id=None,
        owner="A",
        release=_words_released(work, request, given),
        released_by=given.by if written_by_person else None,
        disposition=state,
        gap="policy" if _is_exception(work.case, request, state) else work.case.gap,
        tags=tuple(dict.fromkeys((*work.case.tags, f"decision:{state}"))),
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
    if given.conditions:
        effects = (*effects, posts.conditions(work, request, given))
    return Proposal("A", case, effects)


def _is_exception(case: Case, request: ApprovalRequest, state: str) -> bool:
    """Say whether a person allowed what the policy does not; an operator's word only confirms what it does."""
    asked = request.kind in EXCEPTIONS or case.cause.startswith("R3.exception")
    return request.lane == "coach" and asked and state != "denied"


def _words_released(work: Work, request: ApprovalRequest, given: ApprovalGiven) -> str:
    """Return exactly the words the decision lets go."""
    if given.decision == "EDIT":
        return given.text
    chosen = next((a for a in request.alternatives if a.id == given.alternative), None)
    if chosen is not None:
        return chosen.text
    if given.decision == "DENY":
        return request.deny_text
    if given.conditions:
        kind = {"REFUND": "refund", "PRIVACY": "privacy"}.get(request.kind, "exception")
        return work.render(f"{kind}_approved_conditions", conditions=given.conditions).text
    return request.text


def _withdrawn(work: Work) -> Proposal:
    request = _pending(work)
    case = work.case.with_(approval_id=None, disposition="withdrawn")
    void = CloseApproval(
        key=work.key("void"), approval_id=request.id, state="void", by="customer", why="void.withdrawn"
    )
    stop = StopTimer(key=f"{work.case.id}:approval")
    return Proposal("A", case, (void, stop, posts.void(work, request, "void.withdrawn")))


def _hand_over(work: Work) -> Proposal:
    """Give the case to the people in the ops lane, with its evidence."""
    if work.verdict.rules[0].id == "PILOT.redirect":
        return Proposal("A", work.case, (handed.redirected(work), *posts.notices(work)))
    now = replace(work, case=_with_a_person(work))
    return Proposal("A", now.case, (*handed.handover(now), *posts.notices(now)))


def _unheard(work: Work) -> Proposal:
    """Put a case whose words did not arrive back to people, with a clock; its card in the lane says why."""
    case = _with_a_person(work).with_(due_at=work.due())
    stop = StopTimer(key=f"{case.id}:resolve")
    return Proposal("A", case, (stop, sla_timer(replace(work, case=case))))


def _with_a_person(work: Work) -> Case:
    """Return the case with the person it has, else with whoever in the ops lane takes it."""
    case = work.case
    if case.state == "with_person":
        return case if case.owner.startswith("person:") else case.with_(owner="person:ops")
    if "with_person" not in LEGAL[case.state]:
        case = case.move("triaged", "A", work.now)
    return case.with_(owner="person:ops").move("with_person", "A", work.now)
