"""`python -m benchmarks [--rounds N] [--only NAME] [--json PATH]`: measure, print, keep; a miss fails nothing."""

import argparse
import asyncio
import importlib
import os
import platform
import sys
import warnings
from pathlib import Path

from app.cli.main import ENVIRONMENT

PARTS = ("commits", "throughput", "threads", "models", "webhook", "process", "scaling")


def main() -> int:
    """Run the chosen parts and print one table."""
    args = _arguments()
    os.environ.update(ENVIRONMENT)
    # The peers are older constructions; what they warn of is not ours to mend.
    warnings.simplefilter("ignore")
    from app.cli.serve import loop_factory
    from app.settings import ROOT
    from benchmarks.report import keep, table

    lines = []
    for name in args.only or PARTS:
        print(f"{name} ...", file=sys.stderr, flush=True)
        part = importlib.import_module(f"benchmarks.{name}")
        # Everything here runs on the loop that `loket serve` runs on, the peers included.
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            lines += runner.run(part.measure(args.rounds))
    print(table(lines))
    missed = [line.what for line in lines if not line.met]
    print(f"\n{len(lines) - len(missed)} met, {len(missed)} missed")
    path = args.json or ROOT / "var" / "bench.json"
    keep(path, lines, {"python": platform.python_version(), "cores": os.cpu_count(), "rounds": args.rounds})
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks", description="Measure Loket beside a stock build.")
    parser.add_argument(
        "--rounds", type=int, default=3, help="side-by-side rounds of which medians are taken"
    )
    parser.add_argument("--only", action="append", choices=PARTS, help="one part only (may be given again)")
    parser.add_argument(
        "--json", type=Path, metavar="PATH", help="where to keep it (default: var/bench.json)"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
