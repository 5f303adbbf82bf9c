"""`loket eval accept` and `loket eval compare`: which run counts, and what tells two apart."""

import argparse
from pathlib import Path

from app.cli.common import say
from app.golden import ACCEPTED
from casefile.errors import BadInput
from evals.diff import changes
from evals.report import side_by_side
from evals.run import FILE, Run, kept, read_run
from evals.table import beside, changed


def run(args: argparse.Namespace) -> int:
    """Accept one run, or compare two; comparing ends with 1 when a conversation broke."""
    into = Path(args.into)
    if args.action == "accept":
        return _accept(_found(args.run, into, None))
    after = None if args.after == "accepted" else _found(args.after, into, None)
    before = _found(args.before, into, after.exam if after else None)
    after = after or _found(args.after, into, before.exam)
    found = changes(before, after)
    if {"only"} & {*before.variant, *after.variant}:
        # Of a part of the set only what both played can be compared.
        found = tuple(change for change in found if change.kind not in {"new", "gone"})
    file = into / f"{before.id}--{after.id}.html"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(side_by_side(before, after, found), encoding="utf-8")
    for line in changed(found, f"{before.id} ({_variant(before)}), now {after.id} ({_variant(after)})"):
        say(line)
    for line in beside(before, after):
        say(line)
    say(f"\nside by side: {file}")
    return 1 if any(change.kind == "broken" for change in found) else 0


def _accept(run: Run) -> int:
    if failed := sorted({outcome.name for outcome in run.outcomes if not outcome.ok}):
        raise BadInput(f"{run.id} is not accepted: {', '.join(failed)} failed")
    if "only" in run.variant:
        raise BadInput(f"{run.id} is not accepted: it played only a part of its set")
    file = ACCEPTED / f"{run.exam}.jsonl"
    run.accepted().save(file)
    say(f"{run.id} is what later runs are compared with ({file}); commit it with what you changed")
    return 0


def _found(asked: str, into: Path, exam: str | None) -> Run:
    """Return a run by its id, its file or folder, `last`, or `accepted` (of the exam the other one is of)."""
    if asked == "accepted":
        if exam is None:
            raise BadInput("accepted and accepted are the same run; name another one")
        return read_run(ACCEPTED / f"{exam}.jsonl")
    if asked == "last":
        homes = kept(into, exam)
        if not homes:
            raise BadInput(f"there is no run in {into} yet; `loket eval` makes one")
        return read_run(homes[-1] / FILE)
    for file in (Path(asked), Path(asked) / FILE, into / asked / FILE):
        if file.is_file():
            return read_run(file)
    known = ", ".join(home.name for home in kept(into)[-5:]) or "none"
    raise BadInput(f"there is no run {asked!r} in {into}; the latest are: {known}")


def _variant(run: Run) -> str:
    return ", ".join(f"{name} {value}" for name, value in run.variant.items()) or "as shipped"
