"""Orders: what they come to, whose decision they need, and what of them can still be changed."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from casefile.base import Frozen
from casefile.shop import BEFORE_DISPATCH, Item, Order, OrderStatus, Product, Variant
from policies.limits import Limits

# What staff say of an order themselves; paid is for the books to say, cancelled and refunded for operations.
BY_STAFF: frozenset[OrderStatus] = frozenset({"processing", "shipped", "delivered", "completed"})


class Sums(Frozen):
    """What an order comes to, in rupiah."""

    subtotal: int
    shipping: int
    discount: int

    @property
    def total(self) -> int:
        """What is to be paid."""
        return self.subtotal + self.shipping - self.discount


def subtotal_of(items: Iterable[Item]) -> int:
    """Return what goods come to, before shipping and voucher."""
    return sum(item.qty * item.unit_price for item in items)


def needs_review(total: int, limits: Limits, *, vip: bool = False) -> bool:
    """Say whether a person decides on an order before its invoice goes out."""
    return vip or total > limits.order_review


def change_needs_review(order: Order, new_total: int, limits: Limits, *, vip: bool = False) -> bool:
    """Say whether a person decides on a change: what was let go once may come to as much again, and to less."""
    return vip or (new_total > order.total and needs_review(new_total, limits))


def can_change(order: Order, new_total: int) -> str | None:
    """Say in a word why an order cannot become one of another total, or None: it has left, or it is paid for."""
    if order.status not in BEFORE_DISPATCH:
        return "status"
    return "paid" if order.status != "pending" and new_total != order.total else None


def may_cancel(order: Order, *, approved: bool) -> str | None:
    """Say in a word why an order cannot be cancelled, or None; what is paid for needs a coach's approval."""
    if order.status not in BEFORE_DISPATCH:
        return "status"
    return "paid" if order.status != "pending" and not approved else None


def exchangeable(order: Order, now: datetime, limits: Limits) -> str | None:
    """Say in a word why goods of an order cannot be exchanged, or None: they have not arrived, or long ago."""
    if order.status not in ("delivered", "completed") or order.delivered_at is None:
        return "status"
    return "late" if now - order.delivered_at > timedelta(days=limits.exchange_days) else None


def same_goods(product: Product, old: str, new: str) -> tuple[Variant, Variant] | None:
    """Return both variants when they are two of one product."""
    by_sku = {variant.sku: variant for variant in product.variants}
    return (by_sku[old], by_sku[new]) if old != new and {old, new} <= by_sku.keys() else None
