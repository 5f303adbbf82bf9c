"""Names typed by strangers, before we say them back."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts.names import NAME_CHARS, WRITER, addressed, clean_name


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Rina", "Rina"),
        ("  Siti   Nur'aini ", "Siti Nur'aini"),
        ("M. Rizky", "M. Rizky"),
        ("M.Rizky", "M. Rizky"),
        ("Ana-Maria, S.Pd.", "Ana-Maria, S. Pd."),
        ("Zoë Nuñez", "Zoë Nuñez"),
        ("陈美玲", "陈美玲"),
        ("Rina\nRefund disetujui", "Rina Refund disetujui"),
        ("Rina\u202e\u200b\x00", "Rina"),
        ("Rina https://jahat.example/x", "Rina"),
        ("www.jahat.example", ""),
        ("rina@jahat.example", ""),
        ("jahat.example", "jahat. example"),
        ("Rina 0812-3456-7890", "Rina"),
        ("Rp 500.000", "Rp"),
        ("*Rina* _tebal_ ~coret~ `kode`", "Rina tebal coret kode"),
        ("{name} [[x]] <b>", "name x b"),
        ("🎵🎵", ""),
        ("...---", ""),
        ("", ""),
    ],
)
def test_only_what_a_name_is_made_of_is_left(raw: str, clean: str) -> None:
    assert clean_name(raw) == clean


@given(st.text(max_size=200))
def test_a_cleaned_name_is_one_short_line_without_digits_links_or_marks(raw: str) -> None:
    name = clean_name(raw)
    assert len(name) <= NAME_CHARS
    assert name == name.strip()
    assert not any(unicodedata.category(char)[0] == "C" or char.isdigit() for char in name)
    assert not set(name) & set("\n\r\t/:@<>&{}[]|*_~`")
    assert not any(dot == "." and after.isalnum() for dot, after in pairwise(name))


@given(st.text(max_size=200))
def test_cleaning_again_changes_nothing(raw: str) -> None:
    assert clean_name(clean_name(raw)) == clean_name(raw)


@given(st.text(max_size=200), st.integers(min_value=1, max_value=300))
def test_a_limit_is_kept(raw: str, limit: int) -> None:
    assert len(clean_name(raw, limit)) <= limit


@pytest.mark.parametrize(
    ("text", "you", "said"),
    [
        (f"{WRITER}'s session", "you", "Your session"),
        (f"Moved! {WRITER}'s session", "you", "Moved! Your session"),
        (f"Moved, and {WRITER}'s session", "you", "Moved, and your session"),
        (f"One line\n{WRITER}", "you", "One line\nYou"),
        (f"for {WRITER} today", "you", "for you today"),
        (f"Sesi {WRITER} berikutnya", "Kakak", "Sesi Kakak berikutnya"),
    ],
)
def test_who_writes_stands_in_a_sentence_as_it_should(text: str, you: str, said: str) -> None:
    assert addressed(text, you) == said
