"""Which of a customer's own orders is meant, what is to change of it, and what the records prove of that."""

from datetime import datetime
from typing import Literal

from casefile.base import Frozen
from casefile.cart import OrderChange
from casefile.facts import ShopSeen
from casefile.reading import Slots
from casefile.shop import BEFORE_DISPATCH, Address, Item, Order, OrderStatus
from policies.limits import Limits
from policies.reschedule import Proof, Truth
from policies.shop_amending import amended, changed, total_of
from policies.shop_pick import Pick, named, of_product
from policies.shop_places import address_in, gives_address, lacking, stored_in
from policies.shop_proofs import prove
from policies.shop_words import folded, number_in, order_in, without_order

Open = Literal["order", "details", "confirm"]
# Which orders a change can be about; the others are named only where there is none of these.
ABOUT: dict[str, frozenset[OrderStatus]] = {
    "cancel_unpaid_order": frozenset({"pending", "paid", "processing"}),
    "address_change": BEFORE_DISPATCH,
    "order_amend": BEFORE_DISPATCH,
    "size_exchange": frozenset({"delivered", "completed"}),
}
OVER: frozenset[OrderStatus] = frozenset({"cancelled", "expired", "refunded"})
MOST_ORDERS = 3


class Changing(Frozen):
    """A change as far as it is clear: of which order, what exactly, and what proves it.

    `orders` are those it may be of; `item` the thing of the order it is about; `pick` what is wanted of it
    that is not clear or not there; `total` what an unpaid order comes to then; `confirmed`: they said yes to exactly
    this; `cancels`: it is the end of the order.
    """

    orders: tuple[Order, ...] = ()
    order: Order | None = None
    item: Item | None = None
    pick: Pick | None = None
    change: OrderChange | None = None
    total: int | None = None
    open: Open | None = None
    proofs: tuple[Proof, ...] = ()
    confirmed: bool = False
    cancels: bool = False

    def proof(self, name: str) -> Truth:
        """Return what the records say of a condition; one nobody looked at is unknown."""
        return next((proof.value for proof in self.proofs if proof.name == name), "unknown")

    @property
    def proved(self) -> bool:
        """Say whether the records prove every condition of it."""
        return bool(self.proofs) and all(proof.value == "true" for proof in self.proofs)


def changing(
    intent: str,
    last: OrderChange | None,
    seen: ShopSeen,
    slots: Slots,
    now: datetime,
    limits: Limits,
    waiting: str | None,
) -> Changing:
    """Work out a change of one's own order; `last` is what was put before the customer."""
    orders = meant(intent, last, seen, slots)
    cancels = intent == "cancel_unpaid_order"
    if len(orders) != 1:
        return Changing(orders=orders[:MOST_ORDERS], open="order", cancels=cancels)
    order = orders[0]
    item = _item(order, seen, last)
    made = amended(order, seen, last) if intent == "order_amend" and order.status in BEFORE_DISPATCH else None
    change = changed(order, made) or _put(last) if made else CHANGES[intent](order, item, last, seen, slots)
    proofs = prove(intent, order, change, seen, now, limits)
    opened: Open | None = "confirm"
    confirmed = waiting == "confirm" and slots.yes_no == "yes" and change == last and change is not None
    if too_late(proofs):
        # No detail of it could change that, so none is asked for.
        confirmed = False
    elif change is None or (made and made.pick) or (change.address is not None and lacking(change.address)):
        opened = "details"
    elif confirmed:
        opened = None
    return Changing(
        orders=orders,
        order=order,
        item=item,
        pick=made.pick if made else None,
        change=change,
        total=total_of(order, change, seen) if change else None,
        open=opened,
        proofs=proofs,
        confirmed=confirmed,
        cancels=cancels,
    )


def too_late(proofs: tuple[Proof, ...]) -> bool:
    """Say whether where an order is by now speaks against a change, whatever exactly it is."""
    return any(p.name in {"before_dispatch", "delivered", "in_time"} and p.value == "false" for p in proofs)


