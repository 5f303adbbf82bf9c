"""The matrix: every conversation, killed at every commit, before it and between it and its news."""

import random
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests.chaos.auditor.audit import audit
from tests.chaos.auditor.evidence import collect
from tests.chaos.auditor.story import Story, differences, story
from tests.chaos.conversations import Conversation
from tests.chaos.driver import Played, play
from tests.chaos.places import Places
from tests.chaos.processes import Stuck
from tests.chaos.serve import Death


@dataclass(frozen=True)
class Cell:
    """One run: a conversation and where its servers die, one after another."""

    conversation: Conversation
    deaths: tuple[Death, ...]

    @property
    def where(self) -> str:
        """Name the boundary."""
        return " + ".join(f"{death.when} {death.number}" for death in self.deaths)


@dataclass(frozen=True)
class Result:
    """What became of a cell; `problems` is empty when all is accounted for."""

    cell: Cell
    played: Played
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Reference:
    """The unkilled run of a conversation."""

    story: Story
    commits: int


def reference(conversation: Conversation, places: Places) -> Reference:
    """Play a conversation unkilled; it has to pass its own audit."""
    with places.one() as place:
        played = play(conversation, place, ())
        problems = audit(collect(place.tables, place.receipts))
        if problems:
            raise Stuck(f"{conversation.name} fails unkilled: {problems}")
        return Reference(story(place.tables, place.receipts), played.commits)


def run(cell: Cell, wanted: Reference, places: Places) -> Result:
    """Play one cell and audit what it left."""
    with places.one() as place:
        try:
            played = play(cell.conversation, place, cell.deaths)
        except Stuck as stuck:
            return Result(cell, Played(len(cell.deaths), 0, {}), (str(stuck),))
        problems = audit(collect(place.tables, place.receipts))
        problems += differences(wanted.story, story(place.tables, place.receipts))
        return Result(cell, played, tuple(problems))


def boundaries(conversation: Conversation, commits: int, every: int = 1, twice: bool = False) -> list[Cell]:
    """Return the cells of a conversation; `twice` kills the next server as well, while it recovers."""
    again = (Death(1, "between"),) if twice else ()
    return [
        Cell(conversation, (Death(number, when), *again))
        for number in range(1, commits + 1, every)
        for when in ("before", "between")
    ]


def sample(cells: Sequence[Cell], count: int, seed: int) -> list[Cell]:
    """Return a few cells, the same ones for the same seed."""
    name = cells[0].conversation.name if cells else ""
    return random.Random(f"{seed} {name}").sample(list(cells), min(count, len(cells)))


def references(conversations: Sequence[Conversation], places: Places, jobs: int) -> dict[str, Reference]:
    """Play conversations unkilled, side by side."""
    with ThreadPoolExecutor(jobs) as pool:
        names = (conversation.name for conversation in conversations)
        played = pool.map(lambda conversation: reference(conversation, places), conversations)
        return dict(zip(names, played, strict=True))


def run_all(cells: Iterable[tuple[Cell, Reference]], places: Places, jobs: int) -> Iterator[Result]:
    """Run cells side by side, in order of the cells."""
    with ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(lambda pair: run(pair[0], pair[1], places), cells)


def line(result: Result) -> str:
    """Word one result for the table."""
    held = ", ".join(f"{what} {n:+d}" for what, n in result.played.held.items()) or "-"
    died = held if result.played.deaths else "(not reached)"
    verdict = "ok" if not result.problems else "FAILED"
    return f"{result.cell.conversation.name:18} {result.cell.where:28} {verdict:6} {died}"
