"""`loket replay`: turn by turn and node by node, and exit 1 when a turn comes out otherwise."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from app.cli.main import main
from tests.cli.cli_scenes import School, held, loket, opened, settings

MOVED = "mau pindah jadwal les dong kak"


async def moved(school: School) -> None:
    await school.say(MOVED)
    await school.say("yang nomor 1")
    await school.say("iya")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    held(tmp_path / "home", moved)
    return tmp_path / "home"


def test_a_case_comes_out_as_it_did_and_is_told_node_by_node(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["replay", "SCH-2026-0001", "--home", str(home)]) == 0
    told = capsys.readouterr().out
    for part in (
        MOVED,
        "verdict  R2",
        "frontline_b",
        "ops_c",
        "asked    collect",
        "have C carry out RESCHEDULE",
    ):
        assert part in told
    assert "operation RESCHEDULE came back: SUCCESS" in told
    assert "each came out exactly as it did" in told
    assert main(["replay", "SCH-2026-0001", "--home", str(home), "--from", "2"]) == 0
    assert "-- turn 1 " not in capsys.readouterr().out


def test_a_forged_record_is_found_by_the_real_command(home: Path) -> None:
    async def forge(school: School) -> None:
        record = school.records("SCH-2026-0001")[0]
        verdict = record.verdict.model_copy(update={"tier": "R0"})
        body = replace(record, verdict=verdict).packed()
        await school.wired.database.submit(
            lambda tx: tx.execute("UPDATE turn_records SET body = ? WHERE turn = 1", (body,))
        )

    asyncio.run(_reopened(home, forge))
    done = loket("replay", "SCH-2026-0001", "--home", str(home))
    assert done.returncode == 1, done.stderr
    told = done.stdout.decode()
    assert "DIFFERS  verdict tier" in told
    assert "turn 1 came out otherwise" in told
    data = json.loads(loket("replay", "SCH-2026-0001", "--home", str(home), "--json").stdout)
    assert data["same"] is False
    assert data["turns"][0]["differences"] == [{"what": "verdict tier", "then": "R0", "now": "R2"}]


async def _reopened(home: Path, scene: object) -> None:
    school = await opened(home)
    try:
        await scene(school)  # type: ignore[operator]
    finally:
        school.wired.database.close()


def test_another_config_shows_what_would_have_differed(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = yaml.safe_load((settings().desks[0][0] / "desk.yaml").read_text(encoding="utf-8"))
    desk["limits"]["free_reschedules"] = 0
    other = home / "desk.yaml"
    other.write_text(yaml.safe_dump(desk), encoding="utf-8")
    assert main(["replay", "SCH-2026-0001", "--home", str(home), "--with", str(other)]) == 0
    told = capsys.readouterr().out
    assert "with     R3 ESCALATE_COACH" in told
    assert "would have differed" in told
    assert main(["replay", "SCH-2026-0001", "--home", str(home), "--with", str(other), "--json"]) == 0
    first = json.loads(capsys.readouterr().out)["turns"][0]["with"]
    assert (first["same"], first["verdict"]["tier"]) == (False, "R3")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["SCH-2026-9999"], "no turns of a case"),
        (["SCH-2026-0001", "--from", "40"], "has turns up to"),
        (["SCH-2026-0001", "--with", "nowhere.yaml"], "no such file"),
    ],
)
def test_what_cannot_be_replayed_is_said(
    home: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["replay", *words, "--home", str(home)]) == 2
    assert said in capsys.readouterr().err
