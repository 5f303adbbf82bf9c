"""Invoices: sending one again, and a named person's confirmation that money came."""

from pydantic import JsonValue

from casefile.records import Invoice
from policies import payments
from services.closing import close_links
from services.paid import follow
from services.work import Outcome, Work, blocked, impossible
from store import records
from store.times import iso


def resend(work: Work) -> Outcome:
    """INVOICE_RESEND: subject is the invoice number; reads only, the state to be said is in `new_state`."""
    invoice = records.invoice(work.tx.all, work.task.subject)
    if invoice is None:
        return impossible("the invoice is not in the records")
    if invoice.contact_id not in work.owners and not work.exception:
        return blocked("the invoice is not of the contact this case speaks for")
    return Outcome("SUCCESS", f"invoice {invoice.number} read", new_state=_state(invoice))


def confirm_by_hand(work: Work) -> Outcome:
    """PAYMENT_CONFIRM_MANUAL: subject is the invoice number; params `staff_id` and `evidence`."""
    invoice = records.invoice(work.tx.all, work.task.subject)
    if invoice is None:
        return impossible("the invoice is not in the records")
    person = next((p for p in records.staff(work.tx.all) if p.id == work.text("staff_id")), None)
    evidence = work.text("evidence").strip()
    if person is None or not evidence:
        return blocked("a payment is confirmed by hand only by a named staff member with evidence")
    old = invoice.payment.state
    refused = payments.refusal(old, "CONFIRMED", "staff")
    if refused or old == "CONFIRMED":
        return blocked(refused or "the payment is confirmed already")
    work.tx.execute(
        "UPDATE invoices SET status = 'paid', payment_state = 'CONFIRMED', payment_source = 'staff',"
        " confirmed_by = ?, evidence = ?, payment_at = ? WHERE number = ?",
        (person.id, evidence, iso(work.now), invoice.number),
    )
    changed = records.invoice(work.tx.all, invoice.number)
    assert changed is not None
    close_links(work.tx, invoice.number, work.now)
    touched = follow(work.tx, changed, work.now, work.zone)
    return Outcome(
        "SUCCESS",
        f"payment of {invoice.number} confirmed by {person.id}",
        contacts=touched,
        old_state=_state(invoice),
        new_state=_state(changed),
        refs={"confirmed_by": person.id, "evidence": evidence},
    )


def _state(invoice: Invoice) -> dict[str, JsonValue]:
    state: dict[str, JsonValue] = invoice.model_dump(mode="json")
    return state
