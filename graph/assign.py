"""Which case does this belong to? Each request of a burst finds its case or opens one."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from casefile.case import Case
from casefile.reading import Reading, Request, Slots
from graph.in_context import OPEN_STATES, in_context
from graph.interview import begins, interview
from graph.meanings import as_said, asked_back, chosen_service, told_absence, without_the_pair
from graph.shopping import about_goods, as_one, in_its_language, in_review, says_more, trip
from graph.shopping import answers as trip_answers
from policies.additions import GRAVE, asks_of_its_own, joins_what_is_decided
from policies.after_move import goes_on, takes_back
from policies.booking_intents import BOOKABLE
from policies.changes import replaces
from policies.desk import Rules
from policies.enrol_matter import answers_signup
from policies.enrolments import gives_details
from policies.intents import known, spec
from policies.matter import CONTEXT_INTENTS
from policies.news import asked_about
from policies.offers import taken_up
from policies.shop_places import gives_address
from policies.shop_words import order_in

ADDITION_INTENTS = CONTEXT_INTENTS | {"attachment", "acknowledge_wait", "payment_claim", "human_request"}
NEVER = datetime.min.replace(tzinfo=UTC)
# Asking again for what is being decided is no new request.
PLEAS = frozenset({"exception_request", "complaint"})


@dataclass(frozen=True, slots=True)
class Assigned:
    """One request of a burst and the case it belongs to (None: it opens one)."""

    case_id: str | None
    reading: Reading


def assign(
    reading: Reading, cases: tuple[Case, ...], rules: Rules, now: datetime, words: str = ""
) -> tuple[Assigned, ...]:
    """Give every request of a burst to its case; several may be about the same one, which then hears it once.

    `words` are the burst as it was typed.
    """
    part = interview(reading, cases, words, rules.leads)
    if part is not None:
        rest = reading.model_copy(update={"requests": part.rest})
        others = tuple(c for c in cases if c.id != part.case_id)
        beside = _by_request(rest, others, rules, now) if part.rest else ()
        return (*beside, Assigned(part.case_id, part.reading))
    asking = any(c.waiting_for is not None for c in cases)
    return _by_request(reading if asking else begins(reading, cases, words, rules.leads), cases, rules, now)


def _by_request(
    reading: Reading, cases: tuple[Case, ...], rules: Rules, now: datetime
) -> tuple[Assigned, ...]:
    reading = without_the_pair(told_absence(in_context(reading, cases, rules.zone)), cases)
    reading = chosen_service(in_its_language(reading, cases), cases, rules.appointments)
    if rules.sells:
        reading = about_goods(reading)
    offer = taken_up(reading, cases)
    if offer is not None:
        wanted = "booking_request" if rules.appointments and offer[1] == "new_session" else offer[1]
        return (Assigned(offer[0].id, as_said(reading, wanted if known(wanted) else "accepted_offer")),)
    standing = (in_review(reading, cases) if rules.sells else None) or asked_about(reading, cases)
    if standing is not None:
        return (Assigned(standing.id, as_said(reading, "case_status")),)
    reading = asked_back(reading, cases)
    requests = reading.requests or (
        Request(intent="unclear", confidence=0.0, text=reading.normalized, signals=reading.signals),
    )
    requests = as_one(_beside_what_a_person_decides(requests))
    if reading.requests:
        # What was left out must not come back as the reading's first request.
        reading = reading.model_copy(update={"requests": requests})
    if len(requests) == 1:
        replaced = next((c for c in cases if replaces(c, requests[0], reading)), None)
        if replaced is not None:
            return (Assigned(replaced.id, _withdrawing(reading)), Assigned(None, reading))
        return (Assigned(_case_for(requests[0], reading, cases, rules, now), reading),)
    found: dict[str, Assigned] = {}
    risky = sum(bool(r.signals) for r in requests) > 1
    # What nobody's words carry alone, and an attack wherever it stands, is a risk of every request beside it.
    shared = {"injection"} | set(reading.signals).difference(*(r.signals for r in requests))
    for number, request in enumerate(requests):
        signals = tuple(s for s in reading.signals if s in shared or s in request.signals)
        # A question about policy comes down only when nothing else in the message carries a risk.
        question = request.is_question and not risky
        request = request.model_copy(update={"is_question": question, "signals": signals})
        own = reading.model_copy(update={"requests": (request,), "signals": request.signals})
        case_id = _case_for(request, own, cases, rules, now)
        found.setdefault(case_id or f"new:{number}", Assigned(case_id, own))
    return tuple(found.values())


def _withdrawing(reading: Reading) -> Reading:
    """Return what a correction means for the request it replaces."""
    taken_back = ("withdrawal",)
    request = Request(intent="withdrawal", confidence=1.0, text=reading.normalized, signals=taken_back)
    return reading.model_copy(update={"requests": (request,), "signals": taken_back, "slots": Slots()})


def _beside_what_a_person_decides(requests: tuple[Request, ...]) -> tuple[Request, ...]:
    """Leave out what goes with a request that a person decides: they read the whole message anyway.

    Nothing is carried out beside it; anger and pleas are part of it; beside a grave report nothing else is asked.
    """
    sensitive = [r for r in requests if spec(r.intent).kind == "sensitive"]
    if not sensitive:
        return requests
    kept = [r for r in requests if spec(r.intent).kind != "operation"]
    grave = [r for r in sensitive if r.intent in GRAVE]
    weighty = grave[:1] or [r for r in sensitive if r.intent not in PLEAS] or sensitive[:1]
    return tuple(r for r in kept if r in weighty or r not in sensitive)


def _case_for(
    request: Request, reading: Reading, cases: tuple[Case, ...], rules: Rules, now: datetime
) -> str | None:
    newest_first = sorted(
        (c for c in cases if c.state in OPEN_STATES), key=lambda c: c.updated_at, reverse=True
    )
    pending = [c for c in newest_first if c.state in {"awaiting_approval", "with_person"}]
    asked = [c for c in newest_first if c.waiting_for not in {None, "offer"}]
    done = next((c for c in newest_first if takes_back(c, request)), None)
    if done is not None and done.updated_at > max((c.updated_at for c in (*pending, *asked)), default=NEVER):
        return done.id
    if "withdrawal" in reading.signals and (pending or asked):
        return _about(request, reading, pending) or (asked or pending)[0].id
    goes_on = trip(request, reading, sorted(cases, key=lambda c: c.updated_at, reverse=True))
    if goes_on is not None:
        return goes_on.id
    if asked and (request.intent in CONTEXT_INTENTS or answers(reading, asked[0])):
        return asked[0].id
    again = _asked_again(request, reading, asked)
    if again is not None:
        return again
    if pending:
        same = _about(request, reading, pending)
        if same is not None:
            return same
        deciding = [c for c in pending if c.state == "awaiting_approval"]
        if deciding and (request.intent in PLEAS or joins_what_is_decided(request, reading)):
            return deciding[0].id
        if request.intent in ADDITION_INTENTS and not asks_of_its_own(request, reading):
            return pending[0].id
    return _earlier(request, reading, cases, rules, now)


def _about(request: Request, reading: Reading, pending: list[Case]) -> str | None:
    """Return the pending case a message is about: the same intent, or one of its risk signals."""
    for case in pending:
        signals = {tag.removeprefix("signal:") for tag in case.tags if tag.startswith("signal:")}
        own = signals & (set(reading.signals) - {"policy_question", "withdrawal"})
        if request.intent == case.intent or (own and not request.is_question):
            return case.id
    return None


def _asked_again(request: Request, reading: Reading, asked: list[Case]) -> str | None:
    """Return the case that still asks about the same request; one for a child that is named is another."""
    if request.is_question or reading.slots.names:
        return None
    alike = frozenset(BOOKABLE) if request.intent in BOOKABLE else {request.intent}
    return next((c.id for c in asked if c.intent in alike), None)


def answers(reading: Reading, case: Case) -> bool:
    """Say whether a message carries what the case has asked for, whatever else it looks like."""
    slots = reading.slots
    match case.waiting_for:
        case "identity":
            return bool(slots.invoice_numbers or slots.emails)
        case "child":
            return bool(slots.names)
        case "meaning" | "service":
            return bool(slots.choice)
        case "details":
            told = case.change is not None and gives_address(reading.normalized, slots.phones)
            return told or gives_details(reading.normalized) or says_more(reading, case)
        case "slot" | "time" | "confirm" | "session" | "booking":
            given = bool(slots.when or slots.choice or slots.yes_no) and "refund" not in reading.signals
            return given or says_more(reading, case)
        case "product" | "variant" | "buy" | "address":
            return trip_answers(reading, case)
        case "order":
            return bool(slots.choice or order_in(reading.normalized))
        case "who" | "package":
            return answers_signup(reading, case)
        case _:
            return False


def only_answers(reading: Reading, case: Case) -> bool:
    """Say whether a message is the answer to what a case has asked for, and no request of its own."""
    return answers(reading, case) and all(r.intent in CONTEXT_INTENTS for r in reading.requests)


def _noted(case: Case) -> bool:
    """Say whether a case is a lead that is noted: who wants something else built is another one."""
    return case.lead is not None and case.lead.noted


def _earlier(
    request: Request, reading: Reading, cases: tuple[Case, ...], rules: Rules, now: datetime
) -> str | None:
    """Return an answered or recently resolved case on the same matter; small talk joins the newest one.

    A case that resolved while its question stood open is on the matter of whatever answers that question.
    """
    since = now - timedelta(days=rules.limits.reopen_days)
    recent = [c for c in cases if c.state in {"answered", "resolved"} and c.updated_at >= since]
    recent.sort(key=lambda c: c.updated_at, reverse=True)
    answered = next((c for c in recent if c.state == "resolved" and answers(reading, c)), None)
    if answered is not None and request.intent in CONTEXT_INTENTS | {answered.intent}:
        return answered.id
    calm = [c for c in recent if c.state == "answered"]
    moved = next((c for c in calm if takes_back(c, request) or goes_on(c, request, reading)), None)
    if moved is not None:
        return moved.id
    # A file that came before its words belongs to them.
    shown = {"attachment"} if request.intent == "payment_claim" else set()
    same = next((c for c in recent if c.intent in {request.intent, *shown} and not _noted(c)), None)
    if same is not None:
        return same.id
    small = spec(request.intent).kind == "conversational" and request.intent not in {"unclear", "injection"}
    return calm[0].id if small and calm else None
