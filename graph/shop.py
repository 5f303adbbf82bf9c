"""What a turn reads of a shop: the goods its words may mean, the cart's prices, own orders, shipping, a voucher."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from casefile.case import Case
from casefile.errors import DependencyDown
from casefile.events import CaseEvent, DependencyChanged, MessageReceived, OperationDone
from casefile.facts import Identity, ShopSeen
from casefile.reading import Reading, Slots
from casefile.records import Contact, Snapshot
from casefile.shop import Order
from graph.sources import Sources
from policies import shop_cart
from policies.desk import Rules
from policies.identity import is_verified
from policies.shop_amending import amended
from policies.shop_bill import bill, weight
from policies.shop_intents import CART, GOODS, OWN_ORDERS, SHOP
from policies.shop_matter import orders_held
from policies.shop_narrowing import describes, in_hand, without_nouns
from policies.shop_orders import meant
from policies.shop_pick import Pick
from policies.shop_places import city_in
from policies.shop_words import code_in, folded, order_in
from ports.shop import Wanted

TOP = 8
ALTERNATIVES = 4
GONE = frozenset({"out", "few", "no_variant"})
ASKS_PLACES = frozenset({*CART, "shipping_cost_question", "address_change"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a message asks of the shop: `intent` in its case, `said` by its words alone."""

    case: Case
    intent: str
    said: str
    slots: Slots
    buyer: str | None
    now: datetime


async def shop_of(
    case: Case,
    intents: tuple[str, str],
    events: Sequence[CaseEvent],
    writer: tuple[Identity, Contact | None, Snapshot | None],
    reading: Reading | None,
    down: frozenset[str],
    sources: Sources,
    rules: Rules,
    now: datetime,
) -> tuple[ShopSeen | None, frozenset[str]]:
    """Read what a request is about where goods are sold; what is down stays unread and is named."""
    if not rules.sells or "schedule" in down:
        return None, down
    try:
        return await shop_seen(case, intents, events, writer, reading, sources, now), down
    except DependencyDown as error:
        return None, down | {error.name}


async def shop_seen(
    case: Case,
    intents: tuple[str, str],
    events: Sequence[CaseEvent],
    writer: tuple[Identity, Contact | None, Snapshot | None],
    reading: Reading | None,
    sources: Sources,
    now: datetime,
) -> ShopSeen | None:
    """Read what a shop's request needs, `intents` being what it comes to and what its words read as.

    None where it is no shop's request. Raises DependencyDown like every read.
    """
    came_back = case.cart is not None and any(isinstance(e, OperationDone) for e in events)
    if intents[0] not in SHOP and not came_back:
        return None
    identity, contact, snapshot = writer
    known = (is_verified(identity) or identity.status == "NEW") and not identity.locked
    asked = Asked(
        case,
        "order_request" if came_back else intents[0],
        intents[1],
        reading.slots if reading else Slots(),
        identity.contact_id if known else None,
        now,
    )
    seen = ShopSeen(words=_words(case, events), phone=(contact.phone or "") if contact else "")
    if asked.intent in OWN_ORDERS and (orders_held(snapshot, seen.words) or not order_in(folded(seen.words))):
        # Answered from the snapshot, as every question of one's own is; C reads it anew where it is too old.
        return seen
    if asked.buyer is not None:
        seen = seen.model_copy(update={"shopping": await sources.orders.shopping(asked.buyer, now)})
    seen = await _goods(seen, asked, sources)
    if asked.intent in ASKS_PLACES:
        seen = seen.model_copy(update={"cities": await sources.shipping.cities()})
    if asked.intent in GOODS:
        return await _question(seen, asked, sources)
    if asked.intent in CART:
        return await _cart(seen, asked, sources)
    if asked.intent == "order_amend":
        return await _amended(seen, asked, sources)
    return await _fare(seen, asked, sources) if asked.intent == "address_change" else seen


def _words(case: Case, events: Sequence[CaseEvent]) -> str:
    """Return what is asked: what was written, or, now that it can be read at last, what was written then."""
    if any(isinstance(event, DependencyChanged) for event in events):
        return next((line.text for line in reversed(case.window) if line.who == "customer"), "")
    return "\n".join(e.message.text for e in events if isinstance(e, MessageReceived) and e.message.text)


