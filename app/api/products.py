"""What is sold: found by words, with today's price and free stock."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query
from pydantic import Field

from app.api.access import Caller, caller_for
from app.api.operating import NOT_DONE, Once, carried_out
from app.embedding import meaning_of, unit_vector
from casefile.base import Frozen
from casefile.shop import Product
from ports.embeddings import Vector
from ports.shop import Hit, Wanted
from store.shop_sources import SqlShop

router = APIRouter(prefix="/products", tags=["products"])
Reader = Annotated[Caller, Depends(caller_for("products:read"))]
Writer = Annotated[Caller, Depends(caller_for("products:write"))]
Sku = Annotated[str, Query(max_length=64)]
MOST = 50


class Stock(Frozen):
    """How many of a variant are free to sell."""

    sku: str
    stock: int


class Counted(Frozen):
    """How many pieces of a variant a named staff member counted in the house."""

    request_id: Once
    sku: Annotated[str, Field(max_length=64)]
    stock: Annotated[int, Field(ge=0, le=1_000_000)]
    by: Annotated[str, Field(max_length=64)]


class Price(Frozen):
    """What a variant costs, in rupiah."""

    sku: str
    price: int


class Asked(Frozen):
    """What is looked for: words, or the vector of what is meant, or both; and what must hold of a product.

    A vector is of the model of this deployment's embeddings; how long it is stands in embedding.dimensions.
    """

    text: Annotated[str, Field(max_length=200)] = ""
    vector: tuple[Annotated[float, Field(allow_inf_nan=False)], ...] | None = None
    top_k: Annotated[int, Field(ge=1, le=MOST)] = 5
    in_stock: bool = False
    size: Annotated[str | None, Field(max_length=20)] = None
    colour: Annotated[str | None, Field(max_length=40)] = None
    most_price: Annotated[int | None, Field(ge=0, le=10**12)] = None


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
    return await _found(caller, wanted, None)


@router.post("/search")
async def search_by_vector(caller: Reader, asked: Asked) -> list[Hit]:
    """Return the products that fit the words, or lie nearest to the vector, best first."""
    wanted = Wanted(**asked.model_dump(exclude={"vector", "top_k"}), top=asked.top_k)
    return await _found(caller, wanted, asked.vector)


async def _found(caller: Caller, wanted: Wanted, vector: Vector | None) -> list[Hit]:
    wired = caller.wired
    meant = None if vector is None else unit_vector(wired.settings.shared.embedding, vector)
    shop = SqlShop(wired.database, meaning_of(wired.embedding))
    return list(await shop.search(wanted, meant))


@router.get("/stock", responses={404: {"description": "no such sku"}})
async def stock(caller: Reader, sku: Sku) -> Stock:
    """Return how many of a variant are free to sell."""
    found = await _variant(caller, sku)
    return Stock(sku=sku, stock=next(v.stock for v in found.variants if v.sku == sku))


@router.put("/stock", responses=NOT_DONE)
async def count(caller: Writer, counted: Counted) -> Stock:
    """Set what was counted in the house, what is set aside for orders with it; returns what is free to sell."""
    params: dict[str, object] = {"staff_id": counted.by, "stock": counted.stock}
    await carried_out(caller, "STOCK_SET", counted.sku, params, counted.request_id)
    return await stock(caller, counted.sku)


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
