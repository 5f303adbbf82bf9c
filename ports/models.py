"""A language model as those who ask it see it, and what each call of it leaves behind."""

from typing import Literal, Protocol, TypeVar

from pydantic import BaseModel

from casefile.base import Frozen

S = TypeVar("S", bound=BaseModel)
# `unusable` was answered, and paid for, with something that is not what was asked for.
Outcome = Literal["answered", "cached", "unusable", "failed"]
Strength = Literal["cheap", "strong"]


class Ask(Frozen):
    """One question to a model: (speaker, words) in order, for which task, by which role, about whose case."""

    task: str
    role: str
    prompt: tuple[tuple[Literal["system", "user"], str], ...]
    case_id: str = ""
    contact_id: str = ""


class ModelCall(Frozen):
    """One call of a model, with what it cost: tokens as the endpoint counted them, money in micro-rupiah.

    `cached_tokens` are those of `input_tokens` that the endpoint had read before. A call that failed has no
    count; `why` then says how. `provider_id` is the endpoint's own name for it. `desk`, `day`, `tier` and `turn`
    are known once its turn is over; a call whose turn was lost is the desk's and no case's.
    """

    id: str
    role: str
    task: str
    model: str
    strength: Strength
    case_id: str = ""
    turn: int = 0
    desk: str = ""
    day: str = ""
    tier: str = ""
    provider_id: str = ""
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    cost: int = 0
    outcome: Outcome = "answered"
    why: str = ""


class Model(Protocol):
    """Models behind one endpoint, chosen by task. What they say is a proposal.

    Both answer None when no model has the task, or it had nothing to say; DependencyDown when it did not answer
    as it should.
    """

    async def text(self, ask: Ask) -> str | None:
        """Return words."""
        ...

    async def structured(self, ask: Ask, schema: type[S]) -> S | None:
        """Return an answer of this shape."""
        ...


class Spending(Protocol):
    """What has been spent on models."""

    async def spent_on(self, desk: str, day: str) -> int:
        """Return what a desk's calls have cost on a day, in micro-rupiah."""
        ...
