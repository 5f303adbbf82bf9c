"""What follows when the books come to say that a bill is paid, in the transaction that makes them say it."""

from datetime import datetime

from casefile.records import Invoice
from services.claims import tell
from services.followups import recovered
from services.orders import on_paid
from store.transaction import Tx


def follow(tx: Tx, invoice: Invoice, now: datetime) -> None:
    """Move the order it is for, count a recovery, and let its customer hear of it."""
    on_paid(tx, invoice, now)
    recovered(tx, invoice.number, invoice.amount, now)
    tell(tx, invoice, now)
