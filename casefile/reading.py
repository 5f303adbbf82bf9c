"""What was understood of one message: language, requests, risk signals and slots."""

import datetime as dt
from typing import Literal

from casefile.base import Frozen, Language
from casefile.verdict import Tier

PartOfDay = Literal["morning", "noon", "afternoon", "evening"]
SIGNALS: tuple[str, ...] = (
    "reschedule",
    "refund",
    "cancel",
    "chargeback",
    "legal",
    "privacy_delete",
    "privacy_export",
    "privacy_correct",
    "third_party",
    "minors_safety",
    "harassment",
    "abuse",
    "complaint",
    "exception",
    "injection",
    "payment_claim",
    "withdrawal",
    "human_request",
    "vip_pressure",
    "policy_question",
    "unsure",
)


class IntentGuess(Frozen):
    """One class of the intent classifier with its calibrated probability, 0 to 1."""

    intent: str
    confidence: float


class WhenSlot(Frozen):
    """A date, time or part of a day said in the message, resolved in the desk's zone.

    `ambiguous_hour` is true for a bare clock hour ("jam 3") that could be morning or afternoon;
    `time` then holds the likelier reading within lesson hours.
    """

    text: str
    date: dt.date | None = None
    time: dt.time | None = None
    part_of_day: PartOfDay | None = None
    ambiguous_hour: bool = False


class Slots(Frozen):
    """The details a message carries, in the order they were said.

    Phones are E.164; invoice numbers upper case; emails lower case; `choice` counts from 1, -1 is "the last".
    """

    invoice_numbers: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    when: tuple[WhenSlot, ...] = ()
    names: tuple[str, ...] = ()
    choice: int | None = None
    yes_no: Literal["yes", "no"] | None = None


class Request(Frozen):
    """One thing the customer asks for, with the words it was asked in.

    `is_question` marks a question about policy without a request; `signals` are those of these words alone.
    """

    intent: str
    confidence: float
    is_question: bool = False
    text: str
    signals: tuple[str, ...] = ()


class Reading(Frozen):
    """The whole reading of one message; `signals` are in the order of SIGNALS.

    `abstained` is true when no intent was clear enough to act on; `guesses` then holds what to offer.
    `model_tier` is where a model would put it, which can only raise; `model_differs` says in what it read the
    message otherwise than the rules.
    """

    language: Language
    normalized: str
    requests: tuple[Request, ...]
    signals: tuple[str, ...] = ()
    slots: Slots = Slots()
    guesses: tuple[IntentGuess, ...] = ()
    abstained: bool = False
    model_tier: Tier = "R0"
    model_differs: tuple[str, ...] = ()
