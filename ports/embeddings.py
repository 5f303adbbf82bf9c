"""Texts as vectors, which lie near one another where the texts mean the like, and how near a desk's texts lie."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from casefile.base import Frozen

# What is asked for it, and breaks, under this name.
NAME = "embeddings"
Vector = tuple[float, ...]


class Nearness(Frozen):
    """How near each of some texts lies to a question: cosines, in the order of the texts.

    At `enough` and above a text is found although it shares no word with the question.
    """

    cosines: tuple[float, ...]
    enough: float


class Embedder(Protocol):
    """Turns texts into vectors of length one; DependencyDown when it does not answer as it should."""

    async def question(self, text: str) -> Vector:
        """Return the vector of what somebody looks for."""
        ...

    async def passages(self, texts: Sequence[str]) -> tuple[Vector, ...]:
        """Return the vectors of texts that can be found, in their order."""
        ...


class Meaning(Protocol):
    """Compares a question with texts by what they mean."""

    async def near(self, question: str | Vector, texts: Sequence[str]) -> Nearness | None:
        """Return how near the texts lie; None when nobody can say, and words have to do."""
        ...


class Learning(Protocol):
    """Gets texts ready to be compared, ahead of time."""

    async def learn(self, texts: Sequence[str], now: datetime) -> bool:
        """Embed a portion of what is not embedded yet; True when none is left. Raises DependencyDown."""
        ...
