"""A, orchestrator and QA: passes drafts, asks people, keeps the lanes informed. Never speaks to a customer."""

from dataclasses import replace

from agents import approval_request as asking
from agents import handed_posts as handed
from agents import lane_alerts as alerts
from agents import lane_posts as posts
from agents import releases
from agents.acknowledge import asks_back
from agents.checklist import STOPPED, Checklist, evaluate
from agents.deciding import decided, withdrawn
from agents.memory import sla_timer
from agents.ruling import documented
from agents.work import Proposal, Work
from casefile.approval import ApprovalRequest
from casefile.case import LEGAL, Case
from casefile.effects import (
    CloseApproval,
    Effect,
    OpenApproval,
    PushDelta,
    SendMessage,
    StartTimer,
    StopTimer,
)
from casefile.events import MessageReceived
from casefile.verdict import RuleHit
from policies.privacy import scrub
from policies.releasing import proved

STOPPED_WORDS = "A's check did not pass: a person takes it from here"


async def propose(work: Work) -> Proposal:
    """Rule on the case: pass it, hold it, ask a person, or settle what a person decided; the ruling is kept."""
    return _ruled(work).also(*alerts.files(work), documented(work))


def _ruled(work: Work) -> Proposal:
    match work.verdict.decision:
        case "ESCALATE_COACH":
            return _ask_coach(work)
        case "WAIT":
            return _waiting(work)
        case "RELEASE" | "DECLINE":
            return decided(work, _pending(work))
        case "WITHDRAW":
            return withdrawn(work, _pending(work))
        case "ANSWER" | "EXECUTE" if work.verdict.a_approval != "none":
            return _passed(work)
        case "HAND_OVER":
            return _hand_over(work)
        case "UNHEARD":
            return _unheard(work)
        case "REPORT" if (event := work.result()) is not None and event.result.due_from is not None:
            return Proposal("A", work.case, (handed.task(work, event), *alerts.notices(work)))
        case "NUDGE":
            return Proposal("A", work.case, (handed.stalled(work),))
        case _:
            return Proposal("A", work.case, alerts.notices(work))


def _passed(work: Work) -> Proposal:
    """Pass what B drafted and C is to do, or stop it: then a person takes the case and B says only that."""
    checklist = evaluate(work)
    if not checklist.passed:
        return _stopped(work, checklist)
    if work.verdict.a_approval == "human":
        return _ask_operator(work, checklist)
    return Proposal("A", work.case, alerts.notices(work, checklist))


def _stopped(work: Work, checklist: Checklist) -> Proposal:
    why = RuleHit(id=STOPPED, words=f"{STOPPED_WORDS}: {'; '.join(hit.words for hit in checklist.found)}")
    # What C has read stays read; B begins anew.
    taken_back = frozenset(e.key for e in work.effects if not isinstance(e, PushDelta))
    case = _with_a_person(work)
    stopped = work.verdict.model_copy(update={"rules": (why, *work.verdict.rules)})
    now = replace(work, case=case, verdict=stopped)
    effects = (*handed.handover(now), *alerts.packet(work, checklist), *alerts.alerts(work))
    return Proposal("A", case, effects, withdrawn=taken_back, stopped=why)


def _ask_coach(work: Work) -> Proposal:
    if work.facts.approval is not None and work.facts.approval.state == "pending":
        return _ask_again(work, work.facts.approval.request)
    kind = work.verdict.approval_kind or "OTHER_EXCEPTION"
    suggested = work.review.recommended_outcome if work.review else work.why()
    release = releases.release_for(work)
    notes = asking.noted(work, work.review, release)
    request = asking.build(work, kind, "coach", release, suggested, notes)
    return Proposal("A", _awaiting(work, request), (*_opened(work, request), *alerts.notices(work)))


def _ask_again(work: Work, old: ApprovalRequest) -> Proposal:
    """Void an approval whose ground has changed and ask the same anew, bound to what is true now."""
    renewed = asking.build(work, old.kind, old.lane, releases.again(work, old), old.suggested, old.notes)
    return _anew(work, old, renewed, "void.changed")


def _anew(work: Work, old: ApprovalRequest, renewed: ApprovalRequest, why: str) -> Proposal:
    """Put another request in the place of one that is void."""
    case = work.case.with_(approval_id=renewed.id, approvals_asked=work.case.approvals_asked + 1)
    void = CloseApproval(key=work.key("void"), approval_id=old.id, state="void", by="A", why=why)
    effects = (void, posts.void(work, old, why), *_opened(replace(work, case=case), renewed))
    return Proposal("A", case, effects)


