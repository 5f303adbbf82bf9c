"""Slots of periodic work: the desk's own midnight, working days and months, in every Indonesian zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from policies.periodic import AtOpening, Cadence, Daily, Every, Rhythm, Weekly, following, latest, same_day
from policies.sla import Hours

WIB, WITA, WIT = "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"
WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat"), ("09:00", "17:00"))
TICK = timedelta(microseconds=1)


def hours(zone: str = WIB, **more: object) -> Hours:
    return Hours.model_validate({"zone": zone, "week": WEEK, **more})


def local(zone: str, *at: int) -> datetime:
    return datetime(*at, tzinfo=ZoneInfo(zone))  # type: ignore[misc,arg-type]


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 3, 1)).map(lambda at: at.replace(tzinfo=UTC))
# New York stands for zones whose days have 23 or 25 hours.
ZONES = st.sampled_from([WIB, WITA, WIT, "America/New_York"])
CADENCES: st.SearchStrategy[Cadence] = st.one_of(
    st.builds(Every, minutes=st.integers(7, 1440)),
    st.builds(Daily, at=st.times().map(lambda at: at.replace(microsecond=0))),
    st.builds(Weekly, at=st.times().map(lambda at: at.replace(microsecond=0))),
    st.just(AtOpening()),
)


@given(CADENCES, ZONES, MOMENTS)
def test_now_lies_between_the_latest_slot_and_the_following_with_none_between(
    cadence: Cadence, zone: str, now: datetime
) -> None:
    desk = hours(zone)
    before, after = latest(cadence, desk, now), following(cadence, desk, now)
    assert before <= now < after
    assert following(cadence, desk, before) == after
    assert latest(cadence, desk, after - TICK) == before
    assert latest(cadence, desk, after) == after


@given(st.sampled_from([WIB, WITA, WIT]), MOMENTS)
def test_a_daily_slot_is_that_time_of_day_where_the_desk_is(zone: str, now: datetime) -> None:
    slot = latest(Daily(at=time(0, 0)), hours(zone), now).astimezone(ZoneInfo(zone))
    assert slot.time() == time(0, 0)
    assert slot.date() == now.astimezone(ZoneInfo(zone)).date()


@given(ZONES, MOMENTS)
def test_a_weekly_slot_is_a_monday_where_the_desk_is_on_a_holiday_too(zone: str, now: datetime) -> None:
    desk = hours(zone, holidays=[now.date() + timedelta(days=n) for n in range(-8, 8)])
    slot = latest(Weekly(at=time(8)), desk, now).astimezone(ZoneInfo(zone))
    assert (slot.weekday(), slot.time()) == (0, time(8))
    assert now - slot < timedelta(days=7, hours=1)


@given(st.sampled_from([WIB, WITA, WIT]), MOMENTS)
def test_opening_slots_are_working_days_only(zone: str, now: datetime) -> None:
    desk = hours(zone, holidays=[date(2026, 12, 25)], closed=[date(2026, 12, 26)])
    slot = latest(AtOpening(), desk, now).astimezone(ZoneInfo(zone))
    assert slot.time() == time(9) and slot.weekday() < 6
    assert slot.date() not in {date(2026, 12, 25), date(2026, 12, 26)}


@given(st.integers(7, 1440), ZONES, MOMENTS)
def test_intervals_begin_anew_at_midnight_and_leave_no_gap_longer_than_themselves(
    minutes: int, zone: str, now: datetime
) -> None:
    slot, after = (
        latest(Every(minutes=minutes), hours(zone), now),
        following(Every(minutes=minutes), hours(zone), now),
    )
    assert timedelta(0) < after - slot <= timedelta(minutes=minutes)
    midnight = latest(Daily(at=time()), hours(zone), now)
    assert slot >= midnight and (slot - midnight) % timedelta(minutes=minutes) == timedelta(0)


@pytest.mark.parametrize(
    ("zone", "utc"),
    [
        (WIB, datetime(2026, 11, 30, 17, 0)),
        (WITA, datetime(2026, 11, 30, 16, 0)),
        (WIT, datetime(2026, 11, 30, 15, 0)),
    ],
)
def test_midnight_at_the_end_of_a_month_is_the_desks_own(zone: str, utc: datetime) -> None:
    midnight = utc.replace(tzinfo=UTC)
    job = Daily(at=time())
    assert latest(job, hours(zone), midnight - TICK) == midnight - timedelta(days=1)
    assert latest(job, hours(zone), midnight) == midnight
    assert following(job, hours(zone), midnight - TICK) == midnight
    assert latest(job, hours(zone), midnight).astimezone(ZoneInfo(zone)).day == 1


def test_after_a_week_of_holidays_the_slot_is_that_of_the_last_working_day() -> None:
    off = [date(2026, 12, day) for day in range(24, 32)]
    desk = hours(closed=off)
    assert latest(AtOpening(), desk, local(WIB, 2026, 12, 31, 12)) == local(WIB, 2026, 12, 23, 9)
    assert following(AtOpening(), desk, local(WIB, 2026, 12, 23, 9)) == local(WIB, 2027, 1, 1, 9)


def test_a_sunday_has_no_opening() -> None:
    assert latest(AtOpening(), hours(), local(WIB, 2026, 11, 22, 12)) == local(WIB, 2026, 11, 21, 9)


def test_a_slot_is_of_the_day_that_it_is_where_the_desk_is() -> None:
    slot = local(WIT, 2026, 11, 30, 9)
    assert same_day(hours(WIT), slot, local(WIT, 2026, 11, 30, 23, 59))
    assert not same_day(hours(WIT), slot, local(WIT, 2026, 12, 1, 0, 0))
    # Still the same day in Jakarta, where it is two hours earlier.
    assert same_day(hours(WIB), slot, local(WIT, 2026, 12, 1, 0, 0))


@pytest.mark.parametrize("minutes", [0, 1441])
def test_an_interval_is_between_a_minute_and_a_day(minutes: int) -> None:
    with pytest.raises(ValidationError):
        Every(minutes=minutes)


def test_times_of_a_rhythm_are_written_in_quotes() -> None:
    assert Rhythm.model_validate({"reminders_at": "09:30"}).reminders_at == time(9, 30)
    # Unquoted, YAML reads 9:30 as a number of minutes.
    with pytest.raises(ValidationError, match="in quotes"):
        Rhythm.model_validate({"reminders_at": 570})
