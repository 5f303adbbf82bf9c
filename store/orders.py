"""Orders, addresses, the shipping table and vouchers, row to noun and back."""

from casefile.shop import UNDER_WAY, Address, Item, Order, ShippingRate, Voucher
from store.connection import Row
from store.records import Reader
from store.times import iso, iso_or_none, moment, moment_or_none
from store.transaction import Tx


def order(read: Reader, number: str) -> Order | None:
    """Return one order."""
    rows = read("SELECT * FROM orders WHERE number = ?", (number,))
    return _order(read, rows[0]) if rows else None


def order_billed(read: Reader, invoice_number: str) -> Order | None:
    """Return the order that an invoice is for now; None for one that was made anew since."""
    rows = read("SELECT * FROM orders WHERE invoice_number = ?", (invoice_number,))
    return _order(read, rows[0]) if rows else None


def orders_of(read: Reader, contact_id: str) -> tuple[Order, ...]:
    """Return a contact's orders, newest first."""
    rows = read(
        "SELECT * FROM orders WHERE contact_id = ? ORDER BY created_at DESC, number DESC", (contact_id,)
    )
    return tuple(_order(read, row) for row in rows)


def open_orders(read: Reader, contact_id: str, latest: int) -> tuple[Order, ...]:
    """Return a contact's orders that are under way and the latest few, newest first."""
    marks = ", ".join("?" * len(UNDER_WAY))
    rows = read(
        f"SELECT * FROM orders WHERE contact_id = ? AND (status IN ({marks}) OR number IN (SELECT number FROM orders"
        " WHERE contact_id = ? ORDER BY created_at DESC, number DESC LIMIT ?)) ORDER BY created_at DESC, number DESC",
        (contact_id, *sorted(UNDER_WAY), contact_id, latest),
    )
    return tuple(_order(read, row) for row in rows)


def latest(read: Reader, status: str | None, limit: int) -> tuple[Order, ...]:
    """Return the newest orders, of one status or of all."""
    where, params = (" WHERE status = ?", (status,)) if status else ("", ())
    rows = read(
        f"SELECT * FROM orders{where} ORDER BY created_at DESC, number DESC LIMIT ?", (*params, limit)
    )
    return tuple(_order(read, row) for row in rows)


def addresses_of(read: Reader, contact_id: str) -> tuple[Address, ...]:
    """Return a contact's addresses, the default first."""
    rows = read("SELECT * FROM addresses WHERE contact_id = ? ORDER BY is_default DESC, id", (contact_id,))
    return tuple(
        Address(
            id=row["id"],
            label=row["label"],
            recipient=row["recipient"],
            phone=row["phone"],
            full_address=row["full_address"],
            city=row["city"],
            province=row["province"],
            postal_code=row["postal_code"],
            default=bool(row["is_default"]),
        )
        for row in rows
    )


def rates_to(read: Reader, city: str) -> tuple[ShippingRate, ...]:
    """Return what the couriers take to a city, however its name is cased."""
    rows = read("SELECT * FROM shipping_rates WHERE LOWER(city) = LOWER(?) ORDER BY courier", (city.strip(),))
    return tuple(
        ShippingRate(
            courier=row["courier"],
            city=row["city"],
            first_kg=row["first_kg"],
            next_kg=row["next_kg"],
            days=row["days"],
        )
        for row in rows
    )


def voucher(read: Reader, code: str) -> Voucher | None:
    """Return a voucher, however its code is cased."""
    rows = read("SELECT * FROM vouchers WHERE code = UPPER(?)", (code.strip(),))
    if not rows:
        return None
    row = rows[0]
    return Voucher(
        code=row["code"],
        percent=row["percent"],
        amount=row["amount"],
        least_subtotal=row["least_subtotal"],
        most_discount=row["most_discount"],
        begins=moment_or_none(row["begins_at"]),
        ends=moment_or_none(row["ends_at"]),
        uses=row["uses"],
        once_per_contact=bool(row["once_per_contact"]),
    )


def voucher_used(read: Reader, code: str, contact_id: str, besides: str = "") -> tuple[int, int]:
    """Count a voucher's uses, all and this contact's; those of the order `besides` do not count."""
    rows = read("SELECT contact_id FROM voucher_uses WHERE code = ? AND order_number <> ?", (code, besides))
    return len(rows), sum(row["contact_id"] == contact_id for row in rows)


