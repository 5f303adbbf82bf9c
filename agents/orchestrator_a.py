"""A, orchestrator and QA: passes drafts, asks people, keeps the lanes informed. Never speaks to a customer."""

from dataclasses import dataclass, replace

from agents import approval_request as asking
from agents import handed_posts as handed
from agents import inviting, releases
from agents import lane_alerts as alerts
from agents.acknowledge import asks_back
from agents.checklist import STOPPED, Checklist, evaluate
from agents.deciding import changed, decided, withdrawn
from agents.memory import sla_timer
from agents.ruling import documented
from agents.second_look import Look, drafted, look_of
from agents.standing import with_a_person
from agents.undecided import anew, opened, waiting
from agents.work import Proposal, Work
from casefile.approval import ApprovalRequest
from casefile.case import Case
from casefile.effects import (
    PushDelta,
    SendMessage,
    StopTimer,
)
from casefile.verdict import RuleHit
from ports.advice import Adviser

STOPPED_WORDS = "A's check did not pass: a person takes it from here"


@dataclass(frozen=True, slots=True)
class OrchestratorSources:
    """What A may reach beside its facts: a model that looks a second time, if the desk has one."""

    adviser: Adviser


async def propose(work: Work, sources: OrchestratorSources) -> Proposal:
    """Rule on the case: pass it, hold it, ask a person, or settle what a person decided; the ruling is kept."""
    look = await look_of(work, sources.adviser)
    ruled = _ruled(work, look).also(*alerts.files(work), documented(work))
    if look.doubt == "none":
        return ruled
    return replace(ruled, plainly=frozenset(message.key for message in drafted(work)))


def _ruled(work: Work, look: Look) -> Proposal:
    match work.verdict.decision:
        case "ESCALATE_COACH":
            return _ask_coach(work)
        case "WAIT":
            return waiting(work, _pending(work))
        case "RELEASE" | "DECLINE":
            return decided(work, _pending(work))
        case "ASK" if work.case.approval_id is not None:
            return changed(work, _pending(work)).also(*alerts.notices(work))
        case "WITHDRAW":
            return withdrawn(work, _pending(work))
        case "ANSWER" | "EXECUTE" if work.verdict.a_approval != "none":
            return _passed(work, look)
        case "HAND_OVER":
            return _hand_over(work)
        case "UNHEARD":
            return _unheard(work)
        case "INVITE":
            invited = any(isinstance(e, SendMessage) for e in work.effects)
            return Proposal("A", work.case, (inviting.waiting_words(work),) if invited else ())
        case "REPORT" if (event := work.result()) is not None and event.result.due_from is not None:
            return Proposal("A", work.case, (handed.task(work, event), *alerts.notices(work)))
        case "NUDGE":
            return Proposal("A", work.case, (handed.stalled(work),))
        case _:
            return Proposal("A", work.case, alerts.notices(work))


def _passed(work: Work, look: Look) -> Proposal:
    """Pass what B drafted and C is to do, or stop it: then a person takes the case and B says only that."""
    checklist = look.at(evaluate(work))
    if not checklist.passed:
        return _stopped(work, checklist)
    if work.verdict.a_approval == "human":
        return _ask_operator(work, checklist)
    return Proposal("A", work.case, alerts.notices(work, checklist))


def _stopped(work: Work, checklist: Checklist) -> Proposal:
    why = RuleHit(id=STOPPED, words=f"{STOPPED_WORDS}: {'; '.join(hit.words for hit in checklist.found)}")
    # What C has read stays read; B begins anew.
    taken_back = frozenset(e.key for e in work.effects if not isinstance(e, PushDelta))
    case = with_a_person(work)
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
    return Proposal("A", _awaiting(work, request), (*opened(work, request), *alerts.notices(work)))


def _ask_again(work: Work, old: ApprovalRequest) -> Proposal:
    """Void an approval whose ground has changed and ask the same anew, bound to what is true now."""
    renewed = asking.build(work, old.kind, old.lane, releases.again(work, old), old.suggested, old.notes)
    return anew(work, old, renewed, "void.changed")


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
    return Proposal("A", case, (*opened(work, request), clock, *alerts.alerts(work)), withdrawn=held)


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


def _pending(work: Work) -> ApprovalRequest:
    if work.facts.approval is None:
        raise AssertionError("the gate waits, releases or withdraws only with an approval on record")
    return work.facts.approval.request


def _hand_over(work: Work) -> Proposal:
    """Give the case to the people in the ops lane, with its evidence."""
    if work.verdict.rules[0].id == "PILOT.redirect":
        return Proposal("A", work.case, (handed.redirected(work), *alerts.notices(work)))
    if asks_back(work):
        # B has asked what it is about; until that is answered there is nothing for a person to take up.
        return Proposal("A", work.case, alerts.notices(work))
    now = replace(work, case=with_a_person(work))
    return Proposal("A", now.case, (*handed.handover(now), *alerts.notices(now)))


def _unheard(work: Work) -> Proposal:
    """Put a case whose words did not arrive back to people, with a clock; its card in the lane says why."""
    case = with_a_person(work).with_(due_at=work.due())
    stop = StopTimer(key=f"{case.id}:resolve")
    return Proposal("A", case, (stop, sla_timer(replace(work, case=case))))
