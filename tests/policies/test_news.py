import pytest
from hypothesis import given

from casefile.case import Case
from casefile.reading import Reading, Request
from policies.gate import came_down_by, verdict_of
from policies.news import approved, asked_about, asks_for_news, only_news
from tests.policies.worlds import UNHURRIED, World, case, world, worlds


@pytest.mark.parametrize(
    "words",
    [
        "kira kira kapan ada kabar ?",
        "masih lama ?",
        "jadi bagaimana ?",
        "uangnya kapan masuk ?",
        "kapan uang saya balik ?",
        "sudah dihapus ?",
        "refundku sudah diproses belum ya ?",
        "laporan saya bagaimana kelanjutannya ?",
        "sudah sampai mana kakak prosesnya",
        "how long until i get it ?",
        "any news ?",
        "any update on my request ?",
        "when will the money arrive ?",
        "is my data deleted yet ?",
        "so what is the status ?",
    ],
)
def test_these_only_ask_for_news(words: str) -> None:
    assert asks_for_news(words)


@pytest.mark.parametrize(
    "words",
    [
        "mau refund , kapan uang saya balik ?",
        "harga paket berapa ?",
        "bagaimana cara daftar ?",
        "kapan les saya ?",
        "masih lama ? saya lapor polisi ya",
        "how long is a lesson ?",
        "when will you refund me , i want my money back",
        "hapus data saya",
        "",
    ],
)
def test_what_says_anything_else_is_no_mere_news(words: str) -> None:
    assert not asks_for_news(words)


def heard(words: str, *intents: str, signals: tuple[str, ...] = ()) -> Reading:
    requests = tuple(Request(intent=i, confidence=0.9, text=words, signals=signals) for i in intents)
    return Reading(language="id", normalized=words, requests=requests, signals=signals)


REFUND = case(
    id="A", intent="refund_request", state="awaiting_approval", tags=("signal:refund",), approval_id="A-1"
)
PERSON = case(id="B", intent="human_request", state="with_person")
DENIED = case(
    id="C", intent="refund_request", state="answered", tags=("signal:refund",), disposition="denied"
)
FAQ = case(id="D", intent="faq.price_list", state="answered")


@pytest.mark.parametrize(
    ("reading", "cases", "wanted"),
    [
        (heard("uangnya kapan masuk ?", "refund_request", signals=("refund",)), (PERSON, REFUND), "A"),
        (heard("uangnya kapan masuk ?", "refund_request", signals=("refund",)), (DENIED,), "C"),
        (heard("uangnya kapan masuk ?", "refund_request", signals=("refund",)), (PERSON, FAQ), None),
        (heard("uangnya kapan masuk ?", "refund_request", signals=("refund",)), (), None),
        (heard("masih lama ?", "faq.waiting_list"), (FAQ, PERSON, DENIED), "B"),
        (heard("masih lama ?", "faq.waiting_list"), (FAQ,), None),
        (heard("how about my thing", "case_status"), (PERSON,), "B"),
        (heard("halo ?", "greeting"), (PERSON,), "B"),
        (heard("kakak ?", "affirm"), (PERSON,), "B"),
        (heard("halo ?", "greeting"), (DENIED,), None),
        (heard("halo kakak", "greeting"), (PERSON,), None),
        (heard("any news ?"), (PERSON,), "B"),
        (heard("masih lama ?", "case_status", "next_session"), (PERSON,), None),
    ],
)
def test_news_is_asked_of_what_is_named_then_of_what_is_open_then_of_what_was_decided(
    reading: Reading, cases: tuple[Case, ...], wanted: str | None
) -> None:
    found = asked_about(reading, cases)
    assert (found.id if found else None) == wanted


def test_a_yes_to_something_in_its_place_is_none_to_what_was_asked() -> None:
    assert approved(case(disposition="approved"))
    assert not approved(case(disposition="approved", meanings=("credit",)))
    assert not approved(DENIED)


def test_only_what_the_case_is_about_is_its_news() -> None:
    assert only_news(REFUND, "case_status", ("refund",))
    assert not only_news(REFUND, "refund_request", ("refund",))
    assert not only_news(PERSON, "case_status", ("refund",))
    assert not only_news(case(), "case_status", ())
    assert not only_news(REFUND, "case_status", ("refund", "legal"))


def test_news_of_a_refund_asks_for_no_refund_and_comes_down_by_the_record() -> None:
    matter = world(
        "case_status", "refund", on=case(intent="refund_request", tags=("signal:refund",))
    ).matter()
    verdict = verdict_of(matter, world("thanks").rules)
    assert (verdict.decision, verdict.rules[0].id, verdict.floor, verdict.tier) == (
        "ANSWER",
        "R0.news",
        "R3",
        "R0",
    )
    assert came_down_by(matter) == "records"


def test_the_same_words_about_nothing_on_file_stay_what_they_were() -> None:
    w = world("case_status", "refund")
    assert verdict_of(w.matter(), w.rules).rules[0].id == "R3.refund"


@UNHURRIED
@given(worlds())
def test_news_never_hides_what_the_case_is_not_about(w: World) -> None:
    matter = w.matter()
    if matter.news:
        own = {tag.removeprefix("signal:") for tag in w.case.tags}
        assert matter.signals - {"policy_question", "unsure"} <= own
