"""Another size of the same thing: the new one set aside, and a person to see to the parcels."""

from policies.orders import exchangeable, same_goods
from services import due
from services.orders import quantities
from services.work import Outcome, Work, blocked, impossible
from store import catalogue, orders, stock

WORDS = {"status": "the order has not arrived yet", "late": "the time to exchange is over"}


def request(work: Work) -> Outcome:
    """SIZE_EXCHANGE: subject is the order; params `sku` (what came), `to_sku` (what is wanted) and `qty` (1).

    A refusal's `blocked_by` is status, late, product, price, stock or twice; a coach's approval lets late and price go.
    """
    order = orders.order(work.tx.all, work.task.subject)
    if order is None:
        return impossible("the order is not in the records")
    if order.contact_id not in work.owners and not work.exception:
        return blocked("the order is not of a contact this case speaks for")
    old, new, asked = work.text("sku"), work.text("to_sku"), work.text("qty") or "1"
    if not asked.isdecimal():
        return impossible("how many are exchanged is a whole number")
    qty = int(asked)
    if not 0 < qty <= quantities(order).get(old, 0):
        return blocked(f"the order holds {quantities(order).get(old, 0)} of {old}", "product")
    why = exchangeable(order, work.now, work.limits)
    if why and not (why == "late" and work.exception):
        return blocked(WORDS[why], why, status=order.status)
    products = catalogue.products_of(work.tx.all, (old,))
    pair = same_goods(products[0], old, new) if products else None
    if pair is None:
        return blocked(f"{new} is not another size or colour of {old}", "product")
    paid = next(item.unit_price for item in order.items if item.sku == old)
    if pair[1].price != paid and not work.exception:
        return blocked("the other one has another price", "price", paid=paid, price=pair[1].price)
    if _asked(work, old):
        return blocked("an exchange of it is on its way already", "twice")
    if short := stock.missing(work.tx.all, {new: qty}):
        return blocked(f"not enough in stock: {new} has {short[new]} left", "stock", short=dict(short))
    stock.reserve(work.tx, work.task.idempotency_key, {new: qty}, None)
    assignee = work.assignee()
    due.record(work, order.contact_id, assignee)
    return Outcome(
        "SUCCESS",
        f"exchange of {order.number} recorded and {new} set aside, due for {assignee}",
        contacts=(order.contact_id,),
        new_state={
            "state": "due",
            "assignee": assignee,
            "order": order.number,
            "sku": old,
            "to_sku": new,
            "qty": qty,
        },
        refs={"task": work.task.idempotency_key, "order": order.number},
        next_recommendation=f"{assignee} takes the parcel back and sends the other size",
    )


def _asked(work: Work, sku: str) -> bool:
    row = work.tx.one(
        "SELECT 1 FROM due_tasks WHERE action = 'SIZE_EXCHANGE' AND subject = ? AND state <> 'cancelled'"
        " AND json_extract(params, '$.sku') = ? LIMIT 1",
        (work.task.subject, sku),
    )
    return row is not None
