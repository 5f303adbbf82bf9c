"""Pages and goods are searched together: the same on both databases, only what may be cited, only what fits."""

from pathlib import Path
from typing import Any

import pytest
from services_scenes import NOW, ZONE
from shop_scenes import Shop

from policies.limits import Limits
from ports.search import Query
from services.knowledge import KnowledgeBase
from services.pages import Page, parse_page
from services.search import DeskSearch

PAGE = """---
Topic: {topic}
Title: {title}
Status: {status}
Effective date: {day}
Owner: Toko
Last reviewed: 2026-01-05
Applies to: all customers
Language: {language}
---

{answer}
"""


def page(
    topic: str, language: str, title: str, answer: str, status: str = "Published", day: str = "2026-01-05"
) -> Page:
    source = PAGE.format(topic=topic, language=language, title=title, answer=answer, status=status, day=day)
    return parse_page(f"{topic}.{language}", source)


PAGES = (
    page("care", "id", "Cara merawat", "Linen boleh dicuci mesin, Kak."),
    page("care", "en", "Care", "Linen can be machine washed."),
    page("cod", "id", "Bayar di tempat", "Bayar tunai ke kurir bisa di Jakarta."),
    page("linen_week", "id", "Pekan linen", "Semua linen diskon.", status="Draft"),
    page("linen_next", "id", "Linen baru", "Linen baru bulan depan.", day="2027-01-01"),
)


@pytest.fixture
async def search(shop: Shop) -> DeskSearch:
    knowledge = KnowledgeBase(shop.database, Limits(), ZONE)
    await knowledge.publish(PAGES, "sf_tari", NOW)
    return DeskSearch(shop.shop, knowledge, lambda: {"cod": ["bisa cod ga"]})


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"text": "kemeja linen"}, ["pr_kemeja", "care"]),
        ({"text": "linen dicuci mesin"}, ["care", "pr_kemeja"]),
        ({"text": "how is linen washed", "language": "en", "kinds": {"page"}}, ["care"]),
        ({"text": "linen", "kinds": {"product"}}, ["pr_kemeja"]),
        # Nothing on the page says "cod": somebody once asked for it so.
        ({"text": "COD dong"}, ["cod"]),
        ({"text": "jaket kaos kemeja", "top": 2}, ["pr_jaket", "pr_kemeja"]),
        ({"text": "kaos", "colour": "navy"}, ["pr_kaos"]),
        ({"text": "kaos", "colour": "navy", "in_stock": True}, []),
        ({"text": "jaket", "most_price": 100_000}, []),
        ({"text": "?!"}, []),
    ],
)
async def test_what_is_found_and_in_which_order(
    search: DeskSearch, query: dict[str, Any], found: list[str]
) -> None:
    hits = await search.find(Query.model_validate(query), NOW)
    assert [hit.id for hit in hits] == found
    assert all(hit.score > 0 for hit in hits)


async def test_a_page_comes_as_it_is_cited_and_a_product_as_it_stands(search: DeskSearch, shop: Shop) -> None:
    (shirt, care) = await search.find(Query(text="kemeja linen"), NOW)
    assert care.page is not None and care.product is None
    assert (care.title, care.page.excerpt) == ("Cara merawat", "Linen boleh dicuci mesin, Kak.")
    assert care.page.release == "v2026-02-10.1"
    assert shirt.product is not None and {v.stock for v in shirt.product.variants} != {0}
    await shop.set("UPDATE variants SET free = 0")
    (again, _) = await search.find(Query(text="kemeja linen"), NOW)
    assert again.product is not None and {v.stock for v in again.product.variants} == {0}


async def test_a_page_without_the_language_asked_for_is_not_found(search: DeskSearch) -> None:
    assert await search.find(Query(text="cod", language="en"), NOW) == ()


def test_recall_is_measured_over_enough_of_our_own_questions() -> None:
    import yaml

    root = Path(__file__).parents[2]
    asked = yaml.safe_load((root / "benchmarks" / "retrieval.yaml").read_text(encoding="utf-8"))
    assert sum(map(len, asked.values())) >= 120
    assert sum(len(set(texts)) >= 8 for texts in asked.values()) >= 15
    products = {
        row["id"] for row in yaml.safe_load((root / "desks/shop/records/products.yaml").read_text("utf-8"))
    }
    pages = {path.name.split(".")[0] for path in (root / "desks/shop/knowledge").glob("*.md")}
    assert {name.removeprefix("page:") for name in asked} <= products | pages
