"""Which case does this belong to? Bursts become one reading; each request finds its case or opens one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from casefile.base import Language
from casefile.case import Case
from casefile.errors import LoketError
from casefile.events import MessageReceived
from casefile.reading import Reading, Request, Slots
from casefile.records import Student
from policies.desk import Rules
from policies.intents import spec
from policies.matter import CONTEXT_INTENTS
from ports.understanding import Understander

SILENT_KINDS = frozenset({"reaction", "revoke"})
ADDITION_INTENTS = CONTEXT_INTENTS | {"attachment", "acknowledge_wait", "payment_claim", "human_request"}
# Asking again for what is being decided is no new request.
GRAVE_INTENTS = frozenset(
    {"minors_safety", "harassment_report", "abuse_report", "legal_threat", "chargeback_threat"}
)
PLEAS = frozenset({"exception_request", "complaint"})
OPEN_STATES = frozenset({"awaiting_customer", "awaiting_approval", "executing", "with_person", "answered"})


@dataclass(frozen=True, slots=True)
class Assigned:
    """One request of a burst and the case it belongs to (None: it opens one)."""

    case_id: str | None
    reading: Reading


def read_burst(
    messages: tuple[MessageReceived, ...],
    understander: Understander,
    language: Language | None,
    students: tuple[Student, ...],
    rules: Rules,
    now: datetime,
) -> Reading:
    """Read a burst as one text; pressed buttons say what they mean without being guessed at."""
    text = "\n".join(m.message.text for m in messages if m.message.text)
    names = tuple(s.name for s in students)
    reading = understander.read(
        text, now=now, zone=ZoneInfo(rules.hours.zone), conversation_language=language, names=names
    )
    pressed = next((m.message.button for m in reversed(messages) if m.message.button), None)
    if pressed is not None:
        return _pressed(reading, pressed)
    has_file = any(m.message.media or m.message.kind in {"location", "unsupported"} for m in messages)
    if has_file and not reading.signals and (not text or reading.abstained):
        request = Request(intent="attachment", confidence=1.0, text=text)
        return reading.model_copy(update={"requests": (request,), "abstained": False})
    if has_file and set(reading.signals) == {"payment_claim"}:
        # A file sent with such words is the proof itself: staff look at it, whatever else is asked.
        request = Request(intent="payment_claim", confidence=1.0, text=text, signals=reading.signals)
        return reading.model_copy(update={"requests": (request,), "abstained": False})
    return reading


def _pressed(reading: Reading, button: str) -> Reading:
    kind, _, value = button.partition(":")
    intent, slots = "unclear", Slots()
    match kind:
        case "slot" if value.isdigit():
            intent, slots = "give_time", Slots(choice=int(value))
        case "child":
            intent, slots = "choose_child", Slots(names=(value,))
        case "yes" | "no":
            intent, slots = (
                ("affirm" if kind == "yes" else "deny"),
                Slots(yes_no="yes" if kind == "yes" else "no"),
            )
        case "intent" if value:
            intent = value
        case _:
            return reading
    request = Request(intent=intent, confidence=1.0, text=reading.normalized)
    return reading.model_copy(
        update={"requests": (request,), "signals": (), "slots": slots, "abstained": False}
    )


def assign(reading: Reading, cases: tuple[Case, ...], rules: Rules, now: datetime) -> tuple[Assigned, ...]:
    """Give every request of a burst to its case; several may be about the same one, which then hears it once."""
    reading = _chosen_meaning(reading, cases)
    requests = reading.requests or (
        Request(intent="unclear", confidence=0.0, text=reading.normalized, signals=reading.signals),
    )
    requests = _beside_what_a_person_decides(requests)
    if reading.requests:
        # What was left out must not come back as the reading's first request.
        reading = reading.model_copy(update={"requests": requests})
    if len(requests) == 1:
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


def _beside_what_a_person_decides(requests: tuple[Request, ...]) -> tuple[Request, ...]:
    """Leave out what goes with a request that a person decides: they read the whole message anyway.

    Nothing is carried out beside it; anger and pleas are part of it; beside a grave report nothing else is asked.
    """
    sensitive = [r for r in requests if spec(r.intent).kind == "sensitive"]
    if not sensitive:
        return requests
    kept = [r for r in requests if spec(r.intent).kind != "operation"]
    grave = [r for r in sensitive if r.intent in GRAVE_INTENTS]
    weighty = grave[:1] or [r for r in sensitive if r.intent not in PLEAS] or sensitive[:1]
    return tuple(r for r in kept if r in weighty or r not in sensitive)


def _chosen_meaning(reading: Reading, cases: tuple[Case, ...]) -> Reading:
    """Read a number after "which one do you mean?" as the meaning it stands for."""
    asked = [c for c in cases if c.waiting_for == "meaning" and c.meanings]
    choice = reading.slots.choice
    if not asked or choice is None or reading.signals:
        return reading
    meanings = max(asked, key=lambda c: c.updated_at).meanings
    if not 0 < choice <= len(meanings):
        return reading
    request = Request(intent=meanings[choice - 1], confidence=1.0, text=reading.normalized)
    return reading.model_copy(update={"requests": (request,), "abstained": False})


def _case_for(
    request: Request, reading: Reading, cases: tuple[Case, ...], rules: Rules, now: datetime
) -> str | None:
    newest_first = sorted(
        (c for c in cases if c.state in OPEN_STATES), key=lambda c: c.updated_at, reverse=True
    )
    pending = [c for c in newest_first if c.state in {"awaiting_approval", "with_person"}]
    asked = [c for c in newest_first if c.waiting_for is not None]
    if "withdrawal" in reading.signals and (pending or asked):
        return _about(request, reading, pending) or (asked or pending)[0].id
    if asked and (request.intent in CONTEXT_INTENTS or _answers(reading, asked[0])):
        return asked[0].id
    again = _asked_again(request, reading, asked)
    if again is not None:
        return again
    if pending:
        same = _about(request, reading, pending)
        if same is not None:
            return same
        deciding = [c for c in pending if c.state == "awaiting_approval"]
        if request.intent in PLEAS and deciding:
            return deciding[0].id
        if request.intent in ADDITION_INTENTS:
            return pending[0].id
    return _earlier(request, cases, rules, now)


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
    return next((c.id for c in asked if c.intent == request.intent), None)


def _answers(reading: Reading, case: Case) -> bool:
    """Say whether a message carries what the case has asked for, whatever else it looks like."""
    slots = reading.slots
    match case.waiting_for:
        case "identity":
            return bool(slots.invoice_numbers or slots.emails)
        case "child":
            return bool(slots.names)
        case "meaning":
            return bool(slots.choice)
        case "slot" | "time" | "confirm":
            return bool(slots.when or slots.choice or slots.yes_no) and "refund" not in reading.signals
        case _:
            return False


def _earlier(request: Request, cases: tuple[Case, ...], rules: Rules, now: datetime) -> str | None:
    """Return an answered or recently resolved case on the same matter; small talk joins the newest one."""
    since = now - timedelta(days=rules.limits.reopen_days)
    recent = [c for c in cases if c.state in {"answered", "resolved"} and c.updated_at >= since]
    recent.sort(key=lambda c: c.updated_at, reverse=True)
    same = next((c for c in recent if c.intent == request.intent), None)
    if same is not None:
        return same.id
    small = spec(request.intent).kind == "conversational" and request.intent not in {"unclear", "injection"}
    calm = [c for c in recent if c.state == "answered"]
    return calm[0].id if small and calm else None


def entered(case: Case, texts: tuple[str, ...], now: datetime) -> Case:
    """Return a case as it stands when a customer's burst enters it."""
    for text in texts:
        case = case.said("customer", text, now)
    if case.state == "resolved":
        case = case.with_(reopened=case.reopened + 1, opened_turn=case.turn)
    if case.state in {"new", "awaiting_customer", "answered", "resolved"} or case.pending_dependency:
        case = case.move("triaged", "A", now)
    return case


def must_exist(case_id: str, cases: tuple[Case, ...]) -> Case:
    """Return the case an event names."""
    for case in cases:
        if case.id == case_id:
            return case
    raise LoketError(f"an event names case {case_id}, which this conversation does not have open")
