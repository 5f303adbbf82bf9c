"""Refunds: released by a coach, given back by the provider that was paid, else due for a person."""

from casefile.payment_effects import RefundPayment
from casefile.payments import PaymentLink
from services import due
from services.work import Outcome, Work, blocked, impossible
from store import outbox, records
from store.payments import link_paid
from store.times import iso


def release(work: Work) -> Outcome:
    """REFUND: subject is an invoice number, or a contact when no invoice was named; params `amount?`, `conditions?`.

    Only with an approval: the approver and the conditions are kept with the sum, integer rupiah.
    """
    if work.approver is None or not work.exception:
        return blocked("a refund is a coach's decision; no approval covers this one")
    invoice = records.invoice(work.tx.all, work.task.subject)
    contact_id = invoice.contact_id if invoice else work.task.subject
    if records.contact(work.tx.all, contact_id) is None:
        return impossible("neither an invoice nor a contact of this name is in the records")
    amount = work.task.params.get("amount", invoice.amount if invoice else None)
    if amount is not None and (not isinstance(amount, int) or isinstance(amount, bool)):
        return impossible("the sum to give back is a whole number of rupiah")
    if invoice is not None and amount is not None and not 0 < amount <= invoice.amount:
        return blocked("the refund is more than the invoice")
    earlier = invoice and work.tx.one("SELECT id FROM refunds WHERE invoice_number = ?", (invoice.number,))
    if earlier:
        return blocked("this invoice has a refund already")
    work.tx.execute(
        "INSERT INTO refunds (id, invoice_number, contact_id, amount, state, approver, conditions,"
        " approval_id,"
        " case_id, released_at) VALUES (?, ?, ?, ?, 'due', ?, ?, ?, ?, ?)",
        (
            work.task.idempotency_key,
            invoice.number if invoice else None,
            contact_id,
            amount,
            work.approver,
            work.conditions,
            work.task.approval_id,
            work.task.case_id,
            iso(work.now),
        ),
    )
    paid_online = link_paid(work.tx.all, invoice) if invoice else None
    if paid_online is not None and amount is not None:
        return _given_back(work, paid_online, contact_id, amount)
    due.record(work, contact_id, work.approver)
    return Outcome(
        "SUCCESS",
        f"refund released by {work.approver} and due; a person pays it out",
        contacts=(contact_id,),
        new_state={
            "state": "due",
            "amount": amount,
            "invoice": invoice.number if invoice else None,
            "approver": work.approver,
            "assignee": work.approver,
            "conditions": work.conditions,
        },
        refs={"refund": work.task.idempotency_key, "approval": work.task.approval_id},
        next_recommendation=f"{work.approver} pays the refund out and records it",
    )


def _given_back(work: Work, link: PaymentLink, contact_id: str, amount: int) -> Outcome:
    """Have the provider do it, through the ledger: asked once, and again only under the same key."""
    refund = work.task.idempotency_key
    row = work.tx.one("SELECT conversation_id FROM cases WHERE id = ?", (work.task.case_id,))
    outbox.enqueue(
        work.tx,
        RefundPayment(key=f"{refund}:back", refund_id=refund, reference=link.reference, amount=amount),
        turn_id="",
        case_id=work.task.case_id,
        conversation_id=row["conversation_id"] if row else "",
        at=work.now,
    )
    work.tx.execute("UPDATE refunds SET state = 'sent' WHERE id = ?", (refund,))
    return Outcome(
        "SUCCESS",
        f"refund released by {work.approver}; {link.provider} is asked to give it back",
        contacts=(contact_id,),
        new_state={
            "state": "sent",
            "amount": amount,
            "invoice": link.invoice,
            "approver": work.approver,
            "conditions": work.conditions,
        },
        refs={"refund": refund, "approval": work.task.approval_id, "payment": link.reference},
    )
