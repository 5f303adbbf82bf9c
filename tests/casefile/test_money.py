import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.base import Language
from casefile.money import rupiah


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
