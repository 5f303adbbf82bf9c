"""Something that always raises is set aside after a few tries and shown to people; everything else goes on."""

import pytest
import structlog

from casefile.errors import StoreDown
from tests.gateway_engine.room import BROKEN, BUDI, RINA, Room, move, send

FILL = "INSERT INTO measures (name, at, value, detail) VALUES (?, '', 0, ?)"
NEVER = "CREATE TRIGGER never BEFORE INSERT ON operations BEGIN SELECT RAISE(ABORT, 'never'); END"
Log = list[structlog.typing.EventDict]


async def test_a_poisoned_message_is_set_aside_and_its_neighbours_are_answered(room: Room) -> None:
    await room.start()
    await room.answered(RINA, "harga paket berapa?", BROKEN, "jadwal les aku kapan ya?")
    states = [
        (r["state"], r["attempts"]) for r in room.rows("SELECT * FROM inbox WHERE channel = 'whatsapp'")
    ]
    assert states == [("read", 1), ("quarantined", 3), ("read", 1)]
    assert [m.template.partition("@")[0] for m in room.phones.sent] == ["faq_answer", "next_session"]
    (card,) = room.lanes.in_thread("quarantine:")
    assert BROKEN in card.html
    assert "harga paket" not in card.html
    assert "jadwal" not in card.html
    await room.answered(RINA, "sisa sesiku berapa?")
    assert room.phones.sent[-1].template.startswith("sessions_left")


async def test_nobody_else_waits_for_a_poisoned_message(room: Room) -> None:
    await room.start()
    await room.hears(RINA, BROKEN)
    await room.hears(BUDI, "harga paket berapa?")
    await room.passes(seconds=1.2)
    assert len(room.phones.sent) == 1
    assert len(room.lanes.in_thread("quarantine:")) == 1


async def test_a_message_that_cannot_be_sent_for_no_known_reason_is_shown_and_holds_nobody_up(
    room: Room,
) -> None:
    conversation = await room.hears(RINA, "👍")
    await room.start()
    room.phones.faults = [ValueError("a fault nobody thought of")]
    await room.queue(conversation, send("k1", conversation), send("k2", conversation, "Sudah ya Kak"))
    assert room.states()[-2:] == ["unknown", "accepted"]
    (card,) = room.lanes.in_thread("unknown:")
    assert "k1" in card.html


async def test_an_operation_that_always_raises_is_tried_now_and_then_and_not_all_the_time(
    room: Room, log: Log
) -> None:
    conversation = await room.hears(RINA, "👍")
    await room.start()
    await room.wired.database.submit(lambda tx: tx.execute(NEVER))
    await room.queue(conversation, move("op1", room.case(conversation).id))
    assert room.states("run_operation") == ["queued"]
    assert room.due_in("op1") > 60
    await room.wired.database.submit(lambda tx: tx.execute("DROP TRIGGER never"))
    await room.passes(minutes=6)
    assert room.states("run_operation") == ["accepted"]
    assert _count(log, "effect_failed") == 1


async def test_a_full_disk_is_no_poison(room: Room) -> None:
    """A turn that does not fit is tried until it does, and not counted though there is room for the count."""
    await room.start()
    database = room.wired.database
    await room.hears(RINA, "harga paket berapa?")
    (pages,) = database.read("PRAGMA page_count")
    await database.submit(lambda tx: tx.one(f"PRAGMA max_page_count = {pages[0]}"))
    for size in (50_000, 1000):
        with pytest.raises(StoreDown):
            while True:
                filler = ("", "x" * size)
                await database.submit(lambda tx, row=filler: tx.execute(FILL, row))
    for _ in range(6):
        await room.passes(seconds=5)
    assert [tuple(r) for r in room.rows("SELECT state, attempts FROM inbox")] == [("unread", 0)]
    await database.submit(lambda tx: tx.one("PRAGMA max_page_count = 1000000"))
    await room.passes(seconds=5)
    assert len(room.phones.sent) == 1
    assert room.lanes.in_thread("quarantine:") == []
    assert len(room.lanes.in_thread("store:")) == 1


async def test_what_was_sent_while_the_disk_was_full_is_written_down_and_not_sent_again(
    room: Room, log: Log
) -> None:
    await room.start()
    conversation = await _sent_and_not_written_down(room, log)
    await room.passes(seconds=5)
    assert _count(log, "result_held_up") > 1
    room.wired.database._writer._connection.execute("PRAGMA query_only = OFF")
    await room.passes(seconds=5)
    assert room.states() == ["accepted"]
    await room.queue(conversation, send("next", conversation))
    assert len(room.phones.sent) == 2


async def test_a_stop_does_not_wait_for_a_full_disk(room: Room, log: Log) -> None:
    await room.start()
    await _sent_and_not_written_down(room, log)
    await room.engine.stop()
    room.running = False
    assert room.states() == ["attempting"]


async def _sent_and_not_written_down(room: Room, log: Log) -> str:
    """Let the disk fill up in the moment in which a message leaves."""
    connection = room.wired.database._writer._connection
    room.phones.looks = lambda _: connection.execute("PRAGMA query_only = ON")
    conversation = await room.hears(RINA, "harga paket berapa?")
    await room.passes(seconds=1.2)
    assert _count(log, "result_held_up") == 1
    room.phones.looks = None
    assert room.states() == ["attempting"]
    return conversation


def _count(log: Log, event: str) -> int:
    return sum(1 for line in log if line["event"] == event)
