"""Flags by command: on, off, list, show, told and refused; publishing while the pages' source is down."""

import json
from pathlib import Path

import pytest

from app.cli.main import main
from tests.cli.cli_scenes import School, held


async def nothing(school: School) -> None:
    """Only make the database."""


@pytest.fixture
def home(tmp_path: Path) -> str:
    held(tmp_path / "home", nothing)
    return str(tmp_path / "home")


def run(home: str, *args: str) -> int:
    return main([*args, "--home", home])


def flagged(home: str) -> list[tuple[str, str, str]]:
    async def rows(school: School) -> list[tuple[str, str, str]]:
        found = await school.wired.incidents.open()
        return [(incident.name, incident.level, incident.opened_by) for incident in found]

    return held(Path(home), rows)


def test_a_flag_goes_on_is_shown_and_comes_off(home: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(home, "degraded", "list") == 0
    assert "Nothing is down" in capsys.readouterr().out
    on = ("degraded", "on", "schedule", "--why", "pindah server", "--level", "major", "--by", "tari")
    assert run(home, *on) == 0
    assert "INC-2026-0001" in capsys.readouterr().out
    assert flagged(home) == [("schedule", "major", "sf_tari")]
    assert run(home, "degraded", "list", "--json") == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["id"], told["why"], told["manual"]) == ("INC-2026-0001", "pindah server", True)
    assert run(home, "degraded", "show", "schedule") == 0
    assert "# Catatan kejadian INC-2026-0001" in capsys.readouterr().out
    assert run(home, "degraded", "off", "schedule", "--by", "tari") == 0
    assert flagged(home) == []
    assert run(home, "degraded", "off", "schedule", "--by", "tari") == 1
    capsys.readouterr()
    assert run(home, "degraded", "list") == 0
    assert "INC-2026-0001" in capsys.readouterr().out


def test_who_may_not_and_what_is_not_there_is_said(home: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(home, "degraded", "on", "schedule", "--why", "x", "--by", "laras") == 1
    assert "operator yang terdaftar" in capsys.readouterr().out
    assert run(home, "degraded", "on", "moon", "--why", "x", "--by", "tari") == 2
    assert "there are schedule, payments, knowledge" in capsys.readouterr().err
    assert run(home, "degraded", "show", "INC-2026-0009") == 2
    assert "loket degraded list" in capsys.readouterr().err
    assert run(home, "degraded", "tell", "INC-2026-0009", "--by", "agus") == 1
    assert flagged(home) == []


def test_the_person_on_call_decides_once(home: str, capsys: pytest.CaptureFixture[str]) -> None:
    run(home, "degraded", "on", "payments", "--why", "bank", "--by", "tari")
    assert run(home, "degraded", "tell", "payments", "--by", "tari") == 1
    assert run(home, "degraded", "wait", "INC-2026-0001", "--by", "agus") == 0
    assert run(home, "degraded", "tell", "payments", "--by", "agus") == 1
    assert "diputuskan sebelumnya" in capsys.readouterr().out


def test_nothing_is_published_while_the_source_is_down(home: str, capsys: pytest.CaptureFixture[str]) -> None:
    run(home, "degraded", "on", "knowledge", "--why", "Notion", "--by", "tari")
    assert run(home, "kb", "publish", "--by", "tari") == 2
    assert "INC-2026-0001: Notion" in capsys.readouterr().err
    run(home, "degraded", "off", "knowledge", "--by", "tari")
    assert run(home, "kb", "publish", "--by", "tari") == 0
