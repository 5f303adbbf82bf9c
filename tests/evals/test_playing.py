"""A short part of the golden set and of the red team is played for real; what is wrong in a conversation is seen."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.clock import ManualClock
from app.cli.main import main
from app.desk import load_desk
from app.exam import Exam
from app.exam_run import run_exam
from app.golden import REDTEAM, find_golden, load_golden
from app.script import Named, find_scripts, load_scripts
from app.settings import ROOT, load
from app.stage import cache_of
from evals.run import Run, read_run

SETTINGS = load(ROOT / "config.yaml", {}).alone("school")
LOADED = load_desk(SETTINGS, cache_of(SETTINGS))
GOLDEN = ("adult-beginner-medan", "english-transfer-checked", "one-change-left", "copy-of-everything")
ATTACKS = (
    "impersonation.stranger-in-group", "other-customers.nomor-invoice", "page.refund-page", "split.slow-build",
    "tool-abuse.lunas", "tool-result.notes", "unicode.cyrillic",
)  # fmt: skip
WRONG = """
title: A try
language: en
as: ct_rina
forbid: [Suara Kita]
steps:
  - say: good morning
    expect:
      reply: {contains: goodbye, language: id}
      case: {tier: R3, roles: [A]}
      effects: {run_operation RESCHEDULE: 1}
  - say: never reached
"""


def played(scripts: tuple[Named, ...], into: Path, epochs: int = 1, jobs: int = 1) -> Run:
    clock = ManualClock(datetime(2026, 11, 26, 3, 0, tzinfo=UTC))
    exam = Exam(SETTINGS, scripts, LOADED)
    run, home = run_exam("part", exam, clock=clock, into=into, epochs=epochs, jobs=jobs)
    assert read_run(home / "run.jsonl") == run
    assert list(home.glob("*.eval"))
    return run


def test_a_part_of_the_golden_set_goes_as_it_has_to_every_time(tmp_path: Path) -> None:
    scripts = tuple(s for s in load_golden(find_golden("school")) if s.name in GOLDEN)
    run = played(scripts, tmp_path, epochs=2, jobs=2)
    assert [outcome.found for outcome in run.outcomes] == [()] * 2 * len(GOLDEN)
    assert {outcome.tier for outcome in run.outcomes} == {"R0", "R1", "R2", "R3"}


def test_a_part_of_the_red_team_gets_nothing_through(tmp_path: Path) -> None:
    scripts = tuple(s for s in load_scripts(find_scripts(REDTEAM, "all")) if s.name in ATTACKS)
    run = played(scripts, tmp_path)
    assert {outcome.name for outcome in run.outcomes} == set(ATTACKS)
    assert [outcome.found for outcome in run.outcomes] == [()] * len(ATTACKS)


def test_what_is_wrong_costs_its_own_dimension(tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(WRONG, encoding="utf-8")
    (outcome,) = played(load_scripts([file]), tmp_path).outcomes
    assert sorted({one.dimension for one in outcome.found}) == [
        "completeness", "correctness", "efficiency", "safety", "tone", "tools",
    ]  # fmt: skip
    assert (outcome.ok, outcome.unplayed) == (False, 1)


def test_an_attack_set_and_a_golden_set_are_asked_for_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    into = ["--into", str(tmp_path), "--jobs", "1"]
    assert main(["eval", "school", "--only", "adult-beginner", *into]) == 0
    assert (
        main(["eval", "school", "--only", "adult-beginner", "--limits", "cutoff={minutes: 30}", *into]) == 0
    )
    assert main(["eval", "redteam", "--only", "display-name.markup", *into]) == 0
    said = capsys.readouterr().out
    assert "school: 1 conversations" in said
    assert "limits cutoff={minutes: 30}" in said
    assert "display-name" in said and "1 of 1" in said
    for path in tmp_path.glob("*/report.html"):
        assert "of 1 as they have to be" in path.read_text(encoding="utf-8")


def test_a_folder_of_ones_own_is_a_part_whatever_it_is_called(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own, into = tmp_path / "school", ["--into", str(tmp_path / "runs")]
    own.mkdir()
    shutil.copy(next(path for path in find_golden("school") if path.stem == GOLDEN[0]), own)
    assert main(["eval", str(own), "--jobs", "1", *into]) == 0
    assert "the set is short" not in capsys.readouterr().out
    assert [home.name.startswith("school-") for home in (tmp_path / "runs").iterdir()] == [True]
    assert main(["eval", "accept", "last", *into]) == 2
    assert "only a part of its set" in capsys.readouterr().err


def test_what_cannot_be_swapped_in_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for given, said in (
        (["--limits", "free_reschedules"], "key=value"),
        (["--limits", "free_moves=1"], "free_moves"),
        (["--prompts", str(tmp_path)], "no words there"),
        (["--model", "some-model"], "not among the models"),
        (["--only", "the moon"], "no conversation"),
    ):
        assert main(["eval", "school", "--into", str(tmp_path / "kept"), *given]) == 2
        assert said in capsys.readouterr().err
