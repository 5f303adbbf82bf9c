"""What a message means where it is said: a reading seen in the light of the question that stands open."""

from zoneinfo import ZoneInfo

from casefile.case import Case
from casefile.reading import Reading, Request
from policies.additions import CLEAR
from policies.booking_intents import BOOKABLE, BOOKING
from policies.changes import says_instead
from policies.intents import spec
from policies.matter import CONTEXT_INTENTS
from policies.wishes import asks_for_others, fits

OPEN_STATES = frozenset({"awaiting_customer", "awaiting_approval", "executing", "with_person", "answered"})
# What a yes or no is said with; with a question of ours open, the answer counts and not the courtesy.
COURTESIES = frozenset({"thanks", "acknowledge_wait", "goodbye", "chitchat", "greeting"})


def in_context(reading: Reading, cases: tuple[Case, ...], zone: ZoneInfo) -> Reading:
    """Return the reading as the open questions of this conversation make it."""
    reading = _instead(reading, cases, zone)
    for see in (_chosen_meaning, _other_hours, _plain_answer, _unasked_child):
        reading = see(reading, cases)
    return reading


def names_no_time(reading: Reading, case: Case) -> bool:
    """Say whether this only answers who writes or which child is meant, while a move or a booking waits for that."""
    asked = case.intent in {"reschedule", *BOOKING} and case.waiting_for in {"identity", "child"}
    bare = not reading.signals and not reading.slots.when
    return asked and bare and all(request.intent in CONTEXT_INTENTS for request in reading.requests)


def with_times(reading: Reading, asked: Reading) -> Reading:
    """Return the request as it was asked, with the details of the answer that it waited for."""
    slots = reading.slots.model_copy(update={"when": asked.slots.when})
    return asked.model_copy(update={"slots": slots, "language": reading.language})


def _chosen_meaning(reading: Reading, cases: tuple[Case, ...]) -> Reading:
    """Read a number after "which one do you mean?" as the meaning it stands for."""
    asking = _asking(cases)
    choice = reading.slots.choice
    if asking is None or asking.waiting_for != "meaning" or choice is None or reading.signals:
        return reading
    meanings = asking.meanings
    if not 0 < choice <= len(meanings):
        return reading
    return _as(reading, meanings[choice - 1])


def _instead(reading: Reading, cases: tuple[Case, ...], zone: ZoneInfo) -> Reading:
    """Read "not that, Friday at two instead" as the new wish it is, and not as taking everything back."""
    undecided = [c for c in cases if c.state == "awaiting_approval"]
    asking = _asking(cases)
    about = [c.intent for c in (*undecided, *((asking,) if asking is not None else ()))]
    signals = set(reading.signals)
    taken_back = "withdrawal" in signals and signals <= {"withdrawal", "reschedule", "cancel"}
    if not taken_back or not reading.slots.when or not says_instead(reading.normalized):
        return reading
    quiet = tuple(s for s in reading.signals if s == "reschedule")
    if not BOOKABLE.keys().isdisjoint(about) or "reschedule" in about:
        chosen = [c.chosen for c in cases if c.chosen is not None and c.state in OPEN_STATES]
        # The hour that was asked about is what they do not want any more.
        wanted = tuple(w for w in reading.slots.when if not any(fits(slot, w, zone) for slot in chosen))
        slots = reading.slots.model_copy(update={"when": wanted})
        calm = reading.model_copy(update={"signals": quiet, "slots": slots})
        return _as(calm, "give_time") if wanted else reading
    calm = reading.model_copy(update={"signals": quiet})
    return _as(calm, "reschedule") if "cancel_request" in about and quiet else reading


def _other_hours(reading: Reading, cases: tuple[Case, ...]) -> Reading:
    """Read "is there another one?" as about the hours that were offered."""
    asking = _asking(cases)
    open_offer = (
        asking is not None and asking.state in OPEN_STATES and asking.waiting_for in {"slot", "confirm"}
    )
    if not open_offer or set(reading.signals) - {"reschedule"} or not asks_for_others(reading.normalized):
        return reading
    return _as(reading, "give_time")


def _plain_answer(reading: Reading, cases: tuple[Case, ...]) -> Reading:
    """Read a yes or no said with thanks as just that while a change waits for it.

    Thanks alone agree to nothing; before a confirmation they are no answer, and it is asked again.
    """
    asking = _asking(cases)
    if asking is None or asking.state not in OPEN_STATES or reading.signals:
        return reading
    said = reading.slots.yes_no
    open_question = asking.waiting_for == "confirm" or (
        said is not None and asking.waiting_for in {"slot", "session"}
    )
    if not open_question or not all(r.intent in COURTESIES for r in reading.requests):
        return reading
    return _as(reading, {"yes": "affirm", "no": "deny", None: "unclear"}[said])


def _as(reading: Reading, intent: str) -> Reading:
    """Return the reading as the one request it is, its words and signals kept."""
    text = " ".join(request.text for request in reading.requests) or reading.normalized
    request = Request(intent=intent, confidence=1.0, text=text, signals=reading.signals)
    return reading.model_copy(update={"requests": (request,), "abstained": False})


def _asking(cases: tuple[Case, ...]) -> Case | None:
    """Return the case that asked last; a question left open by a resolved one counts after every other."""
    asked = [c for c in cases if c.waiting_for not in {None, "offer", "details"}]
    return max(asked, key=lambda c: (c.state in OPEN_STATES, c.updated_at), default=None)


def _unasked_child(reading: Reading, cases: tuple[Case, ...]) -> Reading:
    """Read little more than a child's name, when no child was asked for, as what it most likely asks.

    Right after an answer on one child, "kalau Raka?" asks the same of another.
    """
    asked = any(c.waiting_for == "child" for c in cases if c.state in OPEN_STATES)
    first = reading.guesses[0] if reading.guesses else None
    only = [r.intent for r in reading.requests]
    named = only == ["choose_child"] or (not only and first is not None and first.intent == "choose_child")
    if asked or not named or first is None or reading.signals:
        return reading
    if first.confidence >= CLEAR and spec(first.intent).kind == "account":
        return _as(reading, first.intent)
    last = max(cases, key=lambda c: c.updated_at, default=None)
    same = last is not None and last.state == "answered" and spec(last.intent).kind == "account"
    return _as(reading, last.intent) if last is not None and same else reading
