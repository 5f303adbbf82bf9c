"""The school must move a session: who it is for is told, offered other hours, and pays for it with nothing."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from casefile.packets import CResult, CTask
from graph.record import unpacked
from graph.replay import replay
from services.reminders import SessionReminders
from tests.graph.flows import Flow
from tests.graph.whole import open_world

Opens = Callable[..., Awaitable[Flow]]
# Rina's next lesson with Sinta: Thursday 26 November.
DAY = "2026-11-26"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("school_moves")


@pytest.fixture
async def opens(folder: Path) -> AsyncIterator[Opens]:
    async with AsyncExitStack() as closing:

        async def opened(**desk: Any) -> Flow:
            world = await open_world(folder, desk=desk)
            closing.callback(world.wired.database.close)
            flow = Flow(world, "ct_rina")
            await flow.says("halo kak")
            return flow

        yield opened


async def ill(flow: Flow, key: str = "k1", by: str = "sf_tari") -> CResult:
    """Let the school say that Sinta cannot teach on that day, and what follows happen."""
    world = flow.world
    task = CTask(
        case_id="",
        action="SCHOOL_MOVE",
        subject="Sinta",
        params={"date": DAY, "desk": "school", "staff_id": by, "why": "sakit"},
        verification_status="OK",
        idempotency_key=key,
    )
    result = await world.wired.operations.execute(task)
    for conversation, _, _ in await world.wired.journal.waiting():
        await world.run(conversation)
    return result


def moves(flow: Flow) -> list[tuple[str, str]]:
    rows = flow.world.rows("SELECT session_id, source FROM reschedules WHERE session_id LIKE 'ss_rina%'")
    return [(row["session_id"], row["source"]) for row in rows]


async def test_it_is_told_with_other_hours_and_the_choice_costs_no_quota(opens: Opens) -> None:
    flow = await opens()
    before = moves(flow)
    result = await ill(flow)
    assert result.status == "SUCCESS", result.details
    assert "say school_moves_session" in flow.out()
    assert "Kamis, 26 November 2026" in flow.last() and "tidak mengurangi jatah" in flow.last()
    assert flow.case().state == "awaiting_customer"
    free = flow.world.rows("SELECT start_at FROM slots WHERE coach = 'Sinta' AND session_id IS NULL")
    assert not [row for row in free if row["start_at"].startswith(DAY)]
    await flow.presses("slot:1")
    assert [move for move in moves(flow) if move not in before] == [("ss_rina_3", "school")]
    facts = await flow.world.wired.stored.schedule("st_rina", flow.world.clock.now())
    assert facts.reschedules_this_month == 0
    assert not any(s.must_move and s.status == "scheduled" for s in facts.sessions)


async def test_used_up_quota_and_the_cut_off_stand_in_nobodys_way(opens: Opens) -> None:
    flow = await opens(
        limits={"free_reschedules": 0, "cutoff": {"minutes": 60 * 24 * 30, "calendar_days": None}}
    )
    await ill(flow)
    flow.out()
    out = await flow.presses("slot:1")
    assert "run RESCHEDULE" in out and not any(said.startswith("ask") for said in out)
    assert ("ss_rina_3", "school") in moves(flow)


async def test_it_is_told_once_and_only_while_it_stands(opens: Opens) -> None:
    flow = await opens()
    await ill(flow)
    assert (await ill(flow)).status == "SUCCESS"
    assert (await ill(flow, "k2")).status == "FAILED"
    assert flow.out().count("say school_moves_session") == 1


async def test_nobody_is_reminded_of_a_lesson_that_is_not_given(opens: Opens) -> None:
    flow = await opens()
    flow.world.clock.advance(timedelta(days=2))
    await flow.says("halo")
    await ill(flow)
    flow.out()
    rules = flow.world.wired.desk.rules
    await SessionReminders(flow.world.wired.database, rules.desk, rules.zone).remind(flow.world.clock.now())
    assert not [row for row in flow.world.rows("SELECT session_id FROM reminders") if row[0] == "ss_rina_3"]


async def test_who_cannot_be_written_to_is_named_to_the_staff(opens: Opens) -> None:
    flow = await opens()
    flow.world.clock.advance(timedelta(hours=25))
    result = await ill(flow)
    assert "ss_rina_3" in str(result.new_state["unreached"])
    assert "say school_moves_session" not in flow.out()


async def test_only_a_named_staff_member_moves_sessions(opens: Opens) -> None:
    flow = await opens()
    assert (await ill(flow, by="nobody")).status == "BLOCKED_POLICY"
    assert flow.world.rows("SELECT 1 FROM sessions WHERE must_move = 1") == []


async def test_it_can_be_run_again_from_its_record(opens: Opens) -> None:
    flow = await opens()
    await ill(flow)
    case_id = flow.case().id
    bodies = flow.world.rows("SELECT body FROM turn_records WHERE case_id = ? ORDER BY turn", case_id)
    (turn,) = await replay([unpacked(row["body"]) for row in bodies], flow.world.wired.desk)
    assert turn.differences == ()
