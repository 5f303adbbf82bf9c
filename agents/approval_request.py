"""What A asks a person: the policy, what was checked, and exactly what a yes or a no would release."""

import hashlib
from datetime import datetime

from agents.releases import Release, next_id
from agents.work import Work
from casefile.approval import ApprovalRequest
from casefile.base import Lane
from casefile.packets import Action, DReview
from casefile.verdict import ApprovalKind
from policies.approvals import cite, digest
from policies.payments import bills_of
from policies.releasing import PRIVACY_ACTIONS
from policies.sla import add_business

MARKS = {"true": "✓", "false": "✗", "unknown": "?"}


def build(
    work: Work, kind: ApprovalKind, lane: Lane, release: Release, suggested: str, notes: str = ""
) -> ApprovalRequest:
    """Write the request and bind it to its digest."""
    case, page = work.case, work.facts.excerpt
    approval_id = next_id(work)
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
        policy=policy(work, kind),
        checked=checked(work, release),
        suggested=suggested,
        notes=notes,
        operation=release.operation,
        wants=release.wants,
        hands_over=release.hands_over,
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


def policy(work: Work, kind: ApprovalKind) -> str:
    """Say which policy applies: the limit in force in words, and what the published page says."""
    limits, lane = work.desk.rules.limits, work.desk.lanes.language
    words = work.why()
    if kind in ("REFUND", "RESCHEDULE_EXCEPTION"):
        words = work.lane_label(f"policy.{kind}").format(
            limit=limits.free_reschedules, cutoff=limits.cutoff.words(lane)
        )
    page = work.facts.excerpt
    return f"{words}\n“{page.excerpt}”" if page else words


def checked(work: Work, release: Release) -> tuple[str, ...]:
    """List what was looked at and what it showed, with references."""
    lane, label = work.desk.lanes.language, work.lane_label
    matter, identity = work.matter, work.facts.identity
    lines = [f"{label('checked.identity')}: {label(f'identity.{identity.status}')}"]
    if release.wants is not None:
        lines.append(f"{MARKS['false']} {label('checked.pair')}")
    lines += [
        f"{MARKS[p.value]} {p.words_id if lane == 'id' else p.words_en} {p.ref}".strip()
        for p in matter.proofs
    ]
    snapshot = work.facts.snapshot
    student = work.facts.student
    bills = bills_of(snapshot.invoices, student.id if student else None) if snapshot else ()
    if matter.verified and bills:
        state = label(f"payment.{bills[0].payment.state}")
        lines.append(f"{bills[0].number}: {state} ({bills[0].payment.source})")
    if matter.verified and snapshot:
        lines.append(f"{label('checked.record')}: {work.lane_moment(snapshot.as_of)}, rev {snapshot.rev}")
    if work.case.evidence:
        lines.append(f"{label('checked.evidence')}: {len(work.case.evidence)}")
    return tuple(lines)


def recommended(work: Work, action: Action | None, unproved: bool) -> str:
    """Say which outcome is recommended, to the people of the lane; `action` is what is asked for, if that is clear."""
    if unproved:
        return work.lane_label("suggest.unproved")
    if action is not None:
        return work.lane_label(f"suggest.{'PRIVACY' if action in PRIVACY_ACTIONS.values() else action}")
    if work.verdict.approval_kind == "ORDER_REVIEW":
        return work.lane_label("suggest.ORDER_REVIEW" if work.matter.enrol is None else "suggest.enrolment")
    moved = work.verdict.approval_kind == "RESCHEDULE_EXCEPTION"
    return work.lane_label("suggest.RESCHEDULE_EXCEPTION" if moved else "suggest.person")


def noted(work: Work, review: DReview | None, release: Release) -> str:
    """Put D's review before the coach, and say where the words to be released hold what D advises against."""
    if review is None:
        return ""
    label = work.lane_label
    lines = [review.notes_for_coach] if review.notes_for_coach else []
    if review.allowed_options:
        offers = ", ".join(label(f"option.{name}") for name in review.allowed_options)
        lines.append(f"{label('notes.offer')}: {offers}")
    if review.must_not_say:
        avoided = ", ".join(f"“{words}”" for words in review.must_not_say)
        lines.append(f"{label('notes.avoid')}: {avoided}")
    texts = (release.text, release.deny_text, *(item.text for item in release.alternatives))
    lines += [
        f"⚠️ {label('notes.says')}: “{words}”"
        for words in review.must_not_say
        if any(words.casefold() in text.casefold() for text in texts)
    ]
    return "\n".join(lines)


def with_additions(request: ApprovalRequest, additions: tuple[str, ...]) -> ApprovalRequest:
    """Return the same request, annotated; nothing it is bound to changes."""
    return request.model_copy(update={"additions": additions})


def reminded(work: Work, request: ApprovalRequest) -> ApprovalRequest:
    """Return the request with its next decide-by time."""
    return request.model_copy(update={"reminders": request.reminders + 1, "deadline": decide_by(work)})
