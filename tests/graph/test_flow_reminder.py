"""Flows of reminders: the day before a session an event opens a small case, and B says it if it is still so."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from graph.record import unpacked
from graph.replay import replay
from services.reminders import SessionReminders
from tests.graph.flows import Flow
from tests.graph.whole import MONDAY, open_world

Opens = Callable[..., Awaitable[Flow]]
# Alya and Kenzo, Maya's children, have a lesson each on Wednesday.
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reminder")


@pytest.fixture
async def opens(folder: Path) -> AsyncIterator[Opens]:
    async with AsyncExitStack() as closing:

        async def opened(who: str = "ct_budi", at: datetime = TUESDAY, **desk: Any) -> Flow:
            world = await open_world(folder, desk=desk, at=MONDAY)
            closing.callback(world.wired.database.close)
            flow = Flow(world, who)
            world.clock.advance(at - MONDAY)
            await flow.says("halo kak")
            return flow

        yield opened


async def reminded(flow: Flow) -> list[str]:
    """Let tomorrow's reminders fall due and run what follows; return what left."""
    world = flow.world
    rules = world.wired.desk.rules
    await SessionReminders(world.wired.database, rules.desk, rules.zone).remind(world.clock.now())
    for conversation, _, _ in await world.wired.journal.waiting():
        await world.run(conversation)
    return flow.out()


async def test_one_role_says_it_and_the_case_resolves_by_itself(opens: Opens) -> None:
    flow = await opens()
    assert await reminded(flow) == ["say reminder_day_before", "timer resolve"]
    assert flow.roles() == ["frontline_b"]
    assert "Rabu, 25 November 2026 pukul 18.00 WIB dengan Coach Bima" in flow.last()
    assert (flow.case().state, flow.case().kind) == ("answered", "question")
    await flow.waits(hours=13)
    assert flow.case().state == "resolved"


async def test_a_parent_of_two_hears_of_each_child_by_name(opens: Opens) -> None:
    flow = await opens("ct_maya")
    assert (await reminded(flow)).count("say reminder_day_before") == 2
    said = " ".join(one.effect.text for one in flow.world.said[-2:])
    assert "sesi vokal Alya" in said and "sesi vokal Kenzo" in said


@pytest.mark.parametrize("mode", ["pilot", "hardening", "production"])
async def test_in_every_mode_it_is_said_and_where_the_mode_shows_packets_people_see_it(
    opens: Opens, mode: str
) -> None:
    flow = await opens(mode=mode)
    out = await reminded(flow)
    assert out[0] == "say reminder_day_before"
    assert ("post ops:packet" in out) is (mode == "pilot")


async def test_it_replays_as_it_was(opens: Opens) -> None:
    flow = await opens()
    await reminded(flow)
    rows = flow.world.rows("SELECT body FROM turn_records WHERE case_id = ? ORDER BY turn", flow.case().id)
    turns = await replay([unpacked(row["body"]) for row in rows], flow.world.wired.desk)
    assert [turn.differences for turn in turns] == [()]


async def test_who_proved_themselves_from_another_number_is_reminded_there(opens: Opens) -> None:
    flow = await opens("+6281299990001")
    await flow.says("jadwal les aku kapan ya?")
    bill = flow.world.rows("SELECT number FROM invoices WHERE contact_id = 'ct_budi' ORDER BY number")[0][
        "number"
    ]
    await flow.says(f"{bill} budi.santoso@example.com")
    assert (await reminded(flow))[0] == "say reminder_day_before"


async def test_nothing_is_reminded_of_twice(opens: Opens) -> None:
    flow = await opens()
    await reminded(flow)
    assert await reminded(flow) == []
