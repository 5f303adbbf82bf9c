"""Ways to pay online: made once per attempt at a provider, kept with their invoice, told to the case that asked."""

from datetime import datetime, timedelta

from casefile.errors import PaymentRefused
from casefile.payment_effects import ClosePayment, Paying, RequestPayment
from casefile.payment_events import PaymentRequested
from casefile.payments import Charge, PaymentLink
from casefile.records import Invoice
from policies.charging import Charging, chargeable, open_link
from ports.clock import Clock
from ports.payments import PaymentProvider
from services.closing import close
from services.giving_back import give_back
from services.revisions import revise
from store import payments, records
from store.database import Database
from store.facts import Reading
from store.inbox import put_event
from store.transaction import Tx

CHANNEL = "payments"
# The code with which an adapter says that a reference was used before, and how many of those are passed over.
TAKEN, PASSED_OVER = "taken", 5


class RequestedPayments:
    """Implements ports.sinks.Payments; without a provider every case is told that there is no way to pay online."""

    def __init__(
        self,
        database: Database,
        provider: PaymentProvider | None,
        charging: Charging,
        reading: Reading,
        clock: Clock,
    ) -> None:
        self._database = database
        self._provider = provider
        self._charging = charging
        self._reading = reading
        self._clock = clock

    async def run(self, payment: Paying, case_id: str, conversation_id: str) -> str:
        """Make a way to pay, end one, or have money given back; what was made or given is an event of the case."""
        if isinstance(payment, RequestPayment):
            return await self.request(payment, case_id, conversation_id)
        told, now = (case_id, conversation_id), self._clock.now()
        if isinstance(payment, ClosePayment):
            return await close(self._database, self._provider, self._reading, payment, now)
        return await give_back(self._database, self._provider, self._reading, payment, told, now)

    async def request(self, request: RequestPayment, case_id: str, conversation_id: str) -> str:
        """Have a way to pay made, or give the one that is still open; returns the provider's name of it."""
        now = self._clock.now()
        bill = records.invoice(self._database.read, request.invoice_number)
        link, why = await self._made(bill, now)
        event = PaymentRequested(at=now, case_id=case_id, invoice=request.invoice_number, link=link, why=why)

        def keep(tx: Tx) -> None:
            if link is not None and payments.add_link(tx, link, case_id, conversation_id, now):
                _payable_again(tx, link.invoice)
                assert bill is not None
                revise(tx, self._reading, bill.contact_id, now)
            put_event(tx, CHANNEL, request.key, conversation_id, event, now)

        await self._database.submit(keep)
        return link.provider_id if link else ""

    async def _made(self, bill: Invoice | None, now: datetime) -> tuple[PaymentLink | None, str]:
        if self._provider is None:
            return None, "this desk takes no payments online"
        if bill is None or not chargeable(bill):
            return None, "there is nothing to pay on this invoice"
        still = open_link(bill, now)
        if still is not None:
            return still, ""
        made = payments.links_of(self._database.read, bill.number)
        first = made[0].attempt + 1 if made else 1
        return await self._asked(self._provider, bill, range(first, first + PASSED_OVER), now)

    async def _asked(
        self, provider: PaymentProvider, bill: Invoice, attempts: range, now: datetime
    ) -> tuple[PaymentLink | None, str]:
        """Ask under the first name that was not used before: by a page whose address was lost with its answer."""
        why = ""
        for attempt in attempts:
            charge = Charge(
                reference=bill.number if attempt == 1 else f"{bill.number}.{attempt}",
                invoice=bill.number,
                amount=bill.amount,
                description=bill.description,
                made_at=now,
                expires_at=now + timedelta(minutes=self._charging.expires_minutes),
            )
            try:
                return await provider.request(charge, attempt), ""
            except PaymentRefused as error:
                why = str(error)
                if error.code != TAKEN:
                    break
        return None, why


def _payable_again(tx: Tx, number: str) -> None:
    """Let a bill whose earlier link ran out, or failed, wait for its payment anew."""
    tx.execute(
        "UPDATE invoices SET status = 'unpaid', payment_state = 'PENDING' WHERE number = ?"
        " AND payment_state IN ('EXPIRED', 'FAILED')",
        (number,),
    )