def meant(intent: str, last: OrderChange | None, seen: ShopSeen, slots: Slots) -> tuple[Order, ...]:
    """Return the customer's orders that may be meant: the one named, else those such a change can be about."""
    own = seen.shopping.orders if seen.shopping else ()
    number = order_in(folded(seen.words))
    if number:
        return tuple(order for order in own if order.number == number)
    if last is not None:
        return tuple(order for order in own if order.number == last.order)
    about = ABOUT.get(intent)
    fitting = [o for o in own if o.status in about] if about else [o for o in own if o.status not in OVER]
    found = tuple(fitting) or own[:1]
    by_name = tuple(order for order in found if _names(order, seen))
    if by_name:
        return by_name
    if slots.choice is not None and 0 < slots.choice <= len(found):
        return (found[slots.choice - 1],)
    return found


def _put(last: OrderChange | None) -> OrderChange | None:
    """Return what was put before the customer as a whole, where nothing more was said of it."""
    return last if last is not None and last.items and last.focus is None else None


def _item(order: Order, seen: ShopSeen, last: OrderChange | None) -> Item | None:
    if last is not None and last.sku:
        return next((item for item in order.items if item.sku == last.sku), None)
    if len(order.items) == 1:
        return order.items[0]
    products = [p for p in (seen.product(item.sku) for item in order.items) if p is not None]
    spoken = named(products, folded(seen.words))
    of_it = [item for item in order.items if len(spoken) == 1 and seen.product(item.sku) == spoken[0]]
    return of_it[0] if len(of_it) == 1 else None


def _names(order: Order, seen: ShopSeen) -> bool:
    words = folded(seen.words)
    products = [p for p in (seen.product(item.sku) for item in order.items) if p is not None]
    # One word is too little: "kemeja" names none of three shirts.
    return any(sum(part in words.split() for part in p.name.casefold().split()) > 1 for p in products)


def _cancel(
    order: Order, item: Item | None, last: OrderChange | None, seen: ShopSeen, slots: Slots
) -> OrderChange:
    return OrderChange(action="ORDER_CANCEL", order=order.number)


def _address(
    order: Order, item: Item | None, last: OrderChange | None, seen: ShopSeen, slots: Slots
) -> OrderChange:
    stored = stored_in(seen.shopping.addresses if seen.shopping else (), seen.words)
    draft = last.address if last else None
    if stored is not None and slots.yes_no is None:
        return OrderChange(action="ADDRESS_UPDATE", order=order.number, address=stored)
    if draft is None:
        goes = order.address
        draft = Address(
            recipient=goes.recipient if goes else "",
            phone=goes.phone if goes else seen.phone,
            full_address="",
            city="",
        )
    said = without_order(seen.words)
    if lacking(draft) and (last is not None or gives_address(said.replace("?", " "), slots.phones)):
        draft = address_in(said, seen.cities, slots.phones, draft)
    return OrderChange(action="ADDRESS_UPDATE", order=order.number, address=draft)


def _variant(
    order: Order, item: Item | None, last: OrderChange | None, seen: ShopSeen, slots: Slots
) -> OrderChange | None:
    """Return the change of one thing to another variant of it, or to another number; None while that is not said."""
    product = seen.product(item.sku) if item else None
    if item is None or product is None:
        return None
    had = seen.variant(item.sku)
    words = _after_to(folded(seen.words))
    pick = of_product(product, None, words)
    size, colour = pick.size, pick.colour
    qty = number_in(words, [v.size for v in product.variants]) or item.qty
    said = bool(size and (had is None or size != had[1].size)) or bool(
        colour and had and colour != had[1].colour
    )
    if not said and qty == item.qty:
        return last if last is not None and last.new_sku else None
    wanted_size = size or (had[1].size if had else "")
    wanted_colour = colour or (had[1].colour if had else "")
    new = next((v for v in product.variants if (v.size, v.colour) == (wanted_size, wanted_colour)), None)
    action = "SIZE_EXCHANGE" if order.status in {"delivered", "completed"} else "ORDER_AMEND"
    if new is None:
        return None
    return OrderChange.model_validate(
        {"action": action, "order": order.number, "sku": item.sku, "new_sku": new.sku, "qty": qty}
    )


CHANGES = {
    "cancel_unpaid_order": _cancel,
    "address_change": _address,
    "order_amend": _variant,
    "size_exchange": _variant,
}


def _after_to(words: str) -> str:
    """Return what stands after "to": in "from M to L" only that is wanted."""
    for joint in (" jadi ", " ke ", " to ", " dengan ", " with ", " for "):
        if joint in f" {words} ":
            return f" {words} ".rpartition(joint)[2].strip()
    return words
