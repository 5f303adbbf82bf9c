"""What the records prove of a change to an order: each condition true, false, or not known."""

from datetime import datetime

from casefile.cart import OrderChange
from casefile.facts import ShopSeen
from casefile.shop import BEFORE_DISPATCH, Address, Order
from policies.limits import Limits
from policies.orders import exchangeable, may_cancel, subtotal_of
from policies.reschedule import Proof, Truth
from policies.shop_amending import items_of


def prove(
    intent: str, order: Order, change: OrderChange | None, seen: ShopSeen, now: datetime, limits: Limits
) -> tuple[Proof, ...]:
    """Return what the records say of the conditions of a change."""
    match intent:
        case "cancel_unpaid_order":
            return (_proof("unpaid", may_cancel(order, approved=False) is None, order),)
        case "address_change":
            fare = (
                None if change is None or change.address is None else _same_fare(order, change.address, seen)
            )
            return (
                _proof("before_dispatch", order.status in BEFORE_DISPATCH, order),
                _proof("same_fare", fare, order),
            )
        case "order_amend":
            return (
                _proof("before_dispatch", order.status in BEFORE_DISPATCH, order),
                _proof("same_price", _same_price(order, change, seen), order),
                _proof("in_stock", _in_stock(order, change, seen), order),
            )
        case _:
            late = exchangeable(order, now, limits)
            return (
                _proof("delivered", late != "status", order),
                _proof("in_time", late is None, order),
                _proof("same_price", _same_price(order, change, seen), order),
                _proof("in_stock", _in_stock(order, change, seen), order),
            )


def _same_fare(order: Order, address: Address, seen: ShopSeen) -> bool | None:
    """Say whether sending it there costs what was charged; None where nobody has said what it costs."""
    if order.address is not None and address.city.casefold() == order.address.city.casefold():
        return True
    quote = next((q for q in seen.quotes if q.courier == order.courier), None)
    return None if quote is None else quote.cost == order.shipping


def _same_price(order: Order, change: OrderChange | None, seen: ShopSeen) -> bool | None:
    """Say whether a change leaves what is to be paid as it is, or still to be paid anew."""
    if change is not None and change.items:
        items = items_of(order, change, seen)
        return None if items is None else order.status == "pending" or subtotal_of(items) == order.subtotal
    new = seen.variant(change.new_sku) if change else None
    old = next((item for item in order.items if change and item.sku == change.sku), None)
    if change is None or new is None or old is None:
        return None
    return order.status == "pending" or (new[1].price == old.unit_price and change.qty == old.qty)


def _in_stock(order: Order, change: OrderChange | None, seen: ShopSeen) -> bool | None:
    if change is not None and change.items:
        aside = {item.sku: item.qty for item in order.items}
        more = {line.sku: line.qty - aside.get(line.sku, 0) for line in change.items}
        found = {sku: seen.variant(sku) for sku, qty in more.items() if qty > 0}
        return all(read is not None and read[1].stock >= more[sku] for sku, read in found.items())
    new = seen.variant(change.new_sku) if change else None
    if change is None or new is None:
        return None
    return new[1].stock >= change.qty


WORDS: dict[str, tuple[str, str]] = {
    "unpaid": ("Pesanan belum dibayar", "The order is not paid yet"),
    "before_dispatch": ("Pesanan belum dikirim", "The order has not been sent yet"),
    "same_fare": ("Ongkirnya sama", "Shipping costs the same"),
    "same_price": ("Tidak mengubah yang sudah dibayar", "Nothing changes of what has been paid"),
    "in_stock": ("Gantinya ada di stok", "What is wanted instead is in stock"),
    "delivered": ("Pesanan sudah sampai", "The order has arrived"),
    "in_time": ("Masih dalam masa tukar", "Still in time for an exchange"),
}


def _proof(name: str, holds: bool | None, order: Order) -> Proof:
    value: Truth = "unknown" if holds is None else "true" if holds else "false"
    words_id, words_en = WORDS[name]
    return Proof(name=name, value=value, words_id=words_id, words_en=words_en, ref=order.number)
