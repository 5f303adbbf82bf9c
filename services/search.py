"""One search over what can be cited and what is sold, ranked together (store/ranking.py)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import islice

from casefile.shop import Product
from ports.embeddings import Meaning, Nearness
from ports.search import Found, Query
from ports.shop import Catalogue, Wanted
from services.knowledge import KnowledgeBase
from services.pages import Page
from store.ranking import Fields, index_of, joined, words
from store.shop_sources import WEIGHTS, fields_of, passage_of

PAGE_WEIGHTS = {"title": 3.0, "topic": 2.0, "asked": 1.0, "answer": 1.0, "detail": 0.5}
ALL = 100_000
Asked = Mapping[str, Sequence[str]]


class DeskSearch:
    """Implements ports.search.Search.

    `asked` gives the ways people are known to ask for a page, by topic; it is read once, when first searched.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        knowledge: KnowledgeBase,
        asked: Callable[[], Asked],
        meaning: Meaning | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._knowledge = knowledge
        self._ask = asked
        self._meaning = meaning
        self._asked: Asked | None = None

    async def find(self, query: Query, now: datetime) -> tuple[Found, ...]:
        """Return pages and products that share words with the query, best first.

        All of both are weighed against one another, whatever the query filters: a word is rare or common in
        everything the desk has.
        """
        if self._asked is None:
            self._asked = self._ask()
        pages = _by_topic(self._knowledge.pages_in_force())
        products = [hit.product for hit in await self._catalogue.search(Wanted(text="", top=ALL))]
        texts = (
            *(_page_fields(topic, both, self._asked.get(topic, ())) for topic, both in pages.items()),
            *(fields_of(product) for product in products),
        )
        shared = index_of(texts, tuple((PAGE_WEIGHTS | WEIGHTS).items())).scores(query.text)
        scores = joined(shared, await self._near(query.text, pages, products))
        found: list[Found] = []
        if "page" in query.kinds:
            for topic, score in zip(pages, scores[: len(pages)], strict=True):
                excerpt = await self._knowledge.excerpt(topic, query.language, now) if score > 0 else None
                if excerpt is not None:
                    found.append(Found(kind="page", id=topic, title=excerpt.title, score=score, page=excerpt))
        if "product" in query.kinds:
            fitting = await self._fitting(query, products)
            for product, score in zip(products, scores[len(pages) :], strict=True):
                if score > 0 and product.id in fitting:
                    found.append(
                        Found(kind="product", id=product.id, title=product.name, score=score, product=product)
                    )
        return tuple(sorted(found, key=lambda one: -one.score)[: query.top])

    async def _near(
        self, text: str, pages: Mapping[str, Sequence[Page]], products: Sequence[Product]
    ) -> Nearness | None:
        """Return how near each topic and product lies; a topic as near as the nearer of its pages."""
        if self._meaning is None or not words(text):
            return None
        written = [[page_passage(page) for page in both] for both in pages.values()]
        written += [[passage_of(product)] for product in products]
        near = await self._meaning.near(text, [passage for passages in written for passage in passages])
        if near is None:
            return None
        cosines = iter(near.cosines)
        return Nearness(
            cosines=tuple(max(islice(cosines, len(passages))) for passages in written), enough=near.enough
        )

    async def _fitting(self, query: Query, products: Sequence[Product]) -> set[str]:
        wanted = Wanted(
            text="",
            size=query.size,
            colour=query.colour,
            in_stock=query.in_stock,
            most_price=query.most_price,
            top=ALL,
        )
        if wanted == Wanted(text="", top=ALL):
            return {product.id for product in products}
        return {hit.product.id for hit in await self._catalogue.search(wanted)}


def page_passage(page: Page) -> str:
    """Return what a page says as one text, to be embedded."""
    return f"{page.title}. {page.answer} {page.next_detail}".strip()


def _by_topic(pages: Sequence[Page]) -> dict[str, list[Page]]:
    """Return a release's pages by topic: people mix languages, so both are searched as one text."""
    topics: dict[str, list[Page]] = {}
    for page in pages:
        topics.setdefault(page.page_id, []).append(page)
    return topics


def _page_fields(topic: str, pages: Sequence[Page], asked: Sequence[str]) -> Fields:
    return (
        ("title", " ".join(page.title for page in pages)),
        ("topic", topic.replace("_", " ")),
        ("asked", " ".join(asked)),
        ("answer", " ".join(page.answer for page in pages)),
        ("detail", " ".join(page.next_detail for page in pages)),
    )
