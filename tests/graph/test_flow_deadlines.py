"""Clocks of a case: they run in business hours; undecided, coach after coach is reminded, the customer told once."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from casefile.effects import PostToLane
from tests.graph.flows import Flow
from tests.graph.whole import MONDAY, open_world

Opens = Callable[..., Awaitable[Flow]]
WIB = timedelta(hours=7)
COACHES = ["sf_sinta", "sf_bima", "sf_laras"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("deadlines")


@pytest.fixture
async def opens(folder: Path) -> AsyncIterator[Opens]:
    async with AsyncExitStack() as closing:

        async def opened(who: str = "ct_rina", at: datetime = MONDAY, **desk: Any) -> Flow:
            world = await open_world(folder, desk=desk, at=at)
            closing.callback(world.wired.database.close)
            return Flow(world, who)

        yield opened


def armed(flow: Flow, timer: str) -> str:
    """Return when a timer runs out, as the desk's wall clock shows it."""
    (row,) = flow.world.rows("SELECT due_at FROM timers WHERE timer = ? AND state = 'armed'", timer)
    return f"{datetime.fromisoformat(row['due_at']) + WIB:%a %H:%M}"


def asked(flow: Flow) -> list[str]:
    """Return the reminders the coaches were sent, in order."""
    posts = [e for _, e in flow.world.effects if isinstance(e, PostToLane)]
    return [post.html for post in posts if post.thread.startswith("reminder:")]


async def test_each_deadline_goes_to_the_next_approver_and_round_again(opens: Opens) -> None:
    flow = await opens()
    await flow.says("mau refund dong, uangku balikin")
    owners = [flow.case().owner]
    for _ in range(3):
        await flow.waits(minutes=120)
        owners.append(flow.case().owner)
    assert owners == [f"person:{who}" for who in (*COACHES, COACHES[0])]
    names = ["Bima Pratama", "Laras Wening", "Sinta Maharani"]
    assert all(name in html for name, html in zip(names, asked(flow), strict=True))
    assert flow.world.rows("SELECT state FROM approvals")[0]["state"] == "pending"


async def test_the_customer_is_told_with_the_first_reminder_and_not_with_every_one(opens: Opens) -> None:
    flow = await opens()
    await flow.says("mau refund dong, uangku balikin")
    assert "say approval_status_update" in await flow.waits(minutes=120)
    assert "say approval_status_update" not in await flow.waits(minutes=120)


@pytest.mark.parametrize(
    ("asked_at", "runs_out"),
    [
        (timedelta(), "Mon 12:00"),
        # An hour before closing: the other hour is the next morning's.
        (timedelta(hours=9), "Tue 10:00"),
        # On Saturday evening it is Monday's; the desk is closed on Sundays.
        (timedelta(days=5, hours=9, minutes=30), "Mon 10:30"),
    ],
)
async def test_an_approvals_deadline_is_counted_in_business_hours(
    opens: Opens, asked_at: timedelta, runs_out: str
) -> None:
    flow = await opens(at=MONDAY + asked_at)
    await flow.says("mau refund dong, uangku balikin")
    assert armed(flow, "approval") == runs_out


async def test_a_public_holiday_stops_every_clock(opens: Opens) -> None:
    flow = await opens(at=datetime.fromisoformat("2026-12-24T12:30:00+00:00"))
    await flow.says("mau refund dong, uangku balikin")
    # Christmas Day is a Friday; Saturday the 26th is a working day again.
    assert armed(flow, "approval") == "Sat 10:30"
    await flow.waits(hours=24)
    assert asked(flow) == []


async def test_a_case_with_people_wakes_shortly_before_its_time_is_over(opens: Opens) -> None:
    flow = await opens()
    await flow.says("mau bicara sama orang aja dong kak")
    assert armed(flow, "sla") == "Mon 10:25"
    await flow.waits(minutes=24)
    assert flow.case().updates == 0
    out = await flow.waits(minutes=1)
    assert "say status_update" in out and "post ops:stalled" in out


async def test_opened_in_the_night_its_clock_begins_in_the_morning(opens: Opens) -> None:
    flow = await opens(at=MONDAY + timedelta(hours=12))
    await flow.says("mau bicara sama orang aja dong kak")
    assert armed(flow, "sla") == "Tue 09:25"


async def test_clocks_run_in_the_desks_own_zone(opens: Opens) -> None:
    # 20.30 in Jakarta: closed there, and in Jayapura it is half past ten in the evening.
    for zone, runs_out in (("Asia/Jakarta", "Tue 11:00"), ("Asia/Jayapura", "Tue 09:00")):
        flow = await opens(
            at=MONDAY + timedelta(hours=10, minutes=30),
            hours={"zone": zone, "week": {day: ["09:00", "20:00"] for day in ("mon", "tue", "wed")}},
        )
        await flow.says("mau refund dong, uangku balikin")
        assert armed(flow, "approval") == runs_out
