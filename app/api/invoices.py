"""Bills as the books have them."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Query

from app.api.access import Caller, caller_for
from casefile.records import Invoice
from store import records

router = APIRouter(prefix="/invoices", tags=["invoices"])
Reader = Annotated[Caller, Depends(caller_for("invoices:read"))]


@router.get("")
async def of_contact(caller: Reader, contact_id: Annotated[str, Query(max_length=64)]) -> list[Invoice]:
    """Return a contact's invoices, the newest first; empty for a contact nobody knows."""
    return list(records.invoices_of(caller.wired.database.read, contact_id))


@router.get("/{number}", responses={404: {"description": "no such invoice"}})
async def one(caller: Reader, number: Annotated[str, Path(max_length=40)]) -> Invoice:
    """Return an invoice by its number."""
    found = records.invoice(caller.wired.database.read, number)
    if found is None:
        raise HTTPException(404, "there is no such invoice")
    return found
