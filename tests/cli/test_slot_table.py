"""`loket import slots`: a stretch of a day is cut into free hours, and nothing is free that is taken."""

from pathlib import Path

import pytest

from app.settings import ROOT
from tests.cli.shop_counter import Counter

HEAD = "coach,date,start,end,minutes\n"


@pytest.fixture
def counter(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Counter:
    return Counter(tmp_path, capsys, ROOT / "desks" / "salon" / "records")


def bring(counter: Counter, rows: str, *options: str) -> tuple[int, str]:
    file = counter.home / "t.csv"
    file.write_text(HEAD + rows, encoding="utf-8-sig")
    return counter.run("import", "slots", str(file), "--by", "sf_yogi", *options)


def hours(counter: Counter, day: str) -> list[tuple[str, str]]:
    found = counter.rows(f"SELECT coach, start_at FROM slots WHERE start_at LIKE '{day}%' ORDER BY start_at")
    return [(row["coach"], row["start_at"][11:16]) for row in found]


def test_a_stretch_is_cut_into_hours_and_brought_in_again_stays(counter: Counter) -> None:
    code, said = bring(counter, "Mira,20/12/2026,10.00,12.30,60\n")
    assert code == 0 and "1 new" in said, said
    # Ten in Jakarta is three; the half hour that is left over is none.
    assert hours(counter, "2026-12-20") == [("Mira", "03:00"), ("Mira", "04:00")]
    code, said = bring(counter, "Mira,2026-12-20,10:00,12:00,60\n")
    assert code == 0 and "0 new, 1 known before" in said
    assert len(hours(counter, "2026-12-20")) == 2


def test_what_is_handed_out_comes_in_again_and_what_is_past_is_not_in_it(counter: Counter) -> None:
    code, said = counter.run("export", "slots", "--by", "sf_yogi")
    assert code == 0 and said.startswith(HEAD)
    _, *rows = said.splitlines()
    assert len(rows) == len(counter.rows("SELECT 1 AS one FROM slots"))
    code, said = bring(counter, "\n".join(rows) + "\n")
    assert code == 0 and "0 new" in said


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("Mirra,2026-12-20,10:00,12:00,60\n", "is nobody here; there are Bayu, Mira, Tika, Wulan"),
        ("Mira,2026-11-20,10:00,12:00,60\n", "has passed"),
        ("Mira,2026-12-20,10:00,10:30,60\n", "no 60 minutes lie between"),
        ("Mira,2026-12-20,ten,12:00,60\n", "not a time of day"),
        # Booked from eleven to twelve.
        ("Mira,2026-11-26,10:30,11:30,60\n", "has something else at 2026-11-26 10:30"),
        ("Bayu,2026-11-24,10:30,11:30,30\n", "leave that stretch out"),
    ],
)
def test_a_stretch_that_does_not_fit_is_said_and_nothing_of_it_written(
    counter: Counter, row: str, words: str
) -> None:
    before = len(counter.rows("SELECT 1 AS one FROM slots"))
    code, said = bring(counter, row)
    assert code == 1 and words in said, said
    assert len(counter.rows("SELECT 1 AS one FROM slots")) == before
