"""Many at once, from two processes: the last item has one buyer, invoice numbers have no gap, nothing is used twice."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from services_scenes import READING, ZONE, task
from shop_scenes import Shop

from casefile.packets import CResult, CTask
from services.operations import GuardedOperations
from services.order_moves import OrderExpiry
from store.stock import set_aside
from tests.support.postgres import Opener

BUYERS = 20
ADDRESS = {"recipient": "Sari", "phone": "+6281200002000", "full_address": "Jl. Baru 9", "city": "Jakarta"}


@pytest.fixture
async def processes(shop: Shop, open_database: Opener) -> AsyncIterator[list[GuardedOperations]]:
    """Stand for two processes on one database."""
    other = open_database()
    yield [shop.operations, GuardedOperations(other, shop.clock, shop.limits, ZONE, "salt")]
    other.close()


@pytest.fixture
async def buyers(shop: Shop) -> list[str]:
    names = [f"b{number}" for number in range(BUYERS)]
    for name in names:
        at = "2026-02-10T03:00:00.000000Z"
        await shop.set(f"INSERT INTO contacts (id, first_seen) VALUES ('ct_{name}', '{at}')")
        await shop.commit(f"SCH-{name}", f"ct_{name}")
    return names


async def together(processes: list[GuardedOperations], tasks: list[CTask]) -> list[CResult]:
    turns = [processes[number % len(processes)].execute(one) for number, one in enumerate(tasks)]
    return await asyncio.gather(*turns)


def order(name: str, key: str, sku: str = "KM-M", **params: Any) -> CTask:
    given = {"items": [{"sku": sku, "qty": 1}], "address": ADDRESS, "courier": "JNE", **params}
    return task("ORDER_CREATE", f"ct_{name}", key, name, **given)


async def test_the_last_item_has_one_buyer(
    shop: Shop, processes: list[GuardedOperations], buyers: list[str]
) -> None:
    results = await together(processes, [order(name, f"k-{name}", "KL-L-HITAM") for name in buyers])
    assert [result.status for result in results].count("SUCCESS") == 1
    others = [result for result in results if result.status != "SUCCESS"]
    assert {result.refs["blocked_by"] for result in others} == {"stock"}
    assert all(result.refs["short"] == {"KL-L-HITAM": 0} for result in others)
    assert set_aside(shop.database.read, "KL-L-HITAM") == 1
    rows = shop.database.read("SELECT COUNT(*) AS n FROM orders WHERE contact_id LIKE 'ct_b%'")
    assert rows[0]["n"] == 1


async def test_fifty_invoices_at_once_have_fifty_numbers_in_a_row(
    shop: Shop, processes: list[GuardedOperations], buyers: list[str]
) -> None:
    await shop.set("UPDATE variants SET free = 40 WHERE sku IN ('KM-M', 'KM-L')")
    wanted = [order(buyers[n % BUYERS], f"k{n}", "KM-M" if n % 2 else "KM-L") for n in range(50)]
    # What is refused in between must leave no gap.
    refused = [order(buyers[n], f"no{n}", courier="Gojek") for n in range(10)]
    results = await together(processes, [*wanted[:20], *refused, *wanted[20:]])
    made = [result for result in results if result.status == "SUCCESS"]
    assert len(made) == 50
    # One of this day was loaded.
    assert sorted(str(r.refs["invoice"]) for r in made) == [f"INV-2026-0210-{n:03d}" for n in range(2, 52)]
    assert sorted(str(r.refs["order"]) for r in made) == [f"ORD-2026-{n:04d}" for n in range(3, 53)]


async def test_a_voucher_with_two_uses_is_used_twice(
    shop: Shop, processes: list[GuardedOperations], buyers: list[str]
) -> None:
    results = await together(processes, [order(name, f"k-{name}", voucher="HEMAT10") for name in buyers[:8]])
    assert [result.status for result in results].count("SUCCESS") == 2
    assert {r.refs.get("refusal") for r in results if r.status != "SUCCESS"} == {"used_up"}


async def test_the_same_task_to_every_process_is_one_order(
    shop: Shop, processes: list[GuardedOperations], buyers: list[str]
) -> None:
    results = await together(processes, [order(buyers[0], "k1")] * 6)
    assert len({result.refs["order"] for result in results}) == 1


async def test_money_and_the_end_of_the_hold_at_once_leave_one_of_them_true(
    shop: Shop, processes: list[GuardedOperations]
) -> None:
    shop.later(hours=25)
    paying = task(
        "PAYMENT_CONFIRM_MANUAL", "INV-2026-0210-001", "p1", "maya", staff_id="sf_tari", evidence="SK-1"
    )
    job = OrderExpiry(shop.database, READING)
    await asyncio.gather(processes[-1].execute(paying), job.expire(shop.clock.now()))
    [row] = shop.database.read("SELECT status FROM orders WHERE number = 'ORD-2026-0002'")
    [bill] = shop.database.read("SELECT status FROM invoices WHERE number = 'INV-2026-0210-001'")
    held = set_aside(shop.database.read, "KL-M-HITAM")
    assert (row["status"], bill["status"], held) in {("paid", "paid", 1), ("expired", "paid", 0)}
