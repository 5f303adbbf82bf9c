"""The sandbox's embeddings without a server between: for tests of what is compared, not of the wire."""

from collections.abc import Sequence

from casefile.errors import DependencyDown
from ports.embeddings import NAME, Vector
from sandbox.embeddings import embedded


class PiecesEmbedder:
    """Implements ports.embeddings.Embedder; `asked` holds every text it was given, `down` lets it fail."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.down = False

    async def question(self, text: str) -> Vector:
        """Return the vector of a question."""
        return (await self.passages((text,)))[0]

    async def passages(self, texts: Sequence[str]) -> tuple[Vector, ...]:
        """Return the vectors of passages."""
        if self.down:
            raise DependencyDown(NAME, "told to")
        self.asked += texts
        return tuple(tuple(embedded(text)) for text in texts)
