"""Orders as C makes, changes and ends them: whole, once, and by the rules of the moment."""

from typing import Any

import pytest
from services_scenes import NOW, task
from shop_scenes import Shop

from casefile.packets import CResult, CTask
from services.ended import EndedTasks
from store.handed import SqlHandedOver
from store.stock import set_aside

KAOS, LAST = {"sku": "KL-M-HITAM", "qty": 2}, {"sku": "KL-L-HITAM", "qty": 1}
JAKARTA = {"recipient": "Rina", "phone": "+6281200001001", "full_address": "Jl. Baru 9", "city": "Jakarta"}
HOME = "ad_ct_rina_2"


def wanted(key: str = "k1", case: str = "rina", **params: Any) -> CTask:
    given = {"items": [KAOS], "address_id": HOME, "courier": "JNE", **params}
    return task("ORDER_CREATE", f"ct_{case}", key, case, **given)


async def done(shop: Shop, asked: CTask) -> CResult:
    result = await shop.operations.execute(asked)
    assert result.status == "SUCCESS", result.details
    return result


async def refused(shop: Shop, asked: CTask) -> Any:
    result = await shop.operations.execute(asked)
    assert result.status == "BLOCKED_POLICY", result.details
    return result.refs["blocked_by"]


async def free(shop: Shop, sku: str) -> int:
    [product] = await shop.shop.products((sku,))
    return next(variant.stock for variant in product.variants if variant.sku == sku)


def invoices(shop: Shop) -> dict[str, tuple[str, int]]:
    rows = shop.database.read("SELECT number, status, amount FROM invoices")
    return {row["number"]: (row["status"], row["amount"]) for row in rows}


async def test_an_order_is_made_whole(shop: Shop) -> None:
    result = await done(shop, wanted(voucher="hemat10", total=226_000))
    assert (result.new_state["number"], result.refs["invoice"]) == ("ORD-2026-0003", "INV-2026-0210-002")
    [order] = (await shop.shop.shopping("ct_rina", NOW)).orders
    assert (order.subtotal, order.shipping, order.discount, order.total) == (240_000, 10_000, 24_000, 226_000)
    assert (order.status, order.voucher, order.courier) == ("pending", "HEMAT10", "JNE")
    assert order.items[0].name == "Kaos Lurik, M, hitam"
    assert order.address is not None and order.address.full_address == "Jl. Mawar 2"
    assert invoices(shop)["INV-2026-0210-002"] == ("unpaid", 226_000)
    assert await free(shop, "KL-M-HITAM") == 3
    assert result.rev == 2
    snapshot = await shop.sources.snapshot("ct_rina")
    assert snapshot is not None and [bill.number for bill in snapshot.invoices] == ["INV-2026-0210-002"]


async def test_a_repeat_returns_the_first_order_and_sets_nothing_more_aside(shop: Shop) -> None:
    first = await done(shop, wanted())
    assert await shop.operations.execute(wanted()) == first
    assert await free(shop, "KL-M-HITAM") == 3


async def test_what_is_gone_is_said_with_what_is_left(shop: Shop) -> None:
    items = [{"sku": "KL-L-HITAM", "qty": 1}, {"sku": "KL-L-HITAM", "qty": 1}, {"sku": "KL-L-NAVY", "qty": 1}]
    result = await shop.operations.execute(wanted(items=items))
    assert (result.status, result.refs["blocked_by"]) == ("BLOCKED_POLICY", "stock")
    assert result.refs["short"] == {"KL-L-HITAM": 1, "KL-L-NAVY": 0}
    assert (await shop.shop.shopping("ct_rina", NOW)).orders == ()


@pytest.mark.parametrize(
    ("params", "by"),
    [
        ({"courier": "Gojek"}, "courier"),
        ({"address_id": "ad_none"}, "address"),
        ({"address": {**JAKARTA, "city": "Atlantis"}}, "courier"),
        ({"voucher": "LEBARAN"}, "voucher"),
        ({"total": 250_001}, "price"),
        ({"items": [{"sku": "JB-XL", "qty": 2}]}, "review"),
    ],
)
async def test_an_order_that_does_not_hold_now_is_refused_with_a_reason(
    shop: Shop, params: dict[str, Any], by: str
) -> None:
    assert await refused(shop, wanted(**params)) == by
    assert set(invoices(shop)) == {"INV-2026-0210-001", "INV-2026-0205-001"}


