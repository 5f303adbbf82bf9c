from datetime import timedelta

import pytest

from casefile.cart import CartLine, OrderChange
from casefile.facts import ShopSeen
from casefile.reading import Slots
from casefile.shop import Item, Order
from policies.limits import Limits
from policies.shop_orders import Changing, changing, meant
from tests.policies.builders import NOW
from tests.policies.shop_worlds import HOME, OFFICE, SHIRT, TEE, order, seen, shopping

NONE = Slots()
YES = Slots(yes_no="yes")
PAID = {"status": "paid", "paid_at": NOW}
ARRIVED = {"status": "delivered", "delivered_at": NOW - timedelta(days=2)}


def asks(
    intent: str,
    words: str,
    *orders: Order,
    last: OrderChange | None = None,
    slots: Slots = NONE,
    waiting: str | None = None,
    **read: object,
) -> Changing:
    there = seen(words, known=(SHIRT, TEE), shopping=shopping(*orders), **read)
    return changing(intent, last, there, slots, NOW, Limits(), waiting)


def proofs(found: Changing) -> dict[str, str]:
    return {proof.name: proof.value for proof in found.proofs}


def test_an_unpaid_order_can_go_and_a_paid_one_not() -> None:
    found = asks("cancel_unpaid_order", "batalin", order())
    assert (found.proved, found.open, found.cancels) == (True, "confirm", True)
    assert not asks("cancel_unpaid_order", "batalin", order(**PAID)).proved
    assert not asks("cancel_unpaid_order", "batalin", order(status="shipped")).proved


def test_a_yes_is_a_yes_to_exactly_what_was_put() -> None:
    put = OrderChange(action="ORDER_CANCEL", order="ORD-2026-0025")
    told = {"last": put, "slots": YES, "waiting": "confirm"}
    agreed = asks("cancel_unpaid_order", "ya", order(), **told)  # type: ignore[arg-type]
    assert (agreed.confirmed, agreed.open) == (True, None)
    other = put.model_copy(update={"order": "ORD-2026-0026"})
    told = {"last": other, "slots": YES, "waiting": "confirm"}
    assert asks("cancel_unpaid_order", "ya", order(), **told).open == "order"  # type: ignore[arg-type]
    assert not asks("cancel_unpaid_order", "ya", order(), slots=YES, waiting="confirm").confirmed


def test_which_order_is_meant() -> None:
    first, second = (
        order(),
        order(number="ORD-2026-0026", items=(Item(sku="KOB-HTM-L", name=TEE.name, qty=2, unit_price=1),)),
    )
    both = asks("cancel_unpaid_order", "batalin dong", first, second)
    assert (both.orders, both.open, both.order) == ((first, second), "order", None)
    assert asks("cancel_unpaid_order", "batalin ORD-2026-0026", first, second).order == second
    assert asks("cancel_unpaid_order", "batalin ORD-2026-9999", first, second).orders == ()
    assert asks("cancel_unpaid_order", "yang kaos oversize blok m", first, second).order == second
    assert asks("cancel_unpaid_order", "yang kedua", first, second, slots=Slots(choice=2)).order == second
    assert asks("cancel_unpaid_order", "batalin").orders == ()
    over = order(number="ORD-2026-0001", status="expired")
    assert asks("cancel_unpaid_order", "batalin", over, first).order == first
    assert asks("address_change", "ganti alamat", order(status="shipped")).order is not None
    assert meant("order_status", None, ShopSeen(), NONE) == ()
    standing = seen("", shopping=shopping(over, first))
    assert meant("order_status", None, standing, NONE) == (first,)


def test_another_address_before_it_leaves() -> None:
    asked = asks("address_change", "mau ganti alamat ORD-2026-0025", order())
    assert (asked.open, proofs(asked)["before_dispatch"]) == ("details", "true")
    stored = asks("address_change", "ke kantor aja", order())
    assert stored.change is not None
    assert (stored.change.address, stored.open, stored.proved) == (OFFICE, "confirm", True)
    told = asks("address_change", "Jl. Mawar 5, Bandung", order(), last=asked.change, waiting="details")
    assert told.change is not None and told.change.address is not None
    assert (told.change.address.full_address, told.open, told.proved) == ("Jl. Mawar 5", "confirm", True)
    at_once = asks("address_change", "ganti alamat ke Jl. Mawar 5, Bandung", order())
    assert at_once.open == "confirm"
    agreed = asks("address_change", "ya", order(), last=told.change, slots=YES, waiting="confirm")
    assert agreed.confirmed
    assert not asks("address_change", "ke kantor", order(status="shipped")).proved
    nobody = asks("address_change", "ganti alamat", order(address=None))
    assert nobody.change is not None and nobody.change.address is not None
    assert nobody.change.address.phone == "+6281200000001"


