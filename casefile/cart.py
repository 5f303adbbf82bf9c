"""What a customer is putting together in one case, and what they want changed of an order they have placed."""

from casefile.base import Frozen
from casefile.packets import Action
from casefile.shop import Address

# A case file stays small: whoever wants more different things is a person's customer.
MOST_LINES = 12


class CartLine(Frozen):
    """So many of one variant; what it costs is read anew each time."""

    sku: str
    qty: int


class Focus(Frozen):
    """What is talked about, and what has been said of it; `product` is the SKU of any of its variants.

    `wanted`: it is to be bought, as soon as it is clear which.
    """

    product: str
    size: str = ""
    colour: str = ""
    qty: int = 1
    wanted: bool = False


class Cart(Frozen):
    """A cart on its way to an order.

    `offered` are products to choose from, each by the SKU of one of its variants; `shown` is the total they were
    asked to confirm; `order` is the number of the order it has become.
    """

    lines: tuple[CartLine, ...] = ()
    focus: Focus | None = None
    offered: tuple[str, ...] = ()
    voucher: str | None = None
    courier: str | None = None
    address: Address | None = None
    shown: int | None = None
    order: str | None = None

    def with_(self, **changes: object) -> "Cart":
        """Return a copy with some fields changed (the caller passes valid values)."""
        return self.model_copy(update=changes)

    def holding(self, sku: str, qty: int) -> "Cart":
        """Return the cart with so many more of a variant; with none left, or no room, the line is not there."""
        counts = {line.sku: line.qty for line in self.lines}
        counts[sku] = counts.get(sku, 0) + qty
        lines = tuple(CartLine(sku=s, qty=n) for s, n in counts.items() if n > 0)
        return self.with_(lines=lines[:MOST_LINES])


class OrderChange(Frozen):
    """One change to one order, as it is put before the customer: other goods, another address, or the end of it.

    `items` are what the order is to hold then; where that is one thing in place of another, `sku` and `new_sku` say
    so. `focus` is what is still to be said more of.
    """

    action: Action
    order: str
    sku: str = ""
    new_sku: str = ""
    qty: int = 0
    items: tuple[CartLine, ...] = ()
    focus: Focus | None = None
    address: Address | None = None
