from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.words import DAYS, MONTHS, date_words, day_name, moment_words, short_date_words, time_words

WIB = ZoneInfo("Asia/Jakarta")
AT = datetime(2026, 2, 12, 9, 0, tzinfo=UTC)


def test_writes_a_moment_in_both_languages() -> None:
    assert day_name(AT, WIB, "id") == "Kamis"
    assert date_words(AT, WIB, "id") == "Kamis, 12 Februari 2026"
    assert date_words(AT, WIB, "en") == "Thursday, 12 February 2026"
    assert short_date_words(AT, WIB, "id") == "Kamis, 12 Feb"
    assert time_words(AT, WIB, "id") == "16.00 WIB"
    assert time_words(AT, WIB, "en") == "4:00 PM WIB"
    assert moment_words(AT, WIB, "id") == "Kamis, 12 Februari 2026 pukul 16.00 WIB"
    assert moment_words(AT, WIB, "en") == "Thursday, 12 February 2026 at 4:00 PM WIB"


@pytest.mark.parametrize(
    ("zone", "name"), [("Asia/Jakarta", "WIB"), ("Asia/Makassar", "WITA"), ("Asia/Jayapura", "WIT")]
)
def test_names_the_three_indonesian_zones(zone: str, name: str) -> None:
    assert time_words(AT, ZoneInfo(zone), "id").endswith(f" {name}")


def test_uses_the_desks_day_not_the_utc_one() -> None:
    late = datetime(2026, 2, 12, 17, 30, tzinfo=UTC)
    assert date_words(late, WIB, "id") == "Jumat, 13 Februari 2026"


@pytest.mark.parametrize(
    ("hour", "words"), [(0, "12:05 AM"), (11, "11:05 AM"), (12, "12:05 PM"), (23, "11:05 PM")]
)
def test_english_clock_has_two_halves(hour: int, words: str) -> None:
    at = datetime(2026, 2, 12, hour, 5, tzinfo=WIB)
    assert time_words(at, WIB, "en") == f"{words} WIB"


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1)))
def test_every_moment_has_words_of_the_right_language(at: datetime) -> None:
    aware = at.replace(tzinfo=UTC)
    for language in ("id", "en"):
        words = date_words(aware, WIB, language)
        assert words.startswith(DAYS[language])
        assert any(month in words for month in MONTHS[language])
