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
        outside=False,
        words=4,
        guesses=guesses,
    )


@pytest.mark.parametrize(
    ("told", "unsure"),
    [
        (clause(chitchat=0.7, minors_safety=0.11, complaint=0.1), True),
        (clause(chitchat=0.9, minors_safety=0.05, injection=0.05), False),
        (replace(clause(chitchat=0.6, complaint=0.4), outside=True), False),
        (replace(clause(chitchat=0.6, complaint=0.4), words=1), False),
    ],
)
def test_faint_likelihoods_add_up_to_something_to_ask_about(told: Clause, unsure: bool) -> None:
    assert EVIDENCE.unsure(told) is unsure


@pytest.mark.parametrize(
    ("whole", "found"),
    [
        (clause(faq__parking=0.5, chitchat=0.1), set()),
        (clause(faq__parking=0.5, cancel_request=0.1), set()),
        (clause(faq__parking=0.5, cancel_request=0.1, refund_request=0.1), {"cancel"}),
    ],
)
def test_what_a_part_looks_like_counts_in_a_whole_that_is_for_a_person(
    whole: Clause, found: set[str]
) -> None:
    part = clause(cancel_request=0.9, chitchat=0.1)
    ours = clause(faq__parking=1.0, chitchat=0.0)
    assert EVIDENCE.own_signals(whole, (part, ours)) == [found, frozenset()]


def test_an_everyday_signal_of_a_part_needs_a_trace_in_the_whole() -> None:
    part, whole = clause(reschedule=0.9), clause(faq__parking=0.9, reschedule=0.05)
    assert EVIDENCE.own_signals(whole, (part,)) == [{"reschedule"}]
    assert EVIDENCE.own_signals(clause(faq__parking=1.0), (part,)) == [frozenset()]


@pytest.mark.parametrize(("chance", "borne_out"), [(0.01, False), (0.03, True)])
def test_what_words_hint_at_needs_a_trace(chance: float, borne_out: bool) -> None:
    guesses = clause(chitchat=1 - chance, legal_threat=chance).guesses
    assert EVIDENCE.bears_out(guesses) is borne_out


@pytest.mark.parametrize(
    ("guesses", "talk"),
    [
        (clause(chitchat=0.95, refund_request=0.01).guesses, True),
        (clause(chitchat=0.8, other_topic=0.2).guesses, False),
        (clause(chitchat=0.92, refund_request=0.08).guesses, False),
        (clause(affirm=1.0).guesses, False),
        (clause(faq__parking=1.0).guesses, False),
    ],
)
def test_only_small_talk_for_certain_without_a_trace_is_mere_talk(
    guesses: tuple[IntentGuess, ...], talk: bool
) -> None:
    assert EVIDENCE.mere_talk(guesses) is talk


@pytest.mark.parametrize(("chance", "attacks"), [(0.49, False), (0.5, True)])
def test_what_looks_like_an_attack_is_one(chance: float, attacks: bool) -> None:
    assert EVIDENCE.attacks(clause(chitchat=1 - chance, injection=chance).guesses) is attacks
