"""What a cart comes to, with the prices, quotes and voucher that were read."""

from casefile.base import Frozen
from casefile.cart import Cart
from casefile.facts import ShopSeen
from casefile.shop import Item, ShippingQuote


class Bill(Frozen):
    """What a cart comes to now; without a quote, without its shipping."""

    items: tuple[Item, ...] = ()
    subtotal: int = 0
    quote: ShippingQuote | None = None
    discount: int = 0

    @property
    def total(self) -> int:
        """What is to be paid."""
        return self.subtotal + (self.quote.cost if self.quote else 0) - self.discount


def bill(cart: Cart, seen: ShopSeen) -> Bill:
    """Return what the cart comes to with the prices, quotes and voucher that were read."""
    items = []
    for line in cart.lines:
        found = seen.variant(line.sku)
        if found is not None:
            item = Item(sku=line.sku, name=found[0].name, qty=line.qty, unit_price=found[1].price)
            items.append(item)
    named = next((quote for quote in seen.quotes if quote.courier == cart.courier), None)
    worth = seen.voucher
    off = worth.discount if worth and worth.code == cart.voucher else 0
    return Bill(
        items=tuple(items),
        subtotal=sum(item.qty * item.unit_price for item in items),
        quote=named or next(iter(seen.quotes), None),
        discount=off,
    )


def weight(cart: Cart, seen: ShopSeen) -> int:
    """Return what the cart weighs, in grams."""
    found = ((line, seen.product(line.sku)) for line in cart.lines)
    return sum(line.qty * product.weight_grams for line, product in found if product)
