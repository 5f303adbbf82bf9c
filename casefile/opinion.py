"""What a model makes of a customer's message."""

from casefile.base import Frozen
from casefile.verdict import Tier


class Opinion(Frozen):
    """Risks a model hears, what it thinks is asked for, and where it would put the message; a proposal in all of it.

    The words are the model's own, whatever they are: what of them counts is for policies.opinions to say.
    """

    signals: tuple[str, ...] = ()
    intents: tuple[str, ...] = ()
    tier: Tier = "R0"
