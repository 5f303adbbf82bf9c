"""The commands of a shop's staff, and what goes in and out as tables."""

from app.cli.parser import WHO, command, home, json

# Importing typing would cost more than argparse does.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from app.cli.parser import Group


def selling(commands: "Group") -> None:
    """Add them."""
    shop = commands.add_parser("shop", help="goods, stock and orders").add_subparsers(
        required=True, metavar="WHAT"
    )
    products = command(shop, "products", "shop", "list the catalogue with what is free to sell")
    products.add_argument("words", nargs="*", help="only what these words find")
    product = command(shop, "product", "shop", "one product with its variants")
    product.add_argument("product", metavar="SKU|ID", help="one of its variants, or itself")
    orders = command(shop, "orders", "shop", "list the orders, the newest first")
    orders.add_argument("--status", help="only in this status: pending, paid, processing, shipped ...")
    orders.add_argument("--limit", type=int, default=50, help="at most so many (default: 50)")
    order = command(shop, "order", "shop", "one order; with --by its address as well, which is written down")
    order.add_argument("--by", metavar="STAFF", help=WHO)
    stock = command(
        shop, "stock", "shop", "set what was counted in the house, with what is set aside for orders"
    )
    stock.add_argument("sku", help="the variant, as `loket shop products` shows it")
    stock.add_argument("counted", type=int, help="so many pieces")
    moves = {
        "processing": "an order is being packed",
        "ship": "an order has left; the customer is told",
        "delivered": "an order has arrived; the customer is told",
        "completed": "an order is over and done",
    }
    acts = {name: command(shop, name, "shop", words) for name, words in moves.items()}
    acts["ship"].add_argument("--tracking", required=True, metavar="NUMBER", help="the courier's number")
    for one in (order, *acts.values()):
        one.add_argument("order", help="its number, ORD-YYYY-NNNN")
    for one in (stock, *acts.values()):
        one.add_argument("--by", required=True, metavar="STAFF", help=WHO)
    for one in (products, product, orders, order, stock, *acts.values()):
        json(one)
        home(one)


def carrying(commands: "Group") -> None:
    """Add what brings tables in and hands them out."""
    inward = commands.add_parser("import", help="bring a table in: CSV from any spreadsheet, or JSON")
    outward = commands.add_parser("export", help="hand a table out, as `loket import` reads it")
    into, out = (one.add_subparsers(required=True, metavar="WHAT") for one in (inward, outward))
    kinds = {
        "catalogue": "goods, one row a variant",
        "contacts": "people, each with an address",
        "students": "who takes lessons, and who answers for them",
        "shipping": "what couriers take, by city",
        "vouchers": "vouchers and what they are good for",
        "packages": "lessons as they are sold, and what they cost",
        "slots": "free hours, a stretch of a day each",
        "orders": "how far orders have got, with their tracking numbers",
    }
    for name, words in kinds.items():
        part = command(into, name, "tables", f"bring in {words}; all rows, or none if one is bad")
        part.set_defaults(action="import", kind=name)
        part.add_argument("file", metavar="FILE", help="a .csv or .json file")
        part.add_argument(
            "--skip-bad", action="store_true", help="bring in the good rows and say which are not"
        )
        part.add_argument("--dry-run", action="store_true", help="only say what would come of it")
        json(part)
        made = command(out, name, "tables", f"hand out {words}")
        made.set_defaults(action="export", kind=name)
        made.add_argument("--to", metavar="FILE", help="a .csv or .json file (default: CSV to the terminal)")
        for one in (part, made):
            one.add_argument("--by", required=True, metavar="STAFF", help=WHO)
            home(one)
