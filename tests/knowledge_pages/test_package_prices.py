"""Prices have one place, and the pages say the same: every package on sale, in both languages."""

from pathlib import Path

import pytest
import yaml

from app.desk_settings import read_desk
from casefile.base import Language
from casefile.enrolments import PackageOffer
from casefile.money import rupiah
from services.pages import read_pages

SCHOOL = Path(__file__).parents[2] / "desks" / "school"
OFFERS = [
    PackageOffer.model_validate(row)
    for row in yaml.safe_load((SCHOOL / "records" / "packages.yaml").read_text(encoding="utf-8"))
]
LANGUAGES: tuple[Language, ...] = ("id", "en")
PAGES = {
    (page.page_id, page.language): page.source
    for page in read_pages(SCHOOL / "knowledge")
    if page.status == "Published"
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("offer", [o for o in OFFERS if o.published], ids=lambda offer: offer.id)
def test_the_page_of_a_package_states_its_price(offer: PackageOffer, language: Language) -> None:
    assert rupiah(offer.price, language) in PAGES[offer.page, language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_state_the_fee_the_discount_and_the_validity_that_are_charged(language: Language) -> None:
    limits = read_desk(SCHOOL / "desk.yaml").limits
    assert rupiah(limits.registration_fee, language) in PAGES["registration_fee", language]
    assert f"{limits.sibling_percent}%" in PAGES["sibling_discount", language]
    assert str(limits.trial_credit_days) in PAGES["price_trial", language]
    for offer in OFFERS:
        if "privat" in offer.words:
            assert f"{offer.weeks} " in PAGES["package_validity", language]
