"""Spans of time as prospects name them."""

import datetime as dt

import pytest

from policies.lead_times import spans

TODAY = dt.date(2026, 11, 23)
D = dt.date.fromisoformat


def read(text: str, *, asked: bool = False) -> list[tuple[str | None, str | None]]:
    return [(s.since and str(s.since), s.until and str(s.until)) for s in spans(text, TODAY, asked=asked)]


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("asap", "2026-11-23", "2026-11-30"),
        ("secepatnya kak", "2026-11-23", "2026-11-30"),
        ("minggu ini", "2026-11-23", "2026-11-29"),
        ("minggu depan", "2026-11-30", "2026-12-06"),
        ("bulan ini", "2026-11-01", "2026-11-30"),
        ("bulan depan", "2026-12-01", "2026-12-31"),
        ("awal bulan depan", "2026-12-01", "2026-12-10"),
        ("pertengahan bulan depan", "2026-12-11", "2026-12-20"),
        ("akhir next month", "2026-12-21", "2026-12-31"),
        ("q1", "2027-01-01", "2027-03-31"),
        ("q4", "2026-10-01", "2026-12-31"),
        ("q2 2027", "2027-04-01", "2027-06-30"),
        ("kuartal pertama tahun depan", "2027-01-01", "2027-03-31"),
        ("first quarter", "2027-01-01", "2027-03-31"),
        ("sesudah tahun baru", "2027-01-01", "2027-01-31"),
        ("in the new year", "2027-01-01", "2027-01-31"),
        ("bulan 3", "2027-03-01", "2027-03-31"),
        ("bulan 12", "2026-12-01", "2026-12-31"),
        ("2 mingguan lagi", "2026-11-23", "2026-12-07"),
        ("next quarter", "2027-01-01", "2027-03-31"),
        ("tahun depan", "2027-01-01", "2027-12-31"),
        ("this year", "2026-11-23", "2026-12-31"),
        ("awal tahun", "2027-01-01", "2027-03-31"),
        ("akhir tahun ini", "2026-11-01", "2026-12-31"),
        ("mid next year", "2027-05-01", "2027-08-31"),
        ("early 2027", "2027-01-01", "2027-03-31"),
        ("desember", "2026-12-01", "2026-12-31"),
        ("maret 2027", "2027-03-01", "2027-03-31"),
        ("januari tahun depan", "2027-01-01", "2027-01-31"),
        ("sekitar februari", "2027-02-01", "2027-02-28"),
        ("in may", "2027-05-01", "2027-05-31"),
        ("mid-march", "2027-03-11", "2027-03-20"),
        ("2 minggu lagi", "2026-11-23", "2026-12-07"),
        ("in two weeks", "2026-11-23", "2026-12-07"),
        ("bukan bulan depan tapi maret", "2027-03-01", "2027-03-31"),
        ("belum buru-buru", None, None),
        ("no rush", None, None),
        ("sebelum lebaran", None, None),
    ],
)
def test_spans_are_found(text: str, since: str | None, until: str | None) -> None:
    assert read(text) == [(since, until)]


def test_how_long_something_takes_is_when_only_as_an_answer() -> None:
    assert read("sebulan 3 juta") == []
    assert read("1-2 bulan", asked=True) == [("2026-12-23", "2027-01-22")]
    assert read("sebulan", asked=True) == [("2026-11-23", "2026-12-23")]


def test_may_is_a_month_only_where_something_says_so() -> None:
    assert read("it may be later") == []
    assert read("tanggal berapa ya") == []
