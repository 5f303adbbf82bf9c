"""The cart after a message: what it adds, takes out or settles, and what is then still open."""

import re
from typing import Literal

from casefile.base import Frozen
from casefile.cart import Cart, Focus
from casefile.facts import ShopSeen
from casefile.reading import Slots
from casefile.shop import Product, Variant
from policies.shop_narrowing import in_hand
from policies.shop_pick import MOST_OPTIONS, Pick, named, of_product, picked, picks
from policies.shop_places import lacking
from policies.shop_settling import settled
from policies.shop_words import colours_in, folded, number_in, size_in

Open = Literal["product", "variant", "stock", "address", "courier", "confirm"]
# Said with nothing else, these are about what is in the cart and not about one more thing for it.
BUYING = frozenset({"order_request", "add_to_cart", "checkout"})
ASKED_FOR_IT = frozenset({"product", "variant"})
UNCLEAR: dict[str, Open] = {
    "nothing": "product",
    "which": "product",
    "size": "variant",
    "colour": "variant",
    "no_variant": "variant",
    "out": "stock",
    "few": "stock",
}
_ALL = re.compile(r"(?<!\w)(?:semua\w*|kosongkan|kosongin|all|everything|empty)(?!\w)")
_MORE = re.compile(r"(?<!\w)(?:lagi|tambah\w*|nambah|more|another|add)(?!\w)")
_INSTEAD = re.compile(
    r"(?<!\w)(?:ganti\w*|diganti|tukar\w*|tuker\w*|ubah\w*|jadi\w*|bukan|change\w*|switch|swap|instead"
    r"|make it|rather)(?!\w)"
)
_LESS = re.compile(r"(?<!\w)(?:kurang\w*|less|fewer)(?!\w)")


class Turn(Frozen):
    """What a message makes of a cart; `pick` is what it wants that is not clear or not there."""

    cart: Cart
    pick: Pick | None = None
    asked: tuple[Pick, ...] = ()


def talked_about(cart: Cart | None, seen: ShopSeen) -> Product | None:
    """Return the product in focus, as it was read."""
    return seen.product(cart.focus.product) if cart and cart.focus else None


def asked_about(cart: Cart | None, seen: ShopSeen, slots: Slots) -> Pick:
    """Return what a question is about, whether or not it is to be bought."""
    chosen = _chosen(cart, seen, slots)
    if chosen is not None:
        return of_product(chosen, None, "")
    words = folded(seen.words)
    hand = in_hand(cart, seen)
    pick = picked(_products(seen), talked_about(cart, seen), cart.focus if cart else None, words, hand)
    if pick.state == "nothing" and seen.found and slots.choice is None:
        # Nothing in it is a name: "something for a wedding?" asks what there is, and what was found is offered.
        return Pick(state="which", options=seen.found[:MOST_OPTIONS])
    others = _in_that_colour(pick, seen, words)
    return Pick(state="which", options=others[:MOST_OPTIONS]) if others else pick


def _in_that_colour(pick: Pick, seen: ShopSeen, words: str) -> tuple[Product, ...]:
    """Return what there is in the colour that is said, where what is talked about is not named and has none of it."""
    product = pick.product
    if product is None or named((product,), words) or colours_in((v.colour for v in product.variants), words):
        return ()
    there = tuple(p for p in seen.found if colours_in((v.colour for v in p.variants), words))
    return tuple(p for p in there if p.category == product.category) or there


def after(
    cart: Cart | None, seen: ShopSeen, slots: Slots, intent: str, said: str, waiting: str | None
) -> Turn:
    """Return the cart as a message leaves it.

    `intent` is what the message comes to in this case, `said` what its words alone read as; `waiting` is what we had
    asked for.
    """
    now = Cart() if cart is None or cart.order is not None else cart
    words = folded(seen.words)
    if intent == "remove_from_cart":
        return Turn(cart=_taken_out(now, seen, words))
    now = settled(now, seen, slots, intent, waiting)
    if said not in BUYING and intent == "order_request" and waiting != "address":
        # Read as nothing of its own, it says more of what is being bought.
        said = intent
    wanted = _wanted(now, seen, slots, words, said, waiting)
    missing: Pick | None = None
    for pick in wanted:
        if pick.state != "ok" or pick.variant is None:
            missing = missing or pick
            continue
        now = _with(now, pick, pick.variant, words)
    if missing is not None:
        offered = _offered(missing)
        focus = None if offered else missing.focus(wanted=True) or now.focus
        now = now.with_(focus=focus, offered=offered)
    elif wanted:
        last = wanted[-1].focus(wanted=False)
        now = now.with_(focus=last, offered=())
    return _checked(Turn(cart=now, pick=missing, asked=wanted), seen)


def still_open(turn: Turn, seen: ShopSeen) -> Open | None:
    """Return what has to be settled first before the cart can be an order; None when only a yes is missing."""
    if turn.pick is not None:
        return UNCLEAR[turn.pick.state]
    if not turn.cart.lines:
        return "product"
    if lacking(turn.cart.address):
        return "address"
    return None if seen.quotes else "courier"


