"""Every page a customer can be sent is complete, kind, the same in both languages, free of our own jargon."""

import itertools
import re
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

DESK = Path(__file__).parents[2] / "desks" / "school"
LANGUAGES = ("id", "en")
TOPICS = Path(__file__).with_name("topics.txt").read_text(encoding="utf-8").split()
DRAFTS = ("draft_summer_camp", "draft_new_branch", "draft_price_2027")
NOT_YET = ("future_family_package",)

REQUIRED = {
    "Topic": str,
    "Title": str,
    "Status": str,
    "Effective date": date,
    "Owner": str,
    "Last reviewed": date,
    "Applies to": str,
    "Language": str,
    "Intent": str,
}
INTERNAL = re.compile(
    r"\b(tiers?|r[0-3]|gates?|prompts?|orchestrator|lanes?|snapshots?|templates?|ledger|audit|escalat\w*|approv\w*|"
    r"operators?|bots?|ai|llm|models?|tools?|roles?|cases?|verdict|webhook|database|telegram|mattermost|server|"
    r"sandbox|frontline|specialist|intents?|faq|handover|takeover|degraded)\b",
    re.IGNORECASE,
)
PROMISES = re.compile(
    r"\b(dijamin|garansi|pasti|guarantee\w*|confirmed|rescheduled|refunded|terkonfirmasi|dikonfirmasi|lunas|"
    r"always|selalu|definitely|akan (?:kami )?kembalikan|will (?:be )?refund\w*)\b",
    re.IGNORECASE,
)
PLACEHOLDERS_ALLOWED = {
    "reschedule_policy",
    "late_arrival",
    "sick_policy",
    "no_show",
    "makeup_class",
    "cancellation_policy",
}
PAY_TO = {"{bank}", "{account}", "{holder}"}
CUTOFFS = {
    "id": ("60 menit sebelum sesi mulai", "H-1, yaitu 1 hari sebelum hari sesi"),
    "en": ("60 minutes before the session starts", "1 day before the day of the session"),
}


class Page(NamedTuple):
    """One page as its file has it."""

    file_topic: str
    file_language: str
    head: dict[str, Any]
    answer: str
    body: str

    @property
    def sent(self) -> str:
        """Everything of the page a customer can be sent."""
        return f"{self.answer} {self.head.get('Next detail', '')}".strip()


def load_pages() -> dict[tuple[str, str], Page]:
    """Read every page, by topic and language."""
    pages = {}
    for path in sorted((DESK / "knowledge").iterdir()):
        topic, language, suffix = path.name.split(".")
        assert suffix == "md", path.name
        opening, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
        assert opening == "", path.name
        body = body.strip()
        pages[topic, language] = Page(topic, language, yaml.safe_load(front), body.split("\n\n")[0], body)
    return pages


def load_records(name: str) -> list[dict[str, Any]]:
    """Read one file of sample records."""
    path = DESK / "records" / f"{name}.yaml"
    rows: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return rows


def numbers(text: str) -> list[str]:
    """List the numbers of a text, without their separators, sorted."""
    return sorted(re.sub(r"[.,:]", "", found) for found in re.findall(r"\d+(?:[.,:]\d+)*", text))


def in_effect(page: Page, on: date) -> bool:
    """Say whether a page may be cited on a day."""
    effective: date = page.head["Effective date"]
    return bool(page.head["Status"] == "Published" and effective <= on)


PAGES = load_pages()
EACH_PAGE = pytest.mark.parametrize("page", PAGES.values(), ids=lambda p: f"{p.file_topic}.{p.file_language}")


def placeholders(text: str) -> list[str]:
    """List the placeholders of a text, sorted."""
    return sorted(re.findall(r"\{[^}]*\}", text))


def test_there_is_exactly_one_page_per_topic_and_language() -> None:
    expected = set(itertools.product((*TOPICS, *DRAFTS, *NOT_YET), LANGUAGES))
    assert set(PAGES) == expected
    assert len(TOPICS) == len(set(TOPICS)) >= 75


@EACH_PAGE
def test_front_matter_is_complete_and_agrees_with_the_file_name(page: Page) -> None:
    assert set(REQUIRED) <= set(page.head) <= {*REQUIRED, "Next detail"}
    for key, kind in REQUIRED.items():
        assert type(page.head[key]) is kind and page.head[key], key
    assert page.head["Topic"] == page.file_topic
    assert page.head["Language"] == page.file_language
    assert page.head["Intent"] == f"faq.{page.file_topic}"
    assert page.head["Status"] in {"Published", "Draft"}
    assert page.head["Applies to"] in {"all students", "prospects", "parents"}


@pytest.mark.parametrize("topic", (*TOPICS, *DRAFTS, *NOT_YET))
def test_the_two_languages_carry_the_same_standing(topic: str) -> None:
    indonesian, english = (PAGES[topic, language].head for language in LANGUAGES)
    for key in ("Status", "Effective date", "Owner", "Last reviewed", "Applies to"):
        assert indonesian[key] == english[key], key
    assert ("Next detail" in indonesian) == ("Next detail" in english)


