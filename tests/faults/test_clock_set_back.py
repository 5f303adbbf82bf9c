"""A clock that was ahead and is set back: nothing lost, nothing twice, nobody waits for as long as it was ahead."""

from datetime import timedelta

import pytest

from casefile.errors import DependencyDown
from tests.gateway_engine.room import BUDI, RINA, Room, send

HOUR = timedelta(hours=1)


async def test_a_burst_is_not_collected_until_the_clock_has_caught_up(room: Room) -> None:
    await room.start()
    await room.hears(RINA, "harga paket", "berapa ya kak?")
    room.clock.set_back(HOUR)
    await room.rests()
    assert len(room.phones.sent) == 1
    await room.passes(hours=2)
    assert len(room.phones.sent) == 1


async def test_a_message_put_off_by_the_clock_that_was_ahead_goes_out_once(room: Room) -> None:
    await room.start()
    room.phones.unreachable = DependencyDown("whatsapp", "timed out")
    await room.answered(RINA, "harga paket berapa?")
    assert room.states() == ["queued"]
    room.clock.set_back(HOUR)
    room.phones.unreachable = None
    await room.passes(seconds=5)
    assert room.states() == ["accepted"]
    await room.passes(hours=2)
    assert len(room.phones.sent) == 1


async def test_an_unreachable_channel_is_not_tried_all_the_time_because_of_it(room: Room) -> None:
    await room.start()
    room.phones.unreachable = DependencyDown("whatsapp", "timed out")
    await room.answered(RINA, "harga paket berapa?")
    room.clock.set_back(HOUR)
    await room.rests()
    await room.passes(seconds=20)
    (row,) = room.rows("SELECT attempts FROM outbox WHERE kind = 'send_message'")
    assert 1 < row["attempts"] < 6


async def test_what_was_sent_in_the_hour_ahead_does_not_use_up_this_minutes_messages(room: Room) -> None:
    conversation = await room.hears(RINA, "👍")
    await room.start()
    await room.queue(conversation, *(send(f"k{n}", conversation) for n in range(10)))
    room.clock.set_back(HOUR)
    await room.queue(conversation, send("last", conversation))
    assert room.states()[-1] == "accepted"


async def test_a_flood_of_the_hour_ahead_is_over(room: Room) -> None:
    await room.start()
    await room.hears(RINA, *(["halo"] * 12))
    await room.passes(seconds=30)
    said = len(room.phones.sent)
    room.clock.set_back(HOUR)
    await room.answered(RINA, "harga paket berapa?")
    assert len(room.phones.sent) == said + 1


@pytest.mark.parametrize("hours", [1, 30])
async def test_timers_fire_once_at_their_hour(room: Room, hours: int) -> None:
    await room.start()
    await room.answered(RINA, "harga paket berapa?")
    await room.passes(hours=6)
    room.clock.set_back(timedelta(hours=hours))
    await room.rests()
    await room.passes(hours=5 + hours)
    assert room.rows("SELECT 1 FROM inbox WHERE channel = 'timer'") == []
    await room.passes(hours=2)
    await room.passes(hours=1)
    assert len(room.rows("SELECT 1 FROM inbox WHERE channel = 'timer'")) == 1


async def test_a_jump_ahead_and_back_fires_nothing_twice(room: Room) -> None:
    await room.start()
    await room.answered(RINA, "harga paket berapa?")
    await room.passes(days=2)
    fired = len(room.rows("SELECT 1 FROM inbox WHERE channel = 'timer'"))
    room.clock.set_back(timedelta(days=2))
    await room.rests()
    await room.passes(hours=47)
    assert len(room.rows("SELECT 1 FROM inbox WHERE channel = 'timer'")) == fired
    assert room.rows("SELECT 1 FROM measures WHERE value < 0") == []


async def test_dependencies_are_still_looked_at(room: Room) -> None:
    await room.start()
    room.clock.set_back(HOUR)
    await room.rests()
    await room.breaks("schedule")
    assert len(room.lanes.in_thread("incident:")) == 1


async def test_messages_stay_in_order_though_their_times_do_not(room: Room) -> None:
    await room.start()
    await room.answered(RINA, "harga paket berapa?")
    room.clock.set_back(HOUR)
    await room.hears(RINA, "jadwal les aku kapan ya?")
    await room.hears(BUDI, "jadwal les aku kapan ya?")
    await room.passes(seconds=1.2)
    rows = room.rows(
        "SELECT text FROM transcript WHERE conversation_id LIKE '%rina' AND direction = 'in' ORDER BY id"
    )
    assert [row["text"] for row in rows] == ["harga paket berapa?", "jadwal les aku kapan ya?"]
    assert len(room.phones.sent) == 3
