"""The read ports of a shop in SQL: direct reads of what has been committed."""

from collections.abc import Sequence
from datetime import datetime

from casefile.errors import DependencyDown
from casefile.shop import Product, ShippingQuote, ShopFacts, Variant
from ports.shop import Hit, Wanted
from store import catalogue, orders
from store.connection import Row
from store.database import Database
from store.errors import StoreFault
from store.ranking import Fields, index_of, words
from store.records import rev

WEIGHTS = {"name": 3.0, "category": 2.0, "colour": 2.0, "tags": 2.0, "material": 1.0, "description": 0.5}


class SqlShop:
    """Implements ports.shop.Catalogue, Orders and Shipping."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def search(self, wanted: Wanted) -> tuple[Hit, ...]:
        """Return the products that share words with the text and have a variant as wanted, best first."""
        everything = catalogue.everything(self._read)
        scores = index_of(tuple(map(fields_of, everything)), tuple(WEIGHTS.items())).scores(wanted.text)
        hits = [
            Hit(product=one, score=score)
            for one, score in zip(everything, scores, strict=True)
            if any(_fits(wanted, variant) for variant in one.variants)
        ]
        found = [hit for hit in hits if hit.score > 0] if words(wanted.text) else hits
        return tuple(sorted(found, key=lambda hit: -hit.score)[: wanted.top])

    async def products(self, skus: tuple[str, ...]) -> tuple[Product, ...]:
        """Return the products of these variants, in the order of `skus`."""
        return catalogue.products_of(self._read, skus)

    async def shopping(self, contact_id: str, now: datetime) -> ShopFacts:
        """Return a contact's orders, newest first, and addresses, the default first."""
        # Read first, the rev can only be too low, and what is too low is read again (as in store/facts.py).
        known = rev(self._read, contact_id)
        return ShopFacts(
            orders=orders.orders_of(self._read, contact_id),
            addresses=orders.addresses_of(self._read, contact_id),
            read_at=now,
            rev=known,
        )

    async def cities(self) -> tuple[str, ...]:
        """Return the places somebody delivers to, by name."""
        rows = self._read("SELECT DISTINCT city FROM shipping_rates ORDER BY city", ())
        return tuple(str(row["city"]) for row in rows)

    async def quotes(self, city: str, weight_grams: int) -> tuple[ShippingQuote, ...]:
        """Return what each courier takes to a city, cheapest first."""
        quotes = [rate.quote(weight_grams) for rate in orders.rates_to(self._read, city)]
        return tuple(sorted(quotes, key=lambda quote: (quote.cost, quote.courier)))

    def _read(self, sql: str, params: Sequence[object]) -> list[Row]:
        try:
            return self._database.read(sql, params)
        except StoreFault as error:
            raise DependencyDown("schedule", str(error)) from error


def _fits(wanted: Wanted, variant: Variant) -> bool:
    return (
        (wanted.size is None or variant.size.casefold() == wanted.size.casefold())
        and (wanted.colour is None or wanted.colour.casefold() in variant.colour.casefold())
        and (not wanted.in_stock or variant.stock > 0)
        and (wanted.most_price is None or variant.price <= wanted.most_price)
    )


def fields_of(product: Product) -> Fields:
    """Return what is written of a product, as it is searched; stock and prices are no part of it."""
    return (
        ("name", product.name),
        ("category", product.category),
        ("colour", " ".join(dict.fromkeys(variant.colour for variant in product.variants))),
        ("tags", " ".join(product.tags)),
        ("material", product.material),
        ("description", f"{product.description} {product.description_en}"),
    )
