from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from casefile.base import Language
from casefile.verdict import Tier
from policies.limits import Limits
from policies.sla import (
    Hours,
    add_business,
    business_seconds,
    deadline,
    end_of_day,
    is_open,
    kind_and_sla,
    window_words,
)
from tests.policies.builders import WIB

LIMITS = Limits()
WEEKDAYS = {day: (time(9), time(17)) for day in ("mon", "tue", "wed", "thu", "fri")}
# Imlek 2026 falls on Tuesday the 17th of February; the desk also takes the Monday before off.
HOURS = Hours.model_validate(
    {
        "zone": "Asia/Jakarta",
        "week": {**WEEKDAYS, "sat": ("09:00", "12:00"), "sun": None},
        "holidays": [date(2026, 2, 17)],
        "closed": [date(2026, 2, 16)],
    }
)


def wib(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 2, day, hour, minute, tzinfo=WIB)


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)).map(lambda at: at.replace(tzinfo=UTC))


@pytest.mark.parametrize(
    ("at", "open_"),
    [
        (wib(10, 8, 59), False),
        (wib(10, 9), True),
        (wib(10, 16, 59), True),
        (wib(10, 17), False),
        (wib(14, 11, 59), True),
        (wib(14, 12), False),
        (wib(15, 10), False),
        (wib(16, 10), False),
        (wib(17, 10), False),
        (wib(18, 10), True),
    ],
)
def test_open_by_the_desks_own_clock_and_calendar(at: datetime, open_: bool) -> None:
    assert is_open(HOURS, at) is open_
    assert is_open(HOURS, at.astimezone(UTC)) is open_


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        (wib(10, 10), 30, wib(10, 10, 30)),
        (wib(10, 16, 30), 30, wib(10, 17)),
        (wib(10, 16, 30), 31, wib(11, 9, 1)),
        (wib(10, 7), 30, wib(10, 9, 30)),
        (wib(10, 20), 0, wib(11, 9)),
        (wib(10, 10), 0, wib(10, 10)),
        (wib(10, 17), 0, wib(11, 9)),
        (wib(13, 16, 50), 200, wib(18, 9, 10)),
    ],
)
def test_working_minutes_skip_nights_weekends_and_holidays(
    start: datetime, minutes: int, end: datetime
) -> None:
    assert add_business(HOURS, start, minutes) == end
    assert add_business(HOURS, start, minutes).utcoffset() == timedelta()


def test_counts_only_minutes_worked() -> None:
    assert business_seconds(HOURS, wib(10, 16), wib(11, 10)) == 120 * 60
    assert business_seconds(HOURS, wib(14, 11), wib(18, 9)) == 60 * 60
    assert business_seconds(HOURS, wib(15, 1), wib(15, 23)) == 0
    assert business_seconds(HOURS, wib(10, 10), wib(10, 9)) == 0
    assert business_seconds(HOURS, wib(10, 8), wib(10, 9, 30)) == 30 * 60


@given(MOMENTS, st.integers(0, 3000))
def test_adding_and_counting_agree(start: datetime, minutes: int) -> None:
    end = add_business(HOURS, start, minutes)
    assert end >= start
    assert business_seconds(HOURS, start, end) == minutes * 60
    assert end <= add_business(HOURS, start, minutes + 1)


def test_a_change_of_the_clocks_counts_the_time_that_passes() -> None:
    # Berlin, 29 March 2026: 02.00 becomes 03.00, so this window is two hours long.
    night = Hours(zone="Europe/Berlin", week={"sun": (time(1), time(4))})
    start = datetime(2026, 3, 29, 0, 0, tzinfo=UTC)
    assert business_seconds(night, start, start + timedelta(hours=12)) == 120 * 60


@pytest.mark.parametrize(
    ("tier", "urgent", "opened", "due"),
    [
        ("R0", False, wib(10, 10), wib(10, 10, 30)),
        ("R1", True, wib(10, 16, 45), wib(11, 9, 15)),
        ("R2", False, wib(10, 10), wib(10, 17)),
        ("R3", False, wib(10, 16, 59), wib(10, 17)),
        ("R3", False, wib(10, 17), wib(11, 17)),
        ("R3", True, wib(10, 10), wib(10, 11)),
        ("R3", True, wib(10, 16, 30), wib(10, 17)),
        ("R3", True, wib(14, 20), wib(18, 10)),
    ],
)
def test_service_levels(tier: Tier, urgent: bool, opened: datetime, due: datetime) -> None:
    assert deadline(HOURS, tier, urgent, opened, LIMITS) == due


