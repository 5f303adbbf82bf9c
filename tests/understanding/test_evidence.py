"""What likelihoods add, by clauses made for it."""

from dataclasses import replace

import pytest

from casefile.reading import IntentGuess
from tests.understanding.conftest import DESK, SHARED
from understanding.corpus import load_cards
from understanding.evidence import Clause, Evidence
from understanding.settings import ReaderSettings

EVIDENCE = Evidence(load_cards(SHARED, DESK), ReaderSettings())


def clause(**chances: float) -> Clause:
    guesses = tuple(IntentGuess(intent=name.replace("__", "."), confidence=c) for name, c in chances.items())
    return Clause(
        text="some words of theirs",
        signals=frozenset(),
        is_question=False,
        asks=False,
        wants_it=False,
        points=False,
        strays=False,
        outside=False,
        words=4,
        guesses=guesses,
    )


@pytest.mark.parametrize(
    ("told", "unsure"),
    [
        (clause(chitchat=0.7, minors_safety=0.2), True),
        (clause(faq__parking=0.7, minors_safety=0.2), False),
        (clause(chitchat=0.9, minors_safety=0.1), False),
        (replace(clause(chitchat=0.7, complaint=0.2), strays=True), False),
        (replace(clause(chitchat=0.6, complaint=0.4), outside=True), False),
    ],
)
def test_mere_talk_of_the_desks_world_needs_less_to_be_asked_about(told: Clause, unsure: bool) -> None:
    assert EVIDENCE.unsure(told, (told,)) is unsure


@pytest.mark.parametrize("strays", [True, False])
def test_a_part_needs_a_trace_in_the_whole(strays: bool) -> None:
    part = replace(clause(cancel_request=0.9, chitchat=0.1), strays=strays)
    ours = clause(faq__parking=1.0, chitchat=0.0)
    assert EVIDENCE.own_signals(clause(faq__parking=0.5, chitchat=0.1), (part, ours)) == [frozenset()] * 2
    traced = EVIDENCE.own_signals(clause(faq__parking=0.5, cancel_request=0.1), (part, ours))
    assert traced == [{"cancel"}, frozenset()]
