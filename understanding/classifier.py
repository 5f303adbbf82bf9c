"""The intent classifier at reading time: sparse features times a matrix, softmax, no scikit-learn."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casefile.reading import IntentGuess
from understanding.features import features, weighted


@dataclass(frozen=True)
class Classifier:
    """Fitted arrays: `weights` is features by intents, `bias` one number an intent, `idf` one a feature."""

    intents: tuple[str, ...]
    index: dict[str, int]
    idf: list[float]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    temperature: float

    def guesses(self, canonical: str, concepts: Sequence[str]) -> tuple[IntentGuess, ...]:
        """Return every intent with its calibrated probability, likeliest first."""
        row = weighted(features(canonical, concepts), self.index, self.idf)
        # A text with nothing in it that training knew says nothing, not what the biases say.
        scores = np.zeros(len(self.intents))
        if row:
            where = np.fromiter(row.keys(), dtype=np.intp, count=len(row))
            values = np.fromiter(row.values(), dtype=np.float32, count=len(row))
            scores = self.bias.astype(np.float64) + values @ self.weights[where]
        odds = np.exp((scores - np.max(scores)) / self.temperature)
        shares = odds / odds.sum()
        order = np.argsort(-shares, kind="stable")
        return tuple(IntentGuess(intent=self.intents[i], confidence=float(shares[i])) for i in order)
