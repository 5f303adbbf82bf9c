"""A small shop for the policy tests: goods, orders, addresses, and worlds in which something is asked of it."""

from dataclasses import replace
from datetime import timedelta

from casefile.cart import Cart, CartLine, Focus
from casefile.case import Case
from casefile.facts import ShopSeen
from casefile.reading import Slots
from casefile.shop import Address, Item, Order, Product, ShippingQuote, ShopFacts, Variant
from policies.shop_pick import Pick, of_product
from policies.shop_words import folded
from tests.policies.builders import NOW
from tests.policies.worlds import World, case, facts, identity, reading, request, rules


def variant(
    sku: str, size: str = "M", colour: str = "putih", price: int = 349_000, stock: int = 5
) -> Variant:
    return Variant(sku=sku, size=size, colour=colour, price=price, stock=stock)


SHIRT = Product(
    id="shirt",
    name="Kemeja Linen Bahari",
    category="kemeja",
    description="Linen yang adem.",
    material="55% linen",
    weight_grams=280,
    variants=(
        variant("KLB-PTH-M"),
        variant("KLB-PTH-L", "L"),
        variant("KLB-NVY-M", "M", "navy", stock=1),
        variant("KLB-NVY-XXL", "XXL", "navy", 369_000, 0),
    ),
)
TEE = Product(
    id="tee",
    name="Kaos Oversize Blok M",
    category="kaos",
    description="Kaos tebal.",
    weight_grams=220,
    variants=(
        variant("KOB-HTM-L", "L", "hitam", 169_000),
        variant("KOB-HTM-M", "M", "hitam", 169_000),
    ),
)
HAT = Product(
    id="hat",
    name="Topi Bucket Pasir",
    category="aksesori",
    description="Topi.",
    weight_grams=90,
    variants=(variant("TBP-KRM-ALL", "all-size", "krem", 99_000),),
)
HOME = Address(
    id="ad1",
    label="Rumah",
    recipient="Ayu Larasati",
    phone="+6281200000001",
    full_address="Jl. Kenari II No. 14",
    city="Bandung",
    default=True,
)
OFFICE = HOME.model_copy(
    update={"id": "ad2", "label": "Kantor", "full_address": "Gedung Surya Lt. 8", "default": False}
)
CITIES = ("Bandung", "Jakarta Selatan", "Semarang", "Surabaya", "Yogyakarta")
QUOTES = (
    ShippingQuote(courier="SiCepat", city="Bandung", cost=11_500, days="1-2"),
    ShippingQuote(courier="JNE", city="Bandung", cost=12_000, days="1"),
)
READY = Cart(lines=(CartLine(sku="KLB-PTH-M", qty=1),), address=HOME, shown=360_500)


def order(**changes: object) -> Order:
    base = Order(
        number="ORD-2026-0025",
        contact_id="c1",
        items=(Item(sku="KLB-PTH-M", name=SHIRT.name, qty=1, unit_price=349_000),),
        subtotal=349_000,
        shipping=11_500,
        total=360_500,
        address=HOME,
        courier="SiCepat",
        invoice_number="INV-2026-0210-001",
        created_at=NOW - timedelta(days=1),
    )
    return base.model_copy(update=changes)


def shopping(*orders: Order, addresses: tuple[Address, ...] = (HOME, OFFICE)) -> ShopFacts:
    return ShopFacts(orders=orders, addresses=addresses, read_at=NOW, rev=3)


def seen(words: str = "", **changes: object) -> ShopSeen:
    base = ShopSeen(
        words=words,
        phone="+6281200000001",
        found=(SHIRT, TEE, HAT),
        known=(SHIRT,),
        shopping=shopping(),
        cities=CITIES,
        city="Bandung",
        quotes=QUOTES,
    )
    return base.model_copy(update=changes)


def picked(words: str, product: Product = SHIRT, last: Focus | None = None) -> Pick:
    return of_product(product, last, folded(words))


def shop_world(
    intent: str,
    words: str = "",
    *signals: str,
    on: Case | None = None,
    slots: Slots | None = None,
    read: ShopSeen | None = None,
    **changes: object,
) -> World:
    """One request of a verified customer at a shop, with what was read for it."""
    asked = request(intent, *signals).model_copy(update={"text": words})
    heard = reading(asked, slots=slots)
    there = read if read is not None else seen(words)
    base = facts(heard, students=(), student=None, schedule=None, snapshot=None, shop=there)
    return World(on or case(), base.model_copy(update=changes), asked, rules(sells=True))


def agreeing(w: World) -> World:
    """Return the same world with a plain yes in it."""
    heard = w.facts.reading
    assert heard is not None
    return w.with_facts(reading=heard.model_copy(update={"slots": Slots(yes_no="yes")}))


def confirming(cart: Cart = READY, words: str = "ya", **changes: object) -> World:
    """A yes to a cart that was put before the customer."""
    on = case(intent="order_request", waiting_for="confirm", cart=cart)
    w = shop_world("affirm", words, on=on, read=seen(words, known=(SHIRT, TEE)), **changes)
    return agreeing(w)


def stranger(w: World) -> World:
    """Return the same world with somebody nobody knows in it."""
    return replace(w, facts=w.facts.model_copy(update={"identity": identity("UNKNOWN"), "contact": None}))
