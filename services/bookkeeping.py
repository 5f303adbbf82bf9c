"""Looking into what was heard of payments: the provider is asked, and the books follow its word."""

from datetime import datetime, timedelta

import structlog

from casefile.errors import PaymentRefused
from casefile.payments import Doubt, PaymentLink
from ports.payments import PaymentProvider
from services.books import apply
from store import payments
from store.database import Database
from store.facts import Reading
from store.times import iso, moment
from store.transaction import Tx

log = structlog.get_logger(__name__)
PORTION = 50
# For so long a payment may still be taken back without a word that reaches us.
WATCHED_AFTER = timedelta(days=7)


class KeptBooks:
    """Implements ports.bookkeeping.Bookkeeping with one provider."""

    def __init__(self, database: Database, provider: PaymentProvider, reading: Reading) -> None:
        self._database = database
        self._provider = provider
        self._reading = reading

    async def waiting(self) -> bool:
        """Say whether anything was heard that nobody has looked into."""
        return bool(payments.heard(self._database.read, 1))

    async def look(self, now: datetime) -> None:
        """Look into a portion of it."""
        for link, news in payments.heard(self._database.read, PORTION):
            await self._looked(link, news, now)

    async def compare(self, slot: datetime, now: datetime) -> bool:
        """Ask how a portion of the payments stand that nobody asked about since a slot; True when none is left."""
        links = payments.unread_since(self._database.read, slot, now - WATCHED_AFTER, PORTION)
        for link in links:
            await self._compared(link, now)
        return len(links) < PORTION

    async def _compared(self, link: PaymentLink, now: datetime) -> None:
        try:
            said = await self._provider.state(link)
        except PaymentRefused:
            said = None

        def follow(tx: Tx) -> None:
            if said is None:
                payments.taken_up(tx, link.reference, now)
                payments.doubt(tx, link.reference, "unknown", link.amount, now)
            elif apply(tx, self._reading, said, link.reference, now) == "CONFIRMED":
                payments.doubt(tx, link.reference, "missed", said.amount, now)

        await self._database.submit(follow)

    async def doubts(self) -> tuple[Doubt, ...]:
        """Return what a person has to look at and was not told of."""
        rows = self._database.read(
            "SELECT payment_doubts.*, payment_links.invoice_number, payment_links.provider, invoices.contact_id,"
            " payment_links.amount AS asked FROM payment_doubts"
            " JOIN payment_links ON payment_links.reference = payment_doubts.reference"
            " JOIN invoices ON invoices.number = payment_links.invoice_number"
            " WHERE payment_doubts.told_at IS NULL ORDER BY payment_doubts.at, payment_doubts.reference"
        )
        return tuple(
            Doubt(
                reference=row["reference"],
                invoice=row["invoice_number"],
                contact_id=row["contact_id"],
                provider=row["provider"],
                kind=row["kind"],
                amount=row["amount"],
                asked=row["asked"],
                at=moment(row["at"]),
            )
            for row in rows
        )

    async def told(self, doubt: Doubt, at: datetime) -> None:
        """Note that they were told."""
        await self._database.submit(
            lambda tx: tx.execute(
                "UPDATE payment_doubts SET told_at = ? WHERE reference = ? AND kind = ?",
                (iso(at), doubt.reference, doubt.kind),
            )
        )

    async def _looked(self, link: PaymentLink, news: int, now: datetime) -> None:
        try:
            said = await self._provider.state(link)
        except PaymentRefused as error:
            # It knows of no such payment; the comparison of the books shows that to a person.
            log.warning("payment_unknown_to_provider", reference=link.reference, code=error.code)
            said = None

        def follow(tx: Tx) -> None:
            if said is not None:
                apply(tx, self._reading, said, link.reference, now)
            payments.seen(tx, link.reference, news)

        await self._database.submit(follow)
