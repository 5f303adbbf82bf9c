"""Orders: made and moved by C's guarded operations, like everybody's."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, Path
from pydantic import Field

from app.api.access import Caller, caller_for
from app.api.operating import NOT_DONE, Once, carried_out
from casefile.base import Frozen
from casefile.shop import Address, Order, OrderStatus
from store import orders

router = APIRouter(prefix="/orders", tags=["orders"])
Reader = Annotated[Caller, Depends(caller_for("orders:read"))]
Writer = Annotated[Caller, Depends(caller_for("orders:write"))]
Number = Annotated[str, Path(max_length=40)]


class Line(Frozen):
    """So many of one variant."""

    sku: Annotated[str, Field(max_length=64)]
    qty: Annotated[int, Field(ge=1, le=99)]


class Wish(Frozen):
    """An order to make for a contact; the same `request_id` again returns the first result."""

    request_id: Once
    contact_id: Annotated[str, Field(max_length=64)]
    items: Annotated[tuple[Line, ...], Field(min_length=1, max_length=30)]
    address: Address | None = None
    address_id: Annotated[str, Field(max_length=64)] | None = None
    courier: Annotated[str, Field(max_length=40)] | None = None
    voucher: Annotated[str, Field(max_length=40)] | None = None


class Move(Frozen):
    """Where an order has got to, said by a named staff member; `shipped` needs its tracking number."""

    request_id: Once
    status: Literal["processing", "shipped", "delivered", "completed"]
    by: Annotated[str, Field(max_length=64)]
    tracking: Annotated[str, Field(max_length=60)] | None = None


class Standing(Frozen):
    """Where an order stands."""

    number: str
    status: OrderStatus
    courier: str | None
    tracking: str | None


@router.post("", status_code=201, responses=NOT_DONE)
async def make(caller: Writer, wish: Wish) -> Order:
    """Make an order with its invoice, goods set aside; above the review limit a person has to decide first."""
    params = wish.model_dump(mode="json", exclude={"request_id", "contact_id"}, exclude_none=True)
    speaks_for = frozenset({wish.contact_id})
    result = await carried_out(caller, "ORDER_CREATE", wish.contact_id, params, wish.request_id, speaks_for)
    return _known(caller, str(result.refs["order"]))


@router.get("/{number}", responses={404: {"description": "no such order"}})
async def one(caller: Reader, number: Number) -> Order:
    """Return an order."""
    return _known(caller, number)


@router.get("/{number}/status", responses={404: {"description": "no such order"}})
async def status(caller: Reader, number: Number) -> Standing:
    """Return where an order stands."""
    return _standing(_known(caller, number))


@router.post("/{number}/status", responses=NOT_DONE)
async def move(caller: Writer, number: Number, to: Move) -> Standing:
    """Say where an order has got to; its buyer is told."""
    _known(caller, number)
    params: dict[str, object] = {"staff_id": to.by, "status": to.status, "tracking": to.tracking or ""}
    await carried_out(caller, "ORDER_STATUS", number, params, to.request_id)
    return _standing(_known(caller, number))


def _known(caller: Caller, number: str) -> Order:
    found = orders.order(caller.wired.database.read, number)
    if found is None:
        raise HTTPException(404, "there is no such order")
    return found


def _standing(order: Order) -> Standing:
    return Standing(number=order.number, status=order.status, courier=order.courier, tracking=order.tracking)