@pytest.mark.parametrize(
    "params",
    [
        {"items": []},
        {"items": [{"sku": "KM-M", "qty": 0}]},
        {"items": [{"sku": "NO", "qty": 1}]},
        {"items": "KM-M"},
    ],
)
async def test_an_order_that_makes_no_sense_fails(shop: Shop, params: dict[str, Any]) -> None:
    assert (await shop.operations.execute(wanted(**params))).status == "FAILED"


async def test_nobody_orders_for_somebody_else(shop: Shop) -> None:
    other = wanted(case="maya").model_copy(update={"subject": "ct_rina"})
    assert await refused(shop, other) == "policy"


async def test_above_the_limit_a_coachs_approval_lets_it_go(shop: Shop) -> None:
    asked = wanted(items=[{"sku": "JB-XL", "qty": 2}])
    assert await refused(shop, asked.model_copy(update={"idempotency_key": "k0"})) == "review"
    assert await refused(shop, wanted("k2", "vina", address=JAKARTA)) == "review"
    result = await done(shop, await shop.approved(asked))
    assert result.new_state["total"] == 1_918_000


async def test_a_newcomers_first_order_makes_them_known(shop: Shop) -> None:
    await shop.database.submit(
        lambda tx: tx.execute(
            "INSERT INTO contacts (id, first_seen) VALUES ('ct_new', '2026-02-10T03:00:00.000000Z')"
        )
    )
    await shop.commit("SCH-new", "ct_new")
    await done(shop, wanted(case="new", address_id=None, address=JAKARTA))
    assert await shop.sources.registered("ct_new")
    contact = await shop.sources.contact("ct_new")
    assert contact is not None and contact.full_name == "Rina"
    [address] = (await shop.shop.shopping("ct_new", NOW)).addresses
    assert (address.full_address, address.default) == ("Jl. Baru 9", True)


async def test_a_voucher_is_used_once_and_comes_back_with_a_cancelled_order(shop: Shop) -> None:
    result = await done(shop, wanted(voucher="BARU"))
    assert await refused(shop, wanted("k2", voucher="BARU")) == "voucher"
    await done(shop, task("ORDER_CANCEL", str(result.refs["order"]), "k3"))
    await done(shop, wanted("k4", voucher="BARU"))


async def test_payment_moves_the_order_once(shop: Shop) -> None:
    paying = task(
        "PAYMENT_CONFIRM_MANUAL", "INV-2026-0210-001", "p1", "maya", staff_id="sf_tari", evidence="SK-1"
    )
    await done(shop, paying)
    order = (await shop.shop.shopping("ct_maya", NOW)).orders[0]
    assert (order.status, order.paid_at) == ("paid", NOW)
    rows = shop.database.read("SELECT state, expires_at FROM reservations WHERE holder = ?", (order.number,))
    assert [tuple(row) for row in rows] == [("sold", None)]


async def test_an_unpaid_order_is_changed_with_a_new_invoice(shop: Shop) -> None:
    await done(shop, wanted(voucher="HEMAT10"))
    change = task(
        "ORDER_AMEND", "ORD-2026-0003", "k2", items=[LAST, {"sku": "KM-M", "qty": 1}], courier="SiCepat"
    )
    result = await done(shop, change)
    assert (result.old_state["total"], result.new_state["total"]) == (226_000, 379_000 + 9_000 - 30_000)
    assert invoices(shop)["INV-2026-0210-002"][0] == "void"
    assert invoices(shop)["INV-2026-0210-003"] == ("unpaid", 358_000)
    assert [await free(shop, sku) for sku in ("KL-M-HITAM", "KL-L-HITAM", "KM-M")] == [5, 0, 9]
    dropped = await done(shop, task("ORDER_AMEND", "ORD-2026-0003", "k3", voucher=None))
    assert dropped.new_state["discount"] == 0


async def test_a_change_that_costs_the_same_keeps_the_invoice(shop: Shop) -> None:
    await done(shop, wanted(items=[{"sku": "KM-M", "qty": 1}]))
    result = await done(shop, task("ORDER_AMEND", "ORD-2026-0003", "k2", items=[{"sku": "KM-L", "qty": 1}]))
    assert result.refs["invoice"] == "INV-2026-0210-002"
    assert len(invoices(shop)) == 3


async def test_a_paid_order_changes_only_at_the_same_price(shop: Shop) -> None:
    await pay(shop)
    bigger = [{"sku": "KL-M-HITAM", "qty": 1}, LAST]
    assert await refused(shop, task("ORDER_AMEND", "ORD-2026-0002", "k1", "maya", items=bigger)) == "paid"
    await done(shop, task("ORDER_AMEND", "ORD-2026-0002", "k2", "maya", items=[LAST]))
    rows = shop.database.read("SELECT sku, state FROM reservations WHERE holder = 'ORD-2026-0002'")
    assert [tuple(row) for row in rows] == [("KL-L-HITAM", "sold")]
    assert (
        await refused(shop, task("ORDER_AMEND", "ORD-2026-0001", "k3", "maya", courier="SiCepat")) == "status"
    )


