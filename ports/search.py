"""One search over what a desk can say and sell: its published pages and its catalogue."""

from datetime import datetime
from typing import Literal, Protocol

from casefile.base import Frozen, Language
from casefile.packets import KbExcerpt
from casefile.shop import Product

Kind = Literal["page", "product"]


class Query(Frozen):
    """What is looked for: somebody's words, which kinds of things, and what must hold of a product."""

    text: str
    language: Language = "id"
    kinds: frozenset[Kind] = frozenset({"page", "product"})
    size: str | None = None
    colour: str | None = None
    in_stock: bool = False
    most_price: int | None = None
    top: int = 5


class Found(Frozen):
    """One thing found: the page as it would be cited, or the product; `score` compares within one search."""

    kind: Kind
    id: str
    title: str
    score: float
    page: KbExcerpt | None = None
    product: Product | None = None


class Search(Protocol):
    """Finds pages and products by words."""

    async def find(self, query: Query, now: datetime) -> tuple[Found, ...]:
        """Return what shares words with the query, best first; only what may be cited at `now`, or fits."""
        ...
