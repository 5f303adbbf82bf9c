from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.records import Snapshot, StudentSnapshot
from policies.freshness import differs, fresh, of_this_month
from tests.policies.builders import NOW, WIB, session

HELD = Snapshot(contact_id="c1", as_of=NOW, ttl_minutes=180, rev=3)


@pytest.mark.parametrize(
    ("minutes", "may"), [(-181, False), (-180, True), (-30, True), (0, True), (180, True), (181, False)]
)
def test_fresh_within_its_time_to_live_also_when_the_clock_was_set_back_since(
    minutes: int, may: bool
) -> None:
    assert fresh(HELD, "c1", NOW + timedelta(minutes=minutes)) is may


def test_stale_a_second_past_its_time_to_live() -> None:
    assert not fresh(HELD, "c1", NOW + timedelta(minutes=180, seconds=1))


@pytest.mark.parametrize(
    ("held", "who"), [(None, "c1"), (HELD, "c2"), (HELD, None), (HELD.model_copy(update={"rev": 0}), "c1")]
)
def test_nothing_held_anothers_or_without_a_revision_is_never_fresh(
    held: Snapshot | None, who: str | None
) -> None:
    assert not fresh(held, who, NOW)


def test_what_counts_by_the_month_is_of_the_month_it_was_counted_in() -> None:
    last = HELD.model_copy(update={"as_of": datetime(2026, 11, 30, 16, 59, tzinfo=UTC)})
    assert of_this_month(last, datetime(2026, 11, 30, 16, 59, 59, tzinfo=UTC), WIB)
    # Midnight in Jakarta is 17.00 the day before in UTC.
    assert not of_this_month(last, datetime(2026, 11, 30, 17, 0, tzinfo=UTC), WIB)
    assert not of_this_month(last, last.as_of + timedelta(days=365), WIB)
    assert not of_this_month(None, NOW, WIB)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)), st.integers(0, 180))
def test_a_count_is_never_said_of_a_month_it_was_not_read_in(moment: datetime, age: int) -> None:
    now = moment.replace(tzinfo=UTC)
    held = HELD.model_copy(update={"as_of": now - timedelta(minutes=age)})
    read, said = held.as_of.astimezone(WIB), now.astimezone(WIB)
    assert fresh(held, "c1", now)
    assert of_this_month(held, now, WIB) is (read.strftime("%Y-%m") == said.strftime("%Y-%m"))


def held(as_of: datetime = NOW, **student: object) -> Snapshot:
    base = StudentSnapshot(student_id="st1", name="Rani", sessions=(session(),), reschedules_this_month=1)
    return HELD.model_copy(update={"as_of": as_of, "students": (base.model_copy(update=student),)})


@pytest.mark.parametrize(
    "student",
    [
        {"sessions": ()},
        {"sessions": (session(coach="Bima"),)},
        {"reschedules_this_month": 2},
        {"name": "Rina"},
    ],
)
def test_what_says_something_else_than_the_records_differs_whatever_its_rev(
    student: dict[str, object],
) -> None:
    assert differs(held(), held(NOW + timedelta(minutes=5), **student), WIB)
    assert not differs(held(), held(NOW + timedelta(minutes=5)).model_copy(update={"rev": 9}), WIB)


def test_time_alone_makes_no_difference() -> None:
    over, ahead = session(NOW + timedelta(hours=1), id="s0"), session()
    later = NOW + timedelta(hours=3)
    assert not differs(held(sessions=(over, ahead)), held(later, sessions=(ahead,)), WIB)
    new_month = NOW + timedelta(days=20)
    kept = held(sessions=(), reschedules_this_month=2)
    assert not differs(kept, held(new_month, sessions=(), reschedules_this_month=0), WIB)
    assert differs(kept, held(later, sessions=(), reschedules_this_month=0), WIB)