def same(one: Cart, other: Cart | None) -> bool:
    """Say whether two carts would become the same order."""
    return other is not None and all(
        getattr(one, name) == getattr(other, name) for name in ("lines", "voucher", "courier", "address")
    )


def _products(seen: ShopSeen) -> tuple[Product, ...]:
    return tuple({p.id: p for p in (*seen.found, *seen.known)}.values())


def _chosen(cart: Cart | None, seen: ShopSeen, slots: Slots) -> Product | None:
    """Return the offered product whose number was said."""
    offered = cart.offered if cart else ()
    choice = slots.choice
    if choice is None or not 0 < abs(choice) <= len(offered):
        return None
    return seen.product(offered[choice - 1 if choice > 0 else choice])


def _wanted(
    cart: Cart, seen: ShopSeen, slots: Slots, words: str, said: str, waiting: str | None
) -> tuple[Pick, ...]:
    """Return what is to be bought of what the message names; empty when it names nothing to buy."""
    focus = talked_about(cart, seen) or _only(cart, seen)
    chosen = _chosen(cart, seen, slots)
    if waiting in ASKED_FOR_IT and chosen is not None:
        return (of_product(chosen, None, ""),)
    if said not in BUYING and waiting not in ASKED_FOR_IT:
        return ()
    hand = in_hand(cart, seen)
    found = picks(_products(seen), focus, cart.focus, words, hand)
    if len(found) > 1 or found[0].state == "which" or _says(found[0], words):
        return found
    if waiting == "product" and hand.offered:
        # "L" says nothing yet of which of them: they are offered again.
        return (Pick(state="which", options=hand.offered),)
    in_cart = focus is not None and any(seen.product(line.sku) == focus for line in cart.lines)
    if focus is None or in_cart:
        return () if cart.lines or waiting in ASKED_FOR_IT else found
    return (of_product(focus, cart.focus, words),)


def _only(cart: Cart, seen: ShopSeen) -> Product | None:
    """Return the one product a cart holds, in whatever variants."""
    held = {p.id: p for p in (seen.product(line.sku) for line in cart.lines) if p is not None}
    return next(iter(held.values())) if len(held) == 1 else None


def _says(pick: Pick, words: str) -> bool:
    """Say whether the words name this product, or something of it."""
    product = pick.product
    if product is None:
        return False
    sizes, colours = [v.size for v in product.variants], [v.colour for v in product.variants]
    own = any(part in words.split() for part in folded(product.name).split())
    return own or bool(size_in(sizes, words) or colours_in(colours, words) or number_in(words, sizes))


def _with(cart: Cart, pick: Pick, variant: Variant, words: str) -> Cart:
    """Put a variant into the cart: in place of the other one or one more where it says so, else as many as said."""
    product = pick.product
    others = [line for line in cart.lines if product and any(v.sku == line.sku for v in product.variants)]
    if len(others) == 1 and others[0].sku != variant.sku and _INSTEAD.search(words):
        return cart.holding(others[0].sku, -others[0].qty).holding(variant.sku, pick.qty or others[0].qty)
    there = next((line.qty for line in cart.lines if line.sku == variant.sku), 0)
    if there and _LESS.search(words):
        return cart.holding(variant.sku, -(pick.qty or 1))
    wanted = pick.qty or max(there, 1)
    more = (pick.qty or 1) if _MORE.search(words) else wanted - there
    return cart.holding(variant.sku, more)


def _taken_out(cart: Cart, seen: ShopSeen, words: str) -> Cart:
    """Take out what the words name; the only thing there is, where they name nothing."""
    if _ALL.search(words):
        return cart.with_(lines=(), focus=None)
    there = tuple(p for p in (seen.product(line.sku) for line in cart.lines) if p is not None)
    pick = picked(there, None, None, words)
    skus = {variant.sku for variant in pick.fitting}
    going = [line for line in cart.lines if line.sku in skus]
    if pick.state == "nothing" and len(cart.lines) == 1 and not named(seen.found, words):
        going = list(cart.lines)
    for line in going:
        fewer = number_in(words, [v.size for v in pick.fitting]) or line.qty
        cart = cart.holding(line.sku, -min(fewer, line.qty))
    return cart.with_(focus=None)


def _offered(pick: Pick) -> tuple[str, ...]:
    return tuple(product.variants[0].sku for product in pick.options) if pick.state == "which" else ()


def _checked(turn: Turn, seen: ShopSeen) -> Turn:
    """Take out what has been sold to somebody else meanwhile, and say so before anything else."""
    for line in turn.cart.lines:
        found = seen.variant(line.sku)
        if found is None or found[1].stock >= line.qty:
            continue
        product, variant = found
        last = Focus(product=line.sku, size=variant.size, colour=variant.colour, qty=line.qty)
        gone = turn.cart.holding(line.sku, -line.qty)
        pick = turn.pick or of_product(product, last, "")
        return _checked(
            Turn(cart=gone.with_(focus=pick.focus(wanted=True)), pick=pick, asked=turn.asked), seen
        )
    return turn
