"""Turns canonical text into weighted n-gram features, the same for training and for reading."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence

CHAR_SIZES = (2, 3, 4, 5)
WEIGHTS = {"c": 1.2, "w": 1.2, "m": 0.5}
# What Indonesian puts before and after a root: "dibayarkan", "bayarin", "membayar" and "kebayar" say the same.
_BEFORE = re.compile(r"^(?:di|me(?:ng|ny|n|m)?|ber|ter|ke|se|pe(?:ng|ny|n|m)?|nge|ng|ny)")
_AFTER = re.compile(r"(?:nya|ku|mu|kah|lah|kan|in|an|i)$")


def features(canonical: str, concepts: Sequence[str]) -> dict[str, Counter[str]]:
    """Return counts of character n-grams ("c"), words, roots and their pairs ("w") and meanings ("m")."""
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
    words.update(_rooted([root(token) for token in tokens if token != "?"]))
    meanings: Counter[str] = Counter("m" + concept for concept in concepts)
    ordered = sorted(concepts)
    meanings.update(f"m{a}+{b}" for i, a in enumerate(ordered) for b in ordered[i + 1 :])
    return {"c": chars, "w": words, "m": meanings}


def root(word: str) -> str:
    """Return what is left of a word without its prefix and its last two suffixes; short ones stay whole."""
    found = word
    for _ in range(2):
        shorter = _AFTER.sub("", found)
        found = shorter if len(shorter) >= 4 else found
    bare = _BEFORE.sub("", found)
    return bare if len(word) > 4 and len(bare) >= 3 else found


def _rooted(roots: Sequence[str]) -> Iterator[str]:
    """Yield the roots, those that follow each other, and those with one or two words between them."""
    yield from (f"r{name}" for name in roots)
    for apart, between in ((1, " "), (2, " ~ "), (3, " ~ ")):
        yield from (f"r{a}{between}{b}" for a, b in zip(roots, roots[apart:], strict=False))


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
