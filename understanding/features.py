"""Turns canonical text into weighted n-gram features, the same for training and for reading."""

import math
from collections import Counter
from collections.abc import Sequence

CHAR_SIZES = (2, 3, 4, 5)
WEIGHTS = {"c": 1.2, "w": 0.8, "m": 0.5}


def features(canonical: str, concepts: Sequence[str]) -> dict[str, Counter[str]]:
    """Return counts of character n-grams ("c"), words and pairs ("w") and meanings ("m")."""
    tokens = [token for token in canonical.split() if token[0].isalnum() or token == "?"]
    chars: Counter[str] = Counter()
    for token in tokens:
        padded = f" {token} "
        for size in CHAR_SIZES:
            chars.update("c" + padded[i : i + size] for i in range(len(padded) - size + 1))
    words: Counter[str] = Counter("w" + token for token in tokens)
    if tokens:
        # Nothing between the two ends is no pair: it would stand for whatever training left empty.
        words.update(f"w{a} {b}" for a, b in zip(["<", *tokens], [*tokens, ">"], strict=True))
    meanings: Counter[str] = Counter("m" + concept for concept in concepts)
    ordered = sorted(concepts)
    meanings.update(f"m{a}+{b}" for i, a in enumerate(ordered) for b in ordered[i + 1 :])
    return {"c": chars, "w": words, "m": meanings}


def weighted(
    counts: dict[str, Counter[str]], index: dict[str, int], idf: Sequence[float]
) -> dict[int, float]:
    """Return feature index to TF-IDF weight; each kind of feature has unit length times its share."""
    row: dict[int, float] = {}
    for kind, counter in counts.items():
        part = {
            index[name]: (1.0 + math.log(count)) * idf[index[name]]
            for name, count in counter.items()
            if name in index
        }
        length = math.sqrt(sum(value * value for value in part.values()))
        if length:
            scale = WEIGHTS[kind] / length
            row.update({i: value * scale for i, value in part.items()})
    return row
