"""B's first words on what a person has to decide or do: calm, no claim, a time window."""

from agents import moving, shop_changes, standing_words
from agents.checklist import STOPPED
from agents.work import Work
from casefile.case import Case
from casefile.events import InboundMessage
from policies.releasing import proved, wanted
from prompts.render import Rendered

BY_RULE: dict[str, str] = {
    "R3.legal": "threat_received",
    "R3.refund": "refund_received",
    "R3.privacy": "privacy_received",
    "R3.third_party": "third_party_received",
    "R3.cancel": "cancel_received",
    "R3.attack": "injection_case",
    "R3.complaint": "complaint_received",
    "R2.claim": "payment_claim_received",
    "R3.damaged": "damaged_received",
    "R3.order_change": "order_change_received",
    "R3.order_review": "order_review_received",
    "R3.enrol_review": "enrol_review_received",
    "R2.enrol_nothing": "enrol_nothing",
    "R0.no_page": "faq_missing",
    "LEAD.no_page": "faq_missing",
    "LEAD.no_slot": "booking_full",
    "R2.booking_full": "booking_full",
    "R0.nothing_free": "booking_full",
}
DEGRADED = {
    "schedule": "degraded_schedule",
    "payments": "degraded_payments",
    "knowledge": "degraded_knowledge",
}
PENDING_FORMS = {
    "next_session": "next_session",
    "schedule_list": "schedule",
    "quota_left": "quota_left",
    "sessions_left": "sessions_left",
    "package_expiry": "sessions_left",
    "payment_status": "payment_status_pending",
}
BY_FILE = {
    "image": "image_received",
    "document": "document_received",
    "location": "location_received",
    "unsupported": "unsupported_received",
}


ASKS_PAIR = frozenset({"refund_received", "privacy_received", "cancel_received"})


def acknowledged(work: Work) -> Case:
    """Return the case as it waits for a person: also for who asks, while that is not proved for what they ask."""
    action = wanted(work.verdict, work.case, work.facts)
    # What is merely added changes nothing about the time that was promised.
    promised = work.case.due_at if work.verdict.rules[0].id == "CASE.addition" else None
    due = promised or work.due()
    open_still = action is not None and not proved(action, work.facts.identity)
    case = work.case.with_(waiting_for="identity" if open_still else None, due_at=due)
    move = moving.exact(work)
    # Words that come in while a person decides are about this very move.
    return case.with_(session_id=move[0].id, chosen=move[1]) if move else case


def pair_words(work: Work, first: str) -> Rendered:
    """Ask for the pair by the template `first`, or say how the attempt went, never which half was wrong."""
    identity, limits = work.facts.identity, work.desk.rules.limits
    if identity.locked:
        return work.render("verification_locked", minutes=str(limits.verification_lock_minutes))
    if identity.attempt == "failed":
        failed = work.facts.identity_changes.get("failed_attempts")
        left = limits.verification_attempts - (failed if isinstance(failed, int) else 0)
        return work.render("verification_failed", left=str(max(left, 0)))
    if identity.attempt == "incomplete":
        given = bool(work.facts.reading and work.facts.reading.slots.emails)
        missing = work.label("missing.invoice" if given else "missing.email")
        return work.render("verification_incomplete", missing=missing)
    return work.render(first)


def meanwhile(work: Work) -> Rendered:
    """Answer what comes in while a person decides: how it stands, noted, or how proving who they are went."""
    rule, tried = work.verdict.rules[0].id, work.facts.identity.attempt
    if rule == "CASE.changed":
        return moving.exception_changed(work)
    if rule == "CASE.news":
        return standing_words.news(work)
    if rule == "CASE.courtesy":
        return work.render("addition_more")
    if work.case.waiting_for != "identity" or tried == "none":
        return standing_words.noted(work)
    if tried == "passed":
        return work.render("verification_noted", time_window=work.window())
    return pair_words(work, "verification_beside")


def acknowledgement(work: Work) -> Rendered:
    """Choose the acknowledgement for the rule that fired; the window comes from the service level."""
    rule = work.verdict.rules[0].id
    if rule == "CASE.addition":
        return standing_words.noted(work)
    if rule == "R0.offer":
        what = work.label(f"offer.{work.case.meanings[0]}")
        return work.render("offer_taken", what=what, time_window=work.window())
    if rule == "CASE.lost":
        return work.render("identity_by_person", time_window=work.window())
    if rule == "PILOT.redirect":
        return work.render("pilot_redirect")
    if rule == "R2.cart_courier":
        return work.render("shop_no_courier", time_window=work.window())
    if rule == "R3.predicate":
        return moving.exception_asked(work)
    if rule == "R3.safety":
        children = "minors_safety" in work.verdict.signals
        return work.render("safety_received" if children else "abuse_received", time_window=work.window())
    if rule == "R0.attachment":
        return received(work)
    if rule in {"R0.person", "CASE.stuck", "CASE.cost", STOPPED}:
        open_now = work.facts.in_hours
        return work.render("handed_to_person" if open_now else "out_of_hours", time_window=work.window())
    left = shop_changes.has_left(work)
    if left is not None:
        return left
    template = BY_RULE.get(rule, "exception_escalated")
    if template not in ASKS_PAIR:
        return work.render(template, time_window=work.window())
    asked = pair_words(work, "verification_beside") if work.case.waiting_for == "identity" else ""
    return work.render(template, time_window=work.window(), verify=asked)


def received(work: Work) -> Rendered:
    """Acknowledge a file without pretending to have understood it."""
    message = work.message()
    kind = message.message.kind if message else "unsupported"
    if message and is_voice(message.message):
        return work.render("voice_received")
    return work.render(BY_FILE.get(kind, "unsupported_received"))


def asks_back(work: Work) -> bool:
    """Say whether a file came that nobody asked for and that tells nothing: B asks what it is about.

    What is spoken does tell something: a person has to hear it.
    """
    message = work.message()
    unasked = work.verdict.rules[0].id == "R0.attachment"
    return unasked and message is not None and not is_voice(message.message)


def is_voice(message: InboundMessage) -> bool:
    """Say whether a message is something spoken."""
    return message.kind == "audio"


def degraded(work: Work) -> Rendered:
    """Say that something cannot be checked right now and by when it will be."""
    pending = PENDING_FORMS.get(work.verdict.intent)
    if pending is not None:
        return work.render_pending(pending)
    dependency = work.verdict.dependency or ""
    return work.render(DEGRADED.get(dependency, "pending_verification"), time_window=work.window())
