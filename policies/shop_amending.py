"""What an order is to hold instead: things put in, taken out, swapped or counted anew, several at once."""

import re
from collections.abc import Iterable
from typing import Literal

from casefile.base import Frozen
from casefile.cart import MOST_LINES, CartLine, Focus, OrderChange
from casefile.facts import ShopSeen
from casefile.shop import Item, Order, Product, Variant
from policies.orders import subtotal_of
from policies.shop_pick import Pick, named, of_product, picked
from policies.shop_words import folded, number_in, without_order

Verb = Literal["adds", "drops", "lessens", "swaps"]
Held = dict[str, int]
_PHRASES = re.compile(r"\s*(?:[,;\n]| dan | terus | trus | lalu | sama | serta | and | then | & )\s*")
_VERBS: tuple[tuple[Verb, str], ...] = (
    ("adds", r"tambah\w*|nambah\w*|ditambah\w*|sekalian|plus|add|also|another|more"),
    ("lessens", r"kurang\w*|dikurang\w*|fewer|less"),
    (
        "drops",
        r"hapus\w*|dihapus|buang|keluar\w*|batal\w*|tanpa|(?:ga|gak|nggak|tidak) (?:jadi|usah)|remove|drop|cancel"
        r"|without|take out",
    ),
    ("swaps", r"ganti\w*|diganti|tukar\w*|tuker\w*|ubah\w*|jadi\w*|change\w*|swap|make"),
)
_SAID = tuple((verb, re.compile(rf"(?<!\w)(?:{words})(?!\w)")) for verb, words in _VERBS)
_JOINTS = (" jadi ", " ke ", " to ", " dengan ", " with ", " for ")


class Amended(Frozen):
    """What is to be in an order; `pick` is what is wanted of it that is not clear or not there."""

    lines: tuple[CartLine, ...]
    pick: Pick | None = None


def amended(order: Order, seen: ShopSeen, last: OrderChange | None) -> Amended:
    """Return an order's lines as a message leaves them; `last` is what was put before the customer."""
    held = _counts(order.items) if last is None or not last.items else _counts(last.items)
    before = last.focus if last is not None else None
    focus = seen.product(before.product) if before else None
    verb: Verb = "swaps" if focus is None or _held_of(held, focus) else "adds"
    missing: Pick | None = None
    for phrase in _PHRASES.split(without_order(folded(seen.words))):
        verb = next((said for said, pattern in _SAID if pattern.search(phrase)), verb)
        left, pick = _after(held, seen, (focus, before), phrase, verb)
        focus, before = (pick.product, None) if pick and pick.product else (focus, before)
        short = pick if pick is None or pick.variant is None else _short(order, left, pick, pick.variant)
        missing = missing or short
        held = held if short else left
    lines = tuple(CartLine(sku=sku, qty=qty) for sku, qty in held.items() if qty > 0)
    return Amended(lines=lines[:MOST_LINES], pick=missing)


def changed(order: Order, made: Amended) -> OrderChange | None:
    """Return the change an amendment comes to; None while it leaves the order as it is.

    What is not clear yet keeps the rest of it, and the product in question in mind.
    """
    old, new = _counts(order.items), _counts(made.lines)
    if made.pick is not None and made.pick.product is not None:
        focus = made.pick.focus(wanted=True)
        return OrderChange(action="ORDER_AMEND", order=order.number, items=made.lines, focus=focus)
    if old == new or not new:
        return None
    gone = [sku for sku in old if new.get(sku, 0) < old[sku]]
    come = [sku for sku in new if old.get(sku, 0) < new[sku]]
    change = OrderChange(action="ORDER_AMEND", order=order.number, items=made.lines)
    alone = {*gone, *come}
    if len(alone) == 1 and alone <= old.keys() & new.keys():
        (only,) = alone
        return change.model_copy(update={"sku": only, "new_sku": only, "qty": new[only]})
    if len(gone) == 1 and len(come) == 1 and gone[0] not in new and come[0] not in old:
        return change.model_copy(update={"sku": gone[0], "new_sku": come[0], "qty": new[come[0]]})
    return change


def items_of(order: Order, change: OrderChange, seen: ShopSeen) -> tuple[Item, ...] | None:
    """Return what a change leaves in an order, at what was paid or at today's price; None where one was not read."""
    taken = {item.sku: item for item in order.items} if order.status != "pending" else {}
    items: list[Item] = []
    for line in change.items:
        paid, read = taken.get(line.sku), seen.variant(line.sku)
        if paid is not None:
            items.append(paid.model_copy(update={"qty": line.qty}))
        elif read is not None:
            items.append(Item(sku=line.sku, name=read[0].name, qty=line.qty, unit_price=read[1].price))
        else:
            return None
    return tuple(items)


