"""A desk's load as a queueing model: the busiest hour of a day with a campaign in it, seeded and repeatable."""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from benchmarks.figures import Figures
from benchmarks.queueing import Station, Timeline

HOUR = 3600.0
# Shares of a day's requests: the busiest hour, and a campaign's ten minutes in the middle of it.
HOUR_SHARE, BURST_SHARE, BURST_SECONDS = 0.11, 0.03, 600.0
# Of one request, as the soak's customers behave; a message is answered by about one.
MESSAGES, SENDS, COACH_POSTS, OPS_POSTS, APPROVALS = 1.45, 1.05, 0.21, 0.28, 0.07
# Turns that only settle a case (it resolves, closes ...): so many a message, hours later, with nothing to understand.
QUIET = 1.6
# Each message sent is reported as sent, delivered and read.
STATUSES = 3
COLLECT_SECONDS, THINK_SECONDS, DECIDE_SECONDS = 1.2, 40.0, 120.0
PROVIDER_SECONDS, NUMBER_A_SECOND, PAIR_SECONDS, GROUP_A_MINUTE = 0.4, 80.0, 6.0, 20.0
DATABASE_CORES = 4
# No more of a part's time than this is to be worked, machines in the campaign and people in the busy hours.
AT_MOST = 0.7
ENOUGH = 5000

Part = Literal["door", "worker", "database", "number", "ops group", "coach group", "coaches"]


@dataclass(frozen=True, slots=True)
class Setup:
    """How many of each there are; alone, one process on SQLite is door and worker in one."""

    doors: int
    workers: int
    databases: int
    numbers: int
    ops_groups: int
    coach_groups: int
    coaches: int
    alone: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a simulated load came to: each part's share of time worked, and seconds to the first answer."""

    utilisation: dict[Part, float]
    waits: list[float]
    decisions: list[float]

    def wait(self, share: float) -> float:
        """Return the wait that this share of first answers did not exceed."""
        ordered = sorted(self.waits)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def demand(requests: int, figures: Figures, alone: bool) -> dict[Part, float]:
    """Return how many of each part would be worked all the time, at the rates it has to be made for.

    The machines' is that of the campaign's ten minutes; people and their groups have the hour to catch up.
    """
    hour = requests * HOUR_SHARE / HOUR
    burst = hour + requests * BURST_SHARE / BURST_SECONDS
    door = MESSAGES * (1 + SENDS * STATUSES) * figures.door_ms / 1000
    worker = MESSAGES * _worker_ms(figures, alone) / 1000 + (door if alone else 0)
    quiet = MESSAGES * QUIET * _quiet_ms(figures, alone) / 1000
    stored = MESSAGES * (4 * figures.write_ms if alone else figures.database_ms / DATABASE_CORES) / 1000
    busy = requests * (HOUR_SHARE + BURST_SHARE) / HOUR
    return {
        "door": burst * door,
        "worker": burst * worker + hour * quiet,
        "database": burst * stored,
        "number": burst * MESSAGES * SENDS / NUMBER_A_SECOND,
        "ops group": busy * OPS_POSTS * 60 / GROUP_A_MINUTE,
        "coach group": busy * COACH_POSTS * 60 / GROUP_A_MINUTE,
        "coaches": busy * APPROVALS * DECIDE_SECONDS,
    }


def setup_for(requests: int, figures: Figures) -> Setup:
    """Return the least that keeps every part below `AT_MOST`."""
    alone = demand(requests, figures, alone=True)["worker"] <= AT_MOST
    needed = {part: max(1, math.ceil(d / AT_MOST)) for part, d in demand(requests, figures, alone).items()}
    return Setup(
        doors=0 if alone else needed["door"],
        workers=needed["worker"],
        databases=needed["database"],
        numbers=needed["number"],
        ops_groups=needed["ops group"],
        coach_groups=needed["coach group"],
        coaches=needed["coaches"],
        alone=alone,
    )


def simulate(requests: int, setup: Setup, figures: Figures, seed: int) -> Outcome:
    """Let so many requests a day come in its busiest hour, on as many days as give a few thousand."""
    days = max(1, round(ENOUGH / (requests * (HOUR_SHARE + BURST_SHARE))))
    drawn = random.Random(seed)
    outcomes = [_Hour(setup, figures, drawn).run(requests) for _ in range(days)]
    parts = outcomes[0].utilisation
    return Outcome(
        {part: sum(o.utilisation[part] for o in outcomes) / days for part in parts},
        [wait for outcome in outcomes for wait in outcome.waits],
        [wait for outcome in outcomes for wait in outcome.decisions],
    )


