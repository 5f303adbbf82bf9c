"""Reminders the day before a session: once for the hour it stands at, by B, to who wants them and may be written to."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.chores import chores_for
from casefile.case import Case
from tests.gateway_engine.room import MONDAY, RINA, Room, open_room

# 10.00 WIB on Wednesday, the day before Rina's lesson; her window has been open since Tuesday noon.
TUESDAY_NOON, WEDNESDAY = MONDAY + timedelta(hours=26), MONDAY + timedelta(days=2)
LESSON = "SELECT * FROM reminders WHERE session_id LIKE 'ss_rina%'"


@pytest.fixture
async def room(filled: Path, tmp_path: Path) -> AsyncIterator[Room]:
    opened = await open_room(filled, tmp_path / "loket.db", chores=True)
    yield opened
    await opened.close()


async def heard_on_tuesday(room: Room, text: str = "harga paket berapa?") -> str:
    """Let the engine run since Monday, and Rina write on Tuesday noon."""
    await room.start()
    await until(room, TUESDAY_NOON)
    return await room.answered(RINA, text)


async def until(room: Room, at: datetime) -> None:
    await room.passes(seconds=(at - room.clock.now()).total_seconds())


def reminders(room: Room) -> list[str]:
    return [m.text for m in room.phones.sent if m.template.startswith("reminder_day_before")]


async def test_who_has_a_session_tomorrow_is_reminded_once_by_b_through_the_gate(room: Room) -> None:
    conversation = await heard_on_tuesday(room)
    await until(room, WEDNESDAY)
    (said,) = reminders(room)
    assert "Kamis, 26 November 2026" in said and "16.00 WIB" in said and "Coach Sinta" in said
    assert "sesi vokal Kakak" in said
    (case,) = (
        Case.model_validate_json(row["body"])
        for row in room.rows("SELECT body FROM cases WHERE cause LIKE 'SESSION%'")
    )
    assert (case.conversation_id, case.tier, case.intent, case.state) == (
        conversation,
        "R1",
        "next_session",
        "answered",
    )
    (verdict,) = room.rows("SELECT detail FROM measures WHERE detail LIKE '%SESSION.%'")
    assert verdict["detail"] == "R1 REPORT SESSION.tomorrow"
    for _ in range(3):
        await room.passes(hours=2)
    assert len(reminders(room)) == 1


async def test_a_reminder_counts_as_nobodys_first_response_and_no_resolution(room: Room) -> None:
    await heard_on_tuesday(room)
    await until(room, WEDNESDAY)
    await room.passes(hours=13)
    counted = room.rows(
        "SELECT name FROM measures WHERE case_id = (SELECT id FROM cases WHERE cause LIKE 'SESSION%')"
    )
    assert {row["name"] for row in counted} == {"turn"}


async def test_two_processes_that_look_at_once_remind_once(filled: Path, tmp_path: Path, room: Room) -> None:
    await heard_on_tuesday(room)
    other = await open_room(filled, tmp_path / "loket.db", fresh=False, at=WEDNESDAY)
    both = [chores_for(one.wired, one.board) for one in (room, other)]
    await asyncio.gather(*(chores.run_due(WEDNESDAY) for chores in both))
    await other.close()
    await until(room, WEDNESDAY)
    assert len(reminders(room)) == 1
    assert len(room.rows(LESSON)) == 1
    assert len(room.lanes.in_thread("readiness:2026-11-25")) == 1


async def test_killed_before_it_was_marked_the_slot_is_gone_through_again_and_nobody_hears_twice(
    room: Room,
) -> None:
    await heard_on_tuesday(room)
    await until(room, WEDNESDAY)
    await room.wired.database.submit(
        lambda tx: tx.execute(
            "UPDATE periodic SET slot = '2026-11-24T02:00:00.000000Z' WHERE job = 'reminders'"
        )
    )
    await room.passes(seconds=5)
    assert len(reminders(room)) == 1
    assert room.rows("SELECT slot FROM periodic WHERE job = 'reminders'")[0]["slot"].startswith(
        "2026-11-25T02"
    )


async def test_who_wants_no_reminders_gets_none_and_is_not_listed(room: Room) -> None:
    await heard_on_tuesday(room)
    await room.wired.database.submit(
        lambda tx: tx.execute("UPDATE contacts SET opt_out = 1 WHERE id = ?", (RINA,))
    )
    await until(room, WEDNESDAY)
    assert reminders(room) == []
    assert [row["state"] for row in room.rows(LESSON)] == ["opted_out"]
    assert "Rina" not in room.lanes.in_thread("readiness:")[-1].html


async def test_one_who_opts_out_between_the_job_and_the_turn_is_left_alone(room: Room) -> None:
    """The gate reads again: what has changed since the job looked leaves nothing to say, and no case."""
    conversation = await heard_on_tuesday(room)
    await room.engine.stop()
    room.running = False
    await room.passes(seconds=(WEDNESDAY - room.clock.now()).total_seconds())
    await chores_for(room.wired, room.board).run_due(room.clock.now())
    rows = await room.wired.journal.unread(conversation)
    await room.wired.database.submit(
        lambda tx: tx.execute("UPDATE contacts SET opt_out = 1 WHERE id = ?", (RINA,))
    )
    reminder = [row for row in rows if row.event.type == "reminder_fell_due"]
    turn = await room.wired.runner.run(conversation, reminder, room.clock.now())
    assert (turn.cases, turn.effects) == ((), ())


async def test_outside_the_window_nobody_is_written_to_and_the_shift_is_told(room: Room) -> None:
    await room.start()
    await until(room, MONDAY + timedelta(minutes=5))
    await room.answered(RINA, "harga paket berapa?")
    await until(room, WEDNESDAY)
    assert reminders(room) == []
    assert [row["state"] for row in room.rows(LESSON)] == ["unreachable"]
    listed = room.lanes.in_thread("readiness:")[-1].html
    assert "Belum bisa diingatkan lewat WhatsApp" in listed
    assert "Kamis, 26 November 2026, 16.00 WIB · Rina · Sinta · +62…1001" in listed
    assert "+6281200001001" not in listed and "Anggraini" not in listed


async def test_a_moved_session_gets_a_reminder_for_its_new_day_and_none_for_the_old(room: Room) -> None:
    await room.start()
    await room.answered(RINA, "mau pindah jadwal dong")
    await room.answered(RINA, "yang nomor 3")
    assert room.phones.sent[-1].template.startswith("reschedule_done")
    (moved,) = room.rows(
        "SELECT start_at FROM sessions WHERE id LIKE 'ss_rina_3-r%' AND status = 'scheduled'"
    )
    start = datetime.fromisoformat(moved["start_at"])
    before = (start - timedelta(days=1)).replace(hour=3, minute=0)
    assert MONDAY < before != WEDNESDAY
    await until(room, before - timedelta(hours=2))
    await room.answered(RINA, "halo")
    await until(room, before)
    (said,) = reminders(room)
    assert f"{start + timedelta(hours=7):%H.%M} WIB" in said
    await until(room, WEDNESDAY + timedelta(days=3))
    assert len(reminders(room)) == 1


async def test_a_session_put_at_another_hour_is_reminded_of_anew(room: Room) -> None:
    """The school's own system may change a session in place: it is the hour that is reminded of."""
    await heard_on_tuesday(room)
    await until(room, WEDNESDAY)
    assert len(reminders(room)) == 1
    await room.wired.database.submit(
        lambda tx: tx.execute(
            "UPDATE sessions SET start_at = '2026-11-27T09:00:00.000000Z', end_at = '2026-11-27T10:00:00.000000Z'"
            " WHERE id = 'ss_rina_3'"
        )
    )
    await room.passes(hours=3)
    await room.answered(RINA, "halo")
    await until(room, WEDNESDAY + timedelta(days=1))
    assert len(reminders(room)) == 2 and "Jumat, 27 November 2026" in reminders(room)[-1]


