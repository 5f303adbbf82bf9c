"""`loket eval [SET]` and `loket eval redteam`: conversations played through the real graph, scored and compared."""

import argparse
import sys
from pathlib import Path

from adapters.clock import SystemClock
from app import logging
from app.cli.common import config_path, say, say_json
from app.exam import Exam
from app.exam_run import jobs_here, run_exam
from app.exam_variant import Variant
from app.golden import ACCEPTED, REDTEAM, find_golden, is_set, load_golden, missing
from app.script import Named, find_scripts, load_scripts
from app.settings import Settings, load
from casefile.errors import BadInput
from evals.diff import Change, changes
from evals.outcome import Outcome
from evals.report import page
from evals.run import Run, read_run, stamp
from evals.table import changed, failures, families, summary

REPORT = "report.html"


def run(args: argparse.Namespace) -> int:
    """Play, show and keep; 0 only if every conversation ended as it has to and a whole set is large enough."""
    attacks = args.action == "redteam"
    whole = args.set == "redteam" if attacks else is_set(args.set)
    name = args.set if whole else Path(args.set).stem
    # Files of one's own are a part too, whatever their folder is called: never accepted in place of a set.
    only = args.only or (None if whole else args.set)
    scripts = _attacks(args.set) if attacks else load_golden(find_golden(args.set))
    short = [] if attacks or only else missing(scripts)
    scripts = _chosen(scripts, args.only)
    settings = _desk_of(args.set, load(config_path(args)))
    logging.set_up(settings.shared.logging.model_copy(update={"level": "error"}))
    variant = Variant(
        prompts=Path(args.prompts) if args.prompts else None,
        limits=tuple(args.limits),
        release=args.release,
        model=args.model,
    )
    settings = variant.settings(settings)
    exam = Exam(settings, scripts, variant.loaded(settings), variant.mood)
    shown = _Progress(len(scripts) * args.epochs)
    played, home = run_exam(
        name,
        exam,
        clock=SystemClock(),
        into=Path(args.into),
        epochs=args.epochs,
        jobs=args.jobs or jobs_here(),
        variant=variant.words | ({"only": only} if only else {}),
        on_done=shown.done,
    )
    shown.end()
    found, since = _since_accepted(played, whole=not only)
    (home / REPORT).write_text(page(played, found, since), encoding="utf-8")
    if args.json:
        say_json(_values(played, home, short, found))
    else:
        _show(played, home, short, found, since, attacks)
    return 0 if played.pass_k == 1 and not short else 1


def _desk_of(asked: str, settings: Settings) -> Settings:
    """Return the settings of the desk a set is named after or lies under; those of the first otherwise."""
    known = [desk.name for _, desk in settings.desks]
    return settings.alone(next((part for part in Path(asked).parts if part in known), known[0]))


def _attacks(asked: str) -> tuple[Named, ...]:
    return load_scripts(find_scripts(REDTEAM, "all" if asked == "redteam" else asked))


def _chosen(scripts: tuple[Named, ...], only: str | None) -> tuple[Named, ...]:
    if only is None:
        return scripts
    found = tuple(s for s in scripts if only in s.name or only in s.script.topic)
    if not found:
        raise BadInput(f"--only {only!r}: no conversation of the set has these words in its name or topic")
    return found


def _since_accepted(played: Run, whole: bool) -> tuple[tuple[Change, ...] | None, str]:
    """Compare with the accepted run, as far as both examined the same."""
    file = ACCEPTED / f"{played.exam}.jsonl"
    if not file.is_file():
        return None, ""
    accepted = read_run(file)
    found = changes(accepted, played)
    since = f"the run accepted at {stamp(accepted.at)}"
    return (found if whole else tuple(one for one in found if one.kind != "gone")), since


def _show(
    played: Run, home: Path, short: list[str], found: tuple[Change, ...] | None, since: str, attacks: bool
) -> None:
    for line in summary(played, str(home), families(played) if attacks else None):
        say(line)
    for line in changed(found, since) if found is not None else ():
        say(line)
    for words in short:
        say(f"the set is short: {words}")


def _values(played: Run, home: Path, short: list[str], found: tuple[Change, ...] | None) -> dict[str, object]:
    used = played.usage
    return {
        "run": played.id,
        "report": str(home / REPORT),
        "conversations": len(played.by_name),
        "epochs": played.epochs,
        "pass_1": round(played.pass_1, 4),
        "pass_k": round(played.pass_k, 4),
        "scorecard": {name: round(mark, 3) for name, mark in played.marks.items()},
        "seconds": played.seconds,
        "step_seconds": {"p50": played.step_seconds(0.5), "p95": played.step_seconds(0.95)},
        "usage": used.model_dump(),
        "failed": sorted({outcome.name for outcome in played.outcomes if not outcome.ok}),
        "amiss": [line for line in failures(played) if line],
        "short": short,
        "changed": None if found is None else [{"name": one.name, "kind": one.kind} for one in found],
    }


class _Progress:
    """Counts on a terminal what is done; what goes into a file or a pipe is the result alone."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._shown = sys.stderr.isatty()

    def done(self, outcome: Outcome) -> None:
        self._done += 1
        if self._shown:
            print(
                f"\r{self._done} of {self._total}  {outcome.name:<50.50}", end="", file=sys.stderr, flush=True
            )

    def end(self) -> None:
        if self._shown:
            print(f"\r{'':<70}\r", end="", file=sys.stderr, flush=True)
