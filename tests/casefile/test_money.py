import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.base import Language
from casefile.money import MICRO, Price, micro_rupiah, rupiah


@pytest.mark.parametrize(
    ("amount", "language", "written"),
    [
        (0, "id", "Rp 0"),
        (999, "id", "Rp 999"),
        (1_200_000, "id", "Rp 1.200.000"),
        (1_200_000, "en", "Rp 1,200,000"),
        (-50_000, "id", "-Rp 50.000"),
    ],
)
def test_as_people_read_it(amount: int, language: Language, written: str) -> None:
    assert rupiah(amount, language) == written


@given(st.integers(-(10**15), 10**15), st.sampled_from(["id", "en"]))
def test_no_digit_is_lost(amount: int, language: Language) -> None:
    written = rupiah(amount, language)
    assert int(re.sub(r"\D", "", written)) == abs(amount)
    assert written.startswith("-") is (amount < 0)


def test_a_million_tokens_cost_their_price_and_cached_ones_theirs() -> None:
    price = Price(input=2_500, cached=1_250, output=10_000)
    assert price.of(MICRO, 0, 0) == 2_500 * MICRO
    assert price.of(MICRO, MICRO, 0) == 1_250 * MICRO
    assert price.of(0, 0, 1) == 10_000


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_what_two_calls_cost_adds_up_exactly(input_tokens: int, cached: int, output: int) -> None:
    price = Price(input=37, cached=11, output=113)
    cached = min(cached, input_tokens)
    once = price.of(input_tokens, cached, output)
    assert price.of(2 * input_tokens, 2 * cached, 2 * output) == 2 * once
    assert price.of(input_tokens, cached, output) <= price.of(input_tokens, 0, output)


@pytest.mark.parametrize(
    ("cost", "language", "written"),
    [(0, "id", "Rp 0,00"), (9_999, "id", "Rp 0,00"), (12_345_678, "id", "Rp 12,34"),
     (1_234 * MICRO, "en", "Rp 1,234.00")],
)  # fmt: skip
def test_what_models_cost_as_people_read_it(cost: int, language: Language, written: str) -> None:
    assert micro_rupiah(cost, language) == written
