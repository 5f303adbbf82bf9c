"""Who is to be signed up, and for which package, as people write it."""

import pytest

from casefile.enrolments import Signup
from policies.enrol_words import gives_who, named_in, short_answer, who_in
from tests.policies.enrol_worlds import CHILDREN, OFFERS, ONLINE_8, PRIVATE_8, PRIVATE_12


@pytest.mark.parametrize(
    ("words", "name", "age", "own"),
    [
        ("nama Gendis, umur 8 tahun, sukanya lagu Disney", "Gendis", 8, False),
        ("namanya gendis umur 8", "Gendis", 8, False),
        ("Tania, 25", "Tania", 25, True),
        ("Rina Anggraini 31 tahun", "Rina Anggraini", 31, True),
        ("nama lengkap: Dewi Sartika\nusia 19", "Dewi Sartika", 19, True),
        ("daftarin anakku yang bungsu, namanya Sheila umur 6 tahun", "Sheila", 6, False),
        ("buat anak saya, Kirana Dewi, 20 thn", "Kirana Dewi", 20, False),
        ("My name is Minji, age 42, Saturday morning", "Minji", 42, True),
        ("for my daughter Lily, 7 years old", "Lily", 7, False),
        ("My name is Claire, I'm 36, Friday at 3", "Claire", 36, True),
        ("one more trial class please, for Claire, 36", "Claire", 36, True),
        ("daftar untuk Bayu Pratama, 20 thn", "Bayu Pratama", 20, True),
        ("trial for saturday 10 am", "", None, True),
        ("untuk saya sendiri", "", None, True),
        ("mau trial dong, sabtu jam 10", "", None, True),
        ("saya mau ambil paket 8 sesi", "", None, True),
    ],
)
def test_name_and_age_are_taken_from_what_is_written(
    words: str, name: str, age: int | None, own: bool
) -> None:
    told = who_in(words, Signup())
    assert (told.name, told.age, told.own) == (name, age, own)


def test_what_was_asked_for_may_be_answered_in_a_word() -> None:
    known = who_in("gendis", Signup(), asked=True)
    assert (known.name, known.age) == ("Gendis", None)
    assert who_in("8", known, asked=True).age == 8
    # Once it is known, a short answer to something else is no other name.
    assert who_in("oke boleh", known, asked=True).name == "Gendis"
    assert who_in("nomor 2 aja", known, loose=False) == known
    assert who_in("eh namanya Gendhis", known, loose=False).name == "Gendhis"


@pytest.mark.parametrize(
    ("words", "expected"),
    [("gendis, 8", True), ("gendis", True), ("8", True), ("umurnya berapa minimal?", False), ("ya", False)],
)
def test_who_is_told_only_by_words_that_ask_nothing(words: str, expected: bool) -> None:
    assert gives_who(words) is expected


def test_few_words_answer_and_a_question_does_not() -> None:
    assert short_answer("yang privat aja kak")
    assert not short_answer("bedanya apa?")
    assert not short_answer("aku sih pengennya yang bisa dipakai lama gitu kak")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("ambil privat 8 sesi", (PRIVATE_8,)),
        ("yang 8 sesi", (PRIVATE_8, ONLINE_8)),
        ("privat aja", (PRIVATE_8, PRIVATE_12)),
        ("4x", (CHILDREN,)),
        ("yang biasa", ()),
    ],
)
def test_packages_are_named_by_kind_and_number(words: str, expected: tuple[object, ...]) -> None:
    assert named_in(OFFERS, words) == expected
