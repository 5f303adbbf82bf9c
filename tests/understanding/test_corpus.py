"""The examples the reader is taught from: enough of each, by many people, and none twice."""

from collections import Counter

import pytest

from casefile.errors import BadInput
from tests.understanding.conftest import DESK, SHARED
from understanding.corpus import (
    Example,
    load_cards,
    load_examples,
    load_lexicon,
    read_yaml,
    refuse_near_duplicates,
    refuse_unknown_intents,
)
from understanding.evidence import LIGHT
from understanding.leave_out import FOLDS, splits, topics

EXAMPLES = load_examples(SHARED, DESK)
CARDS = load_cards(SHARED, DESK)


def test_every_intent_has_examples_enough_by_several_people() -> None:
    lines = Counter(example.intent for example in EXAMPLES)
    people = Counter(intent for intent, _ in {(example.intent, example.author) for example in EXAMPLES})
    taught = CARDS.keys() - {"unclear"}
    assert {intent: lines[intent] for intent in taught if lines[intent] < 25} == {}
    assert {intent: people[intent] for intent in taught if people[intent] < 3} == {}


def test_every_signal_that_needs_a_person_has_examples_enough() -> None:
    lines = Counter(CARDS[example.intent].signal for example in EXAMPLES)
    grave = {card.signal for card in CARDS.values() if card.tier == "R3" and card.signal} - LIGHT
    assert len(grave) >= 13
    assert {signal: lines[signal] for signal in grave if lines[signal] < 150} == {}


def test_who_wrote_them_is_said_by_age_mood_region_and_length() -> None:
    authors = read_yaml(DESK / "authors.yaml")
    assert {example.author for example in EXAMPLES} <= authors.keys()
    assert all(set(card) == {"age", "mood", "region", "length"} for card in authors.values())


def test_the_same_words_twice_are_refused_with_both_lines() -> None:
    twice = (
        Example("Harga paketnya berapa?", "price", "a"),
        Example("kak, berapa harga paketnya", "price", "b"),
    )
    with pytest.raises(BadInput, match=r"'Harga paketnya berapa\?' \(a\) and .* \(b\)"):
        refuse_near_duplicates(twice, ("harga paketnya berapa ?", "kakak , berapa harga paketnya"))


def test_an_example_of_an_intent_nobody_has_is_refused_by_name() -> None:
    stray = Example("ada jam kosong?", "free_slots", "a")
    with pytest.raises(BadInput, match=r"'ada jam kosong\?' \(a\) is of 'free_slots'.*mend its name"):
        refuse_unknown_intents((Example("halo", "greeting", "a"), stray), CARDS)


def test_the_same_words_of_another_intent_and_very_short_lines_are_allowed() -> None:
    lines = (
        Example("harga paket berapa", "price", "a"),
        Example("harga paket berapa", "other", "b"),
        Example("halo", "greeting", "a"),
        Example("halo kak", "greeting", "b"),
    )
    refuse_near_duplicates(lines, tuple(line.text for line in lines))


def test_what_is_measured_shares_neither_author_nor_topic_with_what_is_taught() -> None:
    some = [example for example in EXAMPLES if example.intent in {"refund_request", "faq.price_list"}]
    texts = [example.text for example in some]
    lexicon = load_lexicon(SHARED, DESK)
    topic = topics(some, texts, lexicon)
    assert len(set(topic.tolist())) == FOLDS
    found = list(splits(some, texts, lexicon))
    assert len(found) == FOLDS
    for kept, held in found:
        assert len(held)
        assert not {some[i].author for i in kept} & {some[i].author for i in held}
        assert not set(topic[kept].tolist()) & set(topic[held].tolist())
