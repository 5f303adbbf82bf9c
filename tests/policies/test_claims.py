from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.claims import claims, granted
from policies.words import MONTHS


def asserted(text: str) -> list[tuple[str, ...]]:
    return [claim.asserts for claim in claims(text)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Rp 1.200.000", ["n:1200000"]),
        ("Rp 1.250.000,00", ["n:1250000"]),
        ("1,200,000", ["n:1200000"]),
        ("1.2 juta", ["n:1200000"]),
        ("1,25jt", ["n:1250000"]),
        ("500rb atau 500k", ["n:500000", "n:500000"]),
        ("1,5 jam", ["n:1.5"]),
        ("1.50 x", ["t:1:50"]),
        ("99.90", ["n:99.9"]),
        ("0,5%", ["n:0.5"]),
        ("50% dalam 24 jam", ["n:50", "n:24"]),
        ("2–3 pilihan", ["n:2", "n:3"]),
        ("٣ sesi", ["n:3"]),
        ("dua kali, twice", ["n:2", "n:2"]),
        ("dua belas", ["n:12"]),
        ("dua puluh lima ribu", ["n:25000"]),
        ("dua ratus lima puluh ribu", ["n:250000"]),
        ("seribu dua ratus", ["n:1200"]),
        ("twenty-five", ["n:25"]),
        ("dua puluh satu", ["n:21"]),
        ("satu juta dua ratus ribu", ["n:1200000"]),
        ("one hundred and fifty thousand", ["n:150000"]),
        ("two hundred and five", ["n:205"]),
        ("two and three", ["n:2", "n:3"]),
        ("salah satu, one moment, dua-duanya", []),
        ("pukul 16.00 WIB", ["t:16:00"]),
        ("4:00 PM", ["t:16:00"]),
        ("jam 4 sore", ["t:16:00"]),
        ("4 p.m.", ["t:16:00"]),
        ("1 siang", ["t:13:00"]),
        ("jam 11 siang", ["t:11:00"]),
        ("12 malam dan 12 AM", ["t:0:00", "t:0:00"]),
        ("12.30 siang, 12:30 PM", ["t:12:30", "t:12:30"]),
        ("8 malam", ["t:20:00"]),
        ("jam 9 pagi", ["t:9:00"]),
        ("15.30–16.30", ["t:15:30", "t:16:30"]),
        ("12 Februari 2026", ["d:2026-2-12"]),
        ("February 12, 2026", ["d:2026-2-12"]),
        ("12th of Feb", ["d:0-2-12"]),
        ("12/02/2026 = 2026-02-12", ["d:2026-2-12", "d:2026-2-12"]),
        ("tgl 12, the 12th", ["d:0-0-12", "d:0-0-12"]),
        ("Februari 2026", ["d:2026-2-0"]),
        ("bulan Maret", ["d:0-3-0"]),
        ("Senin, Jum'at, hari Minggu, Minggu, Sundays", ["w:0", "w:4", "w:6", "w:6", "w:6"]),
        ("dua minggu", ["n:2"]),
        ("hari ini, besok, lusa, besok lusa", ["r:today", "r:tomorrow", "r:overmorrow", "r:overmorrow"]),
        ("the day after tomorrow, minggu depan", ["r:overmorrow", "r:next week"]),
        ("INV-2026-0210-001.", ["x:inv-2026-0210-001"]),
        ("H-1", ["x:h-1"]),
        ("0812-3456-7890, +62 812 3456 7890", ["x:081234567890", "x:6281234567890"]),
        ("Rani@Example.com.", ["x:rani@example.com"]),
        ("lihat https://contoh.id/a?b=1).", ["x:https://contoh.id/a?b=1"]),
        ("wa.me/62811", ["x:wa.me/62811"]),
    ],
)  # fmt: skip
def test_one_canonical_form(text: str, values: list[str]) -> None:
    assert asserted(text) == [(value,) for value in values]


def test_a_bare_hour_may_be_either_half_of_the_day_or_a_number() -> None:
    assert asserted("jam 3") == [("t:3:00", "t:15:00", "n:3")]
    assert asserted("pukul 15") == [("t:15:00", "n:15")]


@pytest.mark.parametrize(
    ("fact", "said", "may"),
    [
        ("Kamis, 12 Februari 2026", "12 Feb", True),
        ("Kamis, 12 Februari 2026", "tanggal 12", True),
        ("Kamis, 12 Februari 2026", "Februari 2026", True),
        ("12 Februari 2026", "Kamis", True),
        ("12 Februari 2026", "tahun 2026", True),
        ("12 Februari 2026", "Rabu", False),
        ("12 Feb", "12 Februari 2026", False),
        ("12 Februari 2026", "12 sesi", False),
        ("31 Februari 2026", "Selasa", False),
        ("16.00 WIB", "4 PM", True),
        ("16.00 WIB", "jam 4", True),
        ("16.00 WIB", "jam 4 pagi", False),
        ("16.00 WIB", "16 sesi", False),
        ("2", "dua kali", True),
        ("2", "tiga kali", False),
    ],
)
def test_a_fact_grants_less_never_more(fact: str, said: str, may: bool) -> None:
    known = granted([fact])
    assert all(known.intersection(claim.asserts) for claim in claims(said)) is may


@given(st.integers(0, 10**12))
def test_every_way_to_write_an_amount_is_the_same_amount(amount: int) -> None:
    grouped = f"{amount:,}"
    assert asserted(f"Rp {grouped}") == asserted(grouped.replace(",", ".")) == [(f"n:{amount}",)]


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.sampled_from(["id", "en"]))
def test_a_date_grants_each_shorter_way_to_say_it(day: date, language: str) -> None:
    text = f"{day:%-d} {MONTHS['id' if language == 'id' else 'en'][int(f'{day:%-m}') - 1]} {day:%Y}"
    known = granted([text])
    for said in (text, text.rpartition(" ")[0], f"tanggal {day:%-d}", f"{day:%Y-%m-%d}"):
        assert all(known.intersection(claim.asserts) for claim in claims(said))


@given(st.text(max_size=300), st.text(max_size=40))
def test_total_and_every_text_grants_what_it_asserts(text: str, more: str) -> None:
    known = granted([text, more])
    for claim in claims(text):
        assert known.issuperset(claim.asserts)


def test_endless_digits_are_still_only_numbers() -> None:
    assert all(claim.asserts[0].startswith("n:") for claim in claims("9" * 6000))
