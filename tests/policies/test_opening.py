from datetime import date, time

from policies.opening import open_day
from policies.sla import Hours

NINE, EIGHT = time(9), time(20)
HOURS = Hours(
    zone="Asia/Jakarta",
    week={"fri": (NINE, EIGHT), "sat": (NINE, time(15))},
    holidays=frozenset({date(2026, 12, 25)}),
    closed=frozenset({date(2026, 12, 26)}),
)


def test_a_working_day_is_open_for_its_hours() -> None:
    assert open_day(HOURS, date(2026, 12, 18)).hours == (NINE, EIGHT)


def test_a_day_off_says_why_and_when_it_opens_again() -> None:
    holiday = open_day(HOURS, date(2026, 12, 25))
    assert (holiday.why, holiday.again, holiday.hours) == ("holiday", date(2027, 1, 1), (NINE, EIGHT))
    assert open_day(HOURS, date(2026, 12, 26)).why == "closed"
    sunday = open_day(HOURS, date(2026, 12, 13))
    assert (sunday.why, sunday.again) == ("weekday", date(2026, 12, 18))


def test_a_desk_that_does_not_open_within_a_year_says_so() -> None:
    off = frozenset(date.fromordinal(date(2026, 12, 1).toordinal() + n) for n in range(400))
    never = HOURS.model_copy(update={"closed": off})
    assert open_day(never, date(2026, 12, 25)).hours is None
