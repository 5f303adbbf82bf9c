"""Hostile and private words as the window shows them."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from console.masking import BROKEN, JOINER, LONGEST, Masking, visible


def test_what_cannot_be_seen_is_written_out() -> None:
    assert visible("invoice\u202egnp.exe") == "invoice⟨202E⟩gnp.exe"
    assert visible("a\u200bb\x00c\ufeff") == "a⟨200B⟩b⟨0000⟩c⟨FEFF⟩"
    assert visible("\ud800") == "⟨D800⟩"


def test_ordinary_writing_stays_as_it_is() -> None:
    for text in ("Halo Kak 🙏\nmakasih", "👨\u200d👩\u200d👧", "مرحبا", "<b>tebal</b>"):
        assert visible(text) == text


@given(st.text(alphabet=st.characters(), max_size=2000))
def test_nothing_invisible_is_left_and_nothing_is_endless(text: str) -> None:
    shown = visible(text)
    assert all(c in f"\n\t{JOINER}" or unicodedata.category(c) not in BROKEN for c in shown)
    assert len(shown) <= LONGEST * 8 + 1
    shown.encode()


def test_masked_words_are_withheld_and_notes_scrubbed() -> None:
    masked, revealed = Masking(False), Masking(True)
    assert masked.said("rahasia") == "…"
    assert masked.said("") == masked.said(None) == masked.noted(None) == ""
    assert masked.noted("tolak +62 812 0000 1001") == "tolak +62…1001"
    assert revealed.said("rahasia") == "rahasia"
    assert revealed.noted("rina@example.com") == "rina@example.com"