def total_of(order: Order, change: OrderChange, seen: ShopSeen) -> int | None:
    """Return what an unpaid order comes to with its change; None where that is for the service to say."""
    items = items_of(order, change, seen) if change.items and order.status == "pending" else None
    quote = next((quote for quote in seen.quotes if quote.courier == order.courier), None)
    # What a voucher takes off is reckoned anew when it is written.
    if items is None or quote is None or order.voucher:
        return None
    return subtotal_of(items) + quote.cost


def _after(
    held: Held, seen: ShopSeen, about: tuple[Product | None, Focus | None], phrase: str, verb: Verb
) -> tuple[Held, Pick | None]:
    """Return what one phrase leaves, and what it names; a pick without a variant is not clear.

    `about` is what is talked about, and what has been said of it.
    """
    focus, last = about
    if verb == "adds":
        pick = picked(_there(seen), focus or _only(held, seen), last, phrase)
        if pick.state == "nothing":
            return held, None
        return (_with(held, pick.variant.sku, pick.qty or 1) if pick.variant else held), pick
    before, after = _parts(phrase)
    if verb == "drops":
        return _dropped(held, seen, phrase), None
    old = _line(held, seen, before or phrase, focus)
    if old is None:
        return held, None
    product, had = old
    if verb == "lessens" and not before:
        fewer = number_in(phrase, [v.size for v in product.variants]) or 1
        return _with(held, had.sku, -min(fewer, held[had.sku])), None
    pick = _instead(seen, product, had, after)
    new = pick.variant
    qty = pick.qty or held[had.sku]
    if new is None:
        return held, pick
    if new.sku == had.sku and qty == held[had.sku]:
        return held, None
    return _with(_with(held, had.sku, -held[had.sku]), new.sku, qty), pick


def _instead(seen: ShopSeen, product: Product, had: Variant, after: str) -> Pick:
    """Return what is wanted in place of a variant: another product where one is named, else another of the same."""
    other = named(_there(seen), after)
    if other and product not in other:
        return picked(_there(seen), None, None, after)
    return of_product(product, Focus(product=had.sku, size=had.size, colour=had.colour), after)


def _dropped(held: Held, seen: ShopSeen, phrase: str) -> Held:
    pick = picked(_products(held, seen), None, None, phrase)
    going = {variant.sku for variant in pick.fitting} & held.keys()
    fewer = number_in(phrase, [variant.size for variant in pick.fitting])
    for sku in going:
        held = _with(held, sku, -min(fewer or held[sku], held[sku]))
    return held


def _line(held: Held, seen: ShopSeen, words: str, focus: Product | None) -> tuple[Product, Variant] | None:
    """Return the one line of an order that words are about."""
    products = _products(held, seen)
    spoken = named(products, words)
    product = spoken[0] if len(spoken) == 1 else focus if focus in products else _only(held, seen)
    if product is None:
        return None
    there = [variant for variant in product.variants if held.get(variant.sku)]
    if len(there) > 1:
        told = of_product(product, None, words).fitting
        there = [variant for variant in there if variant in told]
    return (product, there[0]) if len(there) == 1 else None


def _short(order: Order, held: Held, pick: Pick, variant: Variant) -> Pick | None:
    """Return what is wanted where there is too little of it; what the order has set aside is there for it."""
    more = held.get(variant.sku, 0) - _counts(order.items).get(variant.sku, 0)
    if more <= variant.stock:
        return None
    return pick.model_copy(update={"state": "few" if variant.stock else "out"})


def _parts(phrase: str) -> tuple[str, str]:
    """Return what stands before and after "to": in "from M to L" only L is wanted."""
    for joint in _JOINTS:
        if joint in f" {phrase} ":
            before, _, after = f" {phrase} ".rpartition(joint)
            return before.strip(), after.strip()
    return "", phrase


def _counts(lines: Iterable[CartLine | Item]) -> Held:
    found: Held = {}
    for line in lines:
        found[line.sku] = found.get(line.sku, 0) + line.qty
    return found


def _with(held: Held, sku: str, qty: int) -> Held:
    counts = {**held, sku: held.get(sku, 0) + qty}
    return {name: number for name, number in counts.items() if number > 0}


def _held_of(held: Held, product: Product) -> bool:
    return any(variant.sku in held for variant in product.variants)


def _products(held: Held, seen: ShopSeen) -> tuple[Product, ...]:
    found = (seen.product(sku) for sku in held)
    return tuple({product.id: product for product in found if product is not None}.values())


def _only(held: Held, seen: ShopSeen) -> Product | None:
    products = _products(held, seen)
    return products[0] if len(products) == 1 else None


def _there(seen: ShopSeen) -> tuple[Product, ...]:
    return tuple({product.id: product for product in (*seen.found, *seen.known)}.values())
