"""Refunds: recorded as released and due. Paying them out comes with the payment providers."""

from services import due
from services.work import Outcome, Work, blocked, impossible
from store import records
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
    wanted = work.task.params.get("amount")
    amount = int(str(wanted)) if wanted is not None else invoice.amount if invoice else None
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
