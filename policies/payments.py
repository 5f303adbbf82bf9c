"""Payment truth: when "paid" may be said, and which changes of a payment are possible at all."""

from collections.abc import Sequence

from pydantic import Field

from casefile.base import Frozen
from casefile.case import Case
from casefile.facts import Claim, Facts
from casefile.payments import PaymentState
from casefile.records import Invoice, Payment

PROVIDER = frozenset({"provider_event", "provider_read"})
SOURCES = PROVIDER | {"staff"}
MOVES: dict[PaymentState, frozenset[PaymentState]] = {
    "PENDING": frozenset({"CONFIRMED", "FAILED", "EXPIRED"}),
    # A provider may report money that arrived after the bill had failed or run out.
    "FAILED": frozenset({"PENDING", "CONFIRMED", "EXPIRED"}),
    "EXPIRED": frozenset({"CONFIRMED"}),
    "CONFIRMED": frozenset({"REVERSED"}),
    "REVERSED": frozenset(),
}


class PayTo(Frozen):
    """Where a desk's bills are paid; the one source of every text that says so."""

    bank: str = Field(min_length=2)
    account: str = Field(pattern=r"^\d{6,20}$")
    holder: str = Field(min_length=2)

    def values(self) -> dict[str, str]:
        """Return them as the values of a text."""
        return {"bank": self.bank, "account": self.account, "holder": self.holder}


def still_to_pay(invoice: Invoice) -> bool:
    """Say whether a bill can still be paid: open, or tried without success; one past its time is made anew."""
    return invoice.status == "unpaid" and invoice.payment.state in {"PENDING", "FAILED"}


def may_say_paid(payment: Payment) -> bool:
    """Say whether "paid" is true and proved: by the provider, or by a named person with evidence."""
    if payment.state != "CONFIRMED":
        return False
    if payment.source == "staff":
        return bool(payment.confirmed_by) and bool(payment.evidence)
    return payment.source in PROVIDER


def refusal(old: PaymentState, new: PaymentState, source: str) -> str | None:
    """Say why a payment cannot go from `old` to `new`, or None when it can.

    A customer's word or a screenshot is evidence on the case and never a source.
    """
    if source not in SOURCES:
        return f"{source} cannot change a payment; only {', '.join(sorted(SOURCES))} can"
    if new != old and new not in MOVES[old]:
        return f"a payment cannot go from {old} to {new}"
    return None


def advance(old: PaymentState, new: PaymentState, source: str) -> PaymentState:
    """Return the state after the news: `new`, or `old` when `refusal` has a reason."""
    return old if refusal(old, new, source) else new


def follows(old: PaymentState, said: PaymentState) -> PaymentState:
    """Return where a payment stands after its provider's word.

    What is denied after it was paid is taken back, and what is taken back was paid before, whether we saw it or not.
    """
    if old == "CONFIRMED" and said == "FAILED":
        said = "REVERSED"
    if said == "REVERSED":
        old = advance(old, "CONFIRMED", "provider_read")
    return advance(old, said, "provider_read")


def claim_open(cases: Sequence[Case]) -> Claim | None:
    """Return the payment claim that a person is checking now, a file sent without words included."""
    checked = [c for c in cases if c.state == "with_person" and (_claims(c) or c.intent == "attachment")]
    if not checked:
        return None
    newest = max(checked, key=lambda case: (_claims(case), case.updated_at))
    return Claim(shown=any(case.evidence for case in checked), due_at=newest.due_at)


def _claims(case: Case) -> bool:
    return case.intent == "payment_claim" or "signal:payment_claim" in case.tags


def bills_of(
    invoices: Sequence[Invoice], student_id: str | None, named: Sequence[str] = ()
) -> tuple[Invoice, ...]:
    """Return the bills a question may be about, in their order: those named, else the student's, else all.

    A bill without a student is the whole family's. Of several children's, those still open come before any other.
    """
    by_name = tuple(bill for bill in invoices if bill.number in named)
    if by_name:
        return by_name
    theirs = tuple(b for b in invoices if student_id is None or b.student_id in {student_id, None})
    unpaid = tuple(bill for bill in theirs if bill.status == "unpaid" and not may_say_paid(bill.payment))
    several = len({bill.student_id for bill in theirs} - {None}) > 1
    return unpaid if several and unpaid else theirs


def several_billed(facts: Facts) -> bool:
    """Say whether the bills a payment question may be about are of more than one child."""
    if facts.student is not None or facts.snapshot is None:
        return False
    named = facts.reading.slots.invoice_numbers if facts.reading else ()
    return len({bill.student_id for bill in bills_of(facts.snapshot.invoices, None, named)} - {None}) > 1
