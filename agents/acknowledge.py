"""B's first words on what a person has to decide or do: calm, no claim, a time window."""

from agents import moving
from agents.work import Work
from casefile.events import InboundMessage
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
    "R0.no_page": "faq_missing",
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


def acknowledgement(work: Work) -> Rendered:
    """Choose the acknowledgement for the rule that fired; the window comes from the service level."""
    rule = work.verdict.rules[0].id
    if rule == "CASE.addition":
        return work.render("addition_noted")
    if rule == "PILOT.redirect":
        return work.render("pilot_redirect")
    if rule == "R3.predicate":
        return moving.exception_asked(work)
    if rule == "R3.safety":
        children = "minors_safety" in work.verdict.signals
        return work.render("safety_received" if children else "abuse_received", time_window=work.window())
    if rule == "R0.attachment":
        return received(work)
    if rule in {"R0.person", "CASE.stuck"}:
        open_now = work.facts.in_hours
        return work.render("handed_to_person" if open_now else "out_of_hours", time_window=work.window())
    return work.render(BY_RULE.get(rule, "exception_escalated"), time_window=work.window())


def received(work: Work) -> Rendered:
    """Acknowledge a file without pretending to have understood it."""
    message = work.message()
    kind = message.message.kind if message else "unsupported"
    if message and is_voice(message.message):
        return work.render("voice_received")
    return work.render(BY_FILE.get(kind, "unsupported_received"))


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
