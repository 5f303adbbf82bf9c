"""What a turn reads of a shop, every failure and every success told to the board."""

from datetime import datetime
from typing import Protocol

from casefile.shop import Priced, Product, ShippingQuote, ShopFacts
from gateway.watched import Watch
from ports.shop import Catalogue, Hit, Orders, Shipping, Vouchers, Wanted


class Counter(Catalogue, Orders, Shipping, Protocol):
    """What can be read of goods, orders and shipping."""


class WatchedShop:
    """Implements ports.shop.Catalogue, Orders, Shipping and Vouchers over others that do.

    They are kept where the records are: what takes those down takes these down.
    """

    def __init__(self, counter: Counter, vouchers: Vouchers, watch: Watch) -> None:
        self._counter = counter
        self._vouchers = vouchers
        self._watch = watch

    async def search(self, wanted: Wanted) -> tuple[Hit, ...]:
        """Return the products that fit, best first."""
        return await self._watch.told("schedule", lambda: self._counter.search(wanted))

    async def products(self, skus: tuple[str, ...]) -> tuple[Product, ...]:
        """Return the products of these variants, in the order of `skus`."""
        return await self._watch.told("schedule", lambda: self._counter.products(skus))

    async def shopping(self, contact_id: str, now: datetime) -> ShopFacts:
        """Return a contact's orders, newest first, and addresses, the default first."""
        return await self._watch.told("schedule", lambda: self._counter.shopping(contact_id, now))

    async def cities(self) -> tuple[str, ...]:
        """Return the places somebody delivers to, by name."""
        return await self._watch.told("schedule", self._counter.cities)

    async def quotes(self, city: str, weight_grams: int) -> tuple[ShippingQuote, ...]:
        """Return what each courier takes to a city, cheapest first."""
        return await self._watch.told("schedule", lambda: self._counter.quotes(city, weight_grams))

    async def voucher(self, code: str, contact_id: str, subtotal: int, now: datetime) -> Priced:
        """Return what a code is worth to this contact now."""
        worth = self._vouchers.voucher
        return await self._watch.told("schedule", lambda: worth(code, contact_id, subtotal, now))
