"""Ways to pay a bill that is not to be paid that way any more: ended at their provider, through the ledger."""

from datetime import datetime

from casefile.errors import PaymentRefused
from casefile.payment_effects import ClosePayment
from ports.payments import PaymentProvider
from services.books import apply
from store import outbox, payments
from store.database import Database
from store.facts import Reading
from store.times import iso
from store.transaction import Tx


def close_links(tx: Tx, number: str | None, now: datetime) -> None:
    """Have every way to pay an invoice that is still open ended, once each."""
    rows = tx.all(
        "SELECT reference, case_id, conversation_id FROM payment_links WHERE invoice_number = ?"
        " AND state = 'PENDING' AND expires_at > ?",
        (number, iso(now)),
    )
    for row in rows:
        effect = ClosePayment(key=f"{row['reference']}:close", reference=row["reference"])
        if tx.one("SELECT 1 FROM outbox WHERE key = ?", (effect.key,)) is None:
            told = {"case_id": row["case_id"], "conversation_id": row["conversation_id"]}
            outbox.enqueue(tx, effect, turn_id="", at=now, **told)


async def close(
    database: Database,
    provider: PaymentProvider | None,
    reading: Reading,
    closing: ClosePayment,
    now: datetime,
) -> str:
    """End one at its provider, and book what that says then: money that was quicker is not lost."""
    link = payments.link(database.read, closing.reference)
    if provider is None or link is None or provider.name != link.provider:
        return closing.key
    try:
        await provider.end(link)
        said = await provider.state(link)
    except PaymentRefused:
        # It is over already, or nobody has chosen yet how to pay; the comparison of the books sees what comes of it.
        return closing.key
    await database.submit(lambda tx: apply(tx, reading, said, link.reference, now))
    return closing.key
