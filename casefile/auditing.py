"""What was sent, judged afterwards: the answers of a week that people look at, and what they found."""

from typing import Literal

from pydantic import AwareDatetime

from casefile.base import Frozen, Language
from casefile.verdict import Tier

Label = Literal["correct", "incorrect", "risky"]
Flaw = Literal["no_source", "invented_state", "wrong", "incomplete", "tone", "privacy"]


class Judgement(Frozen):
    """What a person found of an answer; `flaw` and `reason` are there where it is not correct."""

    label: Label
    flaw: Flaw | None = None
    reason: str = ""
    by: str
    at: AwareDatetime


class Answer(Frozen):
    """One answer that reached its customer: `key` is its effect's, `drafted` says that a model phrased it."""

    key: str
    case_id: str
    turn: int
    tier: Tier
    language: Language
    drafted: bool
    judgement: Judgement | None = None


class Sample(Frozen):
    """What people look at of one ISO week ("2026-W47"): of `sent` answers, these, in this order."""

    week: str
    sent: int
    answers: tuple[Answer, ...]


class Count(Frozen):
    """How often something happened in a span: `what` is held, edited or denied, `why` the rule or the kind."""

    what: Literal["held", "edited", "denied"]
    why: str
    count: int
