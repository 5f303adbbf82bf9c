"""`loket bench`: measured beside a stock build, and what the figures mean for more requests a day."""

import argparse
from pathlib import Path

from app.cli.common import say
from app.settings import ROOT
from casefile.errors import BadInput

FIGURES = ROOT / "var" / "bench.json"


def run(args: argparse.Namespace) -> int:
    """Measure and report, or simulate; a missed target is no failure."""
    path = Path(args.json) if args.json else FIGURES
    if args.simulate:
        from benchmarks.figures import read_figures
        from benchmarks.simulated import report as simulated

        if args.only:
            raise BadInput("--simulate measures nothing; give --only without it")
        say(simulated(read_figures(path), args.seed))
        return 0
    from benchmarks.running import LONG, PARTS, report

    known = (*PARTS, *LONG)
    if unknown := [name for name in args.only or () if name not in known]:
        raise BadInput(f"there is no part {unknown[0]!r}; known are {', '.join(known)}")
    if args.rounds < 1:
        raise BadInput(f"--rounds {args.rounds}: at least one")
    if args.messages < 1000:
        raise BadInput(f"--messages {args.messages}: at least 1000, for a tenth of it is compared")
    say(report(args.only or (), args.rounds, path, args.messages))
    return 0
