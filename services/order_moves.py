"""Where an order has got to: said by staff, or by the clock when nobody has paid; the customer is told of it."""

from datetime import datetime
from functools import partial

from casefile.events import OrderMoved
from casefile.shop import ORDER_MOVES, Order
from policies.orders import BY_STAFF
from services.billing import unbill
from services.revisions import revise
from services.work import Outcome, Work, blocked, impossible
from store import orders, records, stock
from store.database import Database
from store.facts import Reading
from store.inbox import put_event
from store.payments import still_payable
from store.times import iso
from store.transaction import Tx

CHANNEL = "orders"
PORTION = 200
# What a customer is told of as it happens; the rest they hear when they ask.
TOLD = frozenset({"shipped", "delivered", "expired"})
CONVERSATION = (
    "SELECT id FROM conversations WHERE contact_id = ? OR verified_contact = ?"
    " ORDER BY COALESCE(window_opened_at, '') DESC, id LIMIT 1"
)


def move(work: Work) -> Outcome:
    """ORDER_STATUS, by staff: subject is the order; params `staff_id`, `status`, `tracking` (shipped needs one)."""
    person = next((p for p in records.staff(work.tx.all) if p.id == work.text("staff_id")), None)
    if person is None or work.task.case_id:
        return blocked("only a named staff member says where an order is")
    order = orders.order(work.tx.all, work.task.subject)
    if order is None:
        return impossible("the order is not in the records")
    status, tracking = work.text("status"), work.text("tracking").strip() or order.tracking
    allowed = BY_STAFF & ORDER_MOVES[order.status]
    new = next((one for one in allowed if one == status), None)
    if new is None:
        return blocked(
            f"an order that is {order.status} can be set to {', '.join(sorted(allowed)) or 'nothing'}"
        )
    if new == "shipped" and not tracking:
        return blocked("an order is shipped with its tracking number", "tracking")
    times = {"shipped": {"shipped_at": work.now}, "delivered": {"delivered_at": work.now}}.get(new, {})
    moved = order.moved(new).model_copy(update={"tracking": tracking, **times})
    orders.change_order(work.tx, moved)
    if new == "shipped":
        stock.leave(work.tx, order.number)
    tell(work.tx, moved, work.now)
    return Outcome(
        "SUCCESS",
        f"order {order.number} is {new}, says {person.id}",
        contacts=(order.contact_id,),
        old_state={"status": order.status, "tracking": order.tracking},
        new_state={"status": moved.status, "tracking": moved.tracking},
        refs={"order": order.number, "by": person.id},
    )


def tell(tx: Tx, order: Order, now: datetime) -> None:
    """Let the customer's conversation know, once for each step of an order."""
    if order.status not in TOLD:
        return
    row = tx.one("SELECT conversation_id AS id FROM orders WHERE number = ?", (order.number,))
    if row is None or row["id"] is None:
        row = tx.one(CONVERSATION, (order.contact_id, order.contact_id))
    if row is None:
        return
    event = OrderMoved(at=now, order_number=order.number, status=order.status, tracking=order.tracking)
    put_event(tx, CHANNEL, f"{order.number}:{order.status}", row["id"], event, now)


class OrderExpiry:
    """Implements ports.upkeep.Expiring: orders nobody paid in time run out, once, with all that hangs on them."""

    def __init__(self, database: Database, reading: Reading) -> None:
        self._database = database
        self._reading = reading

    async def expire(self, now: datetime) -> bool:
        """End a portion of the orders whose goods were held until now; True when none is left."""
        rows = self._database.read(
            "SELECT DISTINCT holder FROM reservations WHERE state = 'held' AND expires_at <= ? ORDER BY holder LIMIT ?",
            (iso(now), PORTION),
        )
        for row in rows:
            await self._database.submit(partial(self._expire, number=row["holder"], now=now))
        return len(rows) < PORTION

    def _expire(self, tx: Tx, number: str, now: datetime) -> None:
        until = stock.held_until(tx.all, number)
        order = orders.order(tx.all, number)
        # Asked again: it may have been paid, changed or ended in the meantime.
        if order is None or order.status != "pending" or until is None or until > now:
            return
        if still_payable(tx.all, order.invoice_number, now):
            return
        expired = order.moved("expired")
        end(tx, expired)
        tell(tx, expired, now)
        revise(tx, self._reading, order.contact_id, now)


def end(tx: Tx, ended: Order) -> None:
    """Write an order that is over before it was sent: its goods are free again and its voucher is not used."""
    orders.change_order(tx, ended)
    stock.give_back(tx, ended.number)
    tx.execute("DELETE FROM voucher_uses WHERE order_number = ?", (ended.number,))
    unbill(tx, ended.invoice_number)
