"""`loket shop`: what staff look up and say of goods and orders; each act goes the way of C's operations."""

import argparse
import asyncio
import uuid
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from app.cli.cases import at_words
from app.cli.common import database, desk_config, person, say, say_json, settings_of, table
from app.settings import Settings
from app.wire import clock_for, operations_of
from casefile.errors import BadInput
from casefile.money import rupiah
from casefile.packets import Action, AuditEntry, CTask
from casefile.shop import Order, Product
from policies.privacy import hash_target
from ports.shop import Wanted
from store import catalogue, orders, records, stock
from store.audit import write_audit
from store.database import Database
from store.shop_sources import SqlShop
from store.times import iso

STATUS = {"ship": "shipped"}
HIDDEN = "(hidden; --by STAFF shows it and writes down who saw it)"


def run(args: argparse.Namespace) -> int:
    """Look something up, or say something; 0 when it was done, 1 when it was refused."""
    settings = settings_of(args)
    with database(settings) as opened:
        return (
            SHOWN[args.action](settings, opened, args)
            if args.action in SHOWN
            else _act(settings, opened, args)
        )


def _products(settings: Settings, opened: Database, args: argparse.Namespace) -> int:
    words = " ".join(args.words)
    hits = asyncio.run(SqlShop(opened).search(Wanted(text=words, top=10_000)))
    found = [hit.product for hit in hits]
    if args.json:
        say_json([product.model_dump(mode="json") for product in found])
        return 0
    if not found:
        say(f"Nothing in the catalogue is found by {words!r}." if words else "The catalogue is empty.")
        if not words:
            say("`loket import catalogue FILE` fills it.")
        return 0
    heads = ("sku", "product", "size", "colour", "price", "free")
    say(table(heads, [line for product in found for line in _variants(product)]))
    return 0


def _product(settings: Settings, opened: Database, args: argparse.Namespace) -> int:
    known = catalogue.everything(opened.read)
    wanted = args.product.casefold()
    names = {name.casefold(): one for one in known for name in (one.id, *(v.sku for v in one.variants))}
    product = names.get(wanted)
    if product is None:
        raise BadInput(f"the catalogue has no {args.product!r}; `loket shop products` lists it")
    aside = {variant.sku: stock.set_aside(opened.read, variant.sku) for variant in product.variants}
    if args.json:
        say_json({**product.model_dump(mode="json"), "set_aside": aside})
        return 0
    say(f"{product.name} ({product.id}), {product.category}")
    say(product.description)
    say(
        f"material: {product.material or '-'}   weight: {product.weight_grams} g   tags: {', '.join(product.tags)}"
    )
    heads = ("sku", "product", "size", "colour", "price", "free", "set aside")
    say(table(heads, [(*line, str(aside[line[0]])) for line in _variants(product)]))
    return 0


def _orders(settings: Settings, opened: Database, args: argparse.Namespace) -> int:
    found = orders.latest(opened.read, args.status, args.limit)
    if args.json:
        say_json([order.model_dump(mode="json", exclude={"address"}) for order in found])
        return 0
    if not found:
        say("There are no such orders." if args.status else "There are no orders.")
        return 0
    zone = ZoneInfo(desk_config(settings).hours.zone)
    heads = ("order", "status", "total", "buyer", "since", "courier", "tracking", "invoice")
    say(table(heads, [_line(order, zone) for order in found]))
    return 0


def _order(settings: Settings, opened: Database, args: argparse.Namespace) -> int:
    order = orders.order(opened.read, args.order.upper())
    if order is None:
        raise BadInput(f"there is no order {args.order!r}; `loket shop orders` lists them")
    if args.by:
        by = person(records.staff(opened.read), args.by)
        asyncio.run(_seen(settings, opened, order, by.id))
    shown = order if args.by else order.model_copy(update={"address": None})
    if args.json:
        say_json(shown.model_dump(mode="json"))
        return 0
    zone = ZoneInfo(desk_config(settings).hours.zone)
    say(
        table(
            ("order", "status", "total", "buyer", "since", "courier", "tracking", "invoice"),
            [_line(order, zone)],
        )
    )
    say(table(("sku", "what", "pieces", "each"), [
        (item.sku, item.name, str(item.qty), rupiah(item.unit_price)) for item in order.items
    ]))  # fmt: skip
    sums = (order.subtotal, order.shipping, order.discount)
    say("goods {}, shipping {}, voucher {} -{}".format(
        rupiah(sums[0]), rupiah(sums[1]), order.voucher or "none", rupiah(sums[2])
    ))  # fmt: skip
    to = order.address
    where = f"{to.recipient}, {to.phone}, {to.full_address}, {to.city} {to.postal_code}" if to else "none"
    say(f"address: {where.strip() if args.by or to is None else HIDDEN}")
    return 0


def _act(settings: Settings, opened: Database, args: argparse.Namespace) -> int:
    by = person(records.staff(opened.read), args.by)
    action: Action = "STOCK_SET" if args.action == "stock" else "ORDER_STATUS"
    subject = args.sku if args.action == "stock" else args.order.upper()
    params: dict[str, Any] = (
        {"stock": args.counted}
        if args.action == "stock"
        else {"status": STATUS.get(args.action, args.action), "tracking": getattr(args, "tracking", None)}
    )
    task = CTask(
        case_id="",
        action=action,
        subject=subject,
        params={"staff_id": by.id, **params},
        verification_status="OK",
        # Each time it is said is an act of its own: a shelf is counted again, a refusal is mended.
        idempotency_key=f"cli:{action}:{uuid.uuid4().hex}",
    )
    result = asyncio.run(operations_of(settings, opened, clock_for(settings)).execute(task))
    if args.json:
        say_json(result.model_dump(mode="json"))
    else:
        say(f"{result.status}: {result.details}")
    return 0 if result.status == "SUCCESS" else 1


async def _seen(settings: Settings, opened: Database, order: Order, by: str) -> None:
    """Write down who looked at whose address."""
    now = clock_for(settings).now()
    salt = settings.salt
    entry = AuditEntry(
        at=now,
        case_id=None,
        actor=by,
        service="orders",
        action="ORDER_SHOW",
        target_hash=hash_target(order.number, salt),
        result="success",
        reason="address shown on the command line",
    )
    await opened.submit(lambda tx: write_audit(tx, f"shop:show:{order.number}:{by}:{iso(now)}", entry))


def _variants(product: Product) -> list[tuple[str, ...]]:
    return [
        (v.sku, product.name, v.size or "-", v.colour or "-", rupiah(v.price), str(v.stock))
        for v in product.variants
    ]


def _line(order: Order, zone: ZoneInfo) -> tuple[str, ...]:
    named = (order.contact_id, at_words(order.created_at, zone), order.courier or "-", order.tracking or "-")
    return (order.number, order.status, rupiah(order.total), *named, order.invoice_number or "-")


SHOWN: dict[str, Callable[[Settings, Database, argparse.Namespace], int]] = {
    "products": _products,
    "product": _product,
    "orders": _orders,
    "order": _order,
}
