"""What a model makes of a customer's message, of a reply to it, and of a case: proposals, all of it."""

from typing import Literal

from casefile.base import Frozen
from casefile.verdict import Tier


class Opinion(Frozen):
    """Risks a model hears, what it thinks is asked for, and where it would put the message; a proposal in all of it.

    The words are the model's own, whatever they are: what of them counts is for policies.opinions to say.
    """

    signals: tuple[str, ...] = ()
    intents: tuple[str, ...] = ()
    tier: Tier = "R0"


class QaOpinion(Frozen):
    """What a model makes of a reply before it leaves: let it be, take the template's words, or let a person look."""

    decision: Literal["APPROVE", "EDIT", "ESCALATE_COACH"]
    tier: Tier
    reason: str


class ReviewOpinion(Frozen):
    """What a model adds to D's review of a case; it can add only."""

    risk: Literal["LOW", "MED", "HIGH"]
    tier_recommendation: Literal["R1", "R2", "R3"]
    must_not_say: tuple[str, ...]
    notes_for_coach: str
