"""RESCHEDULE: inside policy or not at all, one taker per slot, the quota never overrun."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from services_scenes import NOW, School, move
from sheet_scenes import in_notion

from casefile.approval import Alternative
from policies.limits import Cutoff, Limits
from store.database import Database
from tests.support.postgres import Opener


@pytest.fixture(params=["store", "notion"])
async def school(
    request: pytest.FixtureRequest, open_database: Opener, tmp_path: Path
) -> AsyncIterator[School]:
    """The one contract of both: records in our store, and in Notion."""
    opened = await School(open_database()).open(tmp_path / "records")
    if request.param == "store":
        yield opened
    else:
        async with in_notion(opened, tmp_path):
            yield opened
    opened.database.close()


async def _sessions(school: School, student: str = "st_rina") -> dict[str, str]:
    found = await school.book.schedule(student, school.clock.at)
    return {session.id: session.start.isoformat() for session in found.sessions}


async def test_a_move_frees_the_old_slot_takes_the_new_one_and_counts(school: School) -> None:
    result = await school.operations.execute(move())
    assert result.status == "SUCCESS", result.details
    assert result.rev > 1
    assert result.new_state["reschedules_this_month"] == 1
    facts = await school.book.schedule("st_rina", NOW)
    assert [s.id for s in facts.sessions] == ["ss_rina_1-r1", "ss_rina_2", "ss_rina_3"]
    assert "sl_1" not in {slot.id for slot in facts.free_slots}
    assert "sl_ss_rina_1" in {slot.id for slot in facts.free_slots}
    assert facts.reschedules_this_month == 1
    snapshot = await school.sources.snapshot("ct_rina")
    assert snapshot is not None
    assert (snapshot.rev, snapshot.students[0].reschedules_this_month) == (result.rev, 1)


async def test_moved_again_the_slot_in_between_is_free_again(school: School) -> None:
    await school.operations.execute(move())
    again = await school.operations.execute(move("k2", "ss_rina_1-r1", "sl_2"))
    assert again.status == "SUCCESS", again.details
    assert again.refs["session"] == "ss_rina_1-r2"
    free = {slot.id for slot in (await school.book.schedule("st_rina", NOW)).free_slots}
    assert "sl_1" in free
    assert "sl_2" not in free


async def test_the_third_of_a_month_is_blocked_and_the_next_month_is_free(school: School) -> None:
    for number in (1, 2):
        done = await school.operations.execute(move(f"k{number}", f"ss_rina_{number}", f"sl_{number}"))
        assert done.status == "SUCCESS", done.details
    third = await school.operations.execute(move("k3", "ss_rina_3", "sl_3"))
    assert third.status == "BLOCKED_POLICY"
    assert "within_quota" in third.details
    assert third.rev == 0
    school.clock.at = NOW + timedelta(days=19)
    assert (await school.book.schedule("st_rina", school.clock.at)).reschedules_this_month == 0


async def test_what_the_school_changed_and_last_month_do_not_count(school: School) -> None:
    assert (await school.book.schedule("st_kenzo", NOW)).reschedules_this_month == 1


@pytest.mark.parametrize(("minutes", "status"), [(60, "SUCCESS"), (59, "BLOCKED_POLICY")])
async def test_the_cut_off_is_exact(school: School, minutes: int, status: str) -> None:
    # Alya's session starts at eleven, Jakarta time.
    school.clock.at = NOW + timedelta(minutes=60 - minutes)
    result = await school.operations.execute(move(session="ss_today", subject="st_alya", case="maya"))
    assert result.status == status, result.details


async def test_the_cut_off_by_calendar_day(open_database: Opener, tmp_path: Path) -> None:
    limits = Limits(cutoff=Cutoff(calendar_days=1))
    school = await School(open_database(), limits).open(tmp_path / "records")
    result = await school.operations.execute(move(session="ss_today", subject="st_alya", case="maya"))
    assert result.status == "BLOCKED_POLICY"
    school.database.close()


async def test_two_at_once_on_the_last_slot_one_passes(school: School) -> None:
    mine, other = move("k1"), move("k2", "ss_rina_2")
    results = await asyncio.gather(school.operations.execute(mine), school.operations.execute(other))
    assert sorted(r.status for r in results) == ["BLOCKED_POLICY", "SUCCESS"]


async def test_two_at_once_on_the_last_of_the_quota_one_passes(school: School) -> None:
    await school.operations.execute(move("k0", "ss_rina_1", "sl_1"))
    results = await asyncio.gather(
        school.operations.execute(move("k1", "ss_rina_2", "sl_2")),
        school.operations.execute(move("k2", "ss_rina_3", "sl_3")),
    )
    assert sorted(r.status for r in results) == ["BLOCKED_POLICY", "SUCCESS"]
    assert (await school.book.schedule("st_rina", NOW)).reschedules_this_month == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"slot": "sl_past"}, "past"),
        ({"slot": "sl_clash"}, "overlaps"),
        ({"session": "ss_kenzo"}, "another student"),
        ({"session": "ss_vina", "subject": "st_vina", "case": "vina"}, "not_vip"),
        ({"session": "ss_kenzo", "subject": "st_kenzo"}, "does not speak for"),
        ({"slot": "sl_none"}, "not in the records"),
        ({"session": "ss_none"}, "not in the records"),
    ],
)
async def test_what_does_not_hold_writes_nothing(school: School, change: dict[str, str], words: str) -> None:
    before = await _sessions(school)
    result = await school.operations.execute(move(**change))
    assert result.status in ("BLOCKED_POLICY", "FAILED")
    assert words in result.details
    assert await _sessions(school) == before
    assert school.database.read("SELECT * FROM reschedules WHERE id = 'k1'") == []


async def test_an_approved_exception_moves_and_uses_no_quota(school: School) -> None:
    for number in (1, 2):
        await school.operations.execute(move(f"k{number}", f"ss_rina_{number}", f"sl_{number}"))
    asked = await school.approved(move("k3", "ss_rina_3", "sl_3"))
    result = await school.operations.execute(asked)
    assert result.status == "SUCCESS", result.details
    assert result.new_state["reschedules_this_month"] == 2
    row = school.database.read("SELECT source, approval_id FROM reschedules WHERE id = 'k3'")[0]
    assert tuple(row) == ("exception", "ap-k3")


async def test_an_operators_word_confirms_the_policy_and_bends_nothing(school: School) -> None:
    for number in (1, 2):
        asked = await school.approved(move(f"k{number}", f"ss_rina_{number}", f"sl_{number}"), lane="ops")
        assert (await school.operations.execute(asked)).new_state["reschedules_this_month"] == number
    third = await school.approved(move("k3", "ss_rina_3", "sl_3"), lane="ops")
    result = await school.operations.execute(third)
    assert (result.status, "within_quota" in result.details) == ("BLOCKED_POLICY", True)


@pytest.mark.parametrize("state", ["pending", "void", "denied"])
async def test_an_approval_that_was_not_given_lets_nothing_through(school: School, state: str) -> None:
    asked = await school.approved(move("k3", "ss_rina_3", "sl_3"), state)
    assert (await school.operations.execute(asked)).status == "BLOCKED_POLICY"


async def test_an_approval_is_for_one_operation_only(school: School) -> None:
    asked = await school.approved(move("k3", "ss_rina_3", "sl_3"))
    other = asked.model_copy(update={"params": {**asked.params, "slot_id": "sl_4"}, "idempotency_key": "k4"})
    result = await school.operations.execute(other)
    assert (result.status, "another operation" in result.details) == ("BLOCKED_POLICY", True)


async def test_the_alternative_a_person_chose_is_covered(school: School) -> None:
    other = move("k4", "ss_rina_3", "sl_4")
    ready = Alternative(id="a", label="jam 13", operation=other, text="Jam 13 ya Kak")
    asked = await school.approved(move("k3", "ss_rina_3", "sl_3"), "denied", (ready,))
    chosen = other.model_copy(update={"approval_id": asked.approval_id})
    assert (await school.operations.execute(chosen)).status == "SUCCESS"
    assert (await school.operations.execute(asked)).status == "BLOCKED_POLICY"


async def test_when_the_own_coach_has_no_hour_left_everybodys_are_offered(school: School) -> None:
    facts = await school.book.schedule("st_kenzo", NOW)
    assert {slot.coach for slot in facts.free_slots} == {"Bima"}
    await school.database.submit(lambda tx: tx.execute("DELETE FROM slots WHERE coach = 'Bima'"))
    facts = await school.book.schedule("st_kenzo", NOW)
    assert {slot.coach for slot in facts.free_slots} == {"Sinta"}
    result = await school.operations.execute(
        move(session="ss_kenzo", subject="st_kenzo", case="maya", slot="sl_1")
    )
    assert result.status == "SUCCESS", result.details


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.integers(0, 5), st.sampled_from(["1", "2", "3"]), st.sampled_from(["1", "2", "3", "4"])),
        max_size=10,
    )
)
async def test_whatever_is_asked_the_rules_stand(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, str, str]]
) -> None:
    path = tmp_path_factory.mktemp("school")
    school = await School(Database.open(path / "loket.db")).open(path / "records")
    revs = [1]
    results = await asyncio.gather(
        *(school.operations.execute(move(f"k{key}", f"ss_rina_{s}", f"sl_{t}")) for key, s, t in steps)
    )
    for (key, _, _), result in zip(steps, results, strict=True):
        first = next(r for (k, _, _), r in zip(steps, results, strict=True) if k == key)
        assert result == first
    written = {result.refs["key"]: result.rev for result in results if result.status == "SUCCESS"}
    revs += sorted(written.values())
    assert len(set(revs)) == len(revs)
    assert len(written) <= 2
    facts = await school.book.schedule("st_rina", NOW)
    assert facts.reschedules_this_month == len(written)
    assert len(facts.sessions) == 3
    assert len({session.start for session in facts.sessions}) == 3
    taken = school.database.read("SELECT session_id FROM slots WHERE session_id IS NOT NULL")
    assert len(taken) == len(written)
    school.database.close()


async def test_the_month_turns_at_midnight_in_the_desks_zone(school: School) -> None:
    await school.operations.execute(move())
    # Midnight between February and March in Jakarta is five in the afternoon UTC.
    midnight = datetime(2026, 2, 28, 17, 0, tzinfo=UTC)
    before, after = midnight - timedelta(microseconds=1), midnight
    assert (await school.book.schedule("st_rina", before)).reschedules_this_month == 1
    assert (await school.book.schedule("st_rina", after)).reschedules_this_month == 0


async def test_counted_by_the_month_of_the_session(open_database: Opener, tmp_path: Path) -> None:
    school = await School(open_database(), Limits(quota_month="session")).open(tmp_path / "records")
    for number in (1, 2):
        done = await school.operations.execute(move(f"k{number}", f"ss_rina_{number}", f"sl_{number}"))
        assert done.status == "SUCCESS", done.details
    row = school.database.read("SELECT request_month, session_month FROM reschedules WHERE id = 'k2'")[0]
    assert tuple(row) == ("2026-02", "2026-02")
    third = await school.operations.execute(move("k3", "ss_rina_3", "sl_3"))
    assert "within_quota" in third.details
    school.database.close()


async def test_a_session_moved_into_the_past_is_not_offered_again(school: School) -> None:
    school.clock.at = NOW + timedelta(minutes=61)
    asked = await school.approved(move("k1", "ss_today", subject="st_alya", case="maya"))
    result = await school.operations.execute(asked)
    assert result.status == "SUCCESS", result.details
    assert school.database.read("SELECT 1 FROM slots WHERE id = 'sl_ss_today'") == []
