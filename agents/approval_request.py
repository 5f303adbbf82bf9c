"""What A asks a person: the policy, what was checked, and exactly what a yes or a no would release."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from agents import moving
from agents.work import Work
from casefile.approval import Alternative, ApprovalRequest
from casefile.base import Lane
from casefile.packets import Action, CTask
from casefile.verdict import ApprovalKind
from policies.approvals import cite, digest
from policies.payments import bills_of, may_say_paid
from policies.reschedule import MOVABLE
from policies.sla import add_business
from policies.words import moment_words

PRIVACY_ACTIONS: dict[str, Action] = {
    "privacy_delete": "CONTACT_ERASE",
    "privacy_export": "CONTACT_EXPORT",
    "privacy_correct": "CONTACT_CORRECT",
}
ALTERNATIVE_SLOTS = 2
MARKS = {"true": "✓", "false": "✗", "unknown": "?"}
IDENTITY_WORDS = {"id": "identitas", "en": "identity"}
EVIDENCE_WORDS = {"id": "bukti yang dikirim", "en": "evidence sent"}


@dataclass(frozen=True, slots=True)
class Release:
    """What a yes would do and say, what a no would say, and the other ready outcomes."""

    operation: CTask | None
    text: str
    deny_text: str
    alternatives: tuple[Alternative, ...] = ()


def build(work: Work, kind: ApprovalKind, lane: Lane, release: Release, suggested: str) -> ApprovalRequest:
    """Write the request and bind it to its digest."""
    case, page = work.case, work.facts.excerpt
    number = case.approvals_asked + 1
    approval_id = f"{case.id}-{number}"
    cited = (cite(page),) if page else ()
    bound = digest(release.operation, release.text, case.conversation_id, cited, release.alternatives)
    return ApprovalRequest(
        id=approval_id,
        case_id=case.id,
        kind=kind,
        lane=lane,
        token=hashlib.sha256(f"{approval_id}:{bound}".encode()).hexdigest()[:16],
        digest=bound,
        customer_masked=work.masked(),
        language=work.language,
        asks=case.request,
        policy=work.why(),
        checked=checked(work),
        suggested=suggested,
        operation=release.operation,
        text=release.text,
        deny_text=release.deny_text,
        alternatives=release.alternatives,
        cited=cited,
        additions=case.additions,
        urgent=work.verdict.urgent,
        requested_at=work.now,
        deadline=decide_by(work),
    )


def decide_by(work: Work) -> datetime:
    """Return when an undecided request is reminded of, in working hours."""
    rules = work.desk.rules
    minutes = rules.limits.urgent_minutes if work.verdict.urgent else rules.limits.approval_minutes
    return add_business(rules.hours, work.now, minutes)


def checked(work: Work) -> tuple[str, ...]:
    """List what was looked at and what it showed, with references."""
    lane = work.desk.lanes.language
    matter = work.matter
    lines = [f"{IDENTITY_WORDS[lane]}: {work.facts.identity.status}"]
    lines += [
        f"{MARKS[p.value]} {p.words_id if lane == 'id' else p.words_en} {p.ref}".strip()
        for p in matter.proofs
    ]
    snapshot = work.facts.snapshot
    student = work.facts.student
    bills = bills_of(snapshot.invoices, student.id if student else None) if snapshot else ()
    if matter.verified and bills:
        newest = bills[0]
        lines.append(f"{newest.number}: {newest.payment.state} ({newest.payment.source})")
    if work.case.evidence:
        lines.append(f"{EVIDENCE_WORDS[lane]}: {len(work.case.evidence)}")
    return tuple(lines)


def release_for(work: Work) -> Release:
    """Choose what a coach's yes and no mean for this request."""
    rule = work.verdict.rules[0].id
    match work.verdict.approval_kind:
        case "REFUND":
            return _refund(work)
        case "RESCHEDULE_EXCEPTION":
            return _exception(work)
        case "PRIVACY" if rule == "R3.privacy":
            return _privacy(work)
        case "PRIVACY":
            return Release(None, person_answers(work), work.render("third_party_refused").text)
        case _ if rule == "R3.cancel":
            return _cancel(work)
        case _:
            return Release(None, person_answers(work), denied(work, "OTHER_EXCEPTION"))


def person_answers(work: Work) -> str:
    """Return the words for what only a person can settle: they will get in touch."""
    return work.render("handed_to_person", time_window=work.window()).text


def denied(work: Work, request: str) -> str:
    """Return the words for a no."""
    return work.render("coach_denied", request=work.label(f"request.{request}")).text


