"""What a message answers of an interview."""

import datetime as dt

import pytest

from casefile.base import Language
from casefile.lead import Answer, Lead
from policies.lead_answers import SAID_CHARS, answers, told
from tests.policies.lead_worlds import ALL, LEADS

TODAY = dt.date(2026, 11, 23)
J = 1_000_000
DONE = {name: Answer(said="x") for name in ("need", "users", "budget", "start", "detail")}


def heard(words: str, *asked: str, language: Language = "id", lead: Lead | None = None) -> dict[str, Answer]:
    return answers(words, LEADS, lead or Lead(asked=asked), language, TODAY)


def given(words: str, *asked: str, language: Language = "id") -> dict[str, object]:
    """Return what was understood, as short as it can be compared."""
    return {
        name: "?" if a.unknown else a.options or (a.low, a.high) if a.low or a.high or a.options else a.said
        for name, a in heard(words, *asked, language=language).items()
    }


def test_everything_at_once() -> None:
    found = heard(ALL)
    assert given(ALL) == {
        "need": ("website",),
        "users": (20, 20),
        "budget": (30 * J, 30 * J),
        "start": "bulan depan",
        "detail": "fiturnya katalog",
    }
    assert (found["start"].since, found["start"].until) == (dt.date(2026, 12, 1), dt.date(2026, 12, 31))


@pytest.mark.parametrize(
    ("words", "asked", "found"),
    [
        ("10-15 juta", ("budget", "start"), {"budget": (10 * J, 15 * J)}),
        ("antara sepuluh dan lima belas juta", (), {"budget": (10 * J, 15 * J)}),
        ("between 80 and 100 million", (), {"budget": (80 * J, 100 * J)}),
        ("10", ("budget",), {"budget": (10 * J, 10 * J)}),
        ("sekitar 20an kak", ("users",), {"users": (20, 20)}),
        ("punya 3 cabang, total 20 orang kasir", (), {"users": (20, 20)}),
        ("3 cabang 20 orang", (), {"users": (20, 20)}),
        ("usernya 40", (), {"users": (40, 40)}),
        ("cuma saya sendiri kak", ("users",), {"users": (1, 1)}),
        ("saya sendiri yang urus, budget 10 juta", (), {"budget": (10 * J, 10 * J)}),
        ("20", ("users", "budget"), {}),
        ("20 buah meja", ("users",), {}),
        ("5000", ("budget",), {}),
        ("Q1", ("start",), {"start": "Q1"}),
        ("dua bulan", ("start",), {"start": "2 bulan"}),
        ("sebulan 3 juta buat vendor lama, budget 40 juta", (), {"budget": (40 * J, 40 * J)}),
        ("eh budgetnya jadi 80 juta deh bukan 50 juta", (), {"budget": (80 * J, 80 * J)}),
        ("bukan website, aplikasi", (), {"need": ("app",)}),
        ("website sama aplikasi", (), {"need": ("website", "app")}),
        ("Tokonya di Kemang", (), {"need": ("website",)}),
    ],
)
def test_answers_are_taken_as_they_come(words: str, asked: tuple[str, ...], found: dict[str, object]) -> None:
    assert given(words, *asked) == found


@pytest.mark.parametrize(
    ("words", "asked", "unknown"),
    [
        ("belum tau budgetnya", ("budget", "start"), {"budget"}),
        ("belum tau kak", ("budget", "start"), {"budget", "start"}),
        ("rahasia dong", ("budget",), {"budget"}),
        ("tergantung harganya", ("budget", "start"), {"budget"}),
        ("lanjut lewat WA aja", ("budget",), set()),
        (
            "udah langsung aja, ga usah banyak tanya",
            ("need",),
            {"need", "users", "budget", "start", "detail"},
        ),
    ],
)
def test_not_knowing_is_an_answer(words: str, asked: tuple[str, ...], unknown: set[str]) -> None:
    found = heard(words, *asked)
    assert {name for name, answer in found.items() if answer.unknown} == unknown


def test_one_is_known_and_the_other_is_not() -> None:
    found = given("we don't know the budget yet but ASAP", "budget", "start", language="en")
    assert found == {"budget": "?", "start": "ASAP"}


def test_free_words_are_taken_when_they_were_asked_for() -> None:
    long = "Bisa bayar di tempat" + " dan kirim" * 40
    assert given("Yang penting bisa bayar di tempat", "detail") == {
        "detail": "Yang penting bisa bayar di tempat"
    }
    assert given("halo kak", "detail") == {}
    assert len(heard(long, "detail")["detail"].said) == SAID_CHARS


def test_a_day_read_in_the_message_answers_when() -> None:
    found = answers("tanggal 3", LEADS, Lead(asked=("start",)), "id", TODAY, [dt.date(2026, 12, 3)])
    assert found["start"] == Answer(said="03/12/2026", since=dt.date(2026, 12, 3), until=dt.date(2026, 12, 3))


def test_once_noted_a_bare_time_is_about_meeting() -> None:
    noted = Lead(answers=DONE, noted=True)
    assert heard("minggu depan", lead=noted) == {}
    assert heard("mulainya jadi Maret", lead=noted)["start"].said == "Maret"


def test_what_asks_is_not_told() -> None:
    assert told("Garansi berapa lama? Budget 10jt. bisa nyicil ga") == "Budget 10jt."
    assert told("bisa dicicil 3 bulan?") == ""


def test_a_sum_put_forward_is_told_although_it_asks() -> None:
    assert told("Kalau 25 juta bisa ga?") == "Kalau 25 juta bisa ga?"
    assert told("would 20 million be enough?") == "would 20 million be enough?"
