"""What a coach's yes and no let go for each kind of request: an exact operation, exact words, ready alternatives."""

from dataclasses import dataclass, replace

from pydantic import JsonValue

from agents import booking, enrolling, moving, shop_turns
from agents.work import Work
from casefile.approval import Alternative, ApprovalRequest
from casefile.packets import Action, CTask
from policies.payments import bills_of, may_say_paid
from policies.releasing import proved, wanted
from policies.reschedule import MOVABLE
from policies.words import moment_words

ALTERNATIVE_SLOTS = 2
PERSON = "person_answers"
# What is no request is neither allowed nor refused: its yes and no have words of their own.
BY_RULE: dict[str, tuple[str, str]] = {
    "R3.safety": ("report_taken_up", "report_reviewed"),
    "R3.legal": ("threat_taken_up", "threat_reviewed"),
    "R3.complaint": ("complaint_taken_up", "complaint_reviewed"),
    "R3.privacy": (PERSON, "privacy_denied"),
    "R3.third_party": (PERSON, "third_party_refused"),
}


@dataclass(frozen=True, slots=True)
class Release:
    """What a yes would do and say, what a no would say, and the other ready outcomes.

    `wants` and `hands_over` are those of ApprovalRequest.
    """

    operation: CTask | None
    text: str
    deny_text: str
    alternatives: tuple[Alternative, ...] = ()
    wants: Action | None = None
    hands_over: bool = False


def release_for(work: Work) -> Release:
    """Choose what a coach's yes and no mean for this request."""
    shopping = shop_turns.released(work, next_id(work)) or enrolling.released(work, next_id(work))
    if shopping is not None:
        task, text = shopping
        kind = work.verdict.approval_kind or "OTHER_EXCEPTION"
        return Release(task, text, denied(work, kind))
    action = wanted(work.verdict, work.case, work.facts)
    if action is not None:
        return release_of(work, action)
    rule = work.verdict.rules[0].id
    if work.verdict.approval_kind == "RESCHEDULE_EXCEPTION":
        return exception(work)
    # A question that only a model saw a risk in is still a question.
    approve, deny = BY_RULE.get(rule, (PERSON, "" if rule.startswith("R3.") else "question_denied"))
    refusal = work.render(deny).text if deny else denied(work, "OTHER_EXCEPTION")
    return Release(None, work.render(approve).text, refusal, hands_over=True)


def release_of(work: Work, action: Action) -> Release:
    """Bind an operation to a yes once who asks has proved it; until then there is a no, and a person."""
    release = _bound(work, action)
    if proved(action, work.facts.identity):
        return release
    person = Alternative(
        id="person",
        label=work.desk.templates.label("alternative.person", work.desk.lanes.language),
        text=person_answers(work),
        hands_over=True,
    )
    return Release(None, "", release.deny_text, (person,), wants=action)


def person_answers(work: Work) -> str:
    """Return the words for what only a person can settle: no time in them, they may leave days later."""
    return work.render(PERSON).text


def denied(work: Work, request: str) -> str:
    """Return the words for a no."""
    return work.render("coach_denied", request=work.label(f"request.{request}")).text


def _bound(work: Work, action: Action) -> Release:
    match action:
        case "REFUND":
            return _refund(work)
        case "CANCEL" if work.matter.booking is not None and work.matter.session is not None:
            session = work.matter.session
            task = booking.end_task(work, session, work.key("approved"), next_id(work))
            return Release(task, booking.approved_end(work, session), denied(work, "cancel"))
        case "CANCEL":
            subject = work.facts.student.id if work.facts.student else _account(work)
            text = work.render("cancel_approved").text
            return Release(_task(work, "CANCEL", subject, {}), text, denied(work, "cancel"))
        case _:
            task = _task(work, action, _account(work), {})
            return Release(task, work.render("privacy_approved").text, work.render("privacy_denied").text)


def _refund(work: Work) -> Release:
    credit = Alternative(
        id="credit",
        label=work.desk.templates.label("alternative.credit", work.desk.lanes.language),
        text=work.render("alternative_credit").text,
    )
    approved, refused = work.render("refund_approved").text, work.render("refund_denied").text
    return Release(_refund_task(work), approved, refused, (credit,))


def _refund_task(work: Work) -> CTask:
    """Refund the newest paid bill of whoever is meant.

    With none on record, or one of several children's, the yes is still kept as a refund that is due, its sum for
    the approver to settle.
    """
    snapshot, reading, student = work.facts.snapshot, work.facts.reading, work.facts.student
    named = reading.slots.invoice_numbers if reading else ()
    paid = [i for i in snapshot.invoices if may_say_paid(i.payment)] if snapshot else []
    meant = bills_of(paid, student.id if student else None, named)
    if not meant or len({bill.student_id for bill in meant} - {None}) > 1:
        return _task(work, "REFUND", _account(work), {})
    return _task(work, "REFUND", meant[0].number, {"amount": meant[0].amount})


def exception(work: Work) -> Release:
    """Release the exact move where it is known; else a person settles the new time, on the record."""
    deny = denied(work, "RESCHEDULE_EXCEPTION")
    move = moving.exact(work)
    if move is not None:
        task = moving.task(work, *move, next_id(work), work.key("approved"))
        return Release(task, moving.exception_text(work, *move), deny)
    arrange = _task(work, "HAND_OVER", _account(work), {}) if work.matter.verified else None
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
            operation=moving.task(work, session, offer, next_id(work), work.key(f"approved:{number}")),
            text=moving.exception_text(work, session, offer),
        )
        for number, offer in enumerate(offers[:ALTERNATIVE_SLOTS], 1)
    )


def again(work: Work, old: ApprovalRequest) -> Release:
    """Return what an approval released, to be asked anew: its operations name the approval that comes now."""
    renewed = {"approval_id": next_id(work)}

    def rebound(operation: CTask | None) -> CTask | None:
        return None if operation is None else operation.model_copy(update=renewed)

    alternatives = tuple(
        item.model_copy(update={"operation": rebound(item.operation)}) for item in old.alternatives
    )
    return Release(rebound(old.operation), old.text, old.deny_text, alternatives, old.wants, old.hands_over)


def confirming(work: Work, text: str) -> Release:
    """Release what A has passed once an operator confirms it; its operation names the approval that comes now."""
    release = Release(work.task, text, denied(work, "OTHER_EXCEPTION"))
    if work.task is None:
        return release
    return replace(release, operation=work.task.model_copy(update={"approval_id": next_id(work)}))


def next_id(work: Work) -> str:
    """Return the id of the approval that is asked for now."""
    return f"{work.case.id}-{work.case.approvals_asked + 1}"


def _account(work: Work) -> str:
    return work.facts.identity.contact_id or work.case.contact_id


def _task(work: Work, action: Action, subject: str, params: dict[str, JsonValue]) -> CTask:
    return CTask(
        case_id=work.case.id,
        action=action,
        subject=subject,
        params={"contact_id": work.facts.identity.contact_id, **params},
        verification_status="OK",
        idempotency_key=work.key("approved"),
        approval_id=next_id(work),
    )
