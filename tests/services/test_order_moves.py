"""Where orders get to: by staff, and by the clock when nobody pays; the customer hears of it once."""

from datetime import timedelta

import pytest
from services_scenes import NOW, task
from shop_scenes import Shop

from casefile.events import CASE_EVENT, OrderMoved
from casefile.packets import CTask
from services.order_moves import OrderExpiry
from services.orders import on_refunded
from store.stock import set_aside
from store.times import iso

ORDER = "ORD-2026-0002"


def says(status: str, key: str, order: str = ORDER, **params: str) -> CTask:
    return by_staff("ORDER_STATUS", order, key, status=status, **params)


def by_staff(action: str, subject: str, key: str, **params: object) -> CTask:
    given = {"staff_id": "sf_tari", **params}
    return task(action, subject, key, **given).model_copy(update={"case_id": ""})


async def paid(shop: Shop) -> None:
    await shop.operations.execute(
        by_staff("PAYMENT_CONFIRM_MANUAL", "INV-2026-0210-001", "p1", evidence="SK-1")
    )


async def news(shop: Shop) -> list[OrderMoved]:
    rows = shop.database.read("SELECT body FROM inbox WHERE channel = 'orders' ORDER BY id")
    found = [CASE_EVENT.validate_json(row["body"]) for row in rows]
    return [event for event in found if isinstance(event, OrderMoved)]


async def test_staff_say_where_an_order_is_and_the_customer_hears_what_matters(shop: Shop) -> None:
    await shop.wrote("maya")
    await paid(shop)
    assert set_aside(shop.database.read, "KL-M-HITAM") == 1
    for number, (status, tracking) in enumerate(
        [("processing", ""), ("shipped", "JNE777"), ("delivered", ""), ("completed", "")], start=1
    ):
        shop.later(hours=1)
        result = await shop.operations.execute(says(status, f"k{number}", tracking=tracking))
        assert result.status == "SUCCESS", result.details
    order = (await shop.shop.shopping("ct_maya", NOW)).orders[0]
    assert (order.status, order.tracking) == ("completed", "JNE777")
    assert (
        order.shipped_at is not None
        and order.delivered_at is not None
        and order.shipped_at < order.delivered_at
    )
    assert set_aside(shop.database.read, "KL-M-HITAM") == 0
    told = await news(shop)
    assert [(e.status, e.order_number, e.tracking) for e in told] == [
        ("shipped", ORDER, "JNE777"),
        ("delivered", ORDER, "JNE777"),
    ]
    rows = shop.database.read("SELECT conversation_id FROM inbox WHERE channel = 'orders'")
    assert {row["conversation_id"] for row in rows} == {"wa-628001-ct_maya"}


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (says("shipped", "k1", tracking="X1"), "pending can be set to nothing"),
        (says("paid", "k1"), "pending can be set to nothing"),
        (says("delivered", "k1", "ORD-2026-0001"), "delivered can be set to completed"),
        (says("shipped", "k1", staff_id="sf_who", tracking="X1"), "named staff member"),
        (
            says("shipped", "k1", tracking="X1").model_copy(update={"case_id": "SCH-maya"}),
            "named staff member",
        ),
        (says("shipped", "k1", "ORD-2026-0999"), "not in the records"),
    ],
)
async def test_only_legal_steps_by_named_staff(shop: Shop, asked: CTask, words: str) -> None:
    result = await shop.operations.execute(asked)
    assert result.status in {"BLOCKED_POLICY", "FAILED"} and words in result.details
    assert await news(shop) == []


async def test_nothing_is_shipped_without_a_tracking_number(shop: Shop) -> None:
    await paid(shop)
    result = await shop.operations.execute(says("shipped", "k1"))
    assert (result.status, result.refs["blocked_by"]) == ("BLOCKED_POLICY", "tracking")


async def test_an_order_nobody_pays_runs_out_once_with_all_that_hangs_on_it(shop: Shop) -> None:
    await shop.wrote("maya")
    job = OrderExpiry(shop.database, shop.reading)
    assert await job.expire(NOW)
    shop.later(hours=25)
    assert await job.expire(shop.clock.now()) and await job.expire(shop.clock.now())
    order = (await shop.shop.shopping("ct_maya", NOW)).orders[0]
    assert order.status == "expired"
    [product] = await shop.shop.products(("KL-M-HITAM",))
    assert product.variants[0].stock == 6
    snapshot = await shop.sources.snapshot("ct_maya")
    assert snapshot is not None and snapshot.rev == 2
    bills = {bill.number: (bill.status, bill.payment.state) for bill in snapshot.invoices}
    assert bills["INV-2026-0210-001"] == ("void", "EXPIRED")
    assert [event.status for event in await news(shop)] == ["expired"]


