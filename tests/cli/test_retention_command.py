"""`loket retention`: what would go is said first, and removed when it is asked for."""

import json
from pathlib import Path

import pytest

from app.cli.main import main
from tests.cli.cli_scenes import School, held

DAYS = 24 * 3600


async def answered_long_ago(school: School) -> None:
    """A question answered, resolved, closed, and then nothing for a hundred days."""
    await school.say("harga paket berapa ya?")
    for row in await school.wired.journal.outbox(("queued",)):
        await school.wired.journal.accepted(row.key, "p", school.wired.clock.now())
    await school.advance(DAYS)
    await school.advance(8 * DAYS)
    await school.advance(100 * DAYS)


def test_the_dry_run_counts_and_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = ["--home", str(tmp_path)]
    held(tmp_path, answered_long_ago)
    assert main(["retention", "--dry-run", *at]) == 0
    said = capsys.readouterr().out
    assert "turn records" in said and "90 days" in said
    assert said.endswith("Nothing was removed: this was a dry run.\n")
    assert main(["retention", "--dry-run", "--json", *at]) == 0
    plain = json.loads(capsys.readouterr().out)
    past = {kind["what"]: kind["count"] for kind in plain["past"]}
    assert not plain["removed"]
    assert (past["checkpoints"], past["turn_records"], past["ledger"], past["transcript"]) == (1, 1, 1, 0)


def test_what_is_past_its_limit_is_removed_and_then_there_is_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ["--home", str(tmp_path)]
    held(tmp_path, answered_long_ago)
    assert main(["retention", *at]) == 0
    assert capsys.readouterr().out.endswith("All of it was removed.\n")
    assert main(["retention", *at]) == 0
    assert capsys.readouterr().out == "Nothing is past its limit.\n"


def test_without_a_database_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["retention", "--home", str(tmp_path / "none")]) == 2
    assert "there is no database" in capsys.readouterr().err
