"""`loket kb draft`: what a request asks for is written by a person where no model drafts, and published by one only."""

import json
from pathlib import Path

import pytest

from app.cli.main import main
from tests.cli.cli_scenes import School, held
from tests.cli.test_desk_commands import own_copy

TEXT = "Ada parkir gratis di depan studio untuk 9 mobil, Kak."


async def nothing(school: School) -> None:
    """A school in which nothing has happened."""


async def asked(school: School) -> None:
    """No page knows where to park."""
    knowledge = school.wired.knowledge
    pages = [page for page in knowledge.pages_of(knowledge.in_force() or "") if page.page_id != "parking"]
    await knowledge.publish(pages, "sf_tari", school.wired.clock.now())
    await school.say("parkirnya di mana ya kak?")


def request_of(at: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The key of the one request there is."""
    assert main(["kb", "requests", "--json", *at]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    return str(found["key"])


def test_without_a_model_a_person_writes_it_and_it_is_in_force_once_they_publish_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held(tmp_path / "home", nothing)
    at = ["--config", str(own_copy(tmp_path)), "--home", str(tmp_path / "home")]
    words = ["--page", "parking.id", "--words", "Muat 9 mobil sekarang"]
    assert main(["kb", "request", *words, "--by", "tari", *at]) == 0
    capsys.readouterr()
    key = request_of(at, capsys)
    assert main(["kb", "draft", key, "--by", "tari", *at]) == 0
    told = capsys.readouterr().out
    assert "Asked: Muat 9 mobil sekarang" in told and "Nothing is drafted: write it" in told
    assert main(["kb", "draft", key, "--text", "x" * 500, "--by", "tari", *at]) == 2
    assert "at most 420 fit" in capsys.readouterr().err
    assert main(["kb", "draft", key, "--text", TEXT, "--by", "tari", *at]) == 0
    told = capsys.readouterr().out
    assert f"+ {TEXT}" in told
    # A page on parking for free is about money.
    assert "which a person (about money) may do" in told
    assert main(["kb", "requests", *at]) == 0
    assert "drafted" in capsys.readouterr().out
    assert main(["kb", "sync", *at]) == 0
    assert "Nothing would change." in capsys.readouterr().out
    # Kept until somebody takes it up: shown as it was written, and put where pages are.
    assert main(["kb", "draft", key, "--write", "--by", "tari", *at]) == 0
    capsys.readouterr()
    page = (tmp_path / "desks" / "school" / "knowledge" / "parking.id.md").read_text(encoding="utf-8")
    assert f"---\n\n{TEXT}\n" in page and "Status: Published" in page
    assert main(["kb", "diff", *at]) == 0
    assert f"+{TEXT}" in capsys.readouterr().out
    assert main(["kb", "publish", "--by", "tari", *at]) == 0
    capsys.readouterr()
    assert main(["kb", "requests", *at]) == 0
    assert "Nobody asks" in capsys.readouterr().out


def test_a_question_without_a_page_is_drafted_for_one_that_is_named_and_starts_as_a_draft(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held(tmp_path / "home", asked)
    at = ["--config", str(own_copy(tmp_path)), "--home", str(tmp_path / "home")]
    key = request_of(at, capsys)
    assert main(["kb", "draft", key, "--by", "tari", *at]) == 2
    assert "say which page with --page, as topic.language" in capsys.readouterr().err
    named = ["--page", "bike_racks.id", "--text", "Sepeda bisa diparkir di lobi, Kak."]
    assert main(["kb", "draft", key, *named, "--write", "--json", "--by", "tari", *at]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["before"], told["by"], told["a_person"]) == ("", "sf_tari", [])
    page = tmp_path / "desks" / "school" / "knowledge" / "bike_racks.id.md"
    assert "Status: Draft" in page.read_text(encoding="utf-8")
    assert main(["kb", "draft", "gap:nothing", "--by", "tari", *at]) == 2
