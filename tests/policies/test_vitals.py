"""What a heartbeat finds wrong: each definition by example, at its edge."""

from datetime import datetime, timedelta

import pytest

from casefile.vitals import OpenCase, Standstill, Vitals
from policies.limits import Limits
from policies.vitals import Troubles, by_age, is_stuck, troubles
from tests.policies.builders import NOW, WIB
from tests.policies.worlds import HOURS

LIMITS = Limits()


def open_case(**changes: object) -> OpenCase:
    base = OpenCase(
        id="SCH-2026-0001",
        state="with_person",
        tier="R3",
        urgent=False,
        promised=True,
        opened_at=NOW,
        updated_at=NOW,
        since=NOW,
    )
    return base.model_copy(update=changes)


def wib(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 2, day, hour, minute, tzinfo=WIB)


def stuck(at: datetime, **changes: object) -> bool:
    return is_stuck(open_case(**changes), HOURS, LIMITS, at)


@pytest.mark.parametrize("state", ["new", "triaged", "executing"])
def test_a_step_of_ours_may_take_half_an_hour(state: str) -> None:
    assert not stuck(NOW + timedelta(minutes=30), state=state)
    assert stuck(NOW + timedelta(minutes=30, seconds=1), state=state)


@pytest.mark.parametrize("state", ["with_person", "awaiting_approval"])
def test_people_have_until_the_working_day_ends(state: str) -> None:
    assert not stuck(wib(10, 20), state=state)
    assert stuck(wib(10, 20, 1), state=state)


def test_urgent_they_have_an_hour_and_the_night_does_not_count() -> None:
    assert not stuck(wib(10, 11), urgent=True)
    assert stuck(wib(10, 11, 1), urgent=True)
    assert not stuck(wib(11, 9, 59), urgent=True, since=wib(10, 22))
    assert stuck(wib(11, 10, 1), urgent=True, since=wib(10, 22))


def test_what_came_to_them_in_the_evening_is_the_next_days() -> None:
    assert not stuck(wib(11, 20), since=wib(10, 20, 30))
    assert stuck(wib(11, 20, 1), since=wib(10, 20, 30))


@pytest.mark.parametrize("state", ["awaiting_customer", "answered", "resolved", "closed"])
def test_what_waits_for_nobody_here_is_never_stuck(state: str) -> None:
    assert not stuck(NOW + timedelta(days=30), state=state)


def test_an_order_whose_customer_was_answered_is_the_staffs_own_list() -> None:
    assert not stuck(NOW + timedelta(days=30), promised=False)


def test_nothing_wrong_is_nothing_however_long_the_backlog() -> None:
    waiting = tuple(open_case(id=f"SCH-2026-{n:04d}") for n in range(50))
    assert not troubles(Vitals(cases=waiting), HOURS, LIMITS, NOW)


@pytest.mark.parametrize(
    "wrong",
    [
        {"down": frozenset({"schedule"})},
        {"cases": (open_case(since=NOW - timedelta(days=2)),)},
        {"unread": Standstill(count=1, oldest=NOW)},
        {"late": Standstill(count=1, oldest=NOW)},
        {"unknown": Standstill(count=1, oldest=NOW)},
        {"drifted": ("ct_rina",)},
    ],
)
def test_each_kind_of_trouble_is_one_by_itself(wrong: dict[str, object]) -> None:
    found = troubles(Vitals().model_copy(update=wrong), HOURS, LIMITS, NOW)
    assert found and found != Troubles()


def test_a_backlog_is_counted_by_age_with_the_edge_in_the_younger_part() -> None:
    ages = (0, 60, 61, 4 * 60, 4 * 60 + 1, 24 * 60, 24 * 60 + 1, 9999)
    cases = [open_case(opened_at=NOW - timedelta(minutes=age)) for age in ages]
    assert by_age(cases, NOW) == (2, 2, 2, 2)
    assert by_age((), NOW) == (0, 0, 0, 0)
