"""The report says met or missed by the right bound, and both builds answer the same question."""

import json
from pathlib import Path

from benchmarks.desk import STATUS_QUESTION, open_desk
from benchmarks.report import Line, keep, quantile, table
from benchmarks.stock import open_stock
from casefile.effects import SendMessage


def test_a_line_is_judged_by_its_own_bound() -> None:
    assert Line("commits", 4, "", 4).met
    assert not Line("commits", 5, "", 4).met
    assert Line("throughput", 60, "/s", 6, at_most=False, compared="ratio", peer=10).met
    assert not Line("throughput", 50, "/s", 6, at_most=False, compared="ratio", peer=10).met
    assert not Line("throughput", 50, "/s", 6, compared="ratio").met


def test_the_table_is_aligned_and_kept_as_json(tmp_path: Path) -> None:
    lines = [
        Line("short", 4, "", 4),
        Line("a longer name", 900, "ms", 0.3, compared="ratio", peer=1000, note="why"),
    ]
    heads, _, first, second, _, note = table(lines).splitlines()
    assert heads.index("target") == first.index("<= 4") == second.index("<= 0.3x")
    assert "met" in first and "MISSED" in second and note.endswith("why")
    keep(tmp_path / "bench.json", lines, {"cores": 2})
    kept = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))
    assert [line["met"] for line in kept["lines"]] == [True, False]
    assert kept["lines"][1]["ratio"] == 0.9


def test_a_quantile_is_one_of_the_values() -> None:
    assert quantile([3.0, 1.0, 2.0], 0.99) == 3.0


async def test_the_stock_build_says_what_ours_says_and_pays_more_commits(tmp_path: Path) -> None:
    ours = await open_desk(1)
    stock = await open_stock(ours, tmp_path / "stock")
    first = await ours.message(0)
    before, before_stock = ours.commits, stock.counter.commits
    again = await ours.message(0)
    effects = await stock.message(0, STATUS_QUESTION)
    assert ours.commits - before == 2
    assert stock.counter.commits - before_stock > 6
    said = [e.text for _, e in (*first.effects, *again.effects) if isinstance(e, SendMessage)]
    assert {e.text for e in effects if isinstance(e, SendMessage)} == set(said)
    await stock.close()
    ours.close()
