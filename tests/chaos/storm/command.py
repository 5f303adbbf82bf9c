"""`python -m tests.chaos storm`: kill -9 at random moments under load, then ask both sides what happened."""

import argparse
import asyncio
import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.chaos.auditor.audit import audit
from tests.chaos.auditor.evidence import Evidence
from tests.chaos.storm.fleet import FLEETS
from tests.chaos.storm.history import concerned, history
from tests.chaos.storm.plan import Storm
from tests.chaos.storm.report import table
from tests.chaos.storm.run import Outcome, folder, weather_the

KILLS, CONVERSATIONS, SEED = 200, 300, 1
MOST_PROBLEMS = 20
# A failed run is played again with its own conversations alone, in the hope of a shorter story.
AGAIN, AGAIN_KILLS = 2, 20


def main(words: Sequence[str]) -> int:
    """Play a storm on each database and judge it; returns 1 when anything is unaccounted for."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos storm", description=__doc__)
    parser.add_argument("--kills", type=int, default=KILLS, help=f"how many deaths (default: {KILLS})")
    parser.add_argument(
        "--seed", type=int, default=SEED, help="load, faults and moments (default: %(default)s)"
    )
    parser.add_argument(
        "--conversations", type=int, default=CONVERSATIONS, help="how many (default: %(default)s)"
    )
    parser.add_argument(
        "--database", choices=sorted(FLEETS), action="append", help="default: every one there is"
    )
    parser.add_argument("--keep", type=Path, metavar="DIR", help="leave each run's files here")
    parser.add_argument("--again", type=int, default=AGAIN, help="replays of a failure, to shorten it")
    asked = parser.parse_args(words)
    failed = []
    for database in asked.database or sorted(FLEETS, reverse=True):
        storm = Storm(asked.seed, asked.kills, asked.conversations, database)
        if not judged(storm, asked.keep, asked.again):
            failed.append(database)
    if failed:
        say(f"FAILED on {', '.join(failed)} (SEED={asked.seed} KILLS={asked.kills}): see above")
        return 1
    say("Nothing lost, nothing twice.")
    return 0


def judged(storm: Storm, keep: Path | None, again: int) -> bool:
    """Play one storm, print its table, and on failure the shortest history there is."""
    with folder(keep, f"{storm.database}-{storm.seed}") as home:
        outcome, problems = played(storm, home)
        for line in table(outcome):
            say(line)
        if not problems:
            say("  verdict: all accounted for")
            return True
        say(f"  verdict: {len(problems)} problems, seed {storm.seed}")
        for problem in problems[:MOST_PROBLEMS]:
            say(f"    {problem}")
        found = outcome.found
        shown = [history(one, found, home) for problem in problems if (one := concerned(problem, found))]
        named = set().union(*(concerned(problem, found) for problem in problems))
        shown += _smaller(storm, named, found, again)
        shortest = min(shown, key=len, default=[])
        say(f"  the shortest history found ({len(shortest)} lines, times of the sandbox's clock):")
        for line in shortest:
            say(f"    {line}")
        return False


def played(storm: Storm, home: Path) -> tuple[Outcome, list[str]]:
    """Play one storm; returns it with everything that does not agree."""
    outcome = asyncio.run(weather_the(storm, home))
    return outcome, [*outcome.troubles, *audit(outcome.found)]


def _smaller(storm: Storm, conversations: set[str], found: Evidence, times: int) -> list[list[str]]:
    """Play the conversations in question alone, a few times; returns the histories of runs that fail as well."""
    of = {row["id"]: row for row in found.tables["conversations"]}
    keys = {of[name]["contact_id"] for name in conversations}
    keys |= {of[name]["channel_address"].lstrip("+") for name in conversations}
    alone = dataclasses.replace(storm, kills=min(AGAIN_KILLS, storm.kills), only=frozenset(keys))
    histories = []
    for _ in range(times if keys else 0):
        with folder(None, "") as home:
            outcome, problems = played(alone, home)
            again = outcome.found
            histories += [history(one, again, home) for p in problems if (one := concerned(p, again))]
    return histories


def say(words: str) -> None:
    """Print at once, so that a long run can be watched."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()
