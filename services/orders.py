"""Orders: made whole - goods set aside, voucher used, invoice numbered - or not at all; and paid, once."""

from datetime import datetime, timedelta

from pydantic import JsonValue

from casefile.records import Invoice
from casefile.shop import ORDER_MOVES, Address, Order
from policies.orders import needs_review
from services.billing import bill
from services.order_pricing import Price, price, wish_of
from services.work import Outcome, Work, blocked, impossible
from store import orders, records, stock
from store.numbers import next_order_number
from store.times import iso
from store.transaction import Tx


def create(work: Work) -> Outcome:
    """ORDER_CREATE: subject is the contact; params as in `order_pricing.Wish`.

    A refusal's `blocked_by` is stock (`short`: what is left of each), review, voucher, courier, address or price.
    """
    contact = records.contact(work.tx.all, work.task.subject)
    if contact is None:
        return impossible("the contact is not in the records")
    if contact.id not in work.owners:
        return blocked("the order is for a contact this case does not speak for")
    wish = wish_of(work.task.params)
    priced = wish if isinstance(wish, Outcome) else price(work, wish, contact.id)
    if isinstance(priced, Outcome):
        return priced
    if needs_review(priced.sums.total, work.limits, vip=contact.vip) and not work.exception:
        return blocked(
            "a person decides on this order before it is billed", "review", total=priced.sums.total
        )
    order, invoice = _write(work, priced)
    return Outcome(
        "SUCCESS",
        f"order {order.number} made, invoice {invoice.number}",
        contacts=(contact.id,),
        new_state=state(order, invoice),
        refs={"order": order.number, "invoice": invoice.number},
    )


def on_paid(tx: Tx, invoice: Invoice, now: datetime) -> Order | None:
    """Move the order an invoice is for to paid and keep its goods; None when there is none that waits for money.

    Called in the transaction that makes the books say it. Money for an order that ran out is a person's.
    """
    order = orders.order_billed(tx.all, invoice.number)
    if order is None or order.status != "pending":
        return None
    paid = order.moved("paid").model_copy(update={"paid_at": now})
    orders.change_order(tx, paid)
    stock.sell(tx, order.number)
    return paid


def on_refunded(tx: Tx, invoice: Invoice) -> Order | None:
    """Move the order whose money was given back to refunded; goods that are still in the house are free again."""
    order = orders.order_billed(tx.all, invoice.number)
    if order is None or "refunded" not in ORDER_MOVES[order.status]:
        return None
    refunded = order.moved("refunded")
    orders.change_order(tx, refunded)
    stock.give_back(tx, order.number)
    return refunded


def use_voucher(tx: Tx, order: Order, now: datetime) -> None:
    """Count an order's voucher as used by it, and by nothing else."""
    tx.execute("DELETE FROM voucher_uses WHERE order_number = ?", (order.number,))
    if order.voucher:
        tx.execute(
            "INSERT INTO voucher_uses (order_number, code, contact_id, at) VALUES (?, ?, ?, ?)",
            (order.number, order.voucher, order.contact_id, iso(now)),
        )


def keep_address(tx: Tx, contact_id: str, address: Address, address_id: str) -> Address:
    """Keep an address with its contact unless it is there already; the first one becomes the default."""
    known = orders.addresses_of(tx.all, contact_id)
    place = {"id", "label", "default"}
    same = next(
        (one for one in known if one.model_dump(exclude=place) == address.model_dump(exclude=place)), None
    )
    if same is not None:
        return same
    kept = address.model_copy(update={"id": address_id, "default": address.default or not known})
    orders.put_address(tx, contact_id, kept)
    return kept


def holds_until(work: Work) -> datetime:
    """Return until when goods are set aside for an order that is not paid yet."""
    return work.now + timedelta(minutes=work.limits.reservation_minutes)


def state(order: Order, invoice: Invoice | None) -> dict[str, JsonValue]:
    """Return an order with its invoice as results carry them."""
    dumped: dict[str, JsonValue] = order.model_dump(mode="json")
    return {**dumped, "invoice": invoice.model_dump(mode="json") if invoice else None}


def _write(work: Work, priced: Price) -> tuple[Order, Invoice]:
    tx, contact_id = work.tx, work.task.subject
    number = next_order_number(tx, work.now.astimezone(work.zone).year)
    order = Order(
        number=number,
        contact_id=contact_id,
        items=priced.items,
        **priced.sums.model_dump(),
        total=priced.sums.total,
        voucher=priced.voucher,
        address=keep_address(tx, contact_id, priced.address, f"ad_{number}"),
        courier=priced.courier,
        created_at=work.now,
    )
    invoice = bill(tx, order, holds_until(work), work.zone, work.now)
    order = order.model_copy(update={"invoice_number": invoice.number})
    case = tx.one("SELECT conversation_id FROM cases WHERE id = ?", (work.task.case_id,))
    orders.put_order(tx, order, case["conversation_id"] if case else None)
    stock.reserve(tx, number, quantities(order), holds_until(work))
    use_voucher(tx, order, work.now)
    # Whoever has bought here is known from now on, by the number the order came from.
    tx.execute(
        "UPDATE contacts SET registered = 1, full_name = COALESCE(full_name, ?) WHERE id = ?",
        (priced.address.recipient, contact_id),
    )
    return order, invoice


def quantities(order: Order) -> dict[str, int]:
    """Return how many of each variant an order holds."""
    found: dict[str, int] = {}
    for item in order.items:
        found[item.sku] = found.get(item.sku, 0) + item.qty
    return found
