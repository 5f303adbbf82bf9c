"""Ways to pay online: whether the desk has one, and for which bill one may be made."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from pydantic import Field

from casefile.base import Frozen
from casefile.events import CaseEvent, OperationDone
from casefile.facts import Facts, Identity
from casefile.payment_events import BillNews, Money
from casefile.payments import PaymentLink, Provider
from casefile.records import Invoice
from casefile.verdict import Verdict
from policies.identity import may_be_billed, own_contacts
from policies.payments import bills_of

ASKS_TO_PAY = frozenset({"invoice_resend", "payment_status"})


class Charging(Frozen):
    """How a desk lets its customers pay online; `none` leaves a transfer, cash and a person's confirmation.

    `method` is Midtrans' alone: a QRIS code, or its Snap page with every way to pay. Xendit always makes a page.
    """

    provider: Provider | Literal["none"] = "none"
    method: Literal["qris", "snap"] = "qris"
    expires_minutes: int = Field(default=24 * 60, ge=5, le=7 * 24 * 60)


def chargeable(bill: Invoice) -> bool:
    """Say whether a bill can be paid online: open, tried without success, or past the time of an earlier link."""
    return bill.status in {"unpaid", "expired"} and bill.payment.state in {"PENDING", "FAILED", "EXPIRED"}


def open_link(bill: Invoice, now: datetime) -> PaymentLink | None:
    """Return the way this bill can be paid now, or None."""
    link = bill.link
    # A bill that was changed since asks for another amount.
    fits = link is not None and link.amount == bill.amount and now < link.expires_at
    return link if fits and chargeable(bill) else None


def bills_read(facts: Facts) -> tuple[Invoice, ...]:
    """Return the bills this turn knows of: from the books where they were read, else from the snapshot."""
    if facts.payments is not None:
        return facts.payments.invoices
    return facts.snapshot.invoices if facts.snapshot else ()


def refusal(number: str, facts: Facts, charging: Charging) -> str | None:
    """Say why no way to pay this invoice may be made for this case, or None when one may."""
    if charging.provider == "none":
        return "this desk takes no payments online"
    own = own_contacts(facts.conversation, facts.identity)
    bill = next((b for b in bills_read(facts) if b.number == number and b.contact_id in own), None)
    if bill is None:
        return "the invoice is not one of this case's contact"
    return None if chargeable(bill) else "there is nothing to pay on this invoice"


def billed(events: Sequence[CaseEvent]) -> str | None:
    """Return the invoice that an operation of this turn has made: its result names it `invoice_number`."""
    for event in events:
        if isinstance(event, OperationDone) and event.result.status == "SUCCESS":
            number = event.result.new_state.get("invoice_number")
            if number:
                return str(number)
    return None


def whose_bills(events: Sequence[CaseEvent], identity: Identity) -> str | None:
    """Return whose books are read anew: in a turn about a bill that has just been made or changed, its contact's."""
    about_a_bill = billed(events) is not None or any(isinstance(event, Money | BillNews) for event in events)
    return identity.contact_id if about_a_bill and may_be_billed(identity) else None


def bill_meant(facts: Facts) -> Invoice | None:
    """Return the bill that was named, if it is this contact's, else the newest of whoever is meant."""
    bills = facts.snapshot.invoices if facts.snapshot else ()
    named = facts.reading.slots.invoice_numbers if facts.reading else ()
    foreign = named and not any(bill.number in named for bill in bills)
    if foreign and facts.identity.attempt != "passed":
        return None
    return next(iter(bills_of(bills, facts.student.id if facts.student else None, named)), None)


def to_request(events: Sequence[CaseEvent], facts: Facts, charging: Charging, verdict: Verdict) -> str | None:
    """Return the invoice that C has a way to pay made for in this turn, or None.

    It is the one an operation has just made, or one that comes due, or that a customer asks about, and has no way to
    be paid that is still open.
    """
    number = billed(events)
    due = next((e.invoice for e in events if isinstance(e, BillNews) and e.stage != "paid"), None)
    if due is not None:
        found = next((bill for bill in bills_read(facts) if bill.number == due), None)
        number = due if found and open_link(found, facts.now) is None else None
    elif number is None and verdict.decision in {"ANSWER", "LOOK_UP"} and verdict.intent in ASKS_TO_PAY:
        bill = bill_meant(facts) if facts.claim is None else None
        number = bill.number if bill and open_link(bill, facts.now) is None else None
    return number if number and refusal(number, facts, charging) is None else None
