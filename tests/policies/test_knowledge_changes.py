"""Whose approval a change of knowledge needs."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.knowledge import PageChange, grave

HARMLESS = "Studio kami di Kemang, lantai dua."


def changed(before: str, after: str) -> tuple[str, ...]:
    return grave(PageChange(page="x.id", before=before, after=after))


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("Harga paket 4 sesi Rp 900.000.", ("money",)),
        ("Biayanya 75rb ya, Kak.", ("money",)),
        ("Parkir gratis di depan.", ("money",)),
        ("Transfer ke {bank} {account}.", ("money", "policy")),
        ("We give 10% off.", ("money",)),
        ("The lesson is free.", ("money",)),
        ("Ganti jadwal {free_reschedules} kali, paling lambat {cutoff_text}.", ("policy",)),
        ("Kalau batal, sesinya hangus.", ("policy",)),
        ("Please read our cancellation terms.", ("policy",)),
        ("Fees are not returned: that is our policy.", ("money", "policy")),
        (HARMLESS, ()),
        ("Our studio is on the second floor.", ()),
        ("Bawa botol minum dan buku catatan.", ()),
    ],
)
def test_what_touches_policy_or_money_is_a_persons_either_way_round(words: str, why: tuple[str, ...]) -> None:
    assert changed(HARMLESS, words) == why
    assert changed(words, HARMLESS) == why
    assert changed("", words) == why


def test_a_page_is_taken_back_by_a_person_only() -> None:
    assert changed(HARMLESS, "") == ("taken_back",)
    assert changed("Harga Rp 1.000", "") == ("taken_back", "money")


@given(
    before=st.text(),
    after=st.text(),
    words=st.sampled_from(["Rp 5.000", "refund", "{cutoff_text}", "aturan"]),
)
def test_no_words_around_it_hide_what_is_a_persons(before: str, after: str, words: str) -> None:
    assert changed(before, f"{after} {words} {after}") != ()


def test_the_schools_pages_on_money_and_rules_are_all_a_persons() -> None:
    folder = Path(__file__).resolve().parents[2] / "desks" / "school" / "knowledge"
    for topic in (
        "price_list",
        "payment_methods",
        "refund_policy",
        "reschedule_policy",
        "privacy_policy",
        "no_show",
        "pause_leave",
        "child_safety",
    ):
        for language in ("id", "en"):
            source = (folder / f"{topic}.{language}.md").read_text(encoding="utf-8")
            assert changed(source, source), f"{topic}.{language}"
