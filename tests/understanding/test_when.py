"""Dates and times in both languages, read on Wednesday 11 February 2026, 10:00 in Jakarta."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.reading import WhenSlot
from understanding.normalise import plain
from understanding.when import find_when

ZONE = ZoneInfo("Asia/Jakarta")
NOW = dt.datetime(2026, 2, 11, 10, 0, tzinfo=ZONE)


def find(text: str) -> tuple[WhenSlot, ...]:
    return find_when(plain(text), now=NOW, zone=ZONE, lesson_hours=(8, 20))


def short(slot: WhenSlot) -> str:
    day = slot.date.strftime("%m-%d") if slot.date else "-"
    clock = slot.time.strftime("%H:%M") if slot.time else "-"
    return f"{day} {clock} {slot.part_of_day or '-'}{' ?' if slot.ambiguous_hour else ''}"


ONE = {
    "lusa pagi": "02-13 - morning",
    "besok jam 3 sore": "02-12 15:00 afternoon",
    "bsk jm 4": "02-12 16:00 - ?",
    "besok pagi jam 8": "02-12 08:00 morning",
    "besok lusa jam 10 pagi": "02-13 10:00 morning",
    "hari ini jam 7 malam": "02-11 19:00 evening",
    "malam ini": "02-11 - evening",
    "nanti sore": "02-11 - afternoon",
    "nanti sore jam 4": "02-11 16:00 afternoon",
    "Senin depan jam 2 siang": "02-16 14:00 noon",
    "kamis": "02-12 - -",
    "rabu": "02-18 - -",
    "kamis depan": "02-19 - -",
    "kamis minggu depan": "02-19 - -",
    "jumat ini sore": "02-13 - afternoon",
    "Jum'at jam 10 pagi": "02-13 10:00 morning",
    "sabtu siang jam 1": "02-14 13:00 noon",
    "hari minggu jam 10 pagi": "02-15 10:00 morning",
    "minggu jam 3": "02-15 15:00 - ?",
    "minggu depan": "- - -",
    "akhir pekan": "- - -",
    "3 Desember jam 10": "12-03 10:00 - ?",
    "12 maret 2026 pukul 14:00": "03-12 14:00 -",
    "tgl 12": "02-12 - -",
    "tanggal 5": "03-05 - -",
    "tgl 20 jam 9 pagi": "02-20 09:00 morning",
    "tgl 14 sore": "02-14 - afternoon",
    "3/12 jam 15.30": "12-03 15:30 -",
    "3-12-2026": "12-03 - -",
    "2026-03-05 16:00": "03-05 16:00 -",
    "3 hari lagi": "02-14 - -",
    "seminggu lagi": "02-18 - -",
    "dua minggu lagi": "02-25 - -",
    "jam setengah 4": "- 15:30 - ?",
    "setengah empat sore": "- 15:30 afternoon",
    "jam 1/2 4": "- 15:30 - ?",
    "jam stgh 5 sore": "- 16:30 afternoon",
    "10an": "- 10:00 - ?",
    "jam 4an": "- 16:00 - ?",
    "jam 3 lewat 15": "- 15:15 - ?",
    "jam 4 kurang 10": "- 15:50 - ?",
    "jam tiga sore": "- 15:00 afternoon",
    "jam sepuluh pagi": "- 10:00 morning",
    "pukul 15.00": "- 15:00 -",
    "jam 12 siang": "- 12:00 noon",
    "jam 7": "- 19:00 - ?",
    "jam 9": "- 09:00 - ?",
    "jam 13": "- 13:00 -",
    "siang aja": "- - noon",
    "noon": "- 12:00 noon",
    "tomorrow at noon": "02-12 12:00 noon",
    "tomorrow morning": "02-12 - morning",
    "tmr 5pm": "02-12 17:00 -",
    "day after tomorrow 6pm": "02-13 18:00 -",
    "tonight": "02-11 - evening",
    "next Friday 4pm": "02-20 16:00 -",
    "this friday": "02-13 - -",
    "Saturday around 11": "02-14 11:00 - ?",
    "at 4 on saturday": "02-14 16:00 - ?",
    "March 3rd at 5:30pm": "03-03 17:30 -",
    "3rd of March": "03-03 - -",
    "the 14th around 3": "02-14 15:00 - ?",
    "in two weeks": "02-25 - -",
    "in 3 days": "02-14 - -",
    "half past 3": "- 15:30 - ?",
    "quarter to 5": "- 16:45 - ?",
    "11 a.m.": "- 11:00 -",
    "three in the afternoon": "- 15:00 afternoon",
    "Tuesday, March 3 at 4 pm": "03-03 16:00 -",
    "kamis 26 februari jam 3 sore": "02-26 15:00 afternoon",
    "3 Maret (Selasa)": "03-03 - -",
    "besok kamis jam 3 sore": "02-12 15:00 afternoon",
}


@pytest.mark.parametrize(("text", "want"), ONE.items())
def test_one_expression(text: str, want: str) -> None:
    assert [short(slot) for slot in find(text)] == [want]


SEVERAL = {
    "senin 26 februari": ["02-16 - -", "02-26 - -"],
    "kamis jam 3 sore atau kamis 26 februari jam 4 sore": ["02-12 15:00 afternoon", "02-26 16:00 afternoon"],
    "besok jam 3 atau jam 5": ["02-12 15:00 - ?", "02-12 17:00 - ?"],
    "besok atau lusa jam 4": ["02-12 16:00 - ?", "02-13 16:00 - ?"],
    "jam 3-5 sore": ["- 15:00 afternoon", "- 17:00 afternoon"],
    "kamis sore atau jumat pagi": ["02-12 - afternoon", "02-13 - morning"],
    "senin jam 4, selasa jam 5 atau rabu pagi": ["02-16 16:00 - ?", "02-17 17:00 - ?", "02-18 - morning"],
    "Monday at 4pm or Tuesday noon": ["02-16 16:00 -", "02-17 12:00 noon"],
}


@pytest.mark.parametrize(("text", "want"), SEVERAL.items())
def test_several_expressions(text: str, want: list[str]) -> None:
    assert [short(slot) for slot in find(text)] == want


@pytest.mark.parametrize(
    "text",
    [
        "saya punya 2 anak",
        "bayar 500 rb",
        "harga 2 jt",
        "mon maap kak",
        "INV-2026-0105-001",
        "0812 3456 7890",
        "jam 25",
    ],
)
def test_other_numbers_are_no_times(text: str) -> None:
    assert find(text) == ()


def test_the_desk_zone_decides_what_today_is() -> None:
    late = dt.datetime(2026, 2, 11, 18, 30, tzinfo=dt.UTC)
    (slot,) = find_when("besok", now=late, zone=ZONE, lesson_hours=(8, 20))
    assert slot.date == dt.date(2026, 2, 13)


@given(st.text(max_size=400))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    assert find(text) == find(text)