def put_order(tx: Tx, order: Order, conversation_id: str | None) -> None:
    """Write a new order with its items."""
    tx.execute(
        "INSERT INTO orders (number, contact_id, conversation_id, status, subtotal, shipping, discount, total, voucher,"
        " address, courier, tracking, invoice_number, created_at, paid_at, shipped_at, delivered_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (order.number, order.contact_id, conversation_id, *_values(order)),
    )
    _put_items(tx, order)


def change_order(tx: Tx, order: Order) -> None:
    """Write an order as it is now."""
    tx.execute(
        "UPDATE orders SET status = ?, subtotal = ?, shipping = ?, discount = ?, total = ?, voucher = ?, address = ?,"
        " courier = ?, tracking = ?, invoice_number = ?, created_at = ?, paid_at = ?, shipped_at = ?,"
        " delivered_at = ? WHERE number = ?",
        (*_values(order), order.number),
    )
    tx.execute("DELETE FROM order_items WHERE order_number = ?", (order.number,))
    _put_items(tx, order)


def put_address(tx: Tx, contact_id: str, address: Address) -> None:
    """Write an address of a contact's; a default one takes the place of the default before it."""
    if address.default:
        tx.execute("UPDATE addresses SET is_default = 0 WHERE contact_id = ?", (contact_id,))
    tx.execute(
        "INSERT INTO addresses (id, contact_id, label, recipient, phone, full_address, city, province, postal_code,"
        " is_default) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            address.id,
            contact_id,
            address.label,
            address.recipient,
            address.phone,
            address.full_address,
            address.city,
            address.province,
            address.postal_code,
            int(address.default),
        ),
    )


def put_rate(tx: Tx, rate: ShippingRate) -> None:
    """Write a row of the shipping table."""
    tx.execute(
        "INSERT INTO shipping_rates (courier, city, first_kg, next_kg, days) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (city, courier) DO UPDATE SET first_kg = excluded.first_kg, next_kg = excluded.next_kg,"
        " days = excluded.days",
        (rate.courier, rate.city, rate.first_kg, rate.next_kg, rate.days),
    )


def put_voucher(tx: Tx, voucher: Voucher) -> None:
    """Write a voucher."""
    tx.execute(
        "INSERT INTO vouchers (code, percent, amount, least_subtotal, most_discount, begins_at, ends_at, uses,"
        " once_per_contact) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (code) DO UPDATE SET"
        " percent = excluded.percent, amount = excluded.amount, least_subtotal = excluded.least_subtotal,"
        " most_discount = excluded.most_discount, begins_at = excluded.begins_at, ends_at = excluded.ends_at,"
        " uses = excluded.uses, once_per_contact = excluded.once_per_contact",
        (
            voucher.code,
            voucher.percent,
            voucher.amount,
            voucher.least_subtotal,
            voucher.most_discount,
            iso_or_none(voucher.begins),
            iso_or_none(voucher.ends),
            voucher.uses,
            int(voucher.once_per_contact),
        ),
    )


def _values(order: Order) -> tuple[object, ...]:
    return (
        order.status,
        order.subtotal,
        order.shipping,
        order.discount,
        order.total,
        order.voucher,
        order.address.model_dump_json() if order.address else None,
        order.courier,
        order.tracking,
        order.invoice_number,
        iso(order.created_at),
        iso_or_none(order.paid_at),
        iso_or_none(order.shipped_at),
        iso_or_none(order.delivered_at),
    )


def _put_items(tx: Tx, order: Order) -> None:
    tx.insert_many(
        "INSERT INTO order_items (order_number, position, sku, name, qty, unit_price) VALUES (?, ?, ?, ?, ?, ?)",
        [
            (order.number, number, item.sku, item.name, item.qty, item.unit_price)
            for number, item in enumerate(order.items)
        ],
    )


def _order(read: Reader, row: Row) -> Order:
    items = read("SELECT * FROM order_items WHERE order_number = ? ORDER BY position", (row["number"],))
    return Order(
        number=row["number"],
        contact_id=row["contact_id"],
        items=tuple(
            Item(sku=one["sku"], name=one["name"], qty=one["qty"], unit_price=one["unit_price"])
            for one in items
        ),
        subtotal=row["subtotal"],
        shipping=row["shipping"],
        discount=row["discount"],
        total=row["total"],
        voucher=row["voucher"],
        address=Address.model_validate_json(row["address"]) if row["address"] else None,
        courier=row["courier"],
        tracking=row["tracking"],
        status=row["status"],
        invoice_number=row["invoice_number"],
        created_at=moment(row["created_at"]),
        paid_at=moment_or_none(row["paid_at"]),
        shipped_at=moment_or_none(row["shipped_at"]),
        delivered_at=moment_or_none(row["delivered_at"]),
    )
