"""A door that hears of a payment has a worker look into it at once, and is silent about any other status."""

from pathlib import Path

import psycopg

from adapters.clock import ManualClock
from adapters.procrastinate_wakeups import prepare
from app.scaled import DeskDoor
from app.stage import staged_settings
from app.wire import wire
from casefile.payment_events import PaymentNotified
from store.times import iso
from store.transaction import Tx
from tests.graph.test_shop_trip import goods, shop
from tests.graph.whole import MONDAY
from tests.support.postgres import Postgres

LINK = (
    "INSERT INTO payment_links (reference, invoice_number, attempt, provider, provider_id, amount, url, qr_string,"
    " case_id, conversation_id, created_at, expires_at) VALUES ('p1', 'INV-2026-0922-001', 1, 'midtrans', 'x', 1, '',"
    " '', '', '', ?, ?)"
)


def asked_for(conninfo: str) -> list[str]:
    with psycopg.connect(conninfo) as connection:
        rows = connection.execute(b"SELECT args->>'name' FROM procrastinate_jobs").fetchall()
    return [str(name) for (name,) in rows]


async def test_a_worker_is_asked_to_look_where_a_payment_was_heard_of(
    postgres: Postgres, tmp_path: Path
) -> None:
    name = postgres.lend()
    conninfo = postgres.url(name)
    prepare(conninfo)
    staged = staged_settings(shop(), shop().desks[0][1], tmp_path, "http://127.0.0.1:9")
    database = staged.shared.database.model_copy(update={"url": conninfo})
    settings = staged.model_copy(update={"shared": staged.shared.model_copy(update={"database": database})})
    wired = await wire(settings, clock=ManualClock(MONDAY), loaded=goods())
    door = DeskDoor(wired)
    await door.start()

    def linked(tx: Tx) -> None:
        tx.execute(LINK, (iso(MONDAY), iso(MONDAY)))

    await wired.database.submit(linked)
    for word, there in (("pending", "another"), ("settlement", "p1")):
        event = PaymentNotified(
            source="midtrans", account="shop", received_at=MONDAY, provider_id="x", reference=there, word=word,
            body="{}", signed=True,
        )  # fmt: skip
        await door.served.intake.received(await wired.journal.receive([event]))
        assert asked_for(conninfo) == (["bookkeeping"] if there == "p1" else [])
    await door.stop()
