"""One customer's records, written elsewhere; E's deltas in flight; B asked about them through the real graph."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from adapters.clock import ManualClock
from app.wire import wire
from casefile.base import Language
from casefile.effects import PushDelta
from casefile.errors import FactsMoved
from casefile.events import Client, InboundMessage, MessageReceived
from casefile.money import rupiah
from casefile.records import PARTS, Alias, Delta, Snapshot
from graph.record import unpacked
from policies.words import time_words
from ports.journal import TurnCommit
from store import facts, snapshots
from store.facts import Reading
from store.times import iso
from store.transaction import Tx
from tests.graph.test_shop_trip import goods, shop
from tests.graph.whole import MONDAY, Board, World, open_world, phone_of

KEVIN, ORDER = "ct_kevin", "ORD-2026-0019"
BUDI, SESSION, BILL = "ct_budi", "ss_budi_1", "INV-2026-1117-001"
LANGUAGE: Language = "id"
ASKS = {
    "lesson": "jadwal les aku kapan ya?",
    "bill": "pembayaranku udah masuk belum?",
    "order": "paketku udah sampai mana ya?",
}
# Far enough ahead that no history comes to it.
LESSON = datetime(2026, 12, 14, 3, 0, tzinfo=UTC)
Subject = Literal["lesson", "bill", "order"]
HELD_IN: dict[Subject, str] = {"lesson": "students", "bill": "invoices", "order": "open_orders"}


@dataclass(slots=True)
class Backbone:
    """C's writes, E's deltas and B's answers, in whatever order a test brings them."""

    world: World
    contact: str = BUDI
    phone: str = phone_of(BUDI)
    account: str = "school"
    flying: list[Delta] = field(default_factory=list)
    writes: int = 0
    asked: int = 0
    pushed: int = 0
    roles: list[str] = field(default_factory=list)

    @property
    def reading(self) -> Reading:
        """How the desk reads its records."""
        limits, zone = self.world.wired.desk_config.limits, self.world.wired.desk.rules.zone
        return Reading(zone, limits.quota_month, limits.snapshot_ttl_minutes)

    async def write(self, subject: Subject = "lesson", *, through: bool = True, partly: bool = False) -> None:
        """Change the records as C does, with the next rev; E's delta of it begins its flight.

        `through`: C's result renews B's entry in the same transaction, as it does here; a system of record of its own
        would not. `partly`: the delta holds only what has changed.
        """
        self.writes += 1
        number, now = self.writes, self.world.clock.now()

        def work(tx: Tx) -> Snapshot:
            change(tx.execute, self.contact, subject, number)
            snapshot = facts.snapshot(tx.all, self.reading, self.contact, now)
            if through:
                snapshots.save(tx, snapshot)
            return snapshot

        taken = await self.world.wired.database.submit(work)
        parts = {name: getattr(taken, name) for name in PARTS}
        delta = Delta.model_validate({"contact_id": self.contact, "rev": taken.rev, "as_of": now, **parts})
        if partly:
            delta = delta.model_copy(update=dict.fromkeys({*PARTS} - {HELD_IN[subject]}))
        self.flying.append(delta)

    async def push(self, delta: Delta) -> None:
        """Let a delta arrive, in a turn's commit as E's effects do."""
        self.pushed += 1
        effect = PushDelta(key=f"delta{self.pushed}", delta=delta)
        turn = TurnCommit(
            turn_id=f"e:{self.pushed}",
            conversation_id=f"wa-{self.account}-{self.contact}",
            at=self.world.clock.now(),
            inbox_ids=(),
            cases=(),
            effects=(("e", effect),),
            transcript=(),
            measures=(),
            records=(),
        )
        await self.world.wired.journal.commit(turn)

    async def ask(self, subject: Subject = "lesson", *, meanwhile: bool = False) -> str:
        """Let the customer ask; return what B says, at the moment in which it says it.

        `meanwhile`: the records are written between the turn's reads and its commit.
        """
        self.asked += 1
        phone = self.phone
        now = self.world.clock.now()
        message = MessageReceived(
            account=self.account,
            received_at=now,
            sent_at=now,
            client=Client(phone=phone, aliases=(Alias(kind="phone", value=phone),)),
            message=InboundMessage(id=f"wamid.{self.asked}", kind="text", text=ASKS[subject]),
        )
        (received,) = await self.world.wired.journal.receive([message])
        for _ in range(5):
            rows = await self.world.wired.journal.unread(received.conversation_id)
            turn = await self.world.wired.runner.run(received.conversation_id, rows, now)
            if meanwhile:
                meanwhile = False
                await self.write(subject)
            try:
                await self.world.wired.journal.commit(turn)
            except FactsMoved:
                continue
            (said,) = [effect.text for _, effect in turn.effects if effect.type == "send_message"]
            self.roles = [step["node"] for _, _, body in turn.records for step in unpacked(body).steps]
            return said
        raise AssertionError("the records moved on again and again")

    def truth(self, subject: Subject = "lesson") -> str:
        """Return what the records hold now, in B's words."""
        if subject == "lesson":
            (row,) = self.world.rows("SELECT start_at FROM sessions WHERE id = ?", SESSION)
            return time_words(datetime.fromisoformat(row["start_at"]), self.reading.zone, LANGUAGE)
        if subject == "order":
            (row,) = self.world.rows("SELECT tracking FROM orders WHERE number = ?", ORDER)
            return str(row["tracking"])
        (row,) = self.world.rows("SELECT amount FROM invoices WHERE number = ?", BILL)
        return rupiah(row["amount"], LANGUAGE)

    def entry(self) -> Snapshot:
        """Return what B holds of the customer."""
        (row,) = self.world.rows("SELECT * FROM snapshots WHERE contact_id = ?", self.contact)
        return snapshots.read(row)

    def close(self) -> None:
        self.world.wired.database.close()


def change(
    execute: Callable[[str, Sequence[object]], object], contact: str, subject: Subject, number: int
) -> None:
    """Write what no earlier write has written, and count it."""
    if subject == "lesson":
        start = LESSON + timedelta(minutes=15 * number)
        execute(
            "UPDATE sessions SET start_at = ?, end_at = ? WHERE id = ?",
            (iso(start), iso(start + timedelta(hours=1)), SESSION),
        )
    elif subject == "order":
        execute("UPDATE orders SET tracking = ? WHERE number = ?", (f"JT09000{number}", ORDER))
    else:
        execute("UPDATE invoices SET amount = ? WHERE number = ?", (1_400_000 + 1000 * number, BILL))
    execute("UPDATE contacts SET rev = rev + 1 WHERE id = ?", (contact,))


async def open_backbone(folder: Path) -> Backbone:
    """Open a desk whose customer has one lesson and one bill ahead."""
    backbone = Backbone(await open_world(folder, desk={"limits": {"max_turns": 500}}))
    await backbone.world.wired.database.submit(
        lambda tx: tx.execute("UPDATE sessions SET status = 'cancelled' WHERE id = 'ss_budi_2'")
    )
    await backbone.write()
    backbone.flying.clear()
    return backbone


async def open_counter(folder: Path) -> Backbone:
    """Open a shop one of whose customers has a parcel on its way."""
    clock = ManualClock(MONDAY)
    wired = await wire(shop(), clock=clock, database=folder / "shop.db", loaded=goods())
    (row,) = wired.database.read("SELECT phone FROM contacts WHERE id = ?", (KEVIN,))
    counter = Backbone(World(wired, clock, Board()), KEVIN, str(row["phone"]), "shop")
    await counter.write("order")
    counter.flying.clear()
    return counter
