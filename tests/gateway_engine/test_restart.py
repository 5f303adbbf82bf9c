"""What an earlier process left is settled and gone on with; timers fire once, also across a restart."""

from pathlib import Path

from casefile.effects import StartTimer
from tests.gateway_engine.room import BUDI, MOST, RINA, Room, move, open_room, send


async def test_a_send_cut_off_in_the_middle_is_shown_and_not_repeated_by_itself(room: Room) -> None:
    conversation = await room.hears(RINA, "👍")
    await room.queue(conversation, send("k1", conversation))
    assert await room.wired.journal.attempting("k1", room.clock.now())
    await room.start()
    assert room.states()[0] == "unknown"
    assert room.phones.texts() == []
    (card,) = room.lanes.in_thread("unknown:")
    assert "k1" in card.html
    await room.status("k1", "sent")
    await room.passes(minutes=11)
    assert room.states()[0] == "accepted"
    assert "Halo Kak" not in room.phones.texts()


async def test_an_operation_cut_off_in_the_middle_is_asked_for_again_and_done_once(room: Room) -> None:
    conversation = await room.hears(RINA, "👍")
    await room.queue(conversation, move("op1", room.case(conversation).id))
    await room.wired.operations.run(move("op1", room.case(conversation).id).task)
    await room.wired.database.submit(
        lambda tx: tx.execute("UPDATE outbox SET state = 'attempting', pending = 1 WHERE key = 'op1'")
    )
    await room.start()
    assert room.states("run_operation") == ["accepted"]
    assert len(room.rows("SELECT * FROM reschedules WHERE id = 'op1'")) == 1


async def test_what_was_unread_is_answered_at_the_next_start_in_order(room: Room) -> None:
    await room.hears(RINA, "harga paket berapa?")
    await room.hears(BUDI, "halo")
    room.clock.advance(MOST)
    await room.start()
    assert len(room.phones.sent) == 2
    assert room.rows("SELECT * FROM inbox WHERE state = 'unread'") == []


async def test_stopped_and_started_again_nothing_is_lost_or_said_twice(filled: Path, tmp_path: Path) -> None:
    path = tmp_path / "loket.db"
    first = await open_room(filled, path)
    await first.start()
    await first.answered(RINA, "harga paket berapa?")
    await first.hears(RINA, "jadwal les aku kapan?")
    said = first.phones.texts()
    await first.close()
    second = await open_room(filled, path, fresh=False, at=first.clock.now())
    await second.start()
    await second.passes(seconds=2)
    texts = [
        r["text"] for r in second.rows("SELECT text FROM transcript WHERE direction = 'out' ORDER BY id")
    ]
    assert texts == [*said, *second.phones.texts()]
    assert len(texts) == len(set(texts)) == 2
    await second.close()


async def test_a_timer_fires_once_however_often_it_is_looked_at(room: Room) -> None:
    await room.start()
    conversation = await room.answered(RINA, "harga paket berapa?")
    (timer,) = room.rows("SELECT key, timer, due_at FROM timers")
    assert timer["timer"] == "resolve"
    await room.passes(hours=11, minutes=59)
    assert room.rows("SELECT * FROM inbox WHERE channel = 'timer'") == []
    await room.passes(minutes=1)
    await room.passes(minutes=5)
    fired = room.rows("SELECT * FROM inbox WHERE channel = 'timer' AND conversation_id = ?", conversation)
    assert len(fired) == 1
    assert room.rows("SELECT state FROM cases")[0]["state"] == "resolved"


async def test_a_timer_set_while_the_engine_sleeps_wakes_it_in_time(room: Room) -> None:
    await room.start()
    conversation = await room.answered(RINA, "harga paket berapa?")
    sooner = room.clock.now().replace(microsecond=0)
    case_id = room.rows("SELECT id FROM cases")[0]["id"]
    timer = StartTimer(key=f"{case_id}:resolve", timer="resolve", due_at=sooner)
    case = (await room.wired.stored.open_cases(conversation, room.clock.now()))[0]
    await room.queue(conversation, timer)
    assert case.state == "answered"
    await room.passes(hours=1)
    assert len(room.rows("SELECT * FROM inbox WHERE channel = 'timer'")) == 1
