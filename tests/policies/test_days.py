from datetime import date

import pytest

from casefile.base import Language
from casefile.reading import Reading, Slots, WhenSlot
from policies.days import AskedDays, asked_days

MONDAY = date(2026, 11, 23)


def heard(words: str, *days: date | None) -> Reading:
    when = tuple(WhenSlot(text="itu", date=day) for day in days)
    return Reading(language="id", normalized=words, requests=(), slots=Slots(when=when))


def test_the_first_day_that_is_named_is_the_one_asked_about() -> None:
    tomorrow = date(2026, 11, 24)
    assert asked_days(heard("besok", None, tomorrow), MONDAY) == AskedDays(first=tomorrow, last=tomorrow)


def test_a_week_goes_from_monday_to_sunday_and_never_back() -> None:
    following = asked_days(heard("les minggu depan jam berapa"), MONDAY)
    assert following == AskedDays(first=date(2026, 11, 30), last=date(2026, 12, 6), week=1)
    this = asked_days(heard("lessons this week"), date(2026, 11, 25))
    assert this == AskedDays(first=date(2026, 11, 25), last=date(2026, 11, 29), week=0)


def test_no_day_or_one_gone_by_is_none() -> None:
    assert asked_days(None, MONDAY) is None
    assert asked_days(heard("kapan les"), MONDAY) is None
    assert asked_days(heard("kemarin", date(2026, 11, 22)), MONDAY) is None


@pytest.mark.parametrize(
    ("day", "language", "words"),
    [
        (date(2026, 11, 23), "id", "hari ini (Senin, 23 Nov)"),
        (date(2026, 11, 24), "en", "tomorrow (Tuesday, 24 Nov)"),
        (date(2026, 12, 3), "id", "Kamis, 3 Desember"),
        (date(2026, 12, 3), "en", "on Thursday, 3 December"),
    ],
)
def test_a_day_is_said_as_people_say_it(day: date, language: Language, words: str) -> None:
    assert AskedDays(first=day, last=day).words(MONDAY, language) == words


def test_a_week_is_said_by_its_name() -> None:
    week = AskedDays(first=MONDAY, last=MONDAY, week=1)
    assert (week.words(MONDAY, "id"), week.words(MONDAY, "en")) == ("minggu depan", "next week")
