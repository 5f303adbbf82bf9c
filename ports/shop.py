"""Reads of a shop. As in ports.sources, plain values in and nouns out, so that a turn can be run again."""

from datetime import datetime
from typing import Protocol

from casefile.base import Frozen, Language
from casefile.shop import Priced, Product, ShippingQuote, ShopFacts


class Wanted(Frozen):
    """What is looked for in the catalogue: the customer's words, and what must hold of a hit."""

    text: str
    language: Language = "id"
    size: str | None = None
    colour: str | None = None
    in_stock: bool = False
    most_price: int | None = None
    top: int = 5


class Hit(Frozen):
    """A product found, best first; `score` compares hits of one search only."""

    product: Product
    score: float


class Catalogue(Protocol):
    """What is sold, with today's prices and free stock."""

    async def search(self, wanted: Wanted) -> tuple[Hit, ...]:
        """Return the products that fit, best first; empty when nothing does."""
        ...

    async def products(self, skus: tuple[str, ...]) -> tuple[Product, ...]:
        """Return the products of these variants, in the order of `skus`, each once, unknown ones left out."""
        ...


class Orders(Protocol):
    """Orders and addresses of record, read by C."""

    async def shopping(self, contact_id: str, now: datetime) -> ShopFacts:
        """Return a contact's orders, newest first, and addresses, the default first."""
        ...


class Shipping(Protocol):
    """The shipping table."""

    async def cities(self) -> tuple[str, ...]:
        """Return the places somebody delivers to, by name."""
        ...

    async def quotes(self, city: str, weight_grams: int) -> tuple[ShippingQuote, ...]:
        """Return what each courier takes to a city, cheapest first; empty where nobody delivers."""
        ...


class Vouchers(Protocol):
    """Vouchers in force."""

    async def voucher(self, code: str, contact_id: str, subtotal: int, now: datetime) -> Priced:
        """Return what a code is worth to this contact now."""
        ...