async def test_more_of_a_thing_counts_what_the_order_holds_already(shop: Shop) -> None:
    await done(shop, wanted(items=[LAST]))
    assert await free(shop, "KL-L-HITAM") == 0
    result = await shop.operations.execute(
        task("ORDER_AMEND", "ORD-2026-0003", "k2", items=[{"sku": "KL-L-HITAM", "qty": 2}])
    )
    assert result.refs["short"] == {"KL-L-HITAM": 1}
    await done(shop, task("ORDER_AMEND", "ORD-2026-0003", "k3", items=[LAST], courier="SiCepat"))


async def test_an_address_is_changed_before_dispatch_and_kept(shop: Shop) -> None:
    await done(shop, wanted())
    moved = {**JAKARTA, "city": "Bandung"}
    result = await done(shop, task("ADDRESS_UPDATE", "ORD-2026-0003", "k2", address=moved))
    assert (result.new_state["shipping"], result.old_state["shipping"]) == (12_000, 10_000)
    assert len((await shop.shop.shopping("ct_rina", NOW)).addresses) == 3
    back = await done(shop, task("ADDRESS_UPDATE", "ORD-2026-0003", "k3", address_id=HOME))
    assert back.new_state["shipping"] == 10_000
    assert (
        await refused(shop, task("ADDRESS_UPDATE", "ORD-2026-0001", "k4", "maya", address=JAKARTA))
        == "status"
    )
    await pay(shop)
    assert await refused(shop, task("ADDRESS_UPDATE", "ORD-2026-0002", "k5", "maya", address=moved)) == "paid"
    await done(shop, task("ADDRESS_UPDATE", "ORD-2026-0002", "k6", "maya", address=JAKARTA))
    assert (await shop.operations.execute(task("ADDRESS_UPDATE", "ORD-2026-0003", "k7"))).status == "FAILED"


async def test_a_voucher_that_ended_since_stays_on_the_goods_it_was_used_for(shop: Shop) -> None:
    await done(shop, wanted(voucher="HEMAT10"))
    shop.later(hours=20)
    moved = await done(shop, task("ADDRESS_UPDATE", "ORD-2026-0003", "k2", address=JAKARTA))
    assert moved.new_state["discount"] == 24_000
    more = task("ORDER_AMEND", "ORD-2026-0003", "k3", items=[{"sku": "KL-M-HITAM", "qty": 3}])
    assert await refused(shop, more) == "voucher"


async def test_an_address_is_kept_for_the_contact_alone(shop: Shop) -> None:
    await done(shop, task("ADDRESS_UPDATE", "ct_maya", "k1", "maya", address=JAKARTA))
    await done(shop, task("ADDRESS_UPDATE", "ct_maya", "k2", "maya", address={**JAKARTA, "label": "kos"}))
    [address] = (await shop.shop.shopping("ct_maya", NOW)).addresses
    assert address.default
    assert await refused(shop, task("ADDRESS_UPDATE", "ct_maya", "k3", address=JAKARTA)) == "policy"
    assert (await shop.operations.execute(task("ADDRESS_UPDATE", "ct_maya", "k4", "maya"))).status == "FAILED"


async def test_an_unpaid_order_is_cancelled_and_a_paid_one_by_a_coach(shop: Shop) -> None:
    await done(shop, wanted())
    await done(shop, task("ORDER_CANCEL", "ORD-2026-0003", "k2"))
    assert (await free(shop, "KL-M-HITAM"), invoices(shop)["INV-2026-0210-002"][0]) == (5, "void")
    await pay(shop)
    paid = task("ORDER_CANCEL", "ORD-2026-0002", "k3", "maya")
    assert await refused(shop, paid.model_copy(update={"idempotency_key": "k0"})) == "paid"
    await done(shop, await shop.approved(paid))
    assert (await free(shop, "KL-M-HITAM"), invoices(shop)["INV-2026-0210-001"][0]) == (6, "paid")


async def test_another_buyers_order_is_nobody_elses(shop: Shop) -> None:
    for number, action in enumerate(("ORDER_CANCEL", "ORDER_AMEND", "SIZE_EXCHANGE"), start=1):
        assert (
            await refused(shop, task(action, "ORD-2026-0002", f"k{number}", sku="KM-M", to_sku="KM-L"))
            == "policy"
        )
    assert (await shop.operations.execute(task("ORDER_CANCEL", "ORD-2026-0999", "k9"))).status == "FAILED"


