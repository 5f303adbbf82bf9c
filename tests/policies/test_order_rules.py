"""What an order comes to, whose decision it needs, and what of it can still be changed."""

from datetime import timedelta
from typing import Any, get_args

import pytest
from builders import NOW

from casefile.shop import BEFORE_DISPATCH, Item, Order, OrderStatus, Product, Variant
from policies.limits import Limits
from policies.orders import (
    Sums,
    can_change,
    change_needs_review,
    exchangeable,
    may_cancel,
    needs_review,
    same_goods,
    subtotal_of,
)

ITEMS = (
    Item(sku="A", name="Kaos", qty=2, unit_price=120_000),
    Item(sku="B", name="Topi", qty=1, unit_price=60_000),
)
STATUSES = get_args(OrderStatus)


def order(status: OrderStatus, **changes: Any) -> Order:
    return Order(
        number="ORD-2026-0001",
        contact_id="ct_1",
        items=ITEMS,
        subtotal=300_000,
        total=300_000,
        status=status,
        created_at=NOW,
        **changes,
    )


def test_an_order_comes_to_goods_and_shipping_less_the_voucher() -> None:
    assert subtotal_of(ITEMS) == 300_000
    assert Sums(subtotal=300_000, shipping=18_000, discount=20_000).total == 298_000


@pytest.mark.parametrize(
    ("total", "vip", "wanted"), [(1_000_000, False, False), (1_000_001, False, True), (1, True, True)]
)
def test_a_person_decides_above_the_limit_and_for_a_vip(total: int, vip: bool, wanted: bool) -> None:
    assert needs_review(total, Limits(), vip=vip) is wanted


def test_what_was_let_go_once_is_not_asked_again_unless_it_comes_to_more() -> None:
    big = order("pending").model_copy(update={"total": 2_000_000})
    assert [change_needs_review(big, total, Limits()) for total in (1_900_000, 2_000_000, 2_000_001)] == [
        False,
        False,
        True,
    ]
    assert not change_needs_review(order("pending"), 900_000, Limits())
    assert change_needs_review(order("pending"), 100, Limits(), vip=True)


@pytest.mark.parametrize("status", STATUSES)
def test_only_what_is_in_the_house_changes_and_paid_only_at_its_price(status: OrderStatus) -> None:
    same, other = (can_change(order(status), total) for total in (300_000, 300_001))
    if status not in BEFORE_DISPATCH:
        assert (same, other) == ("status", "status")
    else:
        assert (same, other) == (None, None if status == "pending" else "paid")


@pytest.mark.parametrize("status", STATUSES)
def test_what_is_paid_is_cancelled_by_a_coach_alone(status: OrderStatus) -> None:
    alone, approved = (may_cancel(order(status), approved=approved) for approved in (False, True))
    if status not in BEFORE_DISPATCH:
        assert (alone, approved) == ("status", "status")
    else:
        assert (alone, approved) == (None if status == "pending" else "paid", None)


@pytest.mark.parametrize(
    ("status", "days", "why"),
    [("shipped", None, "status"), ("delivered", 7, None), ("completed", 7, None), ("delivered", 8, "late")],
)
def test_an_exchange_is_for_what_arrived_lately(
    status: OrderStatus, days: int | None, why: str | None
) -> None:
    at = None if days is None else NOW - timedelta(days=days)
    assert exchangeable(order(status, delivered_at=at), NOW, Limits()) == why


def test_an_exchange_is_between_two_of_one_product() -> None:
    m, large = Variant(sku="A-M", price=1, stock=1), Variant(sku="A-L", price=1, stock=1)
    shirt = Product(id="a", name="Kaos", category="kaos", description="", weight_grams=1, variants=(m, large))
    assert same_goods(shirt, "A-M", "A-L") == (m, large)
    assert same_goods(shirt, "A-M", "A-M") is None
    assert same_goods(shirt, "A-M", "B-L") is None