async def test_an_order_waits_while_its_code_can_still_be_paid(shop: Shop) -> None:
    job, link = (
        OrderExpiry(shop.database, shop.reading),
        "'INV-2026-0210-001', 1, 'midtrans', 'p', 130000, '', ''",
    )
    until, made = iso(NOW + timedelta(hours=26)), iso(NOW)
    await shop.set(
        "INSERT INTO payment_links (reference, invoice_number, attempt, provider, provider_id, amount, url, qr_string,"
        f" case_id, conversation_id, created_at, expires_at) VALUES ('r', {link}, '', '', '{made}', '{until}')"
    )
    for hours, news, status in ((25, 0, "pending"), (2, 1, "pending"), (0, 0, "expired")):
        shop.later(hours=hours)
        await shop.set(f"UPDATE payment_links SET news = {news}")
        await job.expire(shop.clock.now())
        assert (await shop.shop.shopping("ct_maya", NOW)).orders[0].status == status


async def test_an_order_paid_in_time_does_not_run_out(shop: Shop) -> None:
    await paid(shop)
    shop.later(days=2)
    assert await OrderExpiry(shop.database, shop.reading).expire(shop.clock.now())
    assert (await shop.shop.shopping("ct_maya", NOW)).orders[0].status == "paid"


async def test_money_for_an_order_that_ran_out_revives_nothing(shop: Shop) -> None:
    shop.later(hours=25)
    await OrderExpiry(shop.database, shop.reading).expire(shop.clock.now())
    await paid(shop)
    assert (await shop.shop.shopping("ct_maya", NOW)).orders[0].status == "expired"
    assert (
        shop.database.read("SELECT status FROM invoices WHERE number = 'INV-2026-0210-001'")[0]["status"]
        == "paid"
    )


async def test_stock_is_what_was_counted_less_what_is_set_aside(shop: Shop) -> None:
    result = await shop.operations.execute(by_staff("STOCK_SET", "KL-M-HITAM", "k1", stock=8))
    assert (result.status, result.new_state) == ("SUCCESS", {"free": 7, "set_aside": 1})
    [product] = await shop.shop.products(("KL-M-HITAM",))
    assert product.variants[0].stock == 7


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (by_staff("STOCK_SET", "KL-M-HITAM", "k1", stock=0), "1 of it are set aside"),
        (by_staff("STOCK_SET", "KL-M-HITAM", "k1", stock=-1), "whole number"),
        (by_staff("STOCK_SET", "KL-M-HITAM", "k1", stock="8"), "whole number"),
        (by_staff("STOCK_SET", "NO-SUCH", "k1", stock=8), "no such sku"),
        (by_staff("STOCK_SET", "KL-M-HITAM", "k1", stock=8, staff_id="ct_maya"), "named staff member"),
    ],
)
async def test_stock_that_cannot_be_is_not_set(shop: Shop, asked: CTask, words: str) -> None:
    result = await shop.operations.execute(asked)
    assert result.status in {"BLOCKED_POLICY", "FAILED"} and words in result.details


@pytest.mark.parametrize(
    ("status", "free"), [("paid", 6), ("processing", 6), ("shipped", 5), ("delivered", 5)]
)
async def test_money_given_back_ends_the_order_and_frees_what_is_still_here(
    shop: Shop, status: str, free: int
) -> None:
    await paid(shop)
    for number, step in enumerate(("processing", "shipped", "delivered"), start=1):
        if (await shop.shop.shopping("ct_maya", NOW)).orders[0].status != status:
            await shop.operations.execute(says(step, f"k{number}", tracking="JNE777"))
    bill = (await shop.sources.payments("ct_maya", NOW)).invoices[0]
    assert await shop.database.submit(lambda tx: on_refunded(tx, bill)) is not None
    assert await shop.database.submit(lambda tx: on_refunded(tx, bill)) is None
    assert (await shop.shop.shopping("ct_maya", NOW)).orders[0].status == "refunded"
    [product] = await shop.shop.products(("KL-M-HITAM",))
    assert product.variants[0].stock == free
