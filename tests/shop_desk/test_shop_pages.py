"""The shop's pages: the rules every page keeps, and what they state is what the records and limits hold."""

import itertools
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from policies.limits import Limits
from services.pages import Page, read_pages
from tests.knowledge_pages.test_pages import INTERNAL, PROMISES, numbers, placeholders

DESK = Path(__file__).parents[2] / "desks" / "shop"
PAGES = {(page.page_id, page.language): page for page in read_pages(DESK / "knowledge")}
TOPICS = sorted({topic for topic, _ in PAGES})
NOW = date(2026, 2, 10)
DRAFTS = {"draft_second_store", "draft_repair_service"}
NOT_YET = {"future_loyalty"}
LIMITS = {"{exchange_days}", "{pay_hours}", "{order_review}"}
PAY_TO = {"{bank}", "{account}", "{holder}"}
EACH_PAGE = pytest.mark.parametrize("page", PAGES.values(), ids=lambda p: p.name)


def records(name: str) -> list[dict[str, Any]]:
    """Read one file of sample records."""
    rows: list[dict[str, Any]] = yaml.safe_load(
        (DESK / "records" / f"{name}.yaml").read_text(encoding="utf-8")
    )
    return rows


def filled(text: str) -> str:
    """Put the longest values in, as they are sent."""
    for name, value in (("{account}", "1270009876543"), ("{holder}", "CV Kancing Pagi Sandang")):
        text = text.replace(name, value)
    return text.replace("{order_review}", "Rp 1.000.000")


def test_both_languages_and_the_agreed_standing() -> None:
    assert set(PAGES) == set(itertools.product(TOPICS, ("id", "en")))
    standing = {t: (PAGES[t, "id"].status, PAGES[t, "id"].effective <= NOW) for t in TOPICS}
    assert {t for t, (status, _) in standing.items() if status == "Draft"} == DRAFTS
    assert {t for t, (status, due) in standing.items() if status == "Published" and not due} == NOT_YET
    assert len(TOPICS) - len(DRAFTS) - len(NOT_YET) >= 25
    for topic in TOPICS:
        indonesian, english = PAGES[topic, "id"], PAGES[topic, "en"]
        for key in ("status", "effective", "owner", "last_reviewed", "applies_to"):
            assert getattr(indonesian, key) == getattr(english, key), (topic, key)
        assert bool(indonesian.next_detail) == bool(english.next_detail)
        assert numbers(indonesian.answer) == numbers(english.answer), topic
        assert numbers(indonesian.next_detail) == numbers(english.next_detail), topic
        assert placeholders(indonesian.answer) == placeholders(english.answer)


@EACH_PAGE
def test_what_is_sent_is_short_kind_and_promises_nothing(page: Page) -> None:
    assert 100 <= len(filled(page.answer)) <= 420
    assert len(page.next_detail) <= 140 and "?" not in page.answer + page.next_detail
    sent = f"{page.title} {page.answer} {page.next_detail}"
    assert not INTERNAL.search(sent) and not PROMISES.search(sent)
    assert bool(re.search(r"\bkak(ak)?\b", page.answer, re.IGNORECASE)) == (page.language == "id")
    used = set(placeholders(sent))
    assert used <= LIMITS | (PAY_TO if page.page_id == "payment_methods" else set())
    separator = r"\." if page.language == "id" else ","
    amounts = re.findall(r"\bRp\b\s*[\d.,]*\d", sent)
    assert all(re.fullmatch(rf"Rp \d{{1,3}}(?:{separator}\d{{3}})+", amount) for amount in amounts)
    assert len(amounts) == len(re.findall(r"\bRp\b", sent))


@pytest.mark.parametrize("language", ("id", "en"))
def test_pages_are_told_apart(language: str) -> None:
    pages = [page for page in PAGES.values() if page.language == language]
    titles = [page.title for page in pages]
    assert len(titles) == len(set(titles)) and all(len(title) <= 20 for title in titles)
    words = {page.page_id: set(re.findall(r"\w+", page.answer.lower())) for page in pages}
    for one, other in itertools.combinations(words, 2):
        assert len(words[one] & words[other]) / len(words[one] | words[other]) < 0.5, (one, other)


def test_pages_say_what_the_records_hold() -> None:
    (first,) = (v for v in records("vouchers") if v["code"] == "KANCINGBARU")
    for language in ("id", "en"):
        promo = PAGES["promo", language].answer
        assert "KANCINGBARU" in promo
        assert {str(first["percent"]), str(first["most_discount"]), str(first["least_subtotal"])} <= set(
            numbers(promo)
        )
        named = PAGES["couriers", language].answer
        couriers = {rate["courier"] for rate in records("shipping")} - {"Kurir Toko"}
        assert all(courier in named for courier in couriers)
    own = {rate["city"] for rate in records("shipping") if rate["courier"] == "Kurir Toko"}
    assert {city.split()[0] if city.startswith("Jakarta") else city for city in own} == {
        "Jakarta",
        "Depok",
        "Tangerang Selatan",
    }


def test_pages_say_the_opening_hours_and_the_limits_in_force() -> None:
    desk = yaml.safe_load((DESK / "desk.yaml").read_text(encoding="utf-8"))
    times = {time.replace(":", "") for day in desk["hours"]["week"].values() for time in day}
    for language in ("id", "en"):
        assert set(numbers(PAGES["store_hours", language].answer)) == times
        assert "{exchange_days}" in PAGES["return_policy", language].answer
        assert "{pay_hours}" in PAGES["how_to_order", language].answer
    limits = Limits.model_validate(desk["limits"])
    assert limits.reservation_minutes % 60 == 0