async def test_another_size_is_set_aside_until_a_person_has_sent_it(shop: Shop) -> None:
    asked = task("SIZE_EXCHANGE", "ORD-2026-0001", "k1", "maya", sku="KM-M", to_sku="KM-L")
    result = await done(shop, asked)
    assert (result.due_from, await free(shop, "KM-L")) == ("sf_tari", 9)
    assert set_aside(shop.database.read, "KM-L") == 1
    assert await refused(shop, asked.model_copy(update={"idempotency_key": "k2"})) == "twice"
    await shop.database.submit(lambda tx: tx.execute("UPDATE due_tasks SET state = 'done'"))
    assert set_aside(shop.database.read, "KM-L") == 0


async def test_an_exchange_that_is_called_off_frees_its_goods_and_can_be_asked_for_again(shop: Shop) -> None:
    asked = task("SIZE_EXCHANGE", "ORD-2026-0001", "k1", "maya", sku="KM-M", to_sku="KM-L")
    await done(shop, asked)
    handed = SqlHandedOver(shop.database, EndedTasks(shop.reading).follow)
    (due,) = await handed.tasks()
    assert await handed.settle(due, "cancelled", "sf_tari", NOW, "wa-628001-ct_maya", None)
    assert (await free(shop, "KM-L"), set_aside(shop.database.read, "KM-L")) == (10, 0)
    assert [one.state for one in await handed.tasks(every=True)] == ["cancelled"]
    await done(shop, asked.model_copy(update={"idempotency_key": "k2"}))
    assert await free(shop, "KM-L") == 9


@pytest.mark.parametrize(("amount", "status"), [(259_000, "refunded"), (100_000, "delivered")])
async def test_money_given_back_by_hand_is_said_by_order_and_bill(
    shop: Shop, amount: int, status: str
) -> None:
    released = task("REFUND", "INV-2026-0205-001", "k1", "maya", amount=amount)
    await done(shop, await shop.approved(released))
    handed = SqlHandedOver(shop.database, EndedTasks(shop.reading).follow)
    (due,) = await handed.tasks()
    assert await handed.settle(due, "done", "sf_sinta", NOW, "wa-628001-ct_maya", None)
    orders = {one.number: one.status for one in (await shop.shop.shopping("ct_maya", NOW)).orders}
    assert orders["ORD-2026-0001"] == status
    assert invoices(shop)["INV-2026-0205-001"][0] == ("refunded" if status == "refunded" else "paid")


@pytest.mark.parametrize(
    ("params", "days", "by"),
    [
        ({"sku": "KM-L", "to_sku": "KM-M"}, 0, "product"),
        ({"sku": "KM-M", "to_sku": "KL-M-HITAM"}, 0, "product"),
        ({"sku": "KM-M", "to_sku": "KM-L", "qty": 2}, 0, "product"),
        ({"sku": "KM-M", "to_sku": "KM-L"}, 6, "late"),
    ],
)
async def test_an_exchange_that_is_not_inside_the_rules(
    shop: Shop, params: dict[str, Any], days: int, by: str
) -> None:
    shop.later(days=days)
    asked = task("SIZE_EXCHANGE", "ORD-2026-0001", "k1", "maya", **params)
    assert await refused(shop, asked) == by


async def test_an_exchange_needs_the_other_size_at_the_same_price(shop: Shop) -> None:
    asked = task("SIZE_EXCHANGE", "ORD-2026-0001", "k1", "maya", sku="KM-M", to_sku="KM-L")
    await shop.set("UPDATE variants SET price = 300000 WHERE sku = 'KM-L'")
    assert await refused(shop, asked) == "price"
    await shop.set("UPDATE variants SET price = 259000, free = 0 WHERE sku = 'KM-L'")
    assert await refused(shop, asked.model_copy(update={"idempotency_key": "k2"})) == "stock"
    garbled = task("SIZE_EXCHANGE", "ORD-2026-0001", "k4", "maya", sku="KM-M", to_sku="KM-L", qty="dua")
    assert (await shop.operations.execute(garbled)).status == "FAILED"
    undelivered = task("SIZE_EXCHANGE", "ORD-2026-0002", "k3", "maya", sku="KL-M-HITAM", to_sku="KL-L-HITAM")
    assert await refused(shop, undelivered) == "status"


async def pay(shop: Shop) -> None:
    paying = task(
        "PAYMENT_CONFIRM_MANUAL", "INV-2026-0210-001", "p1", "maya", staff_id="sf_tari", evidence="SK-1"
    )
    await done(shop, paying)
