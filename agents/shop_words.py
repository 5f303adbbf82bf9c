"""How goods, orders and addresses are written for a customer."""

from collections.abc import Iterable, Sequence

from agents.work import Work
from casefile.money import rupiah
from casefile.shop import Address, Item, Order, Product, Variant
from policies.shop_bill import Bill
from policies.shop_colours import colour_in_english, fabric_in_english
from prompts.render import Rendered

MOST_LINES = 6
LETTERS = ("XS", "S", "M", "L", "XL", "XXL", "XXXL")


def money(work: Work, amount: int) -> str:
    """Write a sum."""
    return rupiah(amount, work.language)


def price_of(work: Work, variants: Sequence[Variant]) -> str:
    """Write what some variants cost: one price, or from where to where."""
    prices = sorted({variant.price for variant in variants})
    if len(prices) == 1:
        return money(work, prices[0])
    return f"{money(work, prices[0])} - {money(work, prices[-1])}"


def coloured(work: Work, colour: str) -> str:
    """Write a colour in the customer's language."""
    return colour_in_english(colour) if work.language == "en" else colour


def made_of(work: Work, product: Product) -> str:
    """Write what a product is made of in the customer's language."""
    return fabric_in_english(product.material) if work.language == "en" else product.material


def called(work: Work, variant: Variant) -> str:
    """Name a variant by what it has: colour, size."""
    size = "" if variant.size.casefold() == "all-size" else variant.size
    return " ".join(part for part in (coloured(work, variant.colour), size) if part)


def sizes_of(variants: Iterable[Variant]) -> str:
    """List sizes, letters from small to large, others in the catalogue's order."""
    sizes = dict.fromkeys(v.size for v in variants if v.size)
    return ", ".join(sorted(sizes, key=lambda size: LETTERS.index(size) if size in LETTERS else 0))


def colours_of(work: Work, variants: Iterable[Variant]) -> str:
    """List colours in the catalogue's order."""
    return ", ".join(dict.fromkeys(coloured(work, v.colour) for v in variants if v.colour))


def in_stock(product: Product) -> tuple[Variant, ...]:
    """Return the variants that can be bought now."""
    return tuple(variant for variant in product.variants if variant.stock > 0)


def stock_lines(work: Work, variants: Sequence[Variant]) -> str:
    """List what there is, a colour a line."""
    by_colour: dict[str, list[Variant]] = {}
    for variant in variants:
        by_colour.setdefault(variant.colour, []).append(variant)
    lines = [
        work.render("shop_stock_line", colour=coloured(work, colour) or "-", sizes=sizes_of(found)).text
        for colour, found in by_colour.items()
    ]
    return "\n".join(lines[:MOST_LINES])


def product_lines(work: Work, products: Sequence[Product]) -> str:
    """List products to choose from, with a number and a price."""
    return "\n".join(
        work.render(
            "shop_line", number=str(n), product=product.name, price=price_of(work, product.variants)
        ).text
        for n, product in enumerate(products, 1)
    )


def bill_lines(work: Work, bill: Bill) -> str:
    """List what is in a cart, with what it costs."""
    return item_lines(work, bill.items)


def item_lines(work: Work, items: Iterable[Item]) -> str:
    """List the things of a cart or an order; what variant they are, where that has been read."""
    seen = work.facts.shop
    lines = []
    for item in items:
        found = seen.variant(item.sku) if seen else None
        variant = called(work, found[1]) if found else ""
        lines.append(
            work.render(
                "shop_item_line",
                qty=str(item.qty),
                # What was ordered once is called by its variant as well, which is said beside it.
                product=found[0].name if found else item.name,
                variant=variant,
                price=money(work, item.qty * item.unit_price),
            ).text
        )
    return "\n".join(lines)


def address_words(address: Address) -> str:
    """Write an address in one line."""
    place = ", ".join(part for part in (address.full_address, address.city, address.postal_code) if part)
    # Whoever types the place into the street would read it twice.
    if address.city and address.city.casefold() in address.full_address.casefold():
        place = address.full_address
    return f"{address.recipient} ({address.phone}), {place}"


def days(work: Work, said: str) -> str:
    """Write how long a courier takes; the same day needs no number."""
    if said in {"", "0"}:
        return ""
    return f"{said} {work.label('unit.day' if said == '1' else 'unit.days')}"


def order_line(work: Work, order: Order) -> str:
    """Name an order with what is in it and how it stands."""
    goods = ", ".join(f"{item.qty} {item.name}" for item in order.items)
    return work.render("order_line", order=order.number, goods=goods, status_words=stands(work, order)).text


def stands(work: Work, order: Order) -> str:
    """Say how an order stands; one that nobody has billed yet is still looked at by a person."""
    unbilled = order.status == "pending" and order.invoice_number is None
    return work.label("order.unbilled" if unbilled else f"order.{order.status}")


def how_to_pay(work: Work) -> Rendered | str:
    """Say how a bill is paid by transfer; where it is paid online, the way follows as soon as there is one."""
    rules = work.desk.rules
    pay_to = rules.pay_to if rules.payments.provider == "none" else None
    return "" if pay_to is None else work.render("how_to_pay", **pay_to.values())
