"""Invoices written: an order's or an enrolment's, and made void when one is not to be paid any more."""

from datetime import date, datetime, tzinfo

from casefile.records import Invoice
from casefile.shop import Order
from store import records
from store.numbers import next_invoice_number
from store.transaction import Tx


def bill(tx: Tx, order: Order, until: datetime, zone: tzinfo, now: datetime) -> Invoice:
    """Write the invoice of an order, due on the day its goods are set aside until."""
    due, today = until.astimezone(zone).date(), now.astimezone(zone).date()
    return write_bill(tx, order.contact_id, f"Pesanan {order.number}", order.total, due, today)


def write_bill(
    tx: Tx,
    contact_id: str,
    description: str,
    amount: int,
    due: date,
    today: date,
    student_id: str | None = None,
) -> Invoice:
    """Write an unpaid invoice under the day's next number."""
    number = next_invoice_number(tx, today)
    tx.execute(
        "INSERT INTO invoices (number, contact_id, student_id, description, amount, due, status, payment_state,"
        " payment_source) VALUES (?, ?, ?, ?, ?, ?, 'unpaid', 'PENDING', 'invoice')",
        (number, contact_id, student_id, description, amount, due.isoformat()),
    )
    made = records.invoice(tx.all, number)
    assert made is not None
    return made


def unbill(tx: Tx, number: str | None) -> None:
    """Make an invoice void that nobody has paid: no way to pay it is made anew, and money for it is a person's."""
    tx.execute(
        "UPDATE invoices SET status = 'void', payment_state = 'EXPIRED' WHERE number = ? AND status = 'unpaid'",
        (number,),
    )
