"""What comes in: bursts become one reading, and a case is made ready for what enters it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from casefile.base import Language
from casefile.case import Case
from casefile.errors import LoketError
from casefile.events import MessageReceived
from casefile.reading import Reading, Request, Slots
from casefile.records import Student
from graph.assign import only_answers
from policies.desk import Rules
from ports.understanding import Understander

SILENT_KINDS = frozenset({"reaction", "revoke"})
# More than two of WhatsApp's longest messages; what is longer is not understood to its end, so a person reads it.
MOST_READ = 10_000


def read_burst(
    messages: tuple[MessageReceived, ...],
    understander: Understander,
    language: Language | None,
    students: tuple[Student, ...],
    rules: Rules,
    now: datetime,
) -> Reading:
    """Read a burst as one text; pressed buttons say what they mean without being guessed at."""
    # A place that is sent has a name or coordinates, and those are nobody's words.
    text = "\n".join(m.message.text for m in messages if m.message.text and m.message.kind != "location")
    names = tuple(s.name for s in students)
    reading = understander.read(
        text[:MOST_READ],
        now=now,
        zone=ZoneInfo(rules.hours.zone),
        conversation_language=language,
        names=names,
    )
    if len(text) > MOST_READ:
        return _read_by_a_person(reading)
    pressed = next((m.message.button for m in reversed(messages) if m.message.button), None)
    if pressed is not None:
        return _pressed(reading, pressed)
    if not text and all(m.message.sticker for m in messages):
        request = Request(intent="greeting", confidence=1.0, text=text)
        return reading.model_copy(update={"requests": (request,), "abstained": False})
    has_file = any(m.message.file or m.message.kind in {"location", "unsupported"} for m in messages)
    if has_file and not reading.signals and (not text or reading.abstained):
        request = Request(intent="attachment", confidence=1.0, text=text)
        return reading.model_copy(update={"requests": (request,), "abstained": False})
    if has_file and not reading.signals and {r.intent for r in reading.requests} == {"product_photo"}:
        # "Ini fotonya": who sends a picture asks for none.
        request = Request(intent="attachment", confidence=1.0, text=text)
        return reading.model_copy(update={"requests": (request,)})
    if has_file and set(reading.signals) == {"payment_claim"}:
        # A file sent with such words is the proof itself: staff look at it, whatever else is asked.
        request = Request(intent="payment_claim", confidence=1.0, text=text, signals=reading.signals)
        return reading.model_copy(update={"requests": (request,), "abstained": False})
    return reading


def _read_by_a_person(reading: Reading) -> Reading:
    """Hand on what is too long; a risk in what was read of it still goes where that risk goes."""
    if reading.signals:
        return reading
    request = Request(intent="human_request", confidence=1.0, text=reading.normalized)
    return reading.model_copy(update={"requests": (request,), "slots": Slots(), "abstained": False})


def _pressed(reading: Reading, button: str) -> Reading:
    kind, _, value = button.partition(":")
    intent, slots = "unclear", Slots()
    match kind:
        case "slot" | "goods" | "service" | "booking" if value.isdigit():
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


def entered(case: Case, texts: tuple[str, ...], now: datetime, reading: Reading | None = None) -> Case:
    """Return a case as it stands when a customer's burst enters it."""
    for text in texts:
        case = case.said("customer", text, now)
    if case.state == "resolved":
        case = case.reopen()
        if reading is None or not only_answers(reading, case):
            # Asked for again it begins anew: what was offered then is no offer now.
            case = case.with_(
                waiting_for=None,
                offered=(),
                chosen=None,
                meanings=(),
                session_id=None,
                wish=None,
                shown=(),
                moved=None,
                service=None,
            )
    if case.state in {"new", "awaiting_customer", "answered", "resolved"} or case.pending_dependency:
        case = case.move("triaged", "A", now)
    return case


def must_exist(case_id: str, cases: tuple[Case, ...]) -> Case:
    """Return the case an event names."""
    for case in cases:
        if case.id == case_id:
            return case
    raise LoketError(f"an event names case {case_id}, which this conversation does not have open")