def _ask_operator(work: Work, checklist: Checklist) -> Proposal:
    """Where a desk wants a person behind A: hold the draft and the task until an operator confirms."""
    drafts = [e for e in work.effects if isinstance(e, SendMessage)]
    release = releases.confirming(work, drafts[0].text if drafts else "")
    suggested = work.lane_label("suggest.operator")
    notes = "\n".join(alerts.qa_words(work, checklist))
    request = asking.build(work, "OTHER_EXCEPTION", "ops", release, suggested, f"QA: {notes}")
    held = frozenset(e.key for e in drafts)
    before = work.case if work.case.state == "triaged" else work.case.move("triaged", "A", work.now)
    case = _awaiting(replace(work, case=before.with_(due_at=work.due())), request)
    clock = sla_timer(replace(work, case=case))
    return Proposal("A", case, (*_opened(work, request), clock, *alerts.alerts(work)), withdrawn=held)


def _awaiting(work: Work, request: ApprovalRequest) -> Case:
    case = work.case.with_(
        approval_id=request.id,
        approvals_asked=work.case.approvals_asked + 1,
        owner=_asked_person(work, request),
    )
    return case.move("awaiting_approval", "A", work.now)


def _asked_person(work: Work, request: ApprovalRequest) -> str:
    """Return who is answerable now: whoever is asked first in the lane, or the lane's people."""
    first = work.facts.next_approver if request.lane == "coach" else None
    return f"person:{first.id if first else request.lane}"


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
    event = work.deadline_event()
    if event is not None and event.timer == "approval":
        again = asking.reminded(work, request)
        turn = work.facts.next_approver
        return Proposal(
            "A",
            work.case.with_(owner=f"person:{turn.id}") if turn else work.case,
            (
                OpenApproval(key=work.key("approval"), request=again),
                posts.reminder(work, again),
                StartTimer(key=f"{work.case.id}:approval", timer="approval", due_at=again.deadline),
            ),
        )
    words = [_said(work, e) for e in work.events if isinstance(e, MessageReceived)]
    if not words:
        return Proposal("A", work.case)
    additions = (*work.case.additions, *words)[-5:]
    work = replace(work, case=work.case.with_(additions=additions))
    anew = _with_identity(work, request)
    if anew is not None:
        return anew.also(*alerts.alerts(work))
    exact = request.operation is not None and request.operation.action == "RESCHEDULE"
    if request.kind == "RESCHEDULE_EXCEPTION" and not exact:
        renewed = _with_time(work, request)
        if renewed is not None:
            return renewed.also(*alerts.alerts(work))
    annotated = asking.with_additions(request, additions)
    return Proposal(
        "A",
        work.case,
        (
            OpenApproval(key=work.key("approval"), request=annotated),
            posts.approval(work, annotated),
            posts.added(work, annotated, "\n".join(words)),
            *alerts.alerts(work),
        ),
    )


def _said(work: Work, event: MessageReceived) -> str:
    """Return what a message adds, in words; a file is looked at in the ops lane, where its own post is."""
    message = event.message
    lanes = work.desk.lanes
    if message.media is None:
        # What proves who they are is for the records, not for everybody in the lane to read.
        words = scrub(message.text) if work.case.waiting_for == "identity" else message.text
        return words or f"({lanes.word('file', message.kind)})"
    file = f"📎 {lanes.word('file', message.kind)} ({lanes.word('file', 'seen')})"
    return f"{message.text} {file}".strip()


def _with_identity(work: Work, request: ApprovalRequest) -> Proposal | None:
    """Ask anew, now with its operation, once the customer has proved who they are."""
    if request.wants is None or not proved(request.wants, work.facts.identity):
        return None
    work = replace(work, case=work.case.with_(waiting_for=None))
    release = releases.release_of(work, request.wants)
    suggested = asking.recommended(work, request.wants, unproved=False)
    renewed = asking.build(work, request.kind, request.lane, release, suggested, request.notes)
    return _anew(work, request, renewed, "void.identity")


def _with_time(work: Work, request: ApprovalRequest) -> Proposal | None:
    """Ask anew when the customer has now named a free time: what is decided on has changed."""
    release = releases.exception(work)
    if release.operation is None or release.operation.action != "RESCHEDULE":
        return None
    renewed = asking.build(work, request.kind, request.lane, release, request.suggested, request.notes)
    return _anew(work, request, renewed, "void.changed")


def _hand_over(work: Work) -> Proposal:
    """Give the case to the people in the ops lane, with its evidence."""
    if work.verdict.rules[0].id == "PILOT.redirect":
        return Proposal("A", work.case, (handed.redirected(work), *alerts.notices(work)))
    if asks_back(work):
        # B has asked what it is about; until that is answered there is nothing for a person to take up.
        return Proposal("A", work.case, alerts.notices(work))
    now = replace(work, case=_with_a_person(work))
    return Proposal("A", now.case, (*handed.handover(now), *alerts.notices(now)))


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