def test_only_the_agreed_pages_are_drafts_or_not_yet_in_effect() -> None:
    on = date(2026, 2, 10)
    assert {topic for (topic, _), page in PAGES.items() if in_effect(page, on)} == set(TOPICS)
    assert {topic for (topic, _), page in PAGES.items() if page.head["Status"] == "Draft"} == set(DRAFTS)
    for topic in NOT_YET:
        assert PAGES[topic, "id"].head["Status"] == "Published"
        assert PAGES[topic, "id"].head["Effective date"] >= date(2027, 1, 1)


@EACH_PAGE
def test_the_answer_fits_one_whatsapp_message_and_asks_nothing(page: Page) -> None:
    assert 100 <= len(page.answer) <= 420
    assert "\n" not in page.answer and "?" not in page.answer
    for cutoff in CUTOFFS[page.file_language]:
        assert len(page.answer.replace("{cutoff_text}", cutoff).replace("{free_reschedules}", "2")) <= 420
    detail = page.head.get("Next detail", "")
    # A question nobody answers "yes" to: there is no flow behind a page's offer.
    assert len(detail) <= 140 and "?" not in detail and "\n" not in detail


@EACH_PAGE
def test_nothing_sent_uses_our_own_words_or_promises_more_than_policy(page: Page) -> None:
    for pattern in (INTERNAL, PROMISES):
        found = pattern.search(f"{page.head['Title']} {page.sent}")
        assert found is None, found


@EACH_PAGE
def test_placeholders_stand_only_where_limits_are_stated(page: Page) -> None:
    used = set(placeholders(page.answer))
    if page.file_topic == "payment_methods":
        # "To which account?" is answered from the same settings as every invoice.
        assert used == PAY_TO
        used = set()
    assert used <= {"{free_reschedules}", "{cutoff_text}"}
    assert not placeholders(page.sent[len(page.answer) :])
    assert bool(used) == (page.file_topic in PLACEHOLDERS_ALLOWED)


@pytest.mark.parametrize("topic", (*TOPICS, *DRAFTS, *NOT_YET))
def test_numbers_and_placeholders_are_the_same_in_both_languages(topic: str) -> None:
    indonesian, english = (PAGES[topic, language] for language in LANGUAGES)
    assert numbers(indonesian.answer) == numbers(english.answer)
    assert numbers(indonesian.sent) == numbers(english.sent)
    assert placeholders(indonesian.answer) == placeholders(english.answer)


@EACH_PAGE
def test_rupiah_is_written_as_its_readers_write_it(page: Page) -> None:
    separator = r"\." if page.file_language == "id" else ","
    amounts = re.findall(r"\bRp\b\s*[\d.,]*\d", page.body)
    for amount in amounts:
        assert re.fullmatch(rf"Rp \d{{1,3}}(?:{separator}\d{{3}})+", amount), amount
    assert len(amounts) == page.body.count("Rp")


@EACH_PAGE
def test_an_indonesian_page_is_warm_and_an_english_one_is_english(page: Page) -> None:
    spoken = re.search(r"\bkak(ak)?\b", page.sent, re.IGNORECASE)
    assert (spoken is not None) == (page.file_language == "id")
    assert not re.search(r"@(?!suarakita\b)", page.body)


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_are_distinct(language: str) -> None:
    words = {
        topic: set(re.findall(r"\w+", page.answer.lower()))
        for (topic, spoken), page in PAGES.items()
        if spoken == language
    }
    for one, other in itertools.combinations(words, 2):
        shared = len(words[one] & words[other]) / len(words[one] | words[other])
        assert shared < 0.5, (one, other, round(shared, 2))


def test_titles_are_distinct_and_fit_a_button() -> None:
    titles = [(page.file_language, page.head["Title"]) for page in PAGES.values()]
    assert len(titles) == len(set(titles))
    assert all(len(title) <= 20 for _, title in titles)


def test_sample_bills_ask_the_published_prices() -> None:
    """The package names of the records are read off the two price pages, so the two cannot drift apart."""
    kinds = {"Privat": "price_list", "Anak": "price_list", "Online": "price_online"}
    packages = [i for i in load_records("invoices") if i["description"].startswith("Paket ")]
    assert len(packages) > 10
    for invoice in packages:
        _, kind, sessions, _ = invoice["description"].split()
        price = f"{sessions} sesi Rp {invoice['amount']:,}".replace(",", ".")
        assert price in PAGES[kinds[kind], "id"].answer, (invoice["number"], price)


def test_pages_name_the_coaches_that_teach() -> None:
    coaches = {coach["name"] for coach in load_records("coaches")}
    for page in PAGES.values():
        assert set(re.findall(r"\bCoach ([A-Z]\w+)", page.body)) <= coaches, page.file_topic
    for name, language in itertools.product(coaches, LANGUAGES):
        assert f"Coach {name}" in PAGES["coach_profiles", language].answer