async def _goods(seen: ShopSeen, asked: Asked, sources: Sources) -> ShopSeen:
    """Read the goods of the cart and in focus, those of one's own orders, and those the words may mean."""
    cart = asked.case.cart
    skus = [line.sku for line in cart.lines] if cart else []
    skus += [cart.focus.product] if cart and cart.focus else []
    skus += cart.offered if cart else ()
    if asked.intent not in {*GOODS, *CART} and seen.shopping is not None:
        skus += [item.sku for order in seen.shopping.orders for item in order.items]
    change = asked.case.change
    skus += [sku for sku in (change.sku, *(line.sku for line in change.items)) if sku] if change else ()
    skus += [change.focus.product] if change and change.focus else ()
    known = await sources.catalogue.products(tuple(dict.fromkeys(skus))) if skus else ()
    seen = seen.model_copy(update={"known": known})
    words = folded(seen.words)
    text = without_nouns(words)
    if describes(words):
        # "The linen one" is of the kind that is talked about, which the words do not name.
        text = f"{text} {in_hand(cart, seen).kind}".strip()
    found = await sources.catalogue.search(Wanted(text=text, top=TOP)) if text else ()
    return seen.model_copy(update={"found": tuple(hit.product for hit in found)})


async def _question(seen: ShopSeen, asked: Asked, sources: Sources) -> ShopSeen:
    case = asked.case
    if asked.intent == "shipping_cost_question":
        city = city_in(seen.cities, seen.words) or (
            case.cart.address.city if case.cart and case.cart.address else ""
        )
        grams = weight(case.cart, seen) if case.cart else 0
        return await _quoted(seen, city, grams, sources)
    if asked.intent == "voucher_question":
        subtotal = bill(case.cart, seen).subtotal if case.cart else 0
        return await _worth(seen, code_in(seen.words), subtotal, asked, sources)
    return await _instead(seen, shop_cart.asked_about(case.cart, seen, asked.slots), sources)


async def _cart(seen: ShopSeen, asked: Asked, sources: Sources) -> ShopSeen:
    case = asked.case
    turn = shop_cart.after(case.cart, seen, asked.slots, asked.intent, asked.said, case.waiting_for)
    if turn.pick is not None:
        seen = await _instead(seen, turn.pick, sources)
    cart = turn.cart
    if cart.address is not None and cart.address.city and cart.lines:
        seen = await _quoted(seen, cart.address.city, weight(cart, seen), sources)
    subtotal = bill(cart, seen).subtotal
    return await _worth(seen, cart.voucher or "", subtotal, asked, sources)


async def _fare(seen: ShopSeen, asked: Asked, sources: Sources) -> ShopSeen:
    """Read what it costs to send an order somewhere else."""
    change = asked.case.change
    stored = change.address.city if change and change.address else ""
    city = city_in(seen.cities, seen.words) or stored
    orders = seen.shopping.orders if seen.shopping else ()
    order = next((o for o in orders if change is not None and o.number == change.order), None)
    return await _quoted(seen, city, _weight(order, seen), sources)


async def _amended(seen: ShopSeen, asked: Asked, sources: Sources) -> ShopSeen:
    """Read what it costs to send an order as it would then be, and what there is in place of what is gone."""
    last = asked.case.change
    orders = meant("order_amend", last, seen, asked.slots)
    if len(orders) != 1 or orders[0].address is None:
        return seen
    made = amended(orders[0], seen, last)
    if made.pick is not None:
        seen = await _instead(seen, made.pick, sources)
    products = ((line, seen.product(line.sku)) for line in made.lines)
    grams = sum(line.qty * product.weight_grams for line, product in products if product)
    return await _quoted(seen, orders[0].address.city, grams, sources)


def _weight(order: Order | None, seen: ShopSeen) -> int:
    items = order.items if order else ()
    products = ((item, seen.product(item.sku)) for item in items)
    return sum(item.qty * product.weight_grams for item, product in products if product)


async def _quoted(seen: ShopSeen, city: str, grams: int, sources: Sources) -> ShopSeen:
    if not city:
        return seen
    # Nothing chosen yet: what the first kilogram costs.
    quotes = await sources.shipping.quotes(city, max(grams, 1))
    return seen.model_copy(update={"city": city, "quotes": quotes})


async def _worth(seen: ShopSeen, code: str, subtotal: int, asked: Asked, sources: Sources) -> ShopSeen:
    if not code:
        return seen
    worth = await sources.vouchers.voucher(code, asked.buyer or asked.case.contact_id, subtotal, asked.now)
    return seen.model_copy(update={"voucher": worth})


async def _instead(seen: ShopSeen, pick: Pick, sources: Sources) -> ShopSeen:
    """Read what there is in stock of the same kind where what is wanted is gone."""
    product = pick.product
    if product is None or pick.state not in GONE:
        return seen
    wanted = Wanted(
        text=f"{product.category} {pick.colour}", size=pick.size or None, in_stock=True, top=ALTERNATIVES
    )
    hits = await sources.catalogue.search(wanted)
    others = [
        h.product for h in hits if h.product.id != product.id and h.product.category == product.category
    ]
    return seen.model_copy(update={"instead": tuple(others)})
