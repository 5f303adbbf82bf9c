"""Periodic jobs: each slot once among all processes, the latest missed one caught up with; what each job does."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.chores import chores_for
from casefile.errors import DependencyDown
from gateway.chores import Chore, Chores
from policies.periodic import Every
from store.periodic import SqlSlots
from store.times import iso
from tests.gateway_engine.room import BUDI, MONDAY, RINA, Room, open_room, send

FRIDAY = MONDAY + timedelta(days=4)


@pytest.fixture
async def room(filled: Path, tmp_path: Path) -> AsyncIterator[Room]:
    opened = await open_room(filled, tmp_path / "loket.db", chores=True)
    yield opened
    await opened.close()


def slot_of(room: Room, job: str) -> str:
    return str(room.rows("SELECT slot FROM periodic WHERE job = ?", job)[0]["slot"])


def write(room: Room, sql: str, *params: object) -> "asyncio.Future[int]":
    return asyncio.ensure_future(room.wired.database.submit(lambda tx: tx.execute(sql, params)))


def snapshot_at(room: Room, contact_id: str) -> str:
    (row,) = room.rows("SELECT as_of FROM snapshots WHERE contact_id = ?", contact_id)
    return str(row["as_of"])


# --- slots ---------------------------------------------------------------------------------------------------


class Counted:
    """A job that counts its runs and does its work in as many portions as it is told to."""

    def __init__(self, room: Room, portions: int = 1) -> None:
        self.runs: list[datetime] = []
        self.left = portions
        self.error: Exception | None = None
        chore = Chore("counted", Every(minutes=60), self.run)
        rules = room.wired.desk.rules
        self.chores = Chores((chore,), SqlSlots(room.wired.database), rules.hours)

    async def run(self, slot: datetime, now: datetime) -> bool:
        self.runs.append(slot)
        if self.error is not None:
            raise self.error
        self.left -= 1
        return self.left <= 0


async def test_a_slot_is_run_once_however_often_anybody_looks(room: Room) -> None:
    job = Counted(room)
    await job.chores.run_due(MONDAY)
    assert job.runs == []
    for minutes in (59, 60, 61, 119, 120):
        await job.chores.run_due(MONDAY + timedelta(minutes=minutes))
    assert job.runs == [MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=2)]


async def test_of_many_missed_slots_only_the_latest_is_caught_up_with(room: Room) -> None:
    job = Counted(room)
    await job.chores.run_due(MONDAY)
    again = Counted(room)
    await again.chores.run_due(MONDAY + timedelta(hours=7, minutes=20))
    await again.chores.run_due(MONDAY + timedelta(hours=7, minutes=25))
    assert again.runs == [MONDAY + timedelta(hours=7)]


async def test_a_slot_in_portions_is_marked_after_the_last(room: Room) -> None:
    job = Counted(room, portions=3)
    await job.chores.run_due(MONDAY)
    for seconds in (0, 5, 10, 15):
        await job.chores.run_due(MONDAY + timedelta(hours=1, seconds=seconds))
    assert len(job.runs) == 3


async def test_a_job_that_fails_is_tried_again_and_holds_up_no_other(room: Room) -> None:
    failing, other = Counted(room), Counted(room)
    failing.error = DependencyDown("schedule", "timed out")
    hours = room.wired.desk.rules.hours
    both = (
        Chore("failing", Every(minutes=60), failing.run),
        Chore("other", Every(minutes=60), other.run),
    )
    chores = Chores(both, SqlSlots(room.wired.database), hours)
    await chores.run_due(MONDAY)
    for seconds in (0, 5):
        await chores.run_due(MONDAY + timedelta(hours=1, seconds=seconds))
    assert (len(failing.runs), len(other.runs)) == (2, 1)


async def test_a_clock_that_steps_back_runs_nothing_twice(room: Room) -> None:
    job = Counted(room)
    await job.chores.run_due(MONDAY)
    for hours in (3, 1, 2, 3):
        await job.chores.run_due(MONDAY + timedelta(hours=hours))
    assert job.runs == [MONDAY + timedelta(hours=3)]


async def test_a_new_database_has_missed_nothing(room: Room) -> None:
    await room.start()
    assert {row["job"] for row in room.rows("SELECT job FROM periodic")} == {
        "snapshots", "reconcile", "orders", "reminders", "follow_ups", "readiness", "audit", "reviews", "weekly",
        "heartbeat", "retention", "trials",
    }  # fmt: skip
    assert room.lanes.posts == {}


# --- the heartbeat -------------------------------------------------------------------------------------------


async def test_nothing_is_posted_while_nothing_is_wrong(room: Room) -> None:
    await room.start()
    await room.answered(RINA, "harga paket berapa?")
    for _ in range(6):
        await room.passes(hours=1)
    assert room.lanes.in_thread("heartbeat:") == []
    assert slot_of(room, "heartbeat") == iso(MONDAY + timedelta(hours=6))


async def test_trouble_is_one_post_written_over_while_it_lasts_and_once_more_when_it_is_over(
    room: Room,
) -> None:
    await room.start()
    await room.breaks("payments")
    for _ in range(3):
        await room.passes(hours=2)
    (post,) = room.lanes.in_thread("heartbeat:")
    assert post.lane == "ops" and "Terputus: Data pembayaran" in post.html
    assert "Sejak Senin, 23 November 2026 pukul 12.00 WIB" in post.html and "pukul 16.00 WIB" in post.html
    await room.mends()
    await room.passes(hours=2)
    (post,) = room.lanes.in_thread("heartbeat:")
    assert "Semua lancar lagi" in post.html
    await room.passes(hours=2)
    assert len([e for e in room.lanes.edits if e.thread.startswith("heartbeat")]) == 3
    await room.breaks("payments")
    await room.passes(hours=2)
    assert len(room.lanes.in_thread("heartbeat:")) == 2


async def test_two_processes_keep_one_post(filled: Path, tmp_path: Path, room: Room) -> None:
    await room.start()
    await room.breaks("payments")
    other = await open_room(filled, tmp_path / "loket.db", fresh=False)
    other.board.flag(frozenset({"payments"}))
    noon = MONDAY + timedelta(hours=2)
    await asyncio.gather(*(chores_for(one.wired, one.board).run_due(noon) for one in (room, other)))
    await other.close()
    await room.passes(hours=2)
    assert len(room.lanes.in_thread("heartbeat:")) == 1
    assert len(room.rows("SELECT key FROM outbox WHERE key LIKE 'heartbeat:%'")) == 1


async def test_killed_after_the_post_and_before_the_mark_it_posts_nothing_more(room: Room) -> None:
    await room.start()
    await room.breaks("payments")
    await room.passes(hours=2)
    await write(room, "UPDATE periodic SET slot = ? WHERE job = 'heartbeat'", iso(MONDAY))
    await room.passes(seconds=5)
    assert len(room.rows("SELECT key FROM outbox WHERE key LIKE 'heartbeat:%'")) == 1
    assert slot_of(room, "heartbeat") == iso(MONDAY + timedelta(hours=2))


async def test_a_case_nobody_has_looked_at_in_its_time_is_named(room: Room) -> None:
    await room.start()
    await room.answered(RINA, "saya mau refund")
    (case,) = room.rows("SELECT id FROM cases")
    # Until the day ends somebody may still look.
    await room.passes(hours=9, minutes=59)
    assert room.lanes.in_thread("heartbeat:") == []
    await room.passes(hours=2)
    (post,) = room.lanes.in_thread("heartbeat:")
    assert f"Lewat waktunya dan belum disentuh: {case['id']}" in post.html
    assert "4–24 jam: 1" in post.html


async def test_what_stands_in_inbox_and_ledger_is_counted(room: Room) -> None:
    await room.start()
    conversation = await room.answered(RINA, "harga paket berapa?")
    await room.queue(conversation, send("k1", conversation), send("k2", conversation))
    old = iso(MONDAY - timedelta(hours=1))
    await write(
        room, "UPDATE outbox SET state = 'unknown', pending = 0, changed_at = ? WHERE key = 'k1'", old
    )
    await write(room, "UPDATE outbox SET state = 'attempting', pending = 1, due_at = ? WHERE key = 'k2'", old)
    await write(
        room,
        "INSERT INTO inbox (channel, account, external_id, conversation_id, body, received_at)"
        " VALUES ('x', '', 'x1', 'wa-school-nobody', '{}', ?)",
        old,
    )
    await chores_for(room.wired, room.board).run_due(MONDAY + timedelta(hours=2))
    (row,) = room.rows("SELECT body FROM outbox WHERE key LIKE 'heartbeat:%'")
    for line in (
        "belum diproses: 1, paling lama",
        "sudah terkirim: 1, paling lama",
        "sampai atau tidak: 1, paling",
    ):
        assert line in row["body"]


async def test_a_snapshot_that_is_not_what_the_records_say_is_named_and_renewed(room: Room) -> None:
    await room.start()
    # As if somebody had written to the schedule without counting the contact's rev up.
    await write(room, "UPDATE sessions SET coach = 'Bima' WHERE id = 'ss_rina_3'")
    await chores_for(room.wired, room.board).run_due(MONDAY + timedelta(hours=2))
    (row,) = room.rows("SELECT body FROM outbox WHERE key LIKE 'heartbeat:%'")
    assert RINA in row["body"]
    kept = await room.wired.stored.snapshot(RINA)
    assert kept is not None and kept.students[0].sessions[0].coach == "Bima"


# --- the readiness list --------------------------------------------------------------------------------------


async def test_the_shift_is_told_what_it_should_know_as_it_begins(room: Room) -> None:
    await room.start()
    await room.answered(BUDI, "saya mau refund")
    knowledge = room.wired.knowledge
    pages = knowledge.pages_of(knowledge.in_force() or "")
    kept = [page for page in pages if page.page_id != "parking"]
    release = await knowledge.publish(kept, "sf_tari", MONDAY + timedelta(hours=3))
    await room.breaks("payments")
    await room.passes(hours=23)
    post = room.lanes.in_thread("readiness:")[-1]
    assert post.lane == "ops" and "Siap buka</b> · Selasa, 24 November 2026" in post.html
    for words in (
        "Terputus: Data pembayaran (payments)",
        "4–24 jam: 1",
        "Data pembayaran (payments) sejak Senin, 23 November 2026",
        f"<code>{release}</code>: dihapus: parking.en, parking.id",
        "Gaya bahasa hari ini",
        "Jawab dulu intinya",
        "Jangan menyalahkan",
    ):
        assert words in post.html
    await room.passes(hours=1)
    assert len(room.lanes.in_thread("readiness:")) == 1


async def test_nothing_is_listed_on_a_day_off_and_yesterdays_list_is_not_posted_late(
    filled: Path, tmp_path: Path
) -> None:
    room = await open_room(filled, tmp_path / "weekend.db", at=FRIDAY, chores=True)
    await room.start()
    await room.passes(hours=1)
    await room.close()
    sunday = await open_room(
        filled, tmp_path / "weekend.db", fresh=False, at=FRIDAY + timedelta(days=2), chores=True
    )
    await sunday.start()
    assert sunday.lanes.in_thread("readiness:") == []
    # Sunday has no list, and Saturday's slot is seen to without one.
    assert slot_of(sunday, "readiness") == "2026-11-28T02:00:00.000000Z"
    await sunday.passes(hours=23)
    assert len(sunday.lanes.in_thread("readiness:")) == 1
    await sunday.close()


async def test_a_day_without_anything_to_say_says_so(room: Room) -> None:
    await room.start()
    await room.passes(hours=23)
    (post,) = room.lanes.in_thread("readiness:")
    for words in (
        "Semua terhubung",
        "kosong",
        "Tidak ada insiden terbuka",
        "tidak ada perubahan sejak kemarin",
    ):
        assert words in post.html
    assert "diingatkan lewat" in post.html  # Citra's lesson is tomorrow, and she has never written.


# --- snapshots -----------------------------------------------------------------------------------------------


async def test_at_the_desks_midnight_every_snapshot_is_built_anew(room: Room) -> None:
    await room.start()
    before = snapshot_at(room, RINA)
    await room.passes(hours=13, minutes=59)
    assert snapshot_at(room, RINA) == before
    await room.passes(minutes=1)
    midnight = iso(MONDAY + timedelta(hours=14))
    assert {row["as_of"] for row in room.rows("SELECT as_of FROM snapshots")} == {midnight}
    assert slot_of(room, "snapshots") == midnight


async def test_a_missed_delta_is_healed(room: Room) -> None:
    await room.start()
    await write(room, "UPDATE sessions SET coach = 'Bima' WHERE id = 'ss_rina_3'")
    await write(room, "UPDATE contacts SET rev = rev + 1 WHERE id = ?", RINA)
    await room.passes(minutes=15)
    kept = await room.wired.stored.snapshot(RINA)
    assert kept is not None and kept.rev == 2 and kept.students[0].sessions[0].coach == "Bima"
    assert snapshot_at(room, BUDI) == iso(MONDAY)


async def test_what_grew_old_is_renewed_while_a_case_is_open_and_left_alone_otherwise(room: Room) -> None:
    await room.start()
    await room.answered(RINA, "saya mau refund")
    await room.passes(hours=3, minutes=15)
    assert snapshot_at(room, RINA) == iso(room.clock.now())
    assert snapshot_at(room, BUDI) == iso(MONDAY)


async def test_no_snapshot_is_built_from_records_that_are_down(room: Room) -> None:
    await room.start()
    await room.breaks("schedule")
    await room.passes(hours=14)
    assert snapshot_at(room, RINA) == iso(MONDAY)
    await room.mends()
    assert snapshot_at(room, RINA) > iso(MONDAY + timedelta(hours=14))
