"""Nobody's name, number or address gets into a file: by example, and for any number and address there may be."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.stand_ins import StandIns, disguised

BY = StandIns(
    names=(("Maya Hapsari", "Rina Anggraini"), ("Maya", "Rina"), ("Alya", "Tasya"), ("Kak", "Nobody")),
    invoices=(("INV-2026-1101-001", "INV-2026-1019-001"),),
    ordinary=frozenset(["halo", "kamis", "privat", "dimas", "hp", "no", "pindah", "parkir", "transfer"]),
    spoken=frozenset(["gimana", "oke"]),
    person="Sari",
    phone="+6281200000001",
    email="contoh@example.com",
    invoice="INV-2026-0101-001",
)
NOBODY = StandIns(**{**BY.model_dump(), "names": ()})


@pytest.mark.parametrize(
    ("said", "told"),
    [
        # who is known
        ("MAYA hapsari di sini, anakku alya", "Rina Anggraini di sini, anakku tasya"),
        ("Kak MAYA HAPSARI", "Kak RINA ANGGRAINI"),
        # who says so
        ("nama saya joko susilo, no hp ini", "nama saya sari, no hp ini"),
        ("Halo, namanya Joko Susilo mau pindah", "Halo, namanya Sari mau pindah"),
        ("my name is Peter Parker", "my name is Sari"),
        ("a.n. Budi Santoso transfer", "a.n. Sari transfer"),
        ("namanya siapa ya?", "namanya siapa ya?"),
        ("nama saya joko mau Budi", "nama saya sari mau Sari"),
        # a capital where there is no reason for one
        ("tanya Coach Dimas atau Pak Hartono Widodo", "tanya Coach Dimas atau Pak Sari"),
        ("Joko mau pindah Kamis", "Sari mau pindah Kamis"),
        ("Gimana kak? Oke Budi. Parkirnya penuh", "Gimana kak? Oke Sari. Parkirnya penuh"),
        # numbers and addresses
        ("wa 0812 3456 7890 atau 6281234567890", "wa +6281200000001 atau +6281200000001"),
        ("rekening 5430012345, Rp 2.640.000", "rekening 1234567890, Rp 2.640.000"),
        ("peter@x.co, @peterp, https://x.co/peter", "contoh@example.com, @contoh, https://contoh.example"),
        ("inv-2026-1101-001 dan INV-2026-0909-002", "INV-2026-1019-001 dan INV-2026-0101-001"),
        ("SCH-2026-0001 tanggal 2026-11-26", "SCH-2026-0001 tanggal 2026-11-26"),
        ("di jl melati indah no 5 rt 02 ya", "di Jl. Contoh No. 1 ya"),
        ("Jalan Mawar Raya 3, dekat parkir", "Jl. Contoh No. 1, dekat parkir"),
        ("kita jalan kaki, jalan-jalan aja", "kita jalan kaki, jalan-jalan aja"),
        ("\ue000halo", "halo"),
    ],
)
def test_who_is_in_a_text_is_replaced_and_the_rest_stays(said: str, told: str) -> None:
    assert disguised(said, BY) == told


def test_where_nobody_is_known_names_are_found_all_the_same() -> None:
    assert disguised("Halo Maya, ini Kak Alya", NOBODY) == "Halo Sari, ini Kak Sari"


@given(st.text(), st.integers(10**9, 10**13), st.text())
def test_no_long_number_is_left(before: str, number: int, after: str) -> None:
    if not re.search(r"\d", before + after):
        assert str(number) not in disguised(f"{before} {number} {after}", BY).replace("1234567890", "")


@given(
    st.sampled_from(["halo {} ya", "{}", "mau pindah, {}!", "anakku {} sakit", "HALO {}"]),
    st.sampled_from(["Maya", "maya", "Maya Hapsari", "ALYA", "hapsari maya"]),
)
def test_nobody_known_is_left_however_they_are_written(sentence: str, name: str) -> None:
    told = disguised(sentence.format(name), BY).casefold()
    assert "maya" not in told and "alya" not in told