class _Hour:
    """One day's busiest hour, and what is left of it to do afterwards."""

    def __init__(self, setup: Setup, figures: Figures, drawn: random.Random) -> None:
        self._drawn = drawn
        self._timeline = timeline = Timeline()
        door = self._varied(figures.door_ms / 1000)
        work = self._varied(_worker_ms(figures, setup.alone) / 1000)
        self._quiet = self._varied(_quiet_ms(figures, setup.alone) / 1000)
        self._workers = [Station(timeline, 1, work) for _ in range(setup.workers)]
        # Alone, webhooks take their turn on the same loop; they are short, so they are counted, not queued.
        self._doors = Station(timeline, max(1, setup.doors), door)
        if setup.alone:
            self._database = writer_of(timeline, self._workers[0], figures)
        else:
            stored = self._varied(figures.database_ms / 4000)
            self._database = Station(timeline, DATABASE_CORES * setup.databases, stored)
        self._numbers = Station(timeline, setup.numbers, lambda _: 1 / NUMBER_A_SECOND)
        self._ops = Station(timeline, setup.ops_groups, lambda _: 60 / GROUP_A_MINUTE)
        self._coach_groups = Station(timeline, setup.coach_groups, lambda _: 60 / GROUP_A_MINUTE)
        self._coaches = Station(timeline, setup.coaches, lambda _: drawn.expovariate(1 / DECIDE_SECONDS))
        self._waits: list[float] = []
        self._decisions: list[float] = []

    def run(self, requests: int) -> Outcome:
        """Let them come, and all be answered."""
        hour, burst = requests * HOUR_SHARE / HOUR, requests * BURST_SHARE / BURST_SECONDS
        self._arrivals(0.0, HOUR, hour, self._request)
        self._arrivals((HOUR - BURST_SECONDS) / 2, BURST_SECONDS, burst, self._request)
        self._arrivals(0.0, HOUR, hour * MESSAGES * QUIET, self._settles)
        self._timeline.run()
        seconds = max(HOUR, self._timeline.now)
        workers = sum(w.worked for w in self._workers) / (len(self._workers) * seconds)
        return Outcome(
            {
                "door": self._doors.utilisation(seconds),
                "worker": workers,
                "database": self._database.utilisation(seconds),
                "number": self._numbers.utilisation(seconds),
                "ops group": self._ops.utilisation(seconds),
                "coach group": self._coach_groups.utilisation(seconds),
                "coaches": self._coaches.utilisation(seconds),
            },
            self._waits,
            self._decisions,
        )

    def _arrivals(self, start: float, seconds: float, rate: float, act: Callable[[], None]) -> None:
        at = start + self._drawn.expovariate(rate)
        while at < start + seconds:
            self._timeline.after(at, act)
            at += self._drawn.expovariate(rate)

    def _settles(self) -> None:
        worker = self._workers[self._drawn.randrange(len(self._workers))]
        worker.arrive(lambda: self._database.arrive(_nothing), self._quiet)

    def _request(self) -> None:
        # The lock of a conversation keeps its turns at one worker at a time.
        worker = self._workers[self._drawn.randrange(len(self._workers))]
        came = self._timeline.now
        self._message(worker, lambda: self._waits.append(self._timeline.now - came), sent=-PAIR_SECONDS)
        self._posts()

    def _message(self, worker: Station, told: Callable[[], None], sent: float) -> None:
        """Take one message from the door to its answer at the customer's; some are followed by another."""
        timeline = self._timeline

        def collected() -> None:
            timeline.after(COLLECT_SECONDS, lambda: worker.arrive(decided))

        def decided() -> None:
            self._database.arrive(lambda: self._database.arrive(attempted))

        def attempted() -> None:
            early = max(0.0, sent + PAIR_SECONDS - timeline.now)
            timeline.after(early, lambda: self._numbers.arrive(called))

        def called() -> None:
            timeline.after(self._drawn.expovariate(1 / PROVIDER_SECONDS), answered)

        def answered() -> None:
            told()
            self._database.arrive(_nothing)
            for _ in range(STATUSES):
                self._doors.arrive(_nothing)
            if self._drawn.random() < 1 - 1 / MESSAGES:
                now = timeline.now
                think = self._drawn.expovariate(1 / THINK_SECONDS)
                timeline.after(think, lambda: self._message(worker, _nothing, now))

        self._doors.arrive(lambda: self._database.arrive(collected))

    def _posts(self) -> None:
        """Let a request show up in the lanes, and sometimes wait for a coach."""
        if self._drawn.random() < OPS_POSTS:
            self._ops.arrive(_nothing)
        if self._drawn.random() < APPROVALS:
            asked = self._timeline.now

            def settled() -> None:
                self._decisions.append(self._timeline.now - asked)
                for _ in range(round(COACH_POSTS / APPROVALS) - 1):
                    self._coach_groups.arrive(_nothing)

            self._coach_groups.arrive(lambda: self._coaches.arrive(settled))

    def _varied(self, mean: float) -> Callable[[int], float]:
        """Return a time that varies by half around its mean: turns differ, but not by much."""
        return lambda _: mean * (0.5 + self._drawn.random())


def writer_of(timeline: Timeline, process: Station, figures: Figures) -> Station:
    """Return the writer's thread of a process: all that waits in one commit, once the interpreter is free for it."""
    return Station(
        timeline,
        1,
        lambda n: (figures.commit_ms + n * figures.write_ms) / 1000,
        together=True,
        behind=process,
    )


def _worker_ms(figures: Figures, alone: bool) -> float:
    if alone:
        return figures.turn_ms + figures.understanding_ms + figures.send_ms
    return figures.worker_ms


def _quiet_ms(figures: Figures, alone: bool) -> float:
    turn = figures.turn_ms / (figures.turn_ms + figures.understanding_ms + figures.send_ms)
    return turn * _worker_ms(figures, alone)


def _nothing() -> None:
    """Nobody waits for this."""
