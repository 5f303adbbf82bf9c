"""What follows when the books come to say that a bill is paid, in the transaction that makes them say it."""

from datetime import datetime, tzinfo

from casefile.records import Invoice
from services import enrolled
from services.claims import tell
from services.followups import recovered
from services.orders import on_paid
from store.transaction import Tx


def follow(tx: Tx, invoice: Invoice, now: datetime, zone: tzinfo) -> tuple[str, ...]:
    """Move the order or enrolment it is for, count a recovery, and let its customer hear of it.

    Returns the contacts whose records have changed with it.
    """
    on_paid(tx, invoice, now)
    changed = enrolled.on_paid(tx, invoice, now, zone)
    recovered(tx, invoice.number, invoice.amount, now)
    tell(tx, invoice, now)
    # After the words on the payment, which may have to wake the case.
    enrolled.hand_over(tx, invoice, now)
    return tuple(dict.fromkeys((invoice.contact_id, *changed)))
