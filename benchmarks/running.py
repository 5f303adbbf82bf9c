"""Running the parts: each measured on the loop that `loket serve` runs on, all of it in one report."""

import asyncio
import importlib
import os
import platform
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

from app.cli.main import ENVIRONMENT
from app.cli.serve import loop_factory
from benchmarks.report import Line, keep, table

PARTS = ("commits", "throughput", "threads", "models", "webhook", "process", "scaling", "retrieval")
# Too long for a plain run; measured when it is asked for by name.
LONG = ("soak",)


def report(names: Sequence[str], rounds: int, path: Path, messages: int) -> str:
    """Measure the named parts (all but the long ones where none is named), keep the figures.

    Returns the report. A long part is told how many `messages`, every other how many `rounds`.
    """
    os.environ.update(ENVIRONMENT)
    # The peers are older constructions; what they warn of is not ours to mend.
    warnings.simplefilter("ignore")
    lines: list[Line] = []
    for name in names or PARTS:
        print(f"{name} ...", file=sys.stderr, flush=True)
        part = importlib.import_module(f"benchmarks.{name}")
        # The peers run on this loop as well.
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            lines += runner.run(part.measure(messages if name in LONG else rounds))
    keep(path, lines, {"python": platform.python_version(), "cores": os.cpu_count(), "rounds": rounds})
    missed = sum(not line.met for line in lines)
    return f"{table(lines)}\n\n{len(lines) - missed} met, {missed} missed"
