"""Dependencies going down and coming back: cases wait, are woken in order, and the lane sees one post."""

from datetime import timedelta

from tests.gateway_engine.room import BUDI, RINA, Room


async def test_who_waits_is_answered_in_order_when_the_schedule_is_back(room: Room) -> None:
    await room.start()
    await room.breaks("schedule")
    rina = await room.answered(RINA, "jadwal les aku kapan ya?")
    budi = await room.answered(BUDI, "jadwal les aku kapan ya?")
    held = room.phones.texts()
    assert len(held) == 2
    assert not any("16.00" in text or "18.00" in text for text in held)
    await room.mends()
    answers = room.phones.sent[2:]
    assert [a.conversation_id for a in answers] == [rina, budi]
    assert "16.00" in answers[0].text
    assert "18.00" in answers[1].text
    await room.passes(seconds=5)
    assert len(room.phones.sent) == 4


async def test_what_does_not_need_it_goes_on(room: Room) -> None:
    await room.start()
    await room.breaks("schedule")
    await room.answered(RINA, "harga paket berapa?")
    assert [m.purpose for m in room.phones.sent] == ["answer"]
    assert room.phones.sent[0].citations


async def test_an_incident_is_one_post_written_over_when_it_ends_and_a_new_one_gets_its_own(
    room: Room,
) -> None:
    await room.start()
    await room.breaks("schedule")
    await room.passes(seconds=5)
    (incident,) = room.lanes.in_thread("incident:")
    assert incident.lane == "incident" and "🔴" in incident.html
    await room.mends()
    (incident,) = room.lanes.in_thread("incident:")
    assert "🟢" in incident.html and len(room.lanes.edits) == 1
    (down,) = room.wired.database.read("SELECT value, detail FROM measures WHERE name LIKE 'dependency%'")
    assert (down["detail"], round(down["value"] * 60)) == ("schedule", 15)
    await room.breaks("schedule")
    assert len(room.lanes.in_thread("incident:")) == 2


async def test_two_that_go_down_together_have_a_post_each(room: Room) -> None:
    await room.start()
    await room.breaks("schedule", "payments")
    assert sorted(p.thread.split(":")[1] for p in room.lanes.in_thread("incident:")) == [
        "payments",
        "schedule",
    ]


async def test_what_another_process_wrote_into_the_database_is_noticed(room: Room) -> None:
    await room.start()
    await room.wired.journal.receive([room.message(RINA, "harga paket berapa?")])
    await room.passes(seconds=5)
    assert len(room.phones.sent) == 1


async def test_settled_says_when_nothing_is_left_to_do(room: Room) -> None:
    await room.start()
    assert await room.engine.settled()
    await room.hears(RINA, "harga paket berapa?")
    assert not await room.engine.settled()
    await room.passes(seconds=1.2)
    assert await room.engine.settled()
    room.clock.advance(timedelta(seconds=5))
    assert not await room.engine.settled()


async def test_a_read_that_failed_once_is_tried_again_without_a_restart(room: Room) -> None:
    await room.start()
    await room.passes(minutes=181)
    room.shelf.unreachable = 1
    conversation = await room.answered(RINA, "jadwal les aku kapan ya?")
    assert "16.00" not in room.phones.texts(conversation)[-1]
    assert await room.board.down() == frozenset()
    await room.passes(seconds=5)
    assert len(room.phones.texts(conversation)) == 2
    assert "16.00" in room.phones.texts(conversation)[-1]
    assert room.lanes.in_thread("incident:") == []


async def test_records_that_stay_away_are_an_incident_and_the_customer_is_told_once(room: Room) -> None:
    await room.start()
    await room.passes(minutes=181)
    room.shelf.unreachable = 9
    conversation = await room.answered(RINA, "jadwal les aku kapan ya?")
    for _ in range(3):
        await room.passes(seconds=5)
    assert await room.board.down() == {"schedule"}
    (incident,) = room.lanes.in_thread("incident:schedule")
    assert "terputus" in incident.html
    assert len(room.phones.texts(conversation)) == 1
    room.shelf.unreachable = 0
    await room.passes(seconds=10)
    assert await room.board.down() == frozenset()
    assert "16.00" in room.phones.texts(conversation)[-1]
    assert "pulih" in room.lanes.in_thread("incident:schedule")[0].html
