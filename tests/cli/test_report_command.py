"""`loket report weekly`: a week's figures for people and for programs."""

import asyncio
import json
from pathlib import Path

import pytest

from app.cli.main import main
from ports.models import ModelCall
from tests.cli.cli_scenes import opened


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo's folder a week after two customers wrote, and a model was asked."""
    folder = tmp_path_factory.mktemp("week") / "home"

    async def filled() -> None:
        school = await opened(folder)
        await school.say("harga paket berapa ya?")
        await school.say("saya mau refund")
        asked = ModelCall(
            id="a", role="specialist_d", task="review", model="large", strength="strong", case_id="SCH-2026-0002",
            desk="school", day="2026-11-23", tier="R3", input_tokens=1_000, output_tokens=100, cost=96_000_000,
        )  # fmt: skip
        await school.wired.journal.spent([asked], school.wired.clock.now())
        school.clock.advance(7 * 24 * 3600)
        school.wired.database.close()

    asyncio.run(filled())
    return folder


def told(home: Path, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    assert main(["report", "weekly", "--home", str(home), *more]) == 0
    return capsys.readouterr().out


def test_the_last_whole_week_is_told_in_either_language(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = {" ".join(line.split()) for line in told(home, capsys).splitlines()}
    assert {
        "school 2026-W48",
        "first answer, business hours p50 0 s, p90 0 s (2)",
        "R3 1, to a person 1/1 (100%), resolved 0",
        "refunds 1 asked, 0 approved",
        "R3 1 calls, 1100 tokens, Rp 96.00; per case Rp 96.00, per resolved -",
        "strong model 1/1 (100%), R3 1, review 1",
        "was down whatsapp 0 min",
    } <= lines
    assert "jawaban pertama, jam kerja" in told(home, capsys, "--lang", "id")


def test_a_program_gets_every_figure_and_any_week(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pack = json.loads(told(home, capsys, "--json"))
    assert (pack["week"], pack["refunds"], pack["messages"]) == ("2026-W48", {"asked": 1, "approved": 0}, 0)
    assert [(t["tier"], t["cases"], t["cost"]) for t in pack["tiers"]] == [
        ("R0", 1, 0),
        ("R3", 1, 96_000_000),
    ]
    assert json.loads(told(home, capsys, "--json", "--week", "2026-W47"))["tiers"] == []
    assert main(["report", "weekly", "--home", str(home), "--week", "last"]) == 2
    assert "write it as 2026-W47" in capsys.readouterr().err
