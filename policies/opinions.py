"""What a model's opinion of a message may change: it adds to what was read, and never takes away or lowers.

Nothing that is carried out, agreed to or taken back may come from a model alone: it can name a question that a page
or the customer's own record answers, a move of a lesson (which the customer confirms), or a risk - nothing else.
"""

from collections.abc import Iterable

from casefile.case import Case
from casefile.opinion import Opinion
from casefile.reading import SIGNALS, IntentGuess, Reading, Request
from casefile.verdict import strictest
from policies.intents import spec

# These would take something back, explain something away, or turn a case for a person into a question.
NOT_A_MODELS = frozenset({"withdrawal", "policy_question", "unsure"})
ADDABLE = frozenset(SIGNALS) - NOT_A_MODELS
# Said by people in so many words, and answered by one; the model may call one for them.
ANSWERED = frozenset({"faq", "goods", "account"})
AS_SIGNAL = {"human_request": "human_request", "payment_claim": "payment_claim"}
# A move is confirmed by the customer before anything happens; what else is carried out is only offered.
CONFIRMED_FIRST = "reschedule"
MOST_REQUESTS = 2
MOST_GUESSES = 3
LIKELIHOOD = 0.5


def with_opinion(reading: Reading, opinion: Opinion, cases: Iterable[Case]) -> Reading:
    """Add a model's opinion to a reading; `cases` are those that are open in the conversation."""
    heard = set(reading.signals) | signals_of(opinion)
    update: dict[str, object] = {
        "signals": tuple(s for s in SIGNALS if s in heard),
        "model_tier": strictest(reading.model_tier, opinion.tier),
    }
    # Where an answer to us is due, or a person is deciding, the message belongs to that.
    if not any(case.waiting_for is not None or case.approval_id is not None for case in cases):
        update |= _asked(reading, opinion)
    return reading.model_copy(update=update)


def signals_of(opinion: Opinion) -> frozenset[str]:
    """Return the risks an opinion adds, those its intents stand for included."""
    own = {spec(intent).signal or AS_SIGNAL.get(intent, "") for intent in opinion.intents}
    return ADDABLE & (own | set(opinion.signals))


def differs(reading: Reading, opinion: Opinion) -> tuple[str, ...]:
    """Say in what an opinion differs from what the rules have read, for people who compare the two."""
    found = [f"+{signal}" for signal in sorted(signals_of(opinion) - set(reading.signals))]
    read = [request.intent for request in reading.requests]
    if opinion.intents and not set(opinion.intents) & set(read):
        found.append(f"{'+'.join(read) or 'unclear'} -> {'+'.join(opinion.intents)}")
    return (*found, opinion.tier) if opinion.tier != "R0" else tuple(found)


def _asked(reading: Reading, opinion: Opinion) -> dict[str, object]:
    """Return what is asked for with the opinion in it; a model that sees none of what was read adds nothing."""
    read = [request.intent for request in reading.requests]
    calm = all(spec(intent).kind in ANSWERED for intent in read) and not reading.signals
    if read and not (calm and set(read) <= set(opinion.intents)):
        return {}
    more = [intent for intent in opinion.intents if intent not in read and _may_stand(intent, bool(read))]
    added = tuple(_request(intent, reading) for intent in more)[: MOST_REQUESTS - len(read)]
    if added:
        return {"requests": (*reading.requests, *added), "abstained": False}
    wished = [i for i in opinion.intents if spec(i).kind == "operation" and i not in AS_SIGNAL]
    guessed = [IntentGuess(intent=intent, confidence=LIKELIHOOD) for intent in wished]
    others = [guess for guess in reading.guesses if guess.intent not in wished]
    return {} if read else {"guesses": tuple([*guessed, *others][:MOST_GUESSES])}


def _may_stand(intent: str, beside: bool) -> bool:
    """Say whether a model may name this as what is asked for; beside another request only a question."""
    return spec(intent).kind in ANSWERED or (intent == CONFIRMED_FIRST and not beside)


def _request(intent: str, reading: Reading) -> Request:
    own = spec(intent).signal
    signals = () if own is None else (own,)
    return Request(intent=intent, confidence=LIKELIHOOD, text=reading.normalized, signals=signals)
