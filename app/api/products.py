"""What is sold: found by words, with today's price and free stock."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query

from app.api.access import Caller, caller_for
from casefile.base import Frozen
from casefile.shop import Product
from ports.shop import Hit, Wanted
from store.shop_sources import SqlShop

router = APIRouter(prefix="/products", tags=["products"])
Reader = Annotated[Caller, Depends(caller_for("products:read"))]
Sku = Annotated[str, Query(max_length=64)]
MOST = 50


class Stock(Frozen):
    """How many of a variant are free to sell."""

    sku: str
    stock: int


class Price(Frozen):
    """What a variant costs, in rupiah."""

    sku: str
    price: int


@router.get("/search")
async def search(
    caller: Reader,
    text: Annotated[str, Query(max_length=200)],
    top_k: Annotated[int, Query(ge=1, le=MOST)] = 5,
    in_stock: bool = False,
    size: Annotated[str | None, Query(max_length=20)] = None,
    colour: Annotated[str | None, Query(max_length=40)] = None,
    most_price: Annotated[int | None, Query(ge=0, le=10**12)] = None,
) -> list[Hit]:
    """Return the products that fit the words, best first."""
    wanted = Wanted(text=text, size=size, colour=colour, in_stock=in_stock, most_price=most_price, top=top_k)
    return list(await SqlShop(caller.wired.database).search(wanted))


@router.get("/stock", responses={404: {"description": "no such sku"}})
async def stock(caller: Reader, sku: Sku) -> Stock:
    """Return how many of a variant are free to sell."""
    found = await _variant(caller, sku)
    return Stock(sku=sku, stock=next(v.stock for v in found.variants if v.sku == sku))


@router.get("/price", responses={404: {"description": "no such sku"}})
async def price(caller: Reader, sku: Sku) -> Price:
    """Return what a variant costs."""
    found = await _variant(caller, sku)
    return Price(sku=sku, price=next(v.price for v in found.variants if v.sku == sku))


async def _variant(caller: Caller, sku: str) -> Product:
    found = await SqlShop(caller.wired.database).products((sku,))
    if not found:
        raise HTTPException(404, "there is no such sku")
    return found[0]
