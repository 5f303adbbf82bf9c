"""`python -m tests.chaos boundaries`: kill -9 at every commit boundary of the scripted conversations."""

import argparse
import sys
from collections.abc import Sequence
from time import monotonic

from tests.chaos.conversations import CONVERSATIONS
from tests.chaos.matrix import Cell, boundaries, line, references, run_all, sample
from tests.chaos.places import PLACES, Places


def main(words: Sequence[str]) -> int:
    """Play, kill, restart, audit; returns 1 when anything is unaccounted for."""
    names = [conversation.name for conversation in CONVERSATIONS]
    parser = argparse.ArgumentParser(prog="python -m tests.chaos boundaries", description=__doc__)
    parser.add_argument(
        "--script", choices=names, action="append", help="only this conversation (may be repeated)"
    )
    parser.add_argument("--every", type=int, default=1, help="only every K-th commit")
    parser.add_argument("--sample", type=int, help="only so many boundaries of each conversation")
    parser.add_argument("--seed", type=int, default=2, help="which ones")
    parser.add_argument("--twice", action="store_true", help="kill the server that recovers, too")
    parser.add_argument("--jobs", type=int, default=2, help="runs side by side")
    parser.add_argument(
        "--database", choices=PLACES, default="sqlite", help="where the server keeps its files"
    )
    asked = parser.parse_args(words)
    places = PLACES[asked.database]()
    try:
        return _matrix(asked, places)
    finally:
        places.close()


def _matrix(asked: argparse.Namespace, places: Places) -> int:
    began = monotonic()
    chosen = [one for one in CONVERSATIONS if not asked.script or one.name in asked.script]
    wanted = references(chosen, places, asked.jobs)
    cells: list[Cell] = []
    for one in chosen:
        commits, replies = wanted[one.name].commits, len(wanted[one.name].story["replies"])
        own = boundaries(one, commits, asked.every, asked.twice)
        cells += own if asked.sample is None else sample(own, asked.sample, asked.seed)
        say(f"{one.name}: {commits} commits and {replies} replies when nobody is killed")
    total = reached = failed = 0
    for result in run_all(((cell, wanted[cell.conversation.name]) for cell in cells), places, asked.jobs):
        total += 1
        reached += result.played.deaths > 0
        failed += bool(result.problems)
        say(line(result))
        for problem in result.problems:
            say(f"    {problem}")
    say(f"{total} runs, {reached} died, {failed} failed; {monotonic() - began:.0f} s")
    return 1 if failed else 0


def say(words: str) -> None:
    """Print at once, so that a long run can be watched."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()
