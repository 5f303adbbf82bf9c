"""What a message means beside what is already known: who writes, what we asked, what is on file."""

from casefile.case import Case
from casefile.facts import Identity
from casefile.reading import Reading, Request
from policies.absence import cannot_come
from policies.appointments import Appointments, asks_about, named, said_in
from policies.desk import Rules
from policies.identity import is_verified
from policies.lost import says_lost
from policies.offers import asked_outright
from policies.prospects import ALIKE, FAINT, asks_availability
from policies.talk import calm_emoji

# What pages answer about days one cannot come; the day itself is one's own lesson's.
ABOUT_ABSENCE = frozenset(
    {"faq.sick_policy", "faq.no_show", "faq.makeup_class", "faq.pause_leave", "faq.late_arrival", "unclear"}
)

LITTLE = frozenset({"chitchat", "unclear", "deny", "other_topic"})


def as_said(reading: Reading, intent: str) -> Reading:
    """Read a message as what the conversation so far makes it: it is sure now, and what it raises stays with it."""
    signals = tuple(s for s in reading.signals if s != "unsure")
    request = Request(intent=intent, confidence=1.0, text=reading.normalized, signals=signals)
    return reading.model_copy(update={"requests": (request,), "signals": signals, "abstained": False})


def asked_back(reading: Reading, cases: tuple[Case, ...]) -> Reading:
    """Read "so how is it?" to a question of ours as an answer that says nothing: it is asked again."""
    asking = any(c.state == "awaiting_customer" and c.waiting_for is not None for c in cases)
    if not asking or [r.intent for r in reading.requests] != ["case_status"]:
        return reading
    unclear = reading.requests[0].model_copy(update={"intent": "unclear"})
    return reading.model_copy(update={"requests": (unclear,)})


def told_absence(reading: Reading) -> Reading:
    """Read who says that they cannot come as asking for another time; it can only raise what it was."""
    intents = {request.intent for request in reading.requests}
    if reading.signals or not intents <= ABOUT_ABSENCE or not cannot_come(reading.normalized):
        return reading
    moved = as_said(reading.model_copy(update={"signals": ("reschedule",)}), "reschedule")
    return moved.model_copy(update={"guesses": reading.guesses})


def without_the_pair(reading: Reading, cases: tuple[Case, ...]) -> Reading:
    """Read "I lost it" after a question for invoice and address as being about just that."""
    asking = any(c.state == "awaiting_customer" and c.waiting_for == "identity" for c in cases)
    small = {request.intent for request in reading.requests} <= LITTLE
    if not asking or reading.signals or not small or not says_lost(reading.normalized):
        return reading
    return as_said(reading, "lost_invoice")


def chosen_service(reading: Reading, cases: tuple[Case, ...], appointments: Appointments | None) -> Reading:
    """Read a service that is named after "what shall it be?", or "which one?", as the answer to it."""
    asking = any(c.state == "awaiting_customer" and c.waiting_for in {"service", "booking"} for c in cases)
    if not asking or appointments is None or reading.signals or asks_about(reading.normalized):
        return reading
    return as_said(reading, "give_time") if named(said_in(reading), appointments) else reading


def of_a_stranger(reading: Reading, identity: Identity, rules: Rules) -> Reading:
    """Read a stranger's "any free slot on Saturday?" as asking about our hours: they have no lesson to move.

    Where it is booked by the hour, it asks for just that, unless it says that it means our hours.
    """
    alike = {request.intent for request in reading.requests} <= ALIKE and set(reading.signals) <= FAINT
    if is_verified(identity) or not alike or not asks_availability(reading.normalized):
        return reading
    hours = rules.appointments is None or any(r.intent == "faq.opening_hours" for r in reading.requests)
    return as_said(reading.model_copy(update={"signals": ()}), "faq.opening_hours" if hours else "free_slots")


def of_a_face(reading: Reading, text: str, cases: tuple[Case, ...]) -> Reading | None:
    """Read friendly emoji as a yes where one is waited for; None where they need no answer."""
    if not calm_emoji(text):
        return reading
    if not asked_outright(cases) and not any(case.waiting_for in {"confirm", "session"} for case in cases):
        return None
    agreed = reading.slots.model_copy(update={"yes_no": "yes"})
    return as_said(reading, "affirm").model_copy(update={"slots": agreed})
