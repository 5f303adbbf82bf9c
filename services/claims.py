"""Who hears that a bill is paid: the case that claimed it, else where the way to pay, or the bill, was given."""

from datetime import datetime

from casefile.case import Case
from casefile.payment_events import BillNews, PaymentSettled
from casefile.records import Invoice
from store.enrolments import conversation_of
from store.inbox import put_event
from store.transaction import Tx

CHANNEL = "books"


def tell(tx: Tx, invoice: Invoice, now: datetime) -> None:
    """Let the case that waits for it know, else where the way to pay, or the bill, was given.

    In the transaction that made the books say it.
    """
    case = _claim_of(tx, invoice.contact_id) or _asked_for(tx, invoice.number)
    if case is not None:
        event = PaymentSettled(at=now, case_id=case.id, invoice=invoice.number)
        put_event(tx, CHANNEL, f"paid:{invoice.number}:{case.id}", case.conversation_id, event, now)
        return
    row = tx.one(
        "SELECT conversation_id FROM payment_links WHERE invoice_number = ? ORDER BY attempt DESC LIMIT 1",
        (invoice.number,),
    )
    talk = row["conversation_id"] if row is not None else conversation_of(tx.all, invoice.number)
    if talk is not None:
        news = BillNews(at=now, invoice=invoice.number, stage="paid")
        put_event(tx, CHANNEL, f"paid:{invoice.number}", talk, news, now)


def _claim_of(tx: Tx, contact_id: str) -> Case | None:
    """Return the newest open case that claims a payment, else the newest file that a person still looks at."""
    rows = tx.all(
        "SELECT cases.body FROM cases JOIN conversations ON conversations.id = cases.conversation_id"
        " WHERE cases.state IN ('with_person', 'answered') AND COALESCE(conversations.verified_contact,"
        " conversations.contact_id) = ? ORDER BY cases.updated_at DESC, cases.id DESC",
        (contact_id,),
    )
    cases = [Case.model_validate_json(row["body"]) for row in rows]
    claims = [case for case in cases if case.intent == "payment_claim" or "signal:payment_claim" in case.tags]
    files = [case for case in cases if case.intent == "attachment" and case.state == "with_person"]
    return next(iter((*claims, *files)), None)


def _asked_for(tx: Tx, number: str) -> Case | None:
    """Return the case that was given the latest way to pay, while it is not closed."""
    row = tx.one(
        "SELECT cases.body FROM cases JOIN payment_links ON payment_links.case_id = cases.id"
        " WHERE payment_links.invoice_number = ? AND cases.state <> 'closed'"
        " ORDER BY payment_links.attempt DESC LIMIT 1",
        (number,),
    )
    return None if row is None else Case.model_validate_json(row["body"])