@given(MOMENTS)
def test_urgent_is_never_slower_and_a_deadline_is_ahead_in_working_time(opened: datetime) -> None:
    urgent, standard = (deadline(HOURS, "R3", each, opened, LIMITS) for each in (True, False))
    assert opened < urgent <= standard == end_of_day(HOURS, opened)
    assert business_seconds(HOURS, opened, urgent) <= LIMITS.urgent_minutes * 60


@pytest.mark.parametrize(
    ("now", "due", "language", "words"),
    [
        (wib(10, 10), wib(10, 17), "id", "hari ini sebelum pukul 17.00 WIB"),
        (wib(10, 10), wib(10, 17), "en", "today before 5:00 PM WIB"),
        (wib(9, 18), wib(10, 10), "id", "besok (Selasa, 10 Feb) sebelum pukul 10.00 WIB"),
        (wib(9, 18), wib(10, 10), "en", "tomorrow (Tuesday, 10 Feb) before 10:00 AM WIB"),
        (wib(14, 20), wib(18, 10), "id", "Rabu, 18 Feb sebelum pukul 10.00 WIB"),
        (wib(14, 20), wib(18, 10), "en", "on Wednesday, 18 Feb before 10:00 AM WIB"),
        (wib(10, 10), wib(10, 10, 31), "id", "hari ini sebelum pukul 10.35 WIB"),
        (wib(10, 10), wib(10, 10, 30) + timedelta(seconds=1), "id", "hari ini sebelum pukul 10.35 WIB"),
        (wib(10, 10), wib(10, 9), "id", "hari ini sebelum pukul 17.00 WIB"),
        (wib(10, 10), wib(10, 10), "en", "today before 5:00 PM WIB"),
        (wib(10, 18), wib(10, 17), "id", "besok (Rabu, 11 Feb) sebelum pukul 17.00 WIB"),
    ],
)
def test_windows_in_words(now: datetime, due: datetime, language: Language, words: str) -> None:
    assert window_words(HOURS, now, due, language) == words


@pytest.mark.parametrize(("zone", "name"), [("Asia/Makassar", "WITA"), ("Asia/Jayapura", "WIT")])
def test_windows_name_the_desks_zone(zone: str, name: str) -> None:
    hours = Hours.model_validate({"zone": zone, "week": WEEKDAYS})
    now = datetime(2026, 2, 10, 3, tzinfo=UTC)
    assert window_words(hours, now, now + timedelta(hours=1), "id").endswith(f" {name}")


@pytest.mark.parametrize(
    ("intent", "signals", "tier", "sorted_as"),
    [
        ("faq.parking", (), "R0", ("question", "low")),
        ("next_session", (), "R1", ("question", "standard")),
        ("invoice_resend", (), "R1", ("request", "standard")),
        ("human_request", (), "R0", ("request", "standard")),
        ("reschedule", ("reschedule",), "R2", ("request", "standard")),
        ("refund_request", ("refund",), "R3", ("request", "standard")),
        ("complaint", ("complaint",), "R3", ("complaint", "standard")),
        ("chargeback_threat", ("chargeback",), "R3", ("complaint", "urgent")),
        ("refund_request", ("refund", "legal"), "R3", ("complaint", "urgent")),
        ("minors_safety", ("minors_safety",), "R3", ("complaint", "urgent")),
    ],
)
def test_kind_and_class(
    intent: str, signals: tuple[str, ...], tier: Tier, sorted_as: tuple[str, str]
) -> None:
    assert kind_and_sla(intent, signals, tier) == sorted_as


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"zone": "Asia/Jakart"}, "is not a time zone"),
        ({"zone": "../x"}, "is not a time zone"),
        ({"week": {"mon": None}}, "at least one weekday"),
        ({"week": {"mon": ("17:00", "09:00")}}, "opening must come before closing"),
        ({"week": {"mon": (540, 1020)}}, "in quotes"),
        ({"week": "always"}, "valid dictionary"),
        ({"week": {"monday": ("09:00", "17:00")}}, "'mon'"),
    ],
)
def test_wrong_hours_are_refused_in_plain_words(changes: dict[str, object], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Hours.model_validate({"zone": "Asia/Jakarta", "week": WEEKDAYS} | changes)
