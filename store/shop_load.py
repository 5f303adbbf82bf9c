"""Loading a shop's record files: catalogue, shipping table, vouchers, addresses and orders."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from casefile.shop import Order, Voucher
from store.catalogue import put_product
from store.orders import put_address, put_order, put_rate, put_voucher
from store.shop_rows import OrderRow, VoucherRow
from store.times import iso
from store.transaction import Tx

Rows = dict[str, tuple[Any, ...]]
# Sample orders that wait for their money wait this long from the day of loading.
WAITS = timedelta(days=1)


def problems_of(rows: Rows) -> list[str]:
    """Say what of the shop's rows leads nowhere, or is there twice."""
    skus = [variant.sku for product in rows["products"] for variant in product.variants]
    known = {
        "contacts": {row.id for row in rows["contacts"]},
        "products": set(skus),
        "vouchers": {row.code for row in rows["vouchers"]},
        "invoices": {row.number for row in rows["invoices"]},
    }
    found = [
        f"products.yaml: sku {sku!r} is used twice" for sku in sorted({s for s in skus if skus.count(s) > 1})
    ]
    lanes = [(row.courier, row.city.casefold()) for row in rows["shipping"]]
    found += [
        f"shipping.yaml row {number}: {row.courier} to {row.city} is there twice"
        for number, row in enumerate(rows["shipping"], start=1)
        if lanes.index((row.courier, row.city.casefold())) < number - 1
    ]
    for number, row in enumerate(rows["orders"], start=1):
        wanted = [("contact_id", "contacts", row.contact_id), ("voucher", "vouchers", row.voucher),
                  ("invoice_number", "invoices", row.invoice_number)]  # fmt: skip
        wanted += [("sku", "products", item.sku) for item in row.items]
        found += [
            f"orders.yaml row {number} ({row.number}): {key} = {value!r}: not in {file}.yaml"
            for key, file, value in wanted
            if value is not None and value not in known[file]
        ]
    return found


def load_shop(tx: Tx, rows: Rows, zone: tzinfo, now: datetime) -> None:
    """Write checked rows; contacts and invoices are there already."""
    today = now.astimezone(zone).date()
    for position, product in enumerate(rows["products"]):
        put_product(tx, product, position)
    for rate in rows["shipping"]:
        put_rate(tx, rate)
    for row in rows["vouchers"]:
        put_voucher(tx, _voucher(row, today, zone))
    for contact in rows["contacts"]:
        for number, address in enumerate(contact.addresses, start=1):
            named = address.model_copy(update={"id": address.id or f"ad_{contact.id}_{number}"})
            put_address(tx, contact.id, named)
    for row in rows["orders"]:
        _load_order(tx, row, lambda offset: _morning(today, offset, zone, now), now)


def _load_order(tx: Tx, row: OrderRow, day: Callable[[int | None], datetime | None], now: datetime) -> None:
    created = day(row.created_day_offset)
    assert created is not None
    offsets = {"created_day_offset", "paid_day_offset", "shipped_day_offset", "delivered_day_offset"}
    order = Order.model_validate(
        {
            **row.model_dump(exclude=offsets),
            "created_at": created,
            "paid_at": day(row.paid_day_offset),
            "shipped_at": day(row.shipped_day_offset),
            "delivered_at": day(row.delivered_day_offset),
        }
    )
    put_order(tx, order, None)
    if order.voucher and order.status not in ("cancelled", "expired"):
        tx.execute(
            "INSERT INTO voucher_uses (order_number, code, contact_id, at) VALUES (?, ?, ?, ?)",
            (order.number, order.voucher, order.contact_id, iso(created)),
        )
    if not row.sets_aside:
        return
    state, until = ("held", iso(now + WAITS)) if order.status == "pending" else ("sold", None)
    quantities: dict[str, int] = {}
    for item in order.items:
        quantities[item.sku] = quantities.get(item.sku, 0) + item.qty
    # The stock of the file is free to sell; what these orders hold is beside it.
    tx.insert_many(
        "INSERT INTO reservations (holder, sku, qty, state, expires_at) VALUES (?, ?, ?, ?, ?)",
        [(order.number, sku, qty, state, until) for sku, qty in quantities.items()],
    )


def _voucher(row: VoucherRow, today: date, zone: tzinfo) -> Voucher:
    days = {"from_day_offset", "until_day_offset"}
    return Voucher(
        **row.model_dump(exclude=days),
        begins=_midnight(row.from_day_offset, today, zone),
        ends=_midnight(None if row.until_day_offset is None else row.until_day_offset + 1, today, zone),
    )


def _midnight(offset: int | None, today: date, zone: tzinfo) -> datetime | None:
    return None if offset is None else datetime.combine(today + timedelta(days=offset), time(), zone)


def _morning(today: date, offset: int | None, zone: tzinfo, now: datetime) -> datetime | None:
    """Return ten in the morning of a day; today's never lies ahead."""
    if offset is None:
        return None
    return min(now, datetime.combine(today + timedelta(days=offset), time(10), zone))
