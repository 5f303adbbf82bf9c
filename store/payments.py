"""Ways to pay and what was heard of them, row to noun and back."""

from datetime import datetime

from casefile.payments import PaymentLink
from store.connection import Row
from store.records import Reader
from store.times import iso, moment
from store.transaction import Tx


def add_link(tx: Tx, link: PaymentLink, case_id: str, conversation_id: str, now: datetime) -> bool:
    """Keep a way to pay as its invoice's latest; False when it was there already.

    What was heard of it before it was kept waits to be looked into.
    """
    heard = tx.one("SELECT COUNT(*) AS n FROM payment_notices WHERE reference = ?", (link.reference,))
    added = tx.execute(
        "INSERT INTO payment_links (reference, invoice_number, attempt, provider, provider_id, amount, url, qr_string,"
        " case_id, conversation_id, created_at, expires_at, news) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (reference) DO NOTHING",
        (
            link.reference,
            link.invoice,
            link.attempt,
            link.provider,
            link.provider_id,
            link.amount,
            link.url,
            link.qr_string,
            case_id,
            conversation_id,
            iso(now),
            iso(link.expires_at),
            int(heard["n"]) if heard else 0,
        ),
    )
    if added:
        tx.execute("UPDATE invoices SET link = ? WHERE number = ?", (link.reference, link.invoice))
    return added == 1


def links_of(read: Reader, number: str) -> tuple[PaymentLink, ...]:
    """Return every way there has been to pay an invoice, the latest first."""
    rows = read("SELECT * FROM payment_links WHERE invoice_number = ? ORDER BY attempt DESC", (number,))
    return tuple(link_row(row) for row in rows)


def link_row(row: Row) -> PaymentLink:
    """Read a way to pay back."""
    return PaymentLink(
        reference=row["reference"],
        invoice=row["invoice_number"],
        attempt=row["attempt"],
        provider=row["provider"],
        provider_id=row["provider_id"],
        amount=row["amount"],
        url=row["url"],
        qr_string=row["qr_string"],
        expires_at=moment(row["expires_at"]),
    )
