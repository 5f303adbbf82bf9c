"""What a person's settled task brings with it: money given back by hand, goods of an exchange that is off."""

from datetime import datetime

from casefile.records import DueTask, TaskEnd
from policies.payments import refusal
from services.enrolled import on_reversed
from services.orders import on_refunded
from services.revisions import revise
from store import records, stock
from store.facts import Reading
from store.times import iso
from store.transaction import Tx


class EndedTasks:
    """Follows up what people say they have carried out, or will not, in the transaction that takes their word."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def follow(self, tx: Tx, task: DueTask, end: TaskEnd, now: datetime) -> None:
        """Book what was given back by hand; set free what an exchange had set aside when it is off."""
        if end == "cancelled":
            stock.give_back(tx, task.id)
        elif task.action == "REFUND":
            self._given_back(tx, task.id, now)

    def _given_back(self, tx: Tx, refund: str, now: datetime) -> None:
        paid_out = tx.execute(
            "UPDATE refunds SET state = 'paid_out' WHERE id = ? AND state = 'due'", (refund,)
        )
        row = tx.one("SELECT invoice_number, amount FROM refunds WHERE id = ?", (refund,))
        bill = records.invoice(tx.all, row["invoice_number"]) if paid_out and row else None
        # Part of a sum leaves the rest of it paid.
        if row is None or bill is None or row["amount"] is None or row["amount"] < bill.amount:
            return
        if refusal(bill.payment.state, "REVERSED", "staff"):
            return
        tx.execute(
            "UPDATE invoices SET status = 'refunded', payment_state = 'REVERSED', payment_source = 'staff',"
            " payment_at = ? WHERE number = ?",
            (iso(now), bill.number),
        )
        on_refunded(tx, bill)
        for contact_id in dict.fromkeys((bill.contact_id, *on_reversed(tx, bill, now))):
            revise(tx, self._reading, contact_id, now)
