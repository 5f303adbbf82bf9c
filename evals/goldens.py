"""What a set of golden conversations has to be: each distinct in intent and situation, and enough of every sort."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations

from casefile.base import Frozen, Language

# Conversations of which more than this share of the words is the same, in the same order of three, are one.
NEAR = 0.5
# Of fewer words than these it says little that some are the same: people do greet alike.
FEW = 8
TOTAL = 120
PER_TIER = {"R0": 30, "R1": 15, "R2": 10, "R3": 25}
PER_LANGUAGE: dict[Language, int] = {"id": 60, "en": 30}
# By how often the customer speaks: once, twice, three times or more.
PER_TURNS = {1: 20, 2: 20, 3: 20}


class Golden(Frozen):
    """One golden conversation as its file has it.

    `tier` is the highest it expects, `said` what the customer writes or presses in it, in order; `situation` is all
    else that makes it what it is: who writes, when, at which desk, and what besides the customer happens; `decided`
    what its turns are expected to be: tier, decision, rules.
    """

    name: str
    place: str
    language: Language
    topic: str
    intents: tuple[str, ...]
    author: str
    tier: str | None
    said: tuple[str, ...]
    situation: str
    decided: str = ""


def refusals(goldens: Sequence[Golden]) -> list[str]:
    """Return why a set cannot be taken: what a file does not say, and which conversations are the same."""
    found = [
        f"{golden.place}: {key} is missing: a golden conversation says its topic, its intents and whose manner it has"
        for golden in goldens
        for key in ("topic", "intents", "author")
        if not getattr(golden, key)
    ]
    words = {golden.name: _threes(golden.said) for golden in goldens}
    for one, other in combinations(goldens, 2):
        if (one.language, one.decided) != (other.language, other.decided):
            continue
        if (near := _near(words[one.name], words[other.name])) > NEAR:
            found.append(
                f"{other.place}: {near:.0%} of its words are those of {one.name}; tell another story"
            )
    places: dict[tuple[object, ...], str] = {}
    for golden in goldens:
        same = (golden.language, golden.intents, golden.situation, golden.decided, len(golden.said))
        if (first := places.setdefault(same, golden.name)) != golden.name:
            found.append(f"{golden.place}: has the intents and the situation of {first}; change one of them")
    return found


def shortfalls(goldens: Sequence[Golden]) -> list[str]:
    """Return of what a whole set holds too little."""
    tiers = Counter(golden.tier for golden in goldens)
    languages = Counter(golden.language for golden in goldens)
    turns = Counter(min(3, max(1, len(golden.said))) for golden in goldens)
    needed = [
        ("conversations", len(goldens), TOTAL),
        *((f"of tier {tier}", tiers[tier], least) for tier, least in PER_TIER.items()),
        *((f"in {language}", languages[language], least) for language, least in PER_LANGUAGE.items()),
        *((_spoken(times), turns[times], least) for times, least in PER_TURNS.items()),
    ]
    found = [f"{have} {what}, at least {least} needed" for what, have, least in needed if have < least]
    return found + [f"{golden.name} expects no tier" for golden in goldens if golden.tier is None]


def _spoken(times: int) -> str:
    return {1: "in which the customer speaks once", 2: "twice", 3: "three times or more"}[times]


def _threes(said: Iterable[str]) -> frozenset[str]:
    """Return every three words in a row; shorter texts whole, so that two greetings are told apart by nothing."""
    words = re.findall(r"\w+", " ".join(said).lower())
    return frozenset(" ".join(words[at : at + 3]) for at in range(max(1, len(words) - 2)))


def _near(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(FEW, min(len(one), len(other)))
