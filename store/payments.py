"""Ways to pay and what was heard of them, row to noun and back."""

from datetime import datetime

from casefile.payment_events import PaymentNotified
from casefile.payments import PaymentLink, PaymentState, ProviderState
from casefile.records import Invoice
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


def still_payable(read: Reader, number: str | None, now: datetime) -> bool:
    """Say whether money for an invoice can still come: a way to pay is open, or news of one is not looked into yet."""
    rows = read(
        "SELECT 1 FROM payment_links WHERE invoice_number = ? AND state = 'PENDING'"
        " AND (expires_at > ? OR news > seen)",
        (number, iso(now)),
    )
    return bool(rows)


def link(read: Reader, reference: str) -> PaymentLink | None:
    """Return one way to pay."""
    rows = read("SELECT * FROM payment_links WHERE reference = ?", (reference,))
    return link_row(rows[0]) if rows else None


def link_paid(read: Reader, bill: Invoice) -> PaymentLink | None:
    """Return the payment at a provider by which a bill is paid, or None: it is not, or was paid in another way."""
    rows = read(
        "SELECT payment_links.* FROM payment_links JOIN invoices ON invoices.evidence = payment_links.reference"
        " WHERE invoices.number = ? AND payment_links.invoice_number = invoices.number"
        " AND invoices.payment_state = 'CONFIRMED' AND payment_links.state = 'CONFIRMED'",
        (bill.number,),
    )
    return link_row(rows[0]) if rows else None


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


def notice(tx: Tx, event: PaymentNotified) -> bool:
    """Keep what a provider says, once per payment and word, and have that payment looked at if it is news.

    What nobody signed is not kept, and has only a payment looked at that stands otherwise.
    """
    new = event.signed and tx.execute(
        "INSERT INTO payment_notices (provider, provider_id, word, reference, account, body, received_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (provider, provider_id, word) DO NOTHING",
        (
            event.source,
            event.provider_id,
            event.word,
            event.reference,
            event.account,
            event.body,
            iso(event.received_at),
        ),
    )
    tx.execute(
        "UPDATE payment_links SET news = news + 1 WHERE reference = ? AND provider = ? AND (word <> ? OR ? = 1)",
        (event.reference, event.source, event.word, int(bool(new))),
    )
    return bool(new)


def heard(read: Reader, limit: int) -> list[tuple[PaymentLink, int]]:
    """Return the payments of which something was heard that nobody has looked into, with how much was heard."""
    rows = read(
        "SELECT * FROM payment_links WHERE news > seen ORDER BY created_at, reference LIMIT ?", (limit,)
    )
    return [(link_row(row), int(row["news"])) for row in rows]


def unread_since(read: Reader, slot: datetime, watched_from: datetime, limit: int) -> tuple[PaymentLink, ...]:
    """Return the payments nobody has asked the provider about since a slot: open ones, and those paid lately."""
    rows = read(
        "SELECT * FROM payment_links WHERE created_at < ? AND COALESCE(read_at, '') < ?"
        " AND (state = 'PENDING' OR (state = 'CONFIRMED' AND created_at >= ?)) ORDER BY created_at, reference LIMIT ?",
        (iso(slot), iso(slot), iso(watched_from), limit),
    )
    return tuple(link_row(row) for row in rows)


def seen(tx: Tx, reference: str, news: int) -> None:
    """Note that so much of what was heard has been looked into."""
    tx.execute("UPDATE payment_links SET seen = ? WHERE reference = ? AND seen < ?", (news, reference, news))


def taken_up(tx: Tx, reference: str, now: datetime) -> Row | None:
    """Return a payment to be changed; whoever else has read it at its provider waits until this is written."""
    tx.execute("UPDATE payment_links SET read_at = ? WHERE reference = ?", (iso(now), reference))
    return tx.one("SELECT * FROM payment_links WHERE reference = ?", (reference,))


def move(tx: Tx, reference: str, state: PaymentState, said: ProviderState) -> None:
    """Write down where a payment stands at its provider; what has been given back is never less than it was."""
    tx.execute(
        "UPDATE payment_links SET state = ?, word = ?,"
        " refunded = CASE WHEN refunded < ? THEN ? ELSE refunded END WHERE reference = ?",
        (state, said.word, said.refunded, said.refunded, reference),
    )


def doubt(tx: Tx, reference: str, kind: str, amount: int, now: datetime) -> None:
    """Note what a person has to look at, once per payment and kind."""
    tx.execute(
        "INSERT INTO payment_doubts (reference, kind, amount, at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (reference, kind) DO NOTHING",
        (reference, kind, amount, iso(now)),
    )
