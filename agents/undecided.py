"""A's part while a person decides: what comes in is put before them, or makes what they decide on void and new."""

from dataclasses import replace

from agents import approval_request as asking
from agents import lane_alerts as alerts
from agents import lane_posts as posts
from agents import releases
from agents.work import Proposal, Work
from casefile.approval import ApprovalRequest
from casefile.effects import CloseApproval, Effect, OpenApproval, StartTimer
from casefile.events import MessageReceived
from policies.privacy import scrub
from policies.releasing import proved


def waiting(work: Work, request: ApprovalRequest) -> Proposal:
    """Put an addition before the person deciding, or remind and ask the next one."""
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
    known = _with_identity(work, request)
    if known is not None:
        return known.also(*alerts.alerts(work))
    exact = request.operation is not None and request.operation.action == "RESCHEDULE"
    another = work.verdict.rules[0].id == "CASE.changed"
    if request.kind == "RESCHEDULE_EXCEPTION" and (another or not exact):
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
    return anew(work, request, renewed, "void.identity")


def _with_time(work: Work, request: ApprovalRequest) -> Proposal | None:
    """Ask anew when the customer has now named a free time: what is decided on has changed."""
    release = releases.exception(work)
    if release.operation is None or release.operation.action != "RESCHEDULE":
        return None
    case = work.case
    if work.matter.session is not None and work.matter.choice is not None:
        case = case.with_(session_id=work.matter.session.id, chosen=work.matter.choice.slot)
    work = replace(work, case=case)
    renewed = asking.build(work, request.kind, request.lane, release, request.suggested, request.notes)
    return anew(work, request, renewed, "void.changed")


def anew(work: Work, old: ApprovalRequest, renewed: ApprovalRequest, why: str) -> Proposal:
    """Put another request in the place of one that is void."""
    case = work.case.with_(approval_id=renewed.id, approvals_asked=work.case.approvals_asked + 1)
    void = CloseApproval(key=work.key("void"), approval_id=old.id, state="void", by="A", why=why)
    effects = (void, posts.void(work, old, why), *opened(replace(work, case=case), renewed))
    return Proposal("A", case, effects)


def opened(work: Work, request: ApprovalRequest) -> tuple[Effect, ...]:
    return (
        OpenApproval(key=work.key("approval"), request=request),
        posts.approval(work, request),
        StartTimer(key=f"{work.case.id}:approval", timer="approval", due_at=request.deadline),
    )