def _refund(work: Work) -> Release:
    credit = Alternative(
        id="credit",
        label=work.desk.templates.label("alternative.credit", work.desk.lanes.language),
        text=work.render("alternative_credit").text,
    )
    approved, denied_ = work.render("refund_approved").text, work.render("refund_denied").text
    return Release(_refund_task(work), approved, denied_, (credit,))


def _refund_task(work: Work) -> CTask | None:
    """Refund the newest paid bill of whoever is meant; where it may be one of several children's, name none."""
    snapshot, reading, student = work.facts.snapshot, work.facts.reading, work.facts.student
    named = reading.slots.invoice_numbers if reading else ()
    paid = [i for i in snapshot.invoices if may_say_paid(i.payment)] if snapshot else []
    meant = bills_of(paid, student.id if student else None, named)
    if not work.matter.verified or not meant:
        return None
    if len({bill.student_id for bill in meant} - {None}) > 1:
        return _task(work, "REFUND", _speaker(work), {})
    return _task(work, "REFUND", meant[0].number, {"amount": meant[0].amount})


def _exception(work: Work) -> Release:
    """Release the exact move where it is known; else a person settles the new time, on the record."""
    deny = denied(work, "RESCHEDULE_EXCEPTION")
    move = moving.exact(work)
    if move is not None:
        task = moving.task(work, *move, _next_id(work), work.key("approved"))
        return Release(task, moving.exception_text(work, *move), deny)
    arrange = _task(work, "HAND_OVER", _speaker(work), {}) if work.matter.verified else None
    return Release(arrange, work.render("exception_approved_arrange").text, deny, _ready_times(work))


def _ready_times(work: Work) -> tuple[Alternative, ...]:
    """Offer the coach the times that fit what the customer said, or that the customer was shown."""
    matter, reading = work.matter, work.facts.reading
    session, choice = matter.session, matter.choice
    if session is None or choice is None or session.status not in MOVABLE:
        return ()
    if reading and reading.slots.yes_no == "no":
        return ()
    vague = choice.state == "vague"
    zone, lane = work.desk.rules.zone, work.desk.lanes.language
    offers = [o for o in choice.offers if vague or o in work.case.offered]
    return tuple(
        Alternative(
            id=f"slot{number}",
            label=moment_words(offer.start, zone, lane),
            operation=moving.task(work, session, offer, _next_id(work), work.key(f"approved:{number}")),
            text=moving.exception_text(work, session, offer),
        )
        for number, offer in enumerate(offers[:ALTERNATIVE_SLOTS], 1)
    )


def _privacy(work: Work) -> Release:
    action = next((PRIVACY_ACTIONS[s] for s in work.verdict.signals if s in PRIVACY_ACTIONS), None)
    operation = _task(work, action, work.case.contact_id, {}) if action and work.matter.verified else None
    return Release(operation, work.render("privacy_approved").text, work.render("privacy_denied").text)


def _cancel(work: Work) -> Release:
    student = work.facts.student
    operation = _task(work, "CANCEL", student.id, {}) if student and work.matter.verified else None
    return Release(operation, work.render("cancel_approved").text, denied(work, "cancel"))


def _task(work: Work, action: Action, subject: str, params: dict[str, JsonValue]) -> CTask:
    return CTask(
        case_id=work.case.id,
        action=action,
        subject=subject,
        params={"contact_id": work.facts.identity.contact_id, **params},
        verification_status="OK",
        idempotency_key=work.key("approved"),
        approval_id=_next_id(work),
    )


def _speaker(work: Work) -> str:
    """Return the contact this case speaks for: who proved to be one, else who writes."""
    return work.facts.identity.contact_id or work.case.contact_id


def _next_id(work: Work) -> str:
    return f"{work.case.id}-{work.case.approvals_asked + 1}"


def again(work: Work, old: ApprovalRequest) -> Release:
    """Return what an approval released, to be asked anew: its operations name the approval that comes now."""
    renewed = {"approval_id": _next_id(work)}

    def rebound(operation: CTask | None) -> CTask | None:
        return None if operation is None else operation.model_copy(update=renewed)

    alternatives = tuple(
        item.model_copy(update={"operation": rebound(item.operation)}) for item in old.alternatives
    )
    return Release(rebound(old.operation), old.text, old.deny_text, alternatives)


def with_additions(request: ApprovalRequest, additions: tuple[str, ...]) -> ApprovalRequest:
    """Return the same request, annotated; nothing it is bound to changes."""
    return request.model_copy(update={"additions": additions})


def reminded(work: Work, request: ApprovalRequest) -> ApprovalRequest:
    """Return the request with its next decide-by time."""
    return request.model_copy(update={"reminders": request.reminders + 1, "deadline": decide_by(work)})