@pytest.mark.parametrize(("shipping", "proved"), [(11_500, "true"), (99_000, "false")])
def test_somewhere_else_has_to_cost_the_same(shipping: int, proved: str) -> None:
    far = {"city": "Surabaya"}
    here = order(shipping=shipping, address=HOME.model_copy(update=far))
    assert proofs(asks("address_change", "ke kantor", here))["same_fare"] == proved
    unknown = order(courier="Elang", address=HOME.model_copy(update=far))
    assert proofs(asks("address_change", "ke kantor", unknown))["same_fare"] == "unknown"


def test_another_size_before_it_leaves() -> None:
    found = asks("order_amend", "ganti dari M ke L", order())
    assert found.change == OrderChange(
        action="ORDER_AMEND",
        order="ORD-2026-0025",
        sku="KLB-PTH-M",
        new_sku="KLB-PTH-L",
        qty=1,
        items=(CartLine(sku="KLB-PTH-L", qty=1),),
    )
    assert (found.proved, found.open) == (True, "confirm")
    assert asks("order_amend", "mau ubah pesanan", order()).open == "details"
    more = asks("order_amend", "jadi 2 pcs", order())
    assert more.change is not None and (more.change.new_sku, more.change.qty) == ("KLB-PTH-M", 2)
    paid = asks("order_amend", "jadi 2 pcs", order(**PAID))
    assert proofs(paid)["same_price"] == "false"
    gone = asks("order_amend", "jadi navy XXL", order())
    assert (gone.open, gone.pick and gone.pick.state) == ("details", "out")
    put = OrderChange(
        action="ORDER_AMEND", order="ORD-2026-0025", items=(CartLine(sku="KLB-NVY-XXL", qty=1),)
    )
    sold = asks("order_amend", "ya", order(), last=put, slots=YES, waiting="confirm")
    assert proofs(sold)["in_stock"] == "false" and not sold.proved
    unread = put.model_copy(update={"items": (CartLine(sku="GONE", qty=1),)})
    assert proofs(asks("order_amend", "ya", order(), last=unread))["same_price"] == "unknown"
    assert asks("order_amend", "jadi putih XXL", order()).open == "details"
    unread = asks("order_amend", "jadi L", order(items=(Item(sku="GONE", name="x", qty=1, unit_price=1),)))
    assert (unread.change, proofs(unread)["in_stock"]) == (None, "unknown")


def test_which_thing_of_an_order() -> None:
    both = order(
        items=(
            Item(sku="KLB-PTH-M", name=SHIRT.name, qty=1, unit_price=349_000),
            Item(sku="KOB-HTM-L", name=TEE.name, qty=1, unit_price=169_000),
        )
    )
    assert asks("order_amend", "mau ganti ukuran", both).item is None
    came = both.model_copy(update=ARRIVED)
    assert asks("size_exchange", "mau tukar ukuran", came).change is None
    assert asks("size_exchange", "kemejanya tukar ke navy L", came).open == "details"
    named = asks("order_amend", "kaosnya jadi M", both)
    assert named.change is not None and named.change.new_sku == "KOB-HTM-M"
    again = asks("order_amend", "ya", both, last=named.change, slots=YES, waiting="confirm")
    assert again.confirmed and again.item == both.items[1]


def test_an_exchange_in_time_and_after() -> None:
    found = asks("size_exchange", "kekecilan, tukar ke L", order(**ARRIVED))
    assert found.change is not None
    assert (found.change.action, found.proved) == ("SIZE_EXCHANGE", True)
    late = order(status="delivered", delivered_at=NOW - timedelta(days=30))
    assert proofs(asks("size_exchange", "tukar ke L", late)) == {
        "delivered": "true", "in_time": "false", "same_price": "true", "in_stock": "true",
    }  # fmt: skip
    assert proofs(asks("size_exchange", "tukar ke L", order()))["delivered"] == "false"


def test_where_an_order_has_gone_is_said_before_any_detail_is_asked_for() -> None:
    gone = order(status="shipped", shipped_at=NOW)
    found = asks("address_change", "alamatnya bisa diganti?", gone)
    assert (found.open, found.proved, found.proof("before_dispatch")) == ("confirm", False, "false")
    assert asks("address_change", "alamatnya bisa diganti?", order()).open == "details"
    assert asks("order_amend", "isinya bisa diubah?", gone).open == "confirm"
    late = order(status="delivered", delivered_at=NOW - timedelta(days=60))
    assert asks("size_exchange", "mau tukar ukuran", late).open == "confirm"
    assert found.proof("unheard_of") == "unknown"
