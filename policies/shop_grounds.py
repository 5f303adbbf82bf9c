"""What a shop's texts may state in a turn: goods, prices, stock, shipping, vouchers, the cart, own orders."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from casefile.base import Language
from casefile.cart import OrderChange
from casefile.facts import ShopSeen
from casefile.money import rupiah
from casefile.shop import Address, Order, Product
from policies.shop_amending import items_of
from policies.shop_bill import Bill
from policies.shop_matter import ShopMatter
from policies.shop_orders import Changing
from policies.words import date_words

AVAILABLE = "tersedia; in stock"
STATE_WORDS = {"pending": "menunggu pembayaran; unpaid", "expired": "kedaluwarsa; expired"}
SOLD_OUT = "stok habis; sold out"


def shop_grounds(
    seen: ShopSeen, shop: ShopMatter | None, zone: ZoneInfo, language: Language
) -> Iterator[str]:
    """Yield every value that what was read of the shop allows to be said."""
    products = {p.id: p for p in (*seen.known, *seen.found, *seen.instead)}
    for product in products.values():
        yield from _product(product, language)
    for quote in seen.quotes:
        yield f"{quote.courier} {quote.city} {rupiah(quote.cost, language)} {quote.days}"
    yield seen.city
    if seen.voucher is not None:
        yield f"{seen.voucher.code} {rupiah(seen.voucher.discount, language)}"
    if shop is not None:
        yield from _cart(shop, seen, language)
    if seen.shopping is not None:
        for address in seen.shopping.addresses:
            yield _address(address)
        for order in seen.shopping.orders:
            yield from order_grounds(order, zone, language)


def order_grounds(order: Order, zone: ZoneInfo, language: Language) -> Iterator[str]:
    """Yield what may be said of one's own order."""
    yield " ".join(
        part for part in (order.number, order.invoice_number, order.courier, order.tracking) if part
    )
    for amount in (order.subtotal, order.shipping, order.discount, order.total):
        yield rupiah(amount, language)
    for at in (order.created_at, order.paid_at, order.shipped_at, order.delivered_at):
        if at is not None:
            yield date_words(at, zone, language)
    yield STATE_WORDS.get(order.status, "")
    for item in order.items:
        yield f"{item.qty} {item.name} {rupiah(item.unit_price * item.qty, language)}"
    if order.address is not None:
        yield _address(order.address)


def _product(product: Product, language: Language) -> Iterator[str]:
    yield f"{product.name} {product.described(language)} {product.material} {product.category}"
    for variant in product.variants:
        yield f"{variant.colour} {variant.size} {rupiah(variant.price, language)} {variant.stock}"
    if any(variant.stock for variant in product.variants):
        yield AVAILABLE
    if any(not variant.stock for variant in product.variants):
        yield SOLD_OUT


def _cart(shop: ShopMatter, seen: ShopSeen, language: Language) -> Iterator[str]:
    # The choices are numbered.
    yield "1 2 3"
    yield from _bill(shop.bill, language)
    if shop.turn is not None and shop.turn.cart.address is not None:
        yield _address(shop.turn.cart.address)
    change = shop.changing.change if shop.changing else None
    if shop.changing is not None and change is not None:
        yield str(change.qty)
        yield from _amended(shop.changing, change, seen, language)
        if change.address is not None:
            yield _address(change.address)


def _amended(changing: Changing, change: OrderChange, seen: ShopSeen, language: Language) -> Iterator[str]:
    if changing.total is not None:
        yield rupiah(changing.total, language)
    items = items_of(changing.order, change, seen) if changing.order is not None else None
    for item in items or ():
        yield f"{item.qty} {item.name} {rupiah(item.qty * item.unit_price, language)}"


def _bill(bill: Bill, language: Language) -> Iterator[str]:
    for item in bill.items:
        yield f"{item.qty} {item.name} {rupiah(item.qty * item.unit_price, language)}"
    yield f"{rupiah(bill.subtotal, language)} {rupiah(bill.total, language)} {rupiah(bill.discount, language)}"


def _address(address: Address) -> str:
    return (
        f"{address.label} {address.recipient} {address.phone} {address.full_address} {address.city}"
        f" {address.province} {address.postal_code}"
    )
