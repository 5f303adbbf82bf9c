"""Money given back at a provider: what a coach released is asked for, booked, and told to its case."""

from datetime import datetime

from casefile.errors import PaymentRefused
from casefile.payment_effects import RefundPayment
from casefile.payment_events import PaymentReturned
from casefile.payments import PaymentLink, ProviderState
from ports.payments import PaymentProvider
from services.books import apply
from store import payments
from store.database import Database
from store.facts import Reading
from store.inbox import put_event
from store.times import iso
from store.transaction import Tx

CHANNEL = "payments"


async def give_back(
    database: Database,
    provider: PaymentProvider | None,
    reading: Reading,
    refund: RefundPayment,
    told: tuple[str, str],
    now: datetime,
) -> str:
    """Have the provider do it and book what it says; `told` are the case and the conversation that hear of it."""
    link = payments.link(database.read, refund.reference)
    said, why = await _asked(provider, link, refund)

    def keep(tx: Tx) -> None:
        state = "due" if said is None else "paid"
        tx.execute("UPDATE refunds SET state = ? WHERE id = ?", (state, refund.refund_id))
        if said is None:
            _for_a_person(tx, refund, now)
        else:
            apply(tx, reading, said, refund.reference, now)
        invoice = link.invoice if link else ""
        event = PaymentReturned(at=now, case_id=told[0], invoice=invoice, amount=refund.amount, why=why)
        if told[1]:
            put_event(tx, CHANNEL, refund.key, told[1], event, now)

    await database.submit(keep)
    return refund.key


async def _asked(
    provider: PaymentProvider | None, link: PaymentLink | None, refund: RefundPayment
) -> tuple[ProviderState | None, str]:
    if provider is None or link is None or provider.name != link.provider:
        return None, "the desk is not connected to the provider that was paid"
    try:
        await provider.refund(link, refund.amount, refund.key, "released by a coach")
    except PaymentRefused as error:
        return None, str(error)
    try:
        said = await provider.state(link)
    except PaymentRefused:
        # It is given back, whatever they will say of it now: nobody is to pay it out again.
        said = ProviderState(
            reference=link.reference,
            provider_id=link.provider_id,
            amount=link.amount,
            word="refund",
            state="CONFIRMED",
        )
    # Xendit's invoice says nothing of what was given back.
    back = max(said.refunded, refund.amount)
    state = "REVERSED" if back >= link.amount else said.state
    return said.model_copy(update={"refunded": back, "state": state}), ""


def _for_a_person(tx: Tx, refund: RefundPayment, now: datetime) -> None:
    """Put on the list of what people carry out what the provider would not, for whoever let it go."""
    tx.execute(
        "INSERT INTO due_tasks (id, action, subject, contact_id, case_id, params, assignee, approval_id, state, at)"
        " SELECT id, 'REFUND', COALESCE(invoice_number, contact_id), contact_id, case_id, '{}', approver, approval_id,"
        " 'due', ? FROM refunds WHERE id = ? ON CONFLICT (id) DO NOTHING",
        (iso(now), refund.refund_id),
    )
