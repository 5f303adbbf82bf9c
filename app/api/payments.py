"""Payments: where a bill's stands, the ways it can be paid, and a payment confirmed by hand."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path
from pydantic import Field

from app.api.access import Caller, caller_for
from app.api.operating import NOT_DONE, Once, carried_out
from casefile.base import Frozen
from casefile.payments import PaymentLink
from casefile.records import Invoice, Payment
from store import payments, records

router = APIRouter(prefix="/payments", tags=["payments"])
Reader = Annotated[Caller, Depends(caller_for("payments:read"))]
Writer = Annotated[Caller, Depends(caller_for("payments:write"))]
Number = Annotated[str, Path(max_length=40)]
UNKNOWN = "there is no such invoice"


class Standing(Frozen):
    """Where a bill's payment stands, with its source, and every way to pay that was made for it."""

    invoice: str
    amount: int
    payment: Payment
    ways: tuple[PaymentLink, ...]


class ByHand(Frozen):
    """A transfer, cash or cash on delivery that a named staff member has seen, and by what."""

    request_id: Once
    by: Annotated[str, Field(max_length=64)]
    evidence: Annotated[str, Field(min_length=1, max_length=500)]


@router.get("/{invoice}", responses={404: {"description": UNKNOWN}})
async def standing(caller: Reader, invoice: Number) -> Standing:
    """Return where the payment of an invoice stands."""
    return _standing(caller, invoice)


@router.post("/{invoice}/confirmations", responses=NOT_DONE)
async def confirm(caller: Writer, invoice: Number, seen: ByHand) -> Standing:
    """Confirm a payment by hand; the customer is told."""
    params: dict[str, object] = {"staff_id": seen.by, "evidence": seen.evidence}
    await carried_out(caller, "PAYMENT_CONFIRM_MANUAL", invoice, params, seen.request_id)
    return _standing(caller, invoice)


def _standing(caller: Caller, number: str) -> Standing:
    read = caller.wired.database.read
    bill: Invoice | None = records.invoice(read, number)
    if bill is None:
        raise HTTPException(404, UNKNOWN)
    ways = payments.links_of(read, number)
    return Standing(invoice=bill.number, amount=bill.amount, payment=bill.payment, ways=ways)
