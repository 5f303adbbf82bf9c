"""Fits the intent classifier, and keeps the fitted arrays on disk under the name of what made them."""

import math
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from understanding.classifier import Classifier
from understanding.corpus import Example
from understanding.features import features, weighted
from understanding.lexicon import Lexicon
from understanding.settings import ReaderSettings

Arrays = NDArray[np.float32]
VERSION = "4"
# Every such author is left out to fit the temperature: more folds give the same one, each after another whole fit.
LEFT_OUT = 5


def fit(
    examples: tuple[Example, ...], texts: tuple[str, ...], lexicon: Lexicon, settings: ReaderSettings
) -> Classifier:
    """Fit one linear margin an intent on the prepared texts, and the softmax temperature over margins."""
    index, idf, design = _counted(texts, lexicon)
    intents = tuple(sorted({example.intent for example in examples}))
    place = {intent: i for i, intent in enumerate(intents)}
    labels = np.array([place[example.intent] for example in examples], dtype=np.int64)
    weights, bias = _margins(design, labels, len(intents), settings.penalty)
    temperature = settings.temperature
    if settings.temperature_cv and len({example.author for example in examples}) > 1:
        temperature = _temperature(
            *_held_out_scores(design, labels, len(intents), examples, settings.penalty)
        )
    return Classifier(intents, index, idf, weights, bias, temperature)


def vectors(texts: Sequence[str], lexicon: Lexicon) -> Any:
    """Return the prepared texts' features, a row each."""
    return _counted(texts, lexicon)[2]


def _counted(texts: Sequence[str], lexicon: Lexicon) -> tuple[dict[str, int], list[float], Any]:
    """Return the features that at least three texts have, their IDF, and the texts' rows of them."""
    counted = [features(text, lexicon.concepts(text)) for text in texts]
    seen: Counter[str] = Counter(name for counts in counted for part in counts.values() for name in part)
    names = sorted(name for name, count in seen.items() if count >= 3)
    index = {name: i for i, name in enumerate(names)}
    idf = [1.0 + math.log((1 + len(texts)) / (1 + seen[name])) for name in names]
    return index, idf, _matrix([weighted(counts, index, idf) for counts in counted], len(names))


def _matrix(rows: list[dict[int, float]], width: int) -> Any:
    from scipy import sparse

    values = np.array([value for row in rows for value in row.values()], dtype=np.float64)
    columns = np.array([column for row in rows for column in row], dtype=np.int32)
    ends = np.cumsum([0, *(len(row) for row in rows)])
    return sparse.csr_matrix((values, columns, ends), shape=(len(rows), width))


def _margins(design: Any, labels: NDArray[np.int64], classes: int, penalty: float) -> tuple[Arrays, Arrays]:
    """Return weights (features by intents) and bias; an intent without examples here never wins."""
    from sklearn.svm import LinearSVC

    machine = LinearSVC(C=penalty, random_state=0).fit(design, labels)
    weights = np.zeros((design.shape[1], classes), dtype=np.float32)
    bias = np.full(classes, -10.0, dtype=np.float32)
    weights[:, machine.classes_] = machine.coef_.T
    bias[machine.classes_] = machine.intercept_
    return weights, bias


def _held_out_scores(
    design: Any, labels: NDArray[np.int64], classes: int, examples: tuple[Example, ...], penalty: float
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return margins and labels of some authors' examples from a fit that saw nothing by them."""
    authors = sorted({example.author for example in examples})
    left_out = frozenset(authors[::LEFT_OUT])
    held = np.array([example.author in left_out for example in examples])
    weights, bias = _margins(design[~held], labels[~held], classes, penalty)
    return np.asarray(design[held] @ weights + bias, dtype=np.float64), labels[held]


def _temperature(scores: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """Return the softmax temperature with the least log loss on scores of authors not trained on."""

    def loss(temperature: float) -> float:
        logits = (scores - scores.max(axis=1, keepdims=True)) / temperature
        norm = np.log(np.exp(logits).sum(axis=1))
        return float(np.mean(norm - logits[np.arange(len(labels)), labels]))

    grid = [float(value) for value in np.geomspace(0.03, 1.0, 40)]
    return min(grid, key=loss)


def save(path: Path, fitted: Classifier) -> None:
    """Write the fitted arrays as plain .npz, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # A name of its own: several processes may start cold at once and fit the same arrays.
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part.npz", delete=False) as draft:
        _write(draft, fitted)
    Path(draft.name).replace(path)


def _write(draft: IO[bytes], fitted: Classifier) -> None:
    np.savez(
        draft,
        intents=np.array(fitted.intents),
        names=np.frombuffer("\n".join(fitted.index).encode(), dtype=np.uint8),
        idf=np.array(fitted.idf),
        weights=fitted.weights,
        bias=fitted.bias,
        temperature=np.array(fitted.temperature),
    )


def restore(path: Path) -> Classifier:
    """Read fitted arrays back; nothing in the file is executed."""
    with np.load(path, allow_pickle=False) as kept:
        names = kept["names"].tobytes().decode().split("\n")
        return Classifier(
            intents=tuple(str(intent) for intent in kept["intents"]),
            index={name: i for i, name in enumerate(names)},
            idf=kept["idf"].tolist(),
            weights=kept["weights"],
            bias=kept["bias"],
            temperature=float(kept["temperature"]),
        )
