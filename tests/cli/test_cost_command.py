"""`loket cost`, `loket cases opinions` and what `loket explain` says of models."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.cli.main import main
from app.settings import ROOT
from ports.models import ModelCall
from tests.cli.cli_scenes import School, opened


def call(call_id: str, **changes: Any) -> ModelCall:
    base = ModelCall(
        id=call_id, role="frontline_b", task="draft", model="small", strength="cheap", case_id="SCH-2026-0001",
        desk="school", day="2026-11-23", tier="R1", input_tokens=1_000, output_tokens=100, cost=3_500_000,
    )  # fmt: skip
    return base.model_copy(update=changes)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A demo's folder with three calls in its database."""

    async def filled() -> None:
        school: School = await opened(tmp_path / "home")
        strong = call("b", task="review", model="large", strength="strong", tier="R3", cost=96_000_000)
        calls = [call("a"), strong, call("c", day="2026-11-24", case_id="SCH-2026-0002")]
        await school.wired.journal.spent(calls, school.wired.clock.now())
        sql = "INSERT INTO measures (name, case_id, at, value, detail) VALUES (?, ?, ?, 1, ?)"
        row = ("model_differs", "SCH-2026-0001", "2026-11-23T03:00:00.000000+00:00", "+refund; R3")
        await school.wired.database.submit(lambda tx: tx.execute(sql, row))
        school.wired.database.close()

    asyncio.run(filled())
    return tmp_path / "home"


def test_what_models_cost_is_summed_by_day_with_the_total(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cost", "--home", str(home)]) == 0
    told = capsys.readouterr().out
    first = next(line for line in told.splitlines() if line.startswith("2026-11-23"))
    assert first.split() == ["2026-11-23", "2", "1", "2000", "0", "200", "Rp", "99,50"]
    assert told.rstrip().endswith("Rp 103,00 in all.")


def test_sums_and_calls_as_json(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cost", "--by", "case", "--since", "2026-11-24", "--home", str(home), "--json"]) == 0
    assert [(r["case_id"], r["cost"]) for r in json.loads(capsys.readouterr().out)] == [
        ("SCH-2026-0002", 3_500_000)
    ]
    assert main(["cost", "--case", "SCH-2026-0001", "--home", str(home), "--json"]) == 0
    assert {r["id"] for r in json.loads(capsys.readouterr().out)} == {"a", "b"}
    assert main(["cost", "--since", "monday", "--home", str(home)]) == 2


def test_where_the_model_differs_is_listed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cases", "opinions", "--home", str(home)]) == 0
    told = capsys.readouterr().out
    assert "SCH-2026-0001" in told and "+refund; R3" in told


def test_explain_says_what_would_be_asked_of_which_model_and_what_it_can_come_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    raw["desks"] = [str(ROOT / "desks" / "school")]
    raw["model"] = {
        "provider": "openai",
        "models": {
            "small": {"strength": "cheap", "input": 2_500, "output": 10_000},
            "large": {"strength": "strong", "input": 40_000, "output": 160_000},
        },
        "tasks": {"understand": {"model": "small"}, "draft": {"model": "small", "max_tokens": 300},
                  "draft_sensitive": {"model": "large"}},
    }  # fmt: skip
    config = tmp_path / "config.yaml"
    config.write_text(yaml.safe_dump(raw), encoding="utf-8")
    assert main(["explain", "jadwal les aku kapan ya?", "--config", str(config), "--json"]) == 0
    asked = json.loads(capsys.readouterr().out)["models"]
    assert [(e["task"], e["model"], e["strength"]) for e in asked] == [
        ("understand", "small", "cheap"),
        ("draft", "small", "cheap"),
    ]
    assert (
        asked[1]["cost"] == asked[1]["input_tokens"] * 2_500 + 300 * 10_000 and asked[1]["input_tokens"] > 100
    )
    assert main(["explain", "mau refund dong", "--config", str(config), "--lang", "en"]) == 0
    told = capsys.readouterr().out
    assert "draft_sensitive" in told and "strong" in told and "<= Rp" in told
