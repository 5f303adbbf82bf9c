"""What the desk's texts mean: each embedded once, ahead of time, and compared with what somebody looks for."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from casefile.errors import DependencyDown
from policies.privacy import scrub
from ports.embeddings import Embedder, Nearness, Vector
from store.vectors import SqlVectors

# So many texts are embedded in one portion, and so many of the nearest are told apart.
PORTION, TOP = 64, 200


class TextMeaning:
    """Implements ports.embeddings.Meaning and Learning over the vectors that `learn` has kept."""

    def __init__(self, embedder: Embedder, vectors: SqlVectors, enough: float) -> None:
        self._embedder = embedder
        self._vectors = vectors
        self._enough = enough

    async def near(self, question: str | Vector, texts: Sequence[str]) -> Nearness | None:
        """Return how near the texts lie; None with nothing embedded, or nobody there to embed the question.

        What is not embedded yet, or beyond the nearest, counts as near as the last of those.
        """
        if self._vectors.empty():
            return None
        try:
            asked = (
                question if isinstance(question, tuple) else await self._embedder.question(scrub(question))
            )
        except DependencyDown:
            return None
        nearest = self._vectors.nearest(asked, TOP)
        least = min(nearest.values(), default=0.0)
        return Nearness(
            cosines=tuple(nearest.get(hash_of(text), least) for text in texts), enough=self._enough
        )

    async def learn(self, texts: Sequence[str], now: datetime) -> bool:
        """Embed a portion of the texts that have no vector; True when none is left, and what is no more is gone."""
        hashes = {hash_of(text): text for text in texts}
        known = self._vectors.known()
        missing = {name: text for name, text in hashes.items() if name not in known}
        portion = dict(list(missing.items())[:PORTION])
        if portion:
            vectors = await self._embedder.passages(list(portion.values()))
            await self._vectors.keep(dict(zip(portion, vectors, strict=True)), now)
        if len(portion) < len(missing):
            return False
        await self._vectors.forget_all_but(hashes)
        return True


def hash_of(text: str) -> str:
    """Return what a text's vector is kept under."""
    return hashlib.sha256(text.encode()).hexdigest()
