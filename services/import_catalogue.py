"""The catalogue as a table, one row a variant; a product's own columns are those of its first row."""

from collections.abc import Iterator
from typing import Any

from pydantic import Field

from casefile.base import Frozen
from casefile.shop import Product, Variant
from services.cells import Rupiah, Text, Whole, Words
from services.importing import Refused
from store import catalogue
from store.records import Reader
from store.stock import set_aside
from store.transaction import Tx


class CatalogueRow(Frozen):
    """A variant with its product; `stock` are the pieces in the house, those set aside for orders among them."""

    id: Text = Field(pattern=r"^[\w-]{1,60}$")
    name: Text = Field(min_length=1, max_length=200)
    category: Text = Field(min_length=1)
    description: Text = ""
    description_en: Text = ""
    material: Text = ""
    weight_grams: Whole = Field(gt=0, le=100_000)
    image: Text = ""
    tags: Words = ()
    sku: Text = Field(pattern=r"^[\w.-]{1,60}$")
    size: Text = ""
    colour: Text = ""
    price: Rupiah = Field(ge=0, le=1_000_000_000)
    stock: Whole | None = Field(default=None, ge=0, le=1_000_000)


COLUMNS = tuple(CatalogueRow.model_fields)
NEEDED = ("id", "name", "category", "weight_grams", "sku", "price")
OWN = ("id", "name", "category", "description", "description_en", "material", "weight_grams", "image", "tags")


class CatalogueTable:
    """Implements services.importing.Kind; what a row leaves out stays as it is, and is empty where it is new."""

    shape = CatalogueRow

    def __init__(self) -> None:
        self._skus: set[str] = set()
        self._products: dict[str, dict[str, Any]] = {}

    def put(self, tx: Tx, row: CatalogueRow) -> bool:
        """Write one variant; True when it is new."""
        known = self._fits(tx, row)
        aside = set_aside(tx.all, row.sku)
        if row.stock is not None and row.stock < aside:
            raise Refused(
                f"stock = {row.stock}: {aside} of {row.sku} are set aside for orders, so there are more"
            )
        given = row.model_dump(exclude_unset=True)
        own = {name: value for name, value in given.items() if name in OWN}
        was = catalogue.product(tx.all, row.id)
        kept = was.model_dump(include=set(OWN)) if was else {"description": ""}
        variant = known or Variant(sku=row.sku, price=row.price, stock=0)
        changed: dict[str, Any] = {name: given[name] for name in ("size", "colour", "price") if name in given}
        if row.stock is not None:
            changed["stock"] = row.stock - aside
        self._skus.add(row.sku)
        self._products[row.id] = self._products.get(row.id, {}) | own
        catalogue.put_variant(tx, Product(**(kept | own), variants=(variant.model_copy(update=changed),)))
        return known is None

    def _fits(self, tx: Tx, row: CatalogueRow) -> Variant | None:
        if row.sku in self._skus:
            raise Refused(f"sku = {row.sku!r} is in the table twice")
        own, first = row.model_dump(include=set(OWN), exclude_unset=True), self._products.get(row.id, {})
        if other := [
            name for name in OWN if own.get(name, first.get(name)) != first.get(name, own.get(name))
        ]:
            raise Refused(
                f"{', '.join(other)}: not as in the row of {row.id} before it; a product has them once"
            )
        found = catalogue.products_of(tx.all, (row.sku,))
        if found and found[0].id != row.id:
            raise Refused(f"sku = {row.sku!r} belongs to {found[0].id}; give this one a sku of its own")
        return next((v for v in found[0].variants if v.sku == row.sku), None) if found else None


def catalogue_rows(read: Reader) -> Iterator[dict[str, Any]]:
    """Yield the catalogue as the rows of a table that can be brought in again."""
    for product in catalogue.everything(read):
        own = product.model_dump(include=set(OWN)) | {"tags": "; ".join(product.tags)}
        for variant in product.variants:
            counted = variant.stock + set_aside(read, variant.sku)
            yield {**own, **variant.model_dump(exclude={"stock"}), "stock": counted}
