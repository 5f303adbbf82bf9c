"""Bursts become one turn, conversations keep their order, and nobody waits for somebody else."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from casefile.events import DependencyChanged
from gateway.draining import Collecting, Draining
from gateway.ratelimit import FloodCounter
from gateway.wakeups import InProcessWakeups
from ports.journal import InboxRow
from ports.wakeups import Handlers
from tests.gateway_engine.room import BROKEN, BUDI, MONDAY, MOST, QUIET, RINA, Room


def turns(room: Room) -> list[int]:
    """Return how many messages each turn took, in order."""
    rows = room.rows(
        "SELECT COUNT(*) AS n FROM inbox WHERE channel = 'whatsapp' GROUP BY turn_id ORDER BY MIN(id)"
    )
    return [row["n"] for row in rows]


async def test_four_messages_in_a_burst_are_answered_once(room: Room) -> None:
    await room.start()
    for text in ("halo", "kak", "mau tanya", "harga paket berapa ya?"):
        await room.hears(RINA, text)
        await room.passes(seconds=1)
    assert room.phones.sent == []
    await room.passes(seconds=0.2)
    assert turns(room) == [4]
    assert len(room.phones.sent) == 1


async def test_a_burst_that_does_not_end_is_cut_at_the_deadline(room: Room) -> None:
    await room.start()
    for number in range(6):
        await room.hears(RINA, f"harga paket berapa? {number}")
        await room.passes(seconds=1)
    assert turns(room) == [6]
    assert len(room.phones.sent) == 1


async def test_one_after_the_other_they_are_turns_of_their_own(room: Room) -> None:
    await room.start()
    await room.answered(RINA, "halo")
    await room.answered(RINA, "harga paket berapa?")
    assert turns(room) == [1, 1]


async def test_the_customer_sees_at_once_that_it_was_read(room: Room) -> None:
    await room.start()
    await room.hears(RINA, "halo")
    assert room.phones.read == ["wamid.1"]
    assert room.phones.sent == []


async def test_a_repeated_delivery_is_neither_read_nor_answered_again(room: Room) -> None:
    await room.start()
    message = room.message(RINA, "halo")
    for _ in range(3):
        await room.intake.received(await room.wired.journal.receive([message]))
        await room.passes(seconds=2)
    assert room.phones.read == ["wamid.1"]
    assert len(room.phones.sent) == 1


async def test_a_burst_already_over_is_due_at_once_and_other_events_never_wait() -> None:
    def row(number: int, seconds: float, event: object) -> InboxRow:
        return InboxRow(number, "c", event, MONDAY + timedelta(seconds=seconds), 0)  # type: ignore[arg-type]

    collecting = Collecting(QUIET, MOST)
    up = DependencyChanged(at=MONDAY, case_id="SCH-1", name="schedule", up=True)
    assert collecting.due([row(1, 0, up)], False) == MONDAY
    assert collecting.due([row(1, 0, up)], True) == MONDAY


async def test_a_slow_conversation_holds_nobody_else_and_never_overlaps_itself(room: Room) -> None:
    started: list[str] = []
    gate = asyncio.Event()
    finished = asyncio.Event()

    async def run(conversation_id: str, rows: Sequence[InboxRow]) -> None:
        started.append(conversation_id)
        if conversation_id.endswith(RINA):
            await gate.wait()
        await room.wired.journal.failed_turn([row.id for row in rows], "taken", 1)
        if conversation_id.endswith(BUDI):
            finished.set()

    collecting = Collecting(timedelta(0), timedelta(0))
    wakeups = InProcessWakeups()
    draining = Draining(
        room.wired.journal, room.clock, collecting, FloodCounter(10), run, room.engine.turns._flood
    )
    await wakeups.start(Handlers(draining.drain, {}))
    rina = await room.hears(RINA, "satu")
    wakeups.wake(rina)
    budi = await room.hears(BUDI, "dua")
    await room.hears(RINA, "tiga")
    wakeups.wake(rina)
    wakeups.wake(budi)
    await asyncio.wait_for(finished.wait(), 20)
    assert started == [rina, budi]
    assert rina in wakeups.active()
    gate.set()
    await wakeups.stop()
    assert started[:2] == [rina, budi]


async def test_a_turn_that_keeps_failing_is_set_aside_and_the_conversation_goes_on(room: Room) -> None:
    await room.start()
    await room.answered(RINA, BROKEN)
    assert room.phones.sent == []
    rows = room.rows("SELECT state, attempts, why FROM inbox")
    assert [(row["state"], row["attempts"]) for row in rows] == [("quarantined", 3)]
    assert "cannot be read" in rows[0]["why"]
    (card,) = room.lanes.in_thread("quarantine:")
    assert card.lane == "ops"
    assert BROKEN in card.html
    await room.answered(RINA, "harga paket berapa?")
    assert len(room.phones.sent) == 1


async def test_a_flood_is_flagged_once_collected_into_fewer_turns_and_nothing_is_dropped(room: Room) -> None:
    await room.start()
    for number in range(14):
        await room.hears(RINA, f"harga paket berapa? {number}")
    assert len(room.lanes.in_thread("flood:")) == 1
    assert room.engine.turns.draining.collecting() == {
        name: room.clock.now() + timedelta(seconds=30) for name in room.engine.wakeups.active()
    }
    await room.passes(seconds=6)
    assert room.phones.sent == []
    await room.passes(seconds=24)
    assert turns(room) == [14]
    assert len(room.phones.sent) == 1
    assert len(room.lanes.in_thread("flood:")) == 1
