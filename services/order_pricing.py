"""What is wanted of an order, and what it comes to by the catalogue, the shipping table and the vouchers of now."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, JsonValue, ValidationError

from casefile.base import Frozen
from casefile.shop import Address, Item, Order, Priced, Product, ShippingQuote, Variant
from policies.orders import Sums, subtotal_of
from services.vouchers import priced
from services.work import Outcome, Work, blocked, impossible
from store import catalogue, orders
from store.records import Reader
from store.stock import missing

# More of one thing than anybody buys by chat is a slip of the finger, or wholesale, and a person's.
MOST, LINES = 99, 30


class Line(Frozen):
    """So many of one variant."""

    sku: str
    qty: Annotated[int, Field(gt=0, le=MOST)]


class Wish(Frozen):
    """The parameters of an order: `total` is what the customer was told it comes to."""

    items: Annotated[tuple[Line, ...], Field(min_length=1, max_length=LINES)]
    address: Address | None = None
    address_id: str | None = None
    courier: str | None = None
    voucher: str | None = None
    total: int | None = None

    @property
    def quantities(self) -> dict[str, int]:
        """How many of each, lines of the same thing together."""
        found: dict[str, int] = {}
        for line in self.items:
            found[line.sku] = found.get(line.sku, 0) + line.qty
        return found


class Price(Frozen):
    """What a wish comes to."""

    items: tuple[Item, ...]
    sums: Sums
    address: Address
    courier: str
    voucher: str | None


def wish_of(params: Mapping[str, Any], kept: Mapping[str, Any] | None = None) -> Wish | Outcome:
    """Read the parameters, over what an order has already; what does not fit is said as it stands."""
    given = {name: value for name, value in params.items() if name in Wish.model_fields}
    try:
        return Wish.model_validate({**(kept or {}), **given})
    except ValidationError as error:
        said = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        return impossible(f"the order's parameters do not fit: {said}")


def price(work: Work, wish: Wish, contact_id: str, of: Order | None = None) -> Price | Outcome:
    """Price a wish now; `of` is the order it changes, whose goods, voucher and paid prices it may go on using."""
    read, number = work.tx.all, of.number if of else ""
    wanted = wish.quantities
    products = catalogue.products_of(read, tuple(wanted))
    named = {variant.sku: (product, variant) for product in products for variant in product.variants}
    if unknown := [sku for sku in wanted if sku not in named]:
        return impossible(f"not in the catalogue: {', '.join(unknown)}")
    if short := missing(read, wanted, number):
        details = ", ".join(f"{sku} has {left} left" for sku, left in short.items())
        return blocked(f"not enough in stock: {details}", "stock", short=dict(short))
    address = _address(read, wish, contact_id)
    if address is None:
        return blocked("there is no address to send to", "address")
    paid = {item.sku: item for item in of.items} if of is not None and of.status != "pending" else {}
    items = tuple(
        paid[sku].model_copy(update={"qty": qty}) if sku in paid else _item(*named[sku], qty)
        for sku, qty in wanted.items()
    )
    weight = sum(named[sku][0].weight_grams * qty for sku, qty in wanted.items())
    quote = _quote(read, address.city, weight, wish.courier or "")
    if isinstance(quote, Outcome):
        return quote
    subtotal = subtotal_of(items)
    worth = priced(read, wish.voucher, contact_id, subtotal, work.now, number) if wish.voucher else None
    if of is not None and of.voucher and (wish.voucher, subtotal) == (of.voucher, of.subtotal):
        # What was taken off these goods once stays off, also when the voucher has ended since.
        worth = Priced(code=of.voucher, discount=of.discount)
    if worth is not None and worth.refusal:
        words = f"voucher {worth.code} is worth nothing here: {worth.refusal}"
        return blocked(words, "voucher", voucher=worth.code, refusal=worth.refusal)
    sums = Sums(subtotal=subtotal, shipping=quote.cost, discount=worth.discount if worth else 0)
    if wish.total is not None and wish.total != sums.total:
        return blocked(f"it comes to {sums.total} now, not {wish.total}", "price", total=sums.total)
    voucher = worth.code if worth else None
    return Price(items=items, sums=sums, address=address, courier=quote.courier, voucher=voucher)


def _quote(read: Reader, city: str, weight: int, courier: str) -> ShippingQuote | Outcome:
    quotes = [rate.quote(weight) for rate in orders.rates_to(read, city)]
    wanted = next((quote for quote in quotes if quote.courier.casefold() == courier.casefold()), None)
    offered: list[JsonValue] = [quote.courier for quote in quotes]
    words = f"{courier or 'no courier'} does not deliver to {city}"
    return wanted or blocked(words, "courier", couriers=offered)


def _address(read: Reader, wish: Wish, contact_id: str) -> Address | None:
    if wish.address is not None:
        return wish.address
    known = orders.addresses_of(read, contact_id)
    return next((one for one in known if one.id == wish.address_id), None)


def _item(product: Product, variant: Variant, qty: int) -> Item:
    name = ", ".join(part for part in (product.name, variant.size, variant.colour) if part)
    return Item(sku=variant.sku, name=name, qty=qty, unit_price=variant.price)
