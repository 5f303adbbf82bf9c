"""Changes of an order before it leaves: other goods, courier, voucher or address; or none of it any more."""

from casefile.packets import CTask
from casefile.records import Invoice
from casefile.shop import Order
from policies.orders import can_change, change_needs_review, may_cancel
from services.billing import bill, unbill
from services.closing import close_links
from services.order_moves import end
from services.order_pricing import Price, price, wish_of
from services.orders import holds_until, keep_address, quantities, state, use_voucher
from services.work import Outcome, Work, blocked, impossible
from store import orders, records, stock

WORDS = {
    "status": "the order has left, or is over",
    "paid": "the order is paid for: only a change that costs the same, and no end of it without a coach's approval",
}


def amend(work: Work) -> Outcome:
    """ORDER_AMEND: subject is the order; params those of `order_pricing.Wish` that change (`voucher: null` drops it).

    An unpaid order is priced anew, its invoice made void and another one written. A refusal's `blocked_by` is status,
    paid, or one of ORDER_CREATE's.
    """
    order = _own(work)
    return order if isinstance(order, Outcome) else _changed(work, order, work.task)


def change_address(work: Work) -> Outcome:
    """ADDRESS_UPDATE: subject is the order; params `address` or `address_id`, and `courier` where it changes with it.

    The address is kept with the contact as well. Where subject is the contact, only that is done.
    """
    if records.contact(work.tx.all, work.task.subject) is not None:
        return _kept(work)
    order = _own(work)
    if isinstance(order, Outcome):
        return order
    if not {"address", "address_id"} & work.task.params.keys():
        return impossible("which address it is to be is not said")
    return _changed(work, order, work.task)


def cancel(work: Work) -> Outcome:
    """ORDER_CANCEL: subject is the order; unpaid its goods are freed and its invoice void, paid only with an approval.

    Money that was paid stays in the books: giving it back is a refund of its own.
    """
    order = _own(work)
    if isinstance(order, Outcome):
        return order
    if why := may_cancel(order, approved=work.exception):
        return blocked(WORDS[why], why, status=order.status)
    ended = order.moved("cancelled")
    end(work.tx, ended)
    close_links(work.tx, ended.invoice_number, work.now)
    return Outcome(
        "SUCCESS",
        f"order {order.number} cancelled",
        contacts=(order.contact_id,),
        old_state=state(order, _invoice(work, order)),
        new_state=state(ended, _invoice(work, ended)),
        refs={"order": order.number},
    )


def _own(work: Work) -> Order | Outcome:
    order = orders.order(work.tx.all, work.task.subject)
    if order is None:
        return impossible("the order is not in the records")
    if order.contact_id not in work.owners and not work.exception:
        return blocked("the order is not of a contact this case speaks for")
    return order


def _changed(work: Work, order: Order, task: CTask) -> Outcome:
    kept = {
        "items": [{"sku": sku, "qty": qty} for sku, qty in quantities(order).items()],
        "address": None if task.params.get("address_id") else order.address,
        "courier": order.courier,
        "voucher": order.voucher,
    }
    wish = wish_of(task.params, kept)
    if why := can_change(order, order.total):
        return blocked(WORDS[why], why, status=order.status)
    priced = wish if isinstance(wish, Outcome) else price(work, wish, order.contact_id, order)
    if isinstance(priced, Outcome):
        return priced
    if why := can_change(order, priced.sums.total):
        return blocked(WORDS[why], why, status=order.status, total=priced.sums.total)
    contact = records.contact(work.tx.all, order.contact_id)
    vip = contact is not None and contact.vip
    if change_needs_review(order, priced.sums.total, work.limits, vip=vip) and not work.exception:
        return blocked(
            "a person decides on this order before it is billed", "review", total=priced.sums.total
        )
    changed, invoice = _write(work, order, priced)
    return Outcome(
        "SUCCESS",
        f"order {order.number} changed",
        contacts=(order.contact_id,),
        old_state=state(order, _invoice(work, order)),
        new_state=state(changed, invoice),
        refs={"order": order.number, "invoice": changed.invoice_number},
    )


def _write(work: Work, order: Order, priced: Price) -> tuple[Order, Invoice | None]:
    tx, address = work.tx, order.address
    if priced.address != address:
        address = keep_address(tx, order.contact_id, priced.address, f"ad_{work.task.idempotency_key}")
    sums = {**priced.sums.model_dump(), "total": priced.sums.total}
    goods = {"items": priced.items, "voucher": priced.voucher, "courier": priced.courier}
    changed = order.model_copy(update={**sums, **goods, "address": address})
    invoice = _invoice(work, order)
    until = stock.held_until(tx.all, order.number)
    if order.status == "pending" and changed.total != order.total:
        until = holds_until(work)
        unbill(tx, order.invoice_number)
        close_links(tx, order.invoice_number, work.now)
        invoice = bill(tx, changed, until, work.zone, work.now)
        changed = changed.model_copy(update={"invoice_number": invoice.number})
    stock.give_back(tx, order.number)
    stock.reserve(tx, order.number, quantities(changed), until)
    orders.change_order(tx, changed)
    use_voucher(tx, changed, work.now)
    return changed, invoice


def _kept(work: Work) -> Outcome:
    contact_id = work.task.subject
    if contact_id not in work.owners:
        return blocked("the address is of a contact this case does not speak for")
    wish = wish_of({"address": work.task.params.get("address")}, {"items": [{"sku": "-", "qty": 1}]})
    if isinstance(wish, Outcome) or wish.address is None:
        return wish if isinstance(wish, Outcome) else impossible("which address it is to be is not said")
    kept = keep_address(work.tx, contact_id, wish.address, f"ad_{work.task.idempotency_key}")
    return Outcome(
        "SUCCESS",
        "address kept",
        contacts=(contact_id,),
        new_state={"address": kept.model_dump(mode="json")},
    )


def _invoice(work: Work, order: Order) -> Invoice | None:
    return records.invoice(work.tx.all, order.invoice_number) if order.invoice_number else None
