"""The engine runs a turn again whose facts moved while it was stating them."""

from dataclasses import dataclass
from datetime import datetime

from casefile.facts import PaymentFacts, ScheduleFacts
from casefile.records import Slot, Snapshot
from gateway.watched import Stored
from store.database import Database
from tests.gateway_engine.conftest import by_people, filled, log, room
from tests.gateway_engine.room import BUDI, Room
from tests.push.backbone import BUDI as BUDI_ID
from tests.push.backbone import change

__all__ = ["by_people", "filled", "log", "room"]


@dataclass(slots=True)
class Overtaken:
    """The records, written by somebody else right after they have been read, as often as a test says."""

    records: Stored
    database: Database
    writes: int

    async def schedule(self, student_id: str, now: datetime) -> ScheduleFacts:
        return await self.records.schedule(student_id, now)

    async def free_slots(self, now: datetime) -> tuple[Slot, ...]:
        return await self.records.free_slots(now)

    async def payments(self, contact_id: str, now: datetime) -> PaymentFacts:
        return await self.records.payments(contact_id, now)

    async def fresh_snapshot(self, contact_id: str, now: datetime) -> Snapshot:
        read = await self.records.fresh_snapshot(contact_id, now)
        if self.writes:
            self.writes -= 1
            number = self.writes
            await self.database.submit(lambda tx: change(tx.execute, BUDI_ID, "bill", number))
        return read


async def test_a_turn_whose_facts_moved_is_run_again_and_says_what_they_are_now(by_people: Room) -> None:
    room = by_people
    await room.start()
    await room.passes(minutes=181)
    room.shelf.records = Overtaken(room.shelf.records, room.wired.database, writes=2)
    await room.answered(BUDI, "pembayaranku udah masuk belum?")
    (said,) = room.phones.texts()
    assert "Rp 1.400.000" in said
    assert [tuple(r) for r in room.rows("SELECT state, attempts FROM inbox")] == [("read", 0)]


async def test_facts_that_never_stand_still_are_a_persons_to_look_at(room: Room) -> None:
    await room.start()
    await room.passes(minutes=181)
    room.shelf.records = Overtaken(room.shelf.records, room.wired.database, writes=99)
    await room.answered(BUDI, "pembayaranku udah masuk belum?")
    assert room.phones.texts() == []
    (card,) = room.lanes.in_thread("quarantine:")
    assert "FactsMoved" in card.html
