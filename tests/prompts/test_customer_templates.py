"""Every customer text, in both languages, with sample values: the rules of spec 4 and pre-send QA itself."""

import re
from pathlib import Path

import pytest

from casefile.base import Language
from policies.limits import Limits
from policies.promises import check
from prompts.catalogue import LANGUAGES
from prompts.proof import load_samples, sample
from prompts.render import Rendered, Templates

ROOT = Path(__file__).parents[2]
SHARED = ROOT / "prompts" / "templates"
SAMPLES = load_samples(ROOT / "prompts" / "samples.yaml")
BOOKS = {
    "shared": Templates.load(SHARED, None),
    "school": Templates.load(SHARED, ROOT / "desks" / "school" / "templates"),
    "shop": Templates.load(SHARED, ROOT / "desks" / "shop" / "templates"),
    "appointments": Templates.load(SHARED, ROOT / "prompts" / "appointments" / "templates"),
}
# pieces that go into other templates, not messages by themselves
LINES = {
    "session_line",
    "slot_line",
    "choice_line",
    "faq_answer",
    "shop_line",
    "shop_stock_line",
    "shop_item_line",
}
LINES |= {"order_line", "booking_line"}
# what must be done or decided before the text may be sent
DONE: dict[str, frozenset[str]] = {
    "reschedule_done": frozenset({"rescheduled"}),
    "reschedule_exception_done": frozenset({"rescheduled", "exception"}),
    "refund_approved": frozenset({"refunded", "approved"}),
    "refund_sent": frozenset({"refunded"}),
    "refund_approved_conditions": frozenset({"refunded", "approved"}),
    "exception_approved": frozenset({"exception", "approved"}),
    "exception_approved_arrange": frozenset({"exception", "approved"}),
    "exception_approved_conditions": frozenset({"exception", "approved"}),
    "cancel_approved": frozenset({"cancelled", "approved"}),
    "cancel_approved_conditions": frozenset({"cancelled", "approved"}),
    "order_review_approved": frozenset({"approved"}),
    "enrol_review_approved": frozenset({"approved"}),
    "trial_paid": frozenset({"confirmed"}),
    "enrol_paid": frozenset({"confirmed"}),
    "renewal_paid": frozenset({"confirmed"}),
    "order_change_approved": frozenset({"approved"}),
    "order_done_cancel": frozenset({"cancelled"}),
    "booking_cancelled": frozenset({"cancelled"}),
    "booking_cancel_approved": frozenset({"cancelled", "approved"}),
    "news_approved": frozenset({"approved"}),
    "news_approved_order": frozenset({"approved"}),
    "privacy_approved": frozenset({"approved"}),
    "privacy_approved_conditions": frozenset({"approved"}),
    "payment_confirmed": frozenset({"confirmed"}),
    "payment_status_confirmed": frozenset({"confirmed"}),
}
INTERNAL = re.compile(
    r"\b(R[0-3]|tier|gate|lane|prompt|orchestrator|frontline|agent|agen|tool|snapshot|webhook|case|kasus|VIP)s?\b",
    re.IGNORECASE,
)
PROMISE = re.compile(
    r"\b(pasti|dijamin|jaminan|janji\w*|sudah dipindah\w*|disetujui|akan dikembalikan|guarantee\w*|promised?"
    r"|definitely|has been (moved|approved|refunded)|will be refunded|just this once)\b",
    re.IGNORECASE,
)
STIFF = re.compile(
    r"\b(Anda|mohon maaf atas ketidaknyamanan\w*|kesediaannya|dimohon|kindly|as per|valued customer|dear)\b",
    re.IGNORECASE,
)


def _forms() -> list[tuple[str, str, Language, bool]]:
    return [
        (book, template_id, language, pending)
        for book, templates in BOOKS.items()
        for template_id in templates.variables
        for language in LANGUAGES
        for pending in ((False, True) if templates.has_pending(template_id) else (False,))
    ]


FORMS = _forms()


def _said(book: str, template_id: str, language: Language, pending: bool) -> Rendered:
    return sample(BOOKS[book], template_id, language, SAMPLES, pending)


