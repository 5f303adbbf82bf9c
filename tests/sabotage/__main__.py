"""`make sabotage`: break the rules on purpose, one at a time, and see a test fail for each."""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.sabotage.plan import PLAN, Sabotage
from tests.sabotage.work import Bench, Result

ROOT = Path(__file__).resolve().parents[2]


def main(argv: Sequence[str] | None = None) -> int:
    """Try every sabotage; return 0 only when each was noticed."""
    parser = argparse.ArgumentParser(prog="sabotage", description=__doc__)
    parser.add_argument("--only", metavar="NAME", action="append", choices=[s.name for s in PLAN])
    parser.add_argument("--jobs", type=int, default=2, help="how many at a time (2)")
    parser.add_argument("--list", action="store_true", help="say what would be tried, and by which tests")
    given = parser.parse_args(argv)
    plan = [s for s in PLAN if not given.only or s.name in given.only]
    if given.list:
        for sabotage in plan:
            _say(f"{sabotage.name:24} {sabotage.breaks}  [{', '.join(sabotage.tests)}]")
        return 0
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="loket-sabotage-") as folder:
        bench = Bench(ROOT, Path(folder), max(1, min(given.jobs, len(plan))))
        tests = sorted({test for sabotage in plan for test in sabotage.tests})
        if failed := bench.baseline(tests):
            _say(failed)
            _say("These tests fail without any sabotage; mend them first.")
            return 1
        with ThreadPoolExecutor(max(1, given.jobs)) as pool:
            results = list(pool.map(lambda sabotage: _told(bench.attempt(sabotage)), plan))
    return _closing(plan, results, time.monotonic() - started)


def _told(result: Result) -> Result:
    name = result.sabotage.name
    _say(f"{name:24} {result.outcome:9} {result.seconds:6.1f} s  {result.sabotage.breaks}")
    _say(f"{'':24} {'':9} {'':8}  by {result.detail}")
    return result


def _closing(plan: Sequence[Sabotage], results: Sequence[Result], seconds: float) -> int:
    missed = [r for r in results if r.outcome != "noticed"]
    _say(f"\n{len(plan) - len(missed)} of {len(plan)} sabotages noticed in {seconds:.0f} s")
    for result in missed:
        _say(f"  {result.sabotage.name}: {result.outcome}: {result.detail}")
    return 1 if missed else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
