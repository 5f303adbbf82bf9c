"""Whatever is asked of a shop, in whatever order: goods, orders, invoices and vouchers add up."""

import asyncio
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from services_scenes import task
from shop_scenes import Shop

from casefile.shop import BEFORE_DISPATCH, Order
from services.order_moves import OrderExpiry
from store import orders, stock
from store.database import Database

SKUS = ("KL-M-HITAM", "KL-L-HITAM", "KM-M", "KM-L", "JB-XL")
PEOPLE = ("rina", "maya", "vina")
ADDRESS = {"recipient": "Sari", "phone": "+6281200002000", "full_address": "Jl. Baru 9"}
LINES = st.lists(st.tuples(st.sampled_from(SKUS), st.integers(1, 4)), min_size=1, max_size=3)
WHERE = st.fixed_dictionaries(
    {
        "address": st.sampled_from(("Jakarta", "Bandung")).map(lambda city: {**ADDRESS, "city": city}),
        "courier": st.sampled_from(("JNE", "SiCepat")),
        "voucher": st.sampled_from((None, "HEMAT10", "BARU")),
    }
)
WHICH = st.integers(0, 30)
STEPS = st.one_of(
    st.tuples(st.just("create"), st.sampled_from(PEOPLE), LINES, WHERE),
    st.tuples(st.just("amend"), WHICH, LINES, WHERE),
    st.tuples(st.just("cancel"), WHICH, st.booleans()),
    st.tuples(st.just("pay"), WHICH),
    st.tuples(st.just("move"), WHICH, st.sampled_from(("processing", "shipped", "delivered", "completed"))),
    st.tuples(st.just("exchange"), WHICH, st.sampled_from(SKUS), st.sampled_from(SKUS)),
    st.tuples(st.just("count"), st.sampled_from(SKUS), st.integers(0, 12)),
    st.tuples(st.just("wait"), st.sampled_from((1, 23, 26))),
)


def lines(found: list[tuple[str, int]]) -> list[dict[str, Any]]:
    return [{"sku": sku, "qty": qty} for sku, qty in found]


class Books:
    """The shop, and beside it what every piece of stock must have become."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.steps = 0
        self.house = {sku: self.free(sku) + stock.set_aside(shop.database.read, sku) for sku in SKUS}

    def free(self, sku: str) -> int:
        return int(self.shop.database.read("SELECT free FROM variants WHERE sku = ?", (sku,))[0]["free"])

    def orders(self) -> list[Order]:
        rows = self.shop.database.read("SELECT number FROM orders ORDER BY number")
        found = [orders.order(self.shop.database.read, row["number"]) for row in rows]
        return [one for one in found if one is not None]

    def order(self, which: int) -> Order:
        known = self.orders()
        return known[which % len(known)]

    async def ask(
        self, action: str, subject: str, case: str = "", approve: bool = False, **params: Any
    ) -> bool:
        self.steps += 1
        asked = task(action, subject, f"k{self.steps}", case, **params)
        asked = asked if case else asked.model_copy(update={"case_id": ""})
        asked = await self.shop.approved(asked) if approve else asked
        result = await self.shop.operations.execute(asked)
        assert result.status in {"SUCCESS", "BLOCKED_POLICY", "FAILED"}
        return result.status == "SUCCESS"

    async def take(self, step: tuple[Any, ...]) -> None:
        match step:
            case ("create", who, found, where):
                await self.ask("ORDER_CREATE", f"ct_{who}", who, items=lines(found), **where)
            case ("amend", which, found, where):
                order = self.order(which)
                await self.ask("ORDER_AMEND", order.number, owner(order), items=lines(found), **where)
            case ("cancel", which, approve):
                order = self.order(which)
                await self.ask("ORDER_CANCEL", order.number, owner(order), approve)
            case ("pay", which):
                bill = str(self.order(which).invoice_number)
                await self.ask("PAYMENT_CONFIRM_MANUAL", bill, staff_id="sf_tari", evidence="SK")
            case ("move", which, status):
                order = self.order(which)
                done = await self.ask(
                    "ORDER_STATUS", order.number, staff_id="sf_tari", status=status, tracking="X1"
                )
                if done and status == "shipped":
                    for item in order.items:
                        self.house[item.sku] -= item.qty
            case ("exchange", which, old, new):
                order = self.order(which)
                await self.ask("SIZE_EXCHANGE", order.number, owner(order), sku=old, to_sku=new)
            case ("count", sku, counted):
                if await self.ask("STOCK_SET", sku, staff_id="sf_tari", stock=counted):
                    self.house[sku] = counted
            case ("wait", hours):
                self.shop.later(hours=hours)
                await OrderExpiry(self.shop.database, self.shop.reading).expire(self.shop.clock.now())

    def add_up(self) -> None:
        read = self.shop.database.read
        for sku in SKUS:
            assert self.free(sku) >= 0
            assert self.free(sku) + stock.set_aside(read, sku) == self.house[sku], sku
        known = self.orders()
        for order in known:
            wanted: Counter[str] = Counter()
            for item in order.items:
                wanted[item.sku] += item.qty
            inside = order.status in BEFORE_DISPATCH
            assert stock.held_by(read, order.number) == (dict(wanted) if inside else {}), order
            assert order.subtotal == sum(item.qty * item.unit_price for item in order.items)
            assert order.total == order.subtotal + order.shipping - order.discount >= 0
        self._bills(known)
        uses = {row["order_number"]: row["code"] for row in read("SELECT * FROM voucher_uses")}
        over = ("cancelled", "expired")
        assert uses == {one.number: one.voucher for one in known if one.voucher and one.status not in over}
        assert max(Counter(uses.values()).get("HEMAT10", 0), 0) <= 2

    def _bills(self, known: list[Order]) -> None:
        rows = self.shop.database.read("SELECT number, amount, status FROM invoices")
        bills = {row["number"]: row for row in rows}
        for order in known:
            bill = bills[str(order.invoice_number)]
            assert bill["amount"] == order.total
            if order.status == "pending":
                assert bill["status"] == "unpaid"
            elif order.status not in ("cancelled", "expired"):
                assert bill["status"] == "paid"
        # What no order stands behind is not to be paid any more.
        behind = {order.invoice_number for order in known}
        assert {row["status"] for number, row in bills.items() if number not in behind} <= {"void"}
        days: dict[str, list[int]] = {}
        for number in bills:
            days.setdefault(number[:13], []).append(int(number[14:]))
        assert all(sorted(found) == list(range(1, len(found) + 1)) for found in days.values())


def owner(order: Order) -> str:
    return order.contact_id.removeprefix("ct_")


async def run(steps: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shop = await Shop(Database.open(Path(folder) / "shop.db")).open(Path(folder) / "records")
        books = Books(shop)
        try:
            for step in steps:
                await books.take(step)
                books.add_up()
        finally:
            shop.database.close()


@given(st.lists(STEPS, min_size=5, max_size=25))
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_whatever_happens_everything_adds_up(steps: list[tuple[Any, ...]]) -> None:
    asyncio.run(run(steps))