@pytest.mark.parametrize("status", ["cancelled", "consumed", "done"])
async def test_a_session_that_does_not_stand_any_more_is_not_reminded_of(room: Room, status: str) -> None:
    await heard_on_tuesday(room)
    await room.wired.database.submit(
        lambda tx: tx.execute("UPDATE sessions SET status = ? WHERE id = 'ss_rina_3'", (status,))
    )
    await until(room, WEDNESDAY)
    assert reminders(room) == [] and room.rows(LESSON) == []


async def test_while_the_schedule_is_down_nobody_is_reminded_and_when_it_is_back_they_are(room: Room) -> None:
    await heard_on_tuesday(room)
    await room.breaks("schedule")
    await until(room, WEDNESDAY)
    assert reminders(room) == [] and room.rows(LESSON) == []
    await room.mends()
    await room.passes(seconds=5)
    assert len(reminders(room)) == 1


async def test_what_a_reminder_does_not_rest_on_may_be_down(room: Room) -> None:
    await heard_on_tuesday(room)
    await room.breaks("payments")
    await until(room, WEDNESDAY)
    assert len(reminders(room)) == 1


async def test_a_server_that_comes_back_late_in_the_evening_wakes_nobody_up(
    filled: Path, tmp_path: Path
) -> None:
    room = await open_room(filled, tmp_path / "late.db", chores=True)
    await heard_on_tuesday(room)
    await room.close()
    late = await open_room(
        filled, tmp_path / "late.db", fresh=False, at=WEDNESDAY.replace(hour=14, minute=30), chores=True
    )
    await late.start()
    assert reminders(late) == [] and late.rows(LESSON) == []
    await late.close()


async def test_a_server_that_comes_back_in_time_reminds_the_same_day(filled: Path, tmp_path: Path) -> None:
    room = await open_room(filled, tmp_path / "back.db", chores=True)
    await heard_on_tuesday(room)
    await room.close()
    back = await open_room(
        filled, tmp_path / "back.db", fresh=False, at=WEDNESDAY + timedelta(hours=1), chores=True
    )
    await back.start()
    assert len(reminders(back)) == 1
    await back.close()


async def test_it_is_said_in_the_language_of_the_conversation(room: Room) -> None:
    await heard_on_tuesday(room, "hi, how much are your lesson packages?")
    await until(room, WEDNESDAY)
    (said,) = reminders(room)
    assert (
        "your singing session is tomorrow, Thursday, 26 November 2026 at 4:00 PM WIB, with Coach Sinta"
        in said
    )


async def test_what_the_customer_answers_goes_on_as_anything_they_say(room: Room) -> None:
    conversation = await heard_on_tuesday(room)
    await until(room, WEDNESDAY)
    await room.answered(RINA, "siap kak makasih")
    assert room.phones.sent[-1].template.startswith("thanks_reply")
    await room.answered(RINA, "eh kayaknya aku mau pindah jadwal deh")
    assert room.phones.sent[-1].template.startswith("reschedule_offer")
    assert room.phones.texts(conversation)
