"""A storm of notifications: repeated, shuffled, some forged, some taken back; afterwards books and provider agree."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from adapters.clock import SharedFileClock
from adapters.midtrans import Midtrans, MidtransSettings
from casefile.payment_effects import RequestPayment
from gateway.door import Probes, build_door
from policies.charging import Charging
from ports.clock import Clock
from sandbox.clock import SharedClock
from sandbox.server import SandboxServer
from sandbox.settings import SandboxSettings, TelegramAccount, WhatsAppAccount
from services.bookkeeping import KeptBooks
from services.payments import RequestedPayments
from store.database import Database
from store.facts import Reading
from store.journal import SqlJournal
from store.times import iso
from tests.gateway_door.serving import NOW, Server, Surroundings
from tests.support.postgres import Opener

READING = Reading(ZoneInfo("Asia/Jakarta"))
BILLS = 100
PATH = "/webhooks/midtrans/school"
# What becomes of the bills, from the first on; the rest is never paid.
FATES = (
    *([("pay",)] * 40),
    *([("pay", "deny")] * 10),
    *([("pay", "refund")] * 10),
    *([("pay", "chargeback")] * 5),
    *([("expire",)] * 10),
    *([("expire", "settle")] * 5),
    *([("deny",)] * 5),
)


def number(bill: int) -> str:
    return f"INV-2026-1121-{bill + 1:03}"


def amount(bill: int) -> int:
    return 100_000 + 37 * bill


@pytest.fixture
def database(open_database: Opener) -> Iterator[Database]:
    opened = open_database()
    yield opened
    opened.close()


async def with_bills(database: Database) -> None:
    """Give one contact a hundred bills, each of another amount."""

    def write(tx: Any) -> None:
        tx.execute("INSERT INTO contacts (id, registered, first_seen) VALUES ('ct_a', 1, ?)", (iso(NOW),))
        tx.insert_many(
            "INSERT INTO invoices (number, contact_id, description, amount, due, status, payment_state,"
            " payment_source) VALUES (?, 'ct_a', 'Paket', ?, ?, 'unpaid', 'PENDING', 'invoice')",
            [(number(n), amount(n), date(2026, 12, 1).isoformat()) for n in range(BILLS)],
        )

    await database.submit(write)


async def test_books_and_provider_agree_to_the_rupiah(database: Database, tmp_path: Path) -> None:
    clock = SharedClock(tmp_path / "clock.json")
    clock.freeze(NOW)
    shared = SharedFileClock(tmp_path / "clock.json")
    await with_bills(database)
    journal = SqlJournal(database, {"school": "school"}, lambda: "0" * 12)
    around = Surroundings()
    sandbox = SandboxServer(told(tmp_path), clock)
    await sandbox.start()
    base = f"{sandbox.url}/midtrans"
    midtrans = Midtrans(
        MidtransSettings(base_url=base, snap_url=base, server_key="sandbox-midtrans-key", timeout_seconds=20)
    )
    door = Server(
        build_door(
            journal,
            {"midtrans/school": (midtrans, "school")},
            around.on_received,
            Probes(around.ready, around.samples),
            shared,
        )
    )
    await door.start()
    sandbox.sandbox.payment_hooks.urls["midtrans"] = f"{door.url}{PATH}"
    try:
        theirs = await storm(database, midtrans, sandbox, door.url, shared)
    finally:
        await midtrans.close()
        await door.stop()
        await sandbox.stop()
    agree(database, theirs)


async def storm(
    database: Database, midtrans: Midtrans, sandbox: SandboxServer, url: str, clock: Clock
) -> list[dict[str, Any]]:
    """Let a hundred bills be paid, or not; return what the provider has of them in the end."""
    async with httpx.AsyncClient(timeout=60, trust_env=False, verify=False) as client:
        control = Control(client, sandbox.url)
        await control("payments/webhooks", hold=True)
        requests = RequestedPayments(database, midtrans, Charging(provider="midtrans"), READING, clock)
        for bill in range(BILLS):
            asked = RequestPayment(key=f"k{bill}", invoice_number=number(bill))
            await requests.request(asked, "SCH-1", "wa-school-ct_a")
        books = [KeptBooks(database, midtrans, READING) for _ in range(2)]
        for bill, fate in enumerate(FATES):
            await control("payments", payment=number(bill), act=fate[0])
        # Half of them are looked at before their second fate, the rest only after it.
        assert not await books[0].compare(clock.now() + timedelta(seconds=1), clock.now())
        for bill, fate in enumerate(FATES):
            for act in fate[1:]:
                await control("payments", payment=number(bill), act=act)
        released = await control("payments/webhooks", release=True, times=2, shuffle=7)
        forged = [forgery(bill) for bill in range(BILLS)]
        answers = await asyncio.gather(*(client.post(f"{url}{PATH}", content=body) for body in forged))
        assert Counter(answer.status_code for answer in answers) == {401: BILLS}
        assert released["released"] + len(forged) >= 500
        while sandbox.sandbox.delivery.pending or await books[0].waiting():
            await asyncio.gather(*(one.look(clock.now()) for one in books))
        found: list[dict[str, Any]] = (await client.get(f"{sandbox.url}/sandbox/payments")).json()["payments"]
    return found


def agree(database: Database, theirs: list[dict[str, Any]]) -> None:
    """Compare bill by bill, and the sums."""
    rows = database.read("SELECT number, amount, status, payment_state, evidence FROM invoices")
    ours = {row["number"]: row for row in rows}
    settled = {p["reference"]: p["amount"] for p in theirs if p["status"] == "settlement"}
    paid = {row["number"]: row["amount"] for row in rows if row["payment_state"] == "CONFIRMED"}
    assert paid == settled and sum(paid.values()) == sum(settled.values())
    assert len(paid) == 45
    for payment in theirs:
        bill = ours[payment["reference"]]
        expected = {
            "settlement": ("paid", "CONFIRMED"),
            "refund": ("refunded", "REVERSED"),
            "chargeback": ("refunded", "REVERSED"),
        }
        taken_back = ("unpaid", "REVERSED") if bill["evidence"] else ("unpaid", "PENDING")
        assert (bill["status"], bill["payment_state"]) == expected.get(payment["status"], taken_back)
    told = database.read("SELECT external_id FROM inbox WHERE channel = 'books'")
    # Whoever had paid when we looked was told so, once each: those that stayed, those denied since, the late ones.
    assert len({row["external_id"] for row in told}) == len(told) == 40 + 10 + 5
    (row,) = database.read("SELECT COUNT(*) AS n FROM payment_notices")
    assert row["n"] == BILLS + sum(len(fate) for fate in FATES) - unsigned()


def unsigned() -> int:
    """Count the notifications that came without what a signature is made over."""
    return sum("refund" in fate for fate in FATES)


def forgery(bill: int) -> bytes:
    """Write what somebody would who knows our numbers but not the key."""
    said = {
        "order_id": number(bill),
        "transaction_id": f"forged-{bill}",
        "transaction_status": "settlement",
        "status_code": "200",
        "gross_amount": f"{amount(bill)}.00",
        "signature_key": "0" * 128,
    }
    return json.dumps(said).encode()


def told(folder: Path) -> SandboxSettings:
    return SandboxSettings(
        wa=WhatsAppAccount(
            app_secret="s", verify_token="v", access_token="a", phone_number_id="1", display_number="62"
        ),
        telegram=TelegramAccount(bot_token="7001:token", lanes={"ops": -1}),
        state_dir=folder,
        receipts=folder / "receipts.jsonl",
    )


class Control:
    """The sandbox's control address."""

    def __init__(self, client: httpx.AsyncClient, url: str) -> None:
        self._client = client
        self._url = url

    async def __call__(self, path: str, **asked: Any) -> dict[str, Any]:
        answer = await self._client.post(f"{self._url}/sandbox/{path}", json=asked)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found
