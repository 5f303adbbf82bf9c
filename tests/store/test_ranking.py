"""Texts ranked by shared words: rare words count more, endings and typos are forgiven, nothing shared is nothing."""

from hypothesis import given
from hypothesis import strategies as st

from ports.embeddings import Nearness
from store.ranking import Index, joined, words

WEIGHTS = {"name": 3.0, "text": 1.0}
SHIRTS = Index(
    [
        (("name", "kemeja linen"), ("text", "kemeja pria yang adem")),
        (("name", "kemeja flanel"), ("text", "kemeja pria yang hangat")),
        (("name", "rok plisket"), ("text", "rok panjang yang jatuh")),
    ],
    WEIGHTS,
)


def best(text: str) -> int | None:
    scores = SHIRTS.scores(text)
    return scores.index(max(scores)) if max(scores) > 0 else None


def test_a_rare_word_decides_among_texts_that_share_a_common_one() -> None:
    assert [best("kemeja linen"), best("kemeja flanel"), best("kemeja yang hangat")] == [0, 1, 1]
    scores = SHIRTS.scores("kemeja flanel")
    assert scores[1] > scores[0] > scores[2] == 0


def test_a_word_counts_more_in_the_name_than_in_the_text() -> None:
    index = Index([(("name", "jaket"), ("text", "celana")), (("name", "celana"), ("text", "jaket"))], WEIGHTS)
    assert index.scores("celana")[1] > index.scores("celana")[0]


def test_endings_and_one_wrong_letter_are_forgiven_for_less() -> None:
    assert [best("plisketnya"), best("linenn"), best("palnel"), best("flanle")] == [2, 0, None, 1]
    assert 0 < SHIRTS.scores("plisker")[2] < SHIRTS.scores("plisket")[2]
    # Short words only count whole: "rokok" asks for no skirt.
    assert best("rokok") is None


def test_the_same_word_twice_in_a_question_counts_once() -> None:
    assert SHIRTS.scores("linen linen linen") == SHIRTS.scores("linen")


def test_to_share_only_small_words_is_to_share_nothing() -> None:
    assert best("ada yang itu kak") is None
    # Beside one that says something they count like any other.
    assert SHIRTS.scores("adem yang")[0] > SHIRTS.scores("adem")[0]


def test_nothing_to_rank_is_no_fault() -> None:
    assert Index([], WEIGHTS).scores("apa saja") == []
    assert Index([(("name", ""),)], WEIGHTS).scores("apa saja") == [0.0]
    assert SHIRTS.scores("?! 👕") == [0.0, 0.0, 0.0]


@given(st.text(max_size=80))
def test_any_text_gets_a_score_each_and_none_is_negative(text: str) -> None:
    scores = SHIRTS.scores(text)
    assert len(scores) == 3 and all(score >= 0 for score in scores)
    if not words(text):
        assert not any(scores)


def test_two_rankings_are_joined_by_the_sum_of_both_standardised() -> None:
    shared = [9.0, 3.0, 0.0, 0.0]
    near = Nearness(cosines=(0.80, 0.81, 0.95, 0.80), enough=1.0)
    first, second, *others = joined(shared, near)
    # Sharing nothing they are found only from the bound on; what shares more words leads by more than a hair's breadth.
    assert first > second > 0 and others == [0.0, 0.0]
    nearer = Nearness(cosines=(0.80, 0.95, 0.81, 0.80), enough=1.0)
    assert joined(shared, nearer)[1] > joined(shared, nearer)[0]
    rescued = joined(shared, near.model_copy(update={"enough": 0.95}))
    assert rescued[:2] == [first, second] and rescued[2] > 0 and rescued[3] == 0


def test_words_alone_stay_as_they_are_and_nothing_to_tell_apart_tells_nothing() -> None:
    assert joined([2.0, 0.0], None) == [2.0, 0.0]
    assert joined([], Nearness(cosines=(), enough=1.0)) == []
    assert joined([2.0, 2.0], Nearness(cosines=(0.5, 0.5), enough=1.0)) == [1.0, 1.0]
