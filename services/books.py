"""The books of what is paid online: a provider's word, read from it, moves a payment and its invoice, once."""

from datetime import datetime

from casefile.payments import PaymentLink, PaymentState, ProviderState
from casefile.records import Invoice
from policies.payments import follows, refusal
from services.enrolled import on_reversed
from services.orders import on_refunded
from services.paid import follow
from services.revisions import revise
from store import payments, records
from store.facts import Reading
from store.times import iso
from store.transaction import Tx

SOURCE = "provider_read"
# How an invoice stands with each state that a provider can bring it to.
STATUS: dict[PaymentState, str] = {"CONFIRMED": "paid", "EXPIRED": "expired", "FAILED": "unpaid"}


def apply(
    tx: Tx, reading: Reading, said: ProviderState, reference: str, now: datetime
) -> PaymentState | None:
    """Let what a provider says now move a payment and its invoice; returns the payment's state where that moved.

    The same word again changes nothing, whoever brings it. What a person has to look at is noted: another amount than
    was asked, money for what had run out, was paid already or is not owed, and money taken back.
    """
    row = payments.taken_up(tx, reference, now)
    if row is None:
        return None
    link, old, touched = payments.link_row(row), row["state"], tuple[str, ...]()
    new = follows(old, said.state)
    if new == "CONFIRMED" and said.amount != link.amount:
        payments.doubt(tx, reference, "amount", said.amount, now)
        return None
    payments.move(tx, reference, new, said)
    bill = records.invoice(tx.all, link.invoice)
    if new == old or bill is None:
        return None
    match new:
        case "CONFIRMED":
            touched = _confirm(tx, link, bill, old, now, reading)
        case "REVERSED":
            if old != "CONFIRMED" and _owed(bill, link):
                # Paid and taken back before we looked: nobody is told that it was paid.
                bill = _confirmed(tx, link, now)
            touched = _reverse(tx, link, bill, said, now)
        case _ if _stands_by(tx, link, bill, now, reading):
            _book(tx, bill, new, STATUS[new], now)
    for contact_id in dict.fromkeys((bill.contact_id, *touched)):
        revise(tx, reading, contact_id, now)
    return new


def _confirm(
    tx: Tx, link: PaymentLink, bill: Invoice, old: PaymentState, now: datetime, reading: Reading
) -> tuple[str, ...]:
    if not _owed(bill, link):
        kind = "twice" if bill.payment.state == "CONFIRMED" else "not_owed"
        payments.doubt(tx, link.reference, kind, link.amount, now)
        return ()
    if old == "EXPIRED":
        payments.doubt(tx, link.reference, "late", link.amount, now)
    return follow(tx, _confirmed(tx, link, now), now, reading.zone)


def _owed(bill: Invoice, link: PaymentLink) -> bool:
    open_still = bill.status in {"unpaid", "expired"} and bill.payment.state != "CONFIRMED"
    return open_still and bill.amount == link.amount and not refusal(bill.payment.state, "CONFIRMED", SOURCE)


def _confirmed(tx: Tx, link: PaymentLink, now: datetime) -> Invoice:
    tx.execute(
        "UPDATE invoices SET status = 'paid', payment_state = 'CONFIRMED', payment_source = ?, evidence = ?,"
        " payment_at = ? WHERE number = ?",
        (SOURCE, link.reference, iso(now), link.invoice),
    )
    paid = records.invoice(tx.all, link.invoice)
    assert paid is not None
    return paid


def _reverse(tx: Tx, link: PaymentLink, bill: Invoice, said: ProviderState, now: datetime) -> tuple[str, ...]:
    """Take back what this payment had confirmed; unless we gave the money back ourselves a person has to know."""
    touched: tuple[str, ...] = ()
    if bill.payment.evidence == link.reference and not refusal(bill.payment.state, "REVERSED", SOURCE):
        returned = said.refunded >= link.amount
        _book(tx, bill, "REVERSED", "refunded" if returned else "unpaid", now)
        if returned:
            on_refunded(tx, bill)
        touched = on_reversed(tx, bill, now)
    asked = tx.one("SELECT 1 FROM refunds WHERE invoice_number = ?", (bill.number,))
    if asked is None:
        payments.doubt(tx, link.reference, "reversed", link.amount, now)
    return touched


def _stands_by(tx: Tx, link: PaymentLink, bill: Invoice, now: datetime, reading: Reading) -> bool:
    """Say whether a way to pay that is over leaves its bill without one: the latest, and past the bill's day."""
    row = tx.one("SELECT link FROM invoices WHERE number = ?", (bill.number,))
    latest = row is not None and row["link"] == link.reference
    past = bill.due < now.astimezone(reading.zone).date()
    return latest and past and bill.status == "unpaid"


def _book(tx: Tx, bill: Invoice, state: PaymentState, status: str, now: datetime) -> None:
    if refusal(bill.payment.state, state, SOURCE):
        return
    tx.execute(
        "UPDATE invoices SET status = ?, payment_state = ?, payment_source = ?, payment_at = ? WHERE number = ?",
        (status, state, SOURCE, iso(now), bill.number),
    )
