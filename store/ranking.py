"""Ranking texts by the words they share with a question: BM25 over weighted fields (Robertson, Zaragoza, Taylor 2004).

People write endings, short forms and typos, so a word also counts, for less, where it begins another or is one letter
from it (never the first). A catalogue has hundreds of texts, not millions: the index is built in milliseconds, and kept
in memory.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from statistics import fmean, pstdev

from ports.embeddings import Nearness

Fields = tuple[tuple[str, str], ...]
_WORD = re.compile(r"[^\W_]+")
# How soon more of the same word stops counting, and how much a long field is held against a text: the usual values.
K1, B = 1.2, 0.4
# Shorter words count only whole: "rok" is not the beginning of "rokok".
STEM, TYPO = 4, 5
# Said in any question and found in many texts: to share no more than these is to share nothing.
_SMALL = """
ada yang yg dan di ke dari untuk buat dengan kak kakak min mau dong ya gak ga nggak tidak apa aja saja itu ini masih
bisa boleh lain lagi juga sih nih kalau kalo saya aku halo hai hi hello the a an is are do does you your have any i in
of for with and to it that this me my can what which please
"""
SMALL_WORDS = frozenset(_SMALL.split())
BEGINS, ONE_OFF = 0.8, 0.6


class Index:
    """Texts to be ranked, each a list of (field, text); `weights` says what a word in a field is worth."""

    def __init__(self, texts: Sequence[Fields], weights: Mapping[str, float]) -> None:
        counted = [[(weights[field], Counter(words(text))) for field, text in fields] for fields in texts]
        lengths = [sum(weight * count.total() for weight, count in fields) for fields in counted]
        usual = (sum(lengths) / len(lengths) if lengths else 0.0) or 1.0
        self._size = len(texts)
        # By first letter: hardly anybody mistypes that one, and most words need not be looked at then.
        self._found: dict[str, dict[str, dict[int, float]]] = {}
        for place, (fields, length) in enumerate(zip(counted, lengths, strict=True)):
            told: Counter[str] = Counter()
            for weight, count in fields:
                for word, times in count.items():
                    told[word] += weight * times  # type: ignore[assignment]  # a Counter adds up any number
            for word, weight in told.items():
                damped = weight / (weight + K1 * (1 - B + B * length / usual))
                self._found.setdefault(word[0], {}).setdefault(word, {})[place] = damped

    def scores(self, text: str) -> list[float]:
        """Return how well each text answers, in their order; 0 where no word that says anything is shared."""
        totals = [0.0] * self._size
        told: set[int] = set()
        for word in dict.fromkeys(words(text)):
            best: dict[int, float] = {}
            for known, places in self._found.get(word[0], {}).items():
                if alike := _alike(word, known):
                    rare = math.log(1 + (self._size - len(places) + 0.5) / (len(places) + 0.5))
                    for place, damped in places.items():
                        best[place] = max(best.get(place, 0.0), alike * rare * damped)
            for place, worth in best.items():
                totals[place] += worth
            if word not in SMALL_WORDS:
                told |= best.keys()
        return [total if place in told else 0.0 for place, total in enumerate(totals)]


@lru_cache(maxsize=16)
def index_of(texts: tuple[Fields, ...], weights: tuple[tuple[str, float], ...]) -> Index:
    """Return the index of these texts, kept: what is written of things changes far less often than it is searched."""
    return Index(texts, dict(weights))


def joined(shared: Sequence[float], near: Nearness | None) -> list[float]:
    """Join the words' scores of some texts with how near they lie: the sum of both, standardised; 0 is not found.

    To lie near changes the order of what shares a word; without one, a text is found from `near.enough` on only.
    """
    if near is None:
        return list(shared)
    sums = [a + b for a, b in zip(_standard(shared), _standard(near.cosines), strict=True)]
    least = min(sums, default=0.0)
    return [
        1 + total - least if score > 0 or cosine >= near.enough else 0.0
        for total, score, cosine in zip(sums, shared, near.cosines, strict=True)
    ]


def _standard(scores: Sequence[float]) -> list[float]:
    if not scores:
        return []
    middle, spread = fmean(scores), pstdev(scores)
    return [(score - middle) / spread for score in scores] if spread else [0.0] * len(scores)


def words(text: str) -> list[str]:
    """Return a text's words, folded, without the ending -nya."""
    return [re.sub(r"(?<=...)nya$", "", word) for word in _WORD.findall(text.casefold())]


@lru_cache(maxsize=50_000)
def _alike(one: str, other: str) -> float:
    if one == other:
        return 1.0
    short, long = sorted((one, other), key=len)
    if len(short) >= STEM and long.startswith(short):
        return BEGINS
    if len(short) >= TYPO - 1 and len(long) >= TYPO and len(long) - len(short) <= 1 and _one_off(short, long):
        return ONE_OFF
    return 0.0


def _one_off(short: str, long: str) -> bool:
    """Say whether one letter more, another, or two swapped make one of the other."""
    start = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    swapped = short[start : start + 2] == long[start : start + 2][::-1]
    return short[start + 1 :] == long[start + 1 :] or (swapped and short[start + 2 :] == long[start + 2 :])
