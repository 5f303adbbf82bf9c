"""E, data and audit: documents what was decided and done, and keeps records of exceptions."""

from datetime import timedelta

from agents.memory import stop_clocks
from agents.work import Proposal, Work
from casefile.case import LEGAL, Case, CaseState
from casefile.effects import StartTimer, WriteAudit
from casefile.events import ApprovalGiven
from casefile.packets import AuditEntry


async def propose(work: Work) -> Proposal:
    """Document the turn's outcome with reason, approver and references; settle a case that is over."""
    case = work.case
    if work.verdict.decision == "SETTLE":
        case = _settled(work)
    given, event, command = work.approval(), work.result(), work.command()
    approver = given.by if given else command.by if command else case.released_by
    entry = AuditEntry(
        at=work.now,
        case_id=case.id,
        actor="E",
        service="case",
        action=work.verdict.decision,
        result="success",
        reason="; ".join(hit.id for hit in work.verdict.rules),
        tier=work.verdict.tier,
        decision=given.decision if given else None,
        approver=approver,
        policy_refs=tuple(hit.id for hit in work.verdict.rules),
        data_refs=tuple(f"{k}={v}" for k, v in event.result.refs.items()) if event else (),
        notes=_notes(case, given),
    )
    audit = WriteAudit(key=work.key("audit"), entry=entry)
    if case.state == "resolved" and work.case.state != "resolved":
        days = timedelta(days=work.desk.rules.limits.reopen_days)
        close = StartTimer(key=f"{case.id}:resolve", timer="close", due_at=work.now + days)
        return Proposal("E", case, (audit, close, *stop_clocks(work)))
    return Proposal("E", case, (audit,))


def _settled(work: Work) -> Case:
    """Resolve a quiet case, close one that stayed resolved; one that has moved on meanwhile is left alone."""
    event = work.deadline_event()
    if event is not None and (event.timer not in {"resolve", "close"} or work.case.state == "with_person"):
        # Quiet for the customer; it is a person's turn, however long ago the clock was set.
        return work.case
    wanted: CaseState = "closed" if event is not None and event.timer == "close" else "resolved"
    if wanted not in LEGAL[work.case.state]:
        return work.case
    unanswered = work.case.state == "awaiting_customer"
    disposition = work.case.disposition or ("no_answer" if unanswered else "answered")
    settled = work.case.with_(disposition=disposition, due_at=None)
    if wanted == "closed" or not unanswered:
        # A question left open is kept: an answer within the days of reopening is still one.
        settled = settled.with_(waiting_for=None)
    if (command := work.command()) is not None and command.command == "done":
        settled = settled.with_(order=None)
    return settled.move(wanted, "E", work.now)


def _notes(case: Case, given: ApprovalGiven | None) -> str:
    """Write down how a case ended - disposition, root cause, gap and tags - or on what conditions it goes on."""
    if case.state not in {"resolved", "closed"}:
        return given.conditions if given else ""
    return (
        f"disposition={case.disposition}; cause={case.cause}; gap={case.gap or 'none'};"
        f" tags={','.join(case.tags)}"
    )
