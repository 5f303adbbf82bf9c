"""People who write to the desk: found by any of their names, changed where the records have to follow."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Query
from pydantic import Field

from app.api.access import Caller, caller_for
from casefile.base import Frozen
from casefile.records import Contact
from casefile.shop import Order
from services.contact_details import Details, change
from store import orders, records
from store.facts import Reading
from store.person import find_contact

router = APIRouter(prefix="/contacts", tags=["contacts"])
Reader = Annotated[Caller, Depends(caller_for("contacts:read"))]
Writer = Annotated[Caller, Depends(caller_for("contacts:write"))]
Buyers = Annotated[Caller, Depends(caller_for("orders:read"))]
ContactId = Annotated[str, Path(max_length=64)]
UNKNOWN = "there is no such contact"


class Changes(Frozen):
    """What is changed; what is left out stays as it is."""

    full_name: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=200)] | None = None
    notes: Annotated[str, Field(max_length=2000)] | None = None
    tags: Annotated[tuple[Annotated[str, Field(max_length=40)], ...], Field(max_length=20)] | None = None
    vip: bool | None = None
    opt_out: bool | None = None


@router.get("/lookup", responses={404: {"description": UNKNOWN}})
async def lookup(caller: Reader, alias: Annotated[str, Query(min_length=3, max_length=200)]) -> Contact:
    """Return the contact with this id, phone (E.164), email or other alias."""
    contact_id = find_contact(caller.wired.database.read, alias)
    return _known(caller, contact_id or "")


@router.patch("/{contact_id}", responses={404: {"description": UNKNOWN}})
async def patch(caller: Writer, contact_id: ContactId, changes: Changes) -> Contact:
    """Change a contact; every role sees it from the next turn on."""
    wired = caller.wired
    rules = wired.desk.rules
    reading = Reading(rules.zone, rules.limits.quota_month, rules.limits.snapshot_ttl_minutes)
    details: Details = changes.model_dump(exclude_none=True)
    now = wired.clock.now()
    done = await wired.database.submit(lambda tx: change(tx, contact_id, details, reading, now))
    if not done:
        raise HTTPException(404, UNKNOWN)
    return _known(caller, contact_id)


@router.get("/{contact_id}/orders", responses={404: {"description": UNKNOWN}})
async def their_orders(caller: Buyers, contact_id: ContactId) -> list[Order]:
    """Return a contact's orders, the newest first."""
    _known(caller, contact_id)
    return list(orders.orders_of(caller.wired.database.read, contact_id))


def _known(caller: Caller, contact_id: str) -> Contact:
    found = records.contact(caller.wired.database.read, contact_id)
    if found is None:
        raise HTTPException(404, UNKNOWN)
    return found
