"""The read ports of a shop in SQL: direct reads of what has been committed."""

from collections.abc import Sequence
from datetime import datetime

from casefile.errors import DependencyDown
from casefile.shop import Product, ShippingQuote, ShopFacts, Variant
from ports.embeddings import Meaning, Vector
from ports.shop import Hit, Wanted
from store import catalogue, orders
from store.connection import Row
from store.database import Database
from store.errors import StoreFault
from store.ranking import Fields, index_of, joined, words
from store.records import rev

WEIGHTS = {"name": 3.0, "category": 2.0, "colour": 2.0, "tags": 2.0, "material": 1.0, "description": 0.5}


class SqlShop:
    """Implements ports.shop.Catalogue, Orders and Shipping."""

    def __init__(self, database: Database, meaning: Meaning | None = None) -> None:
        self._database = database
        self._meaning = meaning

    async def search(self, wanted: Wanted, vector: Vector | None = None) -> tuple[Hit, ...]:
        """Return the products that share words with the text and have a variant as wanted, best first.

        With a `vector`, it is what the text means; without a text, what lies nearest to it is found.
        """
        everything = catalogue.everything(self._read)
        scores = await self._scores(wanted.text, vector, everything)
        hits = [
            Hit(product=one, score=score)
            for one, score in zip(everything, scores, strict=True)
            if any(_fits(wanted, variant) for variant in one.variants)
        ]
        found = [hit for hit in hits if hit.score > 0] if words(wanted.text) or vector else hits
        return tuple(sorted(found, key=lambda hit: -hit.score)[: wanted.top])

    async def _scores(self, text: str, vector: Vector | None, goods: Sequence[Product]) -> list[float]:
        shared = index_of(tuple(map(fields_of, goods)), tuple(WEIGHTS.items())).scores(text)
        if self._meaning is None or not (words(text) or vector):
            return shared
        near = await self._meaning.near(vector or text, [passage_of(one) for one in goods])
        if near is not None and not words(text):
            # From -1 to 1; what is found has a score above nothing.
            return [2 + cosine for cosine in near.cosines]
        return joined(shared, near)

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


def passage_of(product: Product) -> str:
    """Return what is written of a product as one text, to be embedded."""
    return ". ".join(text for _, text in fields_of(product) if text)
