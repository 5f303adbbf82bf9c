"""Figures as people write them: alone, as a range, with a bound, in words and in both languages."""

import pytest

from casefile.base import Language
from policies.lead_figures import figures, spelled_out

J = 1_000_000


def read(text: str, language: Language = "id") -> list[tuple[int | None, int | None, bool]]:
    return [(f.low, f.high, f.money) for f in figures(spelled_out(text), language)]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("sekitar 5 jutaan", 5 * J, 5 * J),
        ("10-15 juta", 10 * J, 15 * J),
        ("10 sampai 15jt", 10 * J, 15 * J),
        ("10jt-an", 10 * J, 10 * J),
        ("rp 10.000.000", 10 * J, 10 * J),
        ("15000000", 15 * J, 15 * J),
        ("dua puluh juta", 20 * J, 20 * J),
        ("dua tiga juta", 2 * J, 3 * J),
        ("lima belas juta", 15 * J, 15 * J),
        ("dua ratus lima puluh juta", 250 * J, 250 * J),
        ("sejuta", J, J),
        ("satu setengah juta", 3 * J // 2, 3 * J // 2),
        ("setengah juta", J // 2, J // 2),
        ("belasan juta", 11 * J, 19 * J),
        ("puluhan juta", 20 * J, 99 * J),
        ("ratusan juta", 100 * J, 999 * J),
        ("1,5 m", 1_500 * J, 1_500 * J),
        ("500rb", J // 2, J // 2),
        ("maks 20jt", None, 20 * J),
        ("15 juta maksimal", None, 15 * J),
        ("100+ juta", 100 * J, None),
        ("sepuluhan juta", 10 * J, 10 * J),
        ("delapan juta", 8 * J, 8 * J),
        ("di bawah 5 juta", None, 5 * J),
        ("50 juta ke atas", 50 * J, None),
        ("minimal 30 juta", 30 * J, None),
    ],
)
def test_budgets_in_indonesian(text: str, low: int | None, high: int | None) -> None:
    assert read(text) == [(low, high, True)]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("1.5m", 3 * J // 2, 3 * J // 2),
        ("ten million", 10 * J, 10 * J),
        ("a hundred million", 100 * J, 100 * J),
        ("twenty-five million", 25 * J, 25 * J),
        ("two hundred and fifty million", 250 * J, 250 * J),
        ("between 10 and 15 million", 10 * J, 15 * J),
        ("half a million", J // 2, J // 2),
        ("at least 30 million", 30 * J, None),
        ("up to 20 million", None, 20 * J),
        ("idr 12 mio", 12 * J, 12 * J),
        ("$5000", None, None),
        ("2k dollars", None, None),
        ("one and a half million", 3 * J // 2, 3 * J // 2),
    ],
)
def test_budgets_in_english(text: str, low: int | None, high: int | None) -> None:
    assert read(text, "en") == [(low, high, True)]


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("20an orang", [(20, 20, False)]),
        ("buat 20-30 orang", [(20, 30, False)]),
        ("dua belas orang", [(12, 12, False)]),
        ("selusin orang", [(12, 12, False)]),
        ("hubungi 081234567890", [(81234567890, 81234567890, False)]),
        ("tahun 2027", [(2027, 2027, False)]),
        ("bukan 10 juta tapi 20 juta", [(20 * J, 20 * J, True)]),
        ("budget 10jt, 20 user", [(10 * J, 10 * J, True), (20, 20, False)]),
        ("belum tahu", []),
    ],
)
def test_what_is_no_money_or_not_meant(text: str, counts: list[tuple[int, int, bool]]) -> None:
    assert read(text) == counts
