"""An order's status goes one way only."""

from datetime import UTC, datetime
from typing import get_args

import pytest

from casefile.errors import IllegalTransition
from casefile.shop import (
    BEFORE_DISPATCH,
    ORDER_MOVES,
    Item,
    Order,
    OrderStatus,
    Product,
    ShippingRate,
    Variant,
    Voucher,
)

ITEM = Item(sku="KMJ-01-M", name="Kemeja Linen", qty=1, unit_price=259_000)
ORDER = Order(
    number="ORD-2026-0001",
    contact_id="c1",
    items=(ITEM,),
    subtotal=259_000,
    total=259_000,
    created_at=datetime(2026, 2, 9, 3, tzinfo=UTC),
)


def test_a_paid_order_is_sent_and_arrives() -> None:
    steps: tuple[OrderStatus, ...] = ("paid", "processing", "shipped", "delivered", "completed")
    order = ORDER
    for step in steps:
        order = order.moved(step)
    assert order.status == "completed"


@pytest.mark.parametrize("new", ["pending", "shipped", "delivered", "completed", "refunded"])
def test_what_is_not_paid_is_not_sent(new: OrderStatus) -> None:
    with pytest.raises(IllegalTransition, match="cannot go from pending"):
        ORDER.moved(new)


def test_every_status_says_where_it_can_go_and_none_leads_back_to_unpaid() -> None:
    assert set(ORDER_MOVES) == set(get_args(OrderStatus))
    assert all("pending" not in after for after in ORDER_MOVES.values())


def test_what_has_left_is_not_among_what_can_be_changed() -> None:
    gone = {status for status, after in ORDER_MOVES.items() if "shipped" not in after and status != "pending"}
    assert not gone & BEFORE_DISPATCH


@pytest.mark.parametrize(
    ("grams", "cost"), [(1, 10_000), (1000, 10_000), (1001, 14_000), (3000, 18_000), (0, 10_000)]
)
def test_every_kilo_that_is_begun_counts(grams: int, cost: int) -> None:
    rate = ShippingRate(courier="JNE", city="Bandung", first_kg=10_000, next_kg=4_000, days="2-3")
    assert rate.quote(grams).cost == cost


@pytest.mark.parametrize("worth", [{}, {"percent": 10, "amount": 5_000}])
def test_a_voucher_is_percent_or_rupiah(worth: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="exactly one"):
        Voucher(code="HEMAT", **worth)


def test_a_product_is_described_in_the_language_it_has() -> None:
    variant = Variant(sku="A", price=1, stock=0)
    shirt = Product(
        id="p", name="Kaos", category="kaos", description="Adem.", weight_grams=1, variants=(variant,)
    )
    assert [shirt.described("id"), shirt.described("en")] == ["Adem.", "Adem."]
    both = shirt.model_copy(update={"description_en": "Cool."})
    assert [both.described("id"), both.described("en")] == ["Adem.", "Cool."]