@pytest.mark.parametrize(("book", "template_id", "language", "pending"), FORMS)
def test_a_text_keeps_the_house_rules(book: str, template_id: str, language: Language, pending: bool) -> None:
    text = _said(book, template_id, language, pending).text
    assert template_id == "invoice" or len(text) <= 700
    assert text.count("?") <= 2
    assert not INTERNAL.search(text)
    assert not STIFF.search(text)
    assert template_id in DONE or not PROMISE.search(text)
    assert len(re.findall(r"\bKak(?:ak)?\b", text)) <= (2 if language == "id" else 0)
    assert len(re.findall("[\U0001f300-\U0001faff]", text)) <= 1
    assert "{" not in text and "[[" not in text
    assert text == text.strip()


@pytest.mark.parametrize(("book", "template_id", "language", "pending"), FORMS)
def test_a_text_passes_pre_send_qa_on_the_facts_it_reports(
    book: str, template_id: str, language: Language, pending: bool
) -> None:
    rendered = _said(book, template_id, language, pending)
    page = [SAMPLES[language]["answer"], SAMPLES[language]["next_detail"]]
    findings = check(
        rendered.text,
        language,
        rendered.facts,
        page,
        citations=(),
        needs_citation=False,
        identity_ok=True,
        account_claim=False,
        done=DONE.get(template_id, frozenset()),
        limits=Limits(),
        invoice=template_id == "invoice",
    )
    assert findings == ()


@pytest.mark.parametrize("template_id", sorted(DONE))
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_that_says_something_is_done_is_held_back_until_it_is(
    template_id: str, language: Language
) -> None:
    rendered = _said("school", template_id, language, False)
    findings = check(
        rendered.text,
        language,
        rendered.facts,
        (),
        citations=(),
        needs_citation=False,
        identity_ok=True,
        account_claim=False,
        done=frozenset(),
        limits=Limits(),
    )
    assert findings


@pytest.mark.parametrize("book", BOOKS)
def test_no_digit_stands_in_the_words_themselves(book: str) -> None:
    literal = {
        key: template.text.literal + (template.pending.literal if template.pending else "")
        for key, template in BOOKS[book].templates.items()
    }
    assert {key for key, words in literal.items() if re.search(r"\d", words)} == set()


@pytest.mark.parametrize(("book", "template_id", "language", "pending"), FORMS)
def test_a_text_carries_its_version(book: str, template_id: str, language: Language, pending: bool) -> None:
    assert re.fullmatch(
        rf"{template_id}@[1-9]\d*(-{book})?", _said(book, template_id, language, pending).template
    )


def test_a_desks_own_wording_is_told_apart_from_the_shared_one() -> None:
    assert sample(BOOKS["school"], "greeting", "id", SAMPLES).template == "greeting@1-school"
    assert sample(BOOKS["school"], "thanks_reply", "id", SAMPLES).template == "thanks_reply@1"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pending_form_states_nothing_but_when_the_answer_comes(language: Language) -> None:
    pending = [name for name in BOOKS["school"].variables if BOOKS["school"].has_pending(name)]
    assert {
        "next_session",
        "schedule",
        "quota_left",
        "payment_status_pending",
        "invoice",
        "sessions_left",
    } <= set(pending)
    for name in pending:
        assert _said("school", name, language, True).facts == (SAMPLES[language]["time_window"],)


def test_the_two_languages_do_not_share_a_text() -> None:
    for name in set(BOOKS["school"].variables) - LINES:
        assert _said("school", name, "id", False).text != _said("school", name, "en", False).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_button_labels_fit_a_button(language: Language) -> None:
    buttons = [
        key for key, spoken in BOOKS["shared"].labels if key.startswith("button.") and spoken == language
    ]
    assert len(buttons) == 14
    choices = [key for key, _ in BOOKS["shared"].labels if key.startswith("choice.")]
    assert all(len(BOOKS["shared"].label(key, language)) <= 20 for key in (*buttons, *choices))
