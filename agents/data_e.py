"""E, data and audit: documents what was decided and done, and keeps records of exceptions."""

from datetime import timedelta

from agents.memory import stop_clocks
from agents.ruling import by_person
from agents.work import Proposal, Work
from casefile.case import LEGAL, Case, CaseState
from casefile.effects import Effect, ForgetWaiting, StartTimer, WriteAudit
from casefile.packets import AuditEntry


async def propose(work: Work) -> Proposal:
    """Document the turn's outcome with reason, approver and references; settle a case that is over."""
    case = work.case
    if work.verdict.decision == "SETTLE":
        case = _settled(work)
    event, command = work.result(), work.command()
    rules = tuple(hit.id for hit in work.verdict.rules)
    entry = {
        "at": work.now,
        "case_id": case.id,
        "actor": "E",
        "service": "case",
        "action": work.verdict.decision,
        "result": "success",
        "reason": "; ".join(rules),
        "tier": work.verdict.tier,
        "decision": command.command if command else None,
        "approver": command.by if command else case.released_by,
        "policy_refs": rules,
        "data_refs": tuple(f"{k}={v}" for k, v in event.result.refs.items()) if event else (),
        **by_person(work),
    }
    if case.state in {"resolved", "closed"}:
        entry["notes"] = _ending(case)
    audit = WriteAudit(key=work.key("audit"), entry=AuditEntry.model_validate(entry))
    if case.state == "resolved" and work.case.state != "resolved":
        days = timedelta(days=work.desk.rules.limits.reopen_days)
        close = StartTimer(key=f"{case.id}:resolve", timer="close", due_at=work.now + days)
        return Proposal("E", case, (audit, close, *_forgotten(work, case), *stop_clocks(work)))
    return Proposal("E", case, (audit, *_forgotten(work, case)))


def _forgotten(work: Work, case: Case) -> tuple[Effect, ...]:
    """Let words that wait for the customer be forgotten once a person has settled the case, or it closes."""
    over = case.state == "closed" or (work.command() is not None and case.state == "resolved")
    return (ForgetWaiting(key=work.key("forget"), case_id=case.id),) if over else ()


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
    command = work.command()
    if command is not None and command.command == "done":
        settled = settled.with_(order=None)
    return settled.move(wanted, f"person:{command.by}" if command else "E", work.now)


def _ending(case: Case) -> str:
    """Write down how a case ended: disposition, root cause, gap and tags."""
    return (
        f"disposition={case.disposition}; cause={case.cause}; gap={case.gap or 'none'};"
        f" tags={','.join(case.tags)}"
    )
