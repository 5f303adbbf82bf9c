"""One storm from its first message to the last thing that had to be settled."""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import httpx

from sandbox.clock import SharedClock
from tests.chaos.auditor.evidence import RECORDS, Evidence, Row, collect, utc
from tests.chaos.storm.commands import Commands
from tests.chaos.storm.desk import OPENING, records_are_loaded
from tests.chaos.storm.fleet import FLEETS, START_SECONDS, Processes
from tests.chaos.storm.killer import Killer
from tests.chaos.storm.people import Customers
from tests.chaos.storm.plan import Customer, Storm, customers
from tests.chaos.storm.staff import Staff
from tests.chaos.storm.tables import Unreadable
from tests.chaos.storm.weather import Weather
from tests.chaos.storm.world import World, pause

# Nothing has come any nearer to rest for so long: it never will.
STUCK_SECONDS, MOST_SECONDS, LOOK_SECONDS = 120.0, 900.0, 0.25
# While everything comes to rest the clock hurries: the longest pause between two attempts is five minutes.
REST_ADVANCE = 15.0
NIGHT_SECONDS = 13 * 3600
OPEN = (
    "SELECT 'inbox' AS what, external_id AS name, state FROM inbox WHERE state = 'unread'"
    " UNION ALL SELECT kind, key, state FROM outbox WHERE pending = 1 OR state = 'unknown'"
    " UNION ALL SELECT 'approval', id, state FROM approvals WHERE state = 'pending'"
    " UNION ALL SELECT 'timer', key, state FROM timers WHERE state = 'armed' AND due_at <= ?"
)
# Customers come in crowds, as they do after a campaign.
CROWD = 12


@dataclass
class Outcome:
    """What a run was; `found` is what both sides have to say of it."""

    storm: Storm
    seconds: float = 0.0
    troubles: list[str] = field(default_factory=list)
    kills: dict[str, int] = field(default_factory=dict)
    in_hand: dict[str, int] = field(default_factory=dict)
    unanswered: int = 0
    before: dict[str, list[Row]] = field(default_factory=dict)
    found: Evidence = field(default_factory=lambda: Evidence({}, []))


@contextmanager
def folder(keep: Path | None, name: str) -> Iterator[Path]:
    """Give a run its files: a folder that stays, or one that goes."""
    if keep is not None:
        home = keep / name
        home.mkdir(parents=True)
        yield home.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="loket-storm-") as made:
        yield Path(made).resolve()


async def weather_the(storm: Storm, home: Path) -> Outcome:
    """Play a whole run in an empty folder and collect what it leaves."""
    began = monotonic()
    people = customers(storm)
    clock = SharedClock(home / "clock.json")
    clock.freeze(OPENING)
    clock.flow()
    processes = Processes(home, FLEETS[storm.database](home), people)
    outcome = Outcome(storm)
    # Given up before the sandbox does it, or a request meets a connection that is just being closed.
    limits = httpx.Limits(max_connections=200, keepalive_expiry=1.0)
    try:
        async with httpx.AsyncClient(timeout=60.0, trust_env=False, verify=False, limits=limits) as http:
            run = _Run(storm, World(processes, http, clock), people, outcome)
            await run.whole()
        await processes.stop()
        now = utc(clock.now().isoformat())
        outcome.found = collect(processes.fleet.tables, home / "receipts.jsonl", outcome.before, now)
    finally:
        processes.close()
        outcome.troubles += processes.troubles
        outcome.seconds = monotonic() - began
    return outcome


class _Run:
    def __init__(self, storm: Storm, world: World, people: tuple[Customer, ...], outcome: Outcome) -> None:
        self._storm = storm
        self._world = world
        self._people = people
        self._outcome = outcome
        self._commands = Commands(storm, world)
        self._customers = Customers(storm, world)
        self._staff = Staff(storm, world, self._commands, {person.key: person for person in people})
        self._weather = Weather(storm, world)
        self._killer = Killer(storm, world)
        world.listen(self._staff.heard)

    async def whole(self) -> None:
        """Start, storm, clear up, and let a night pass."""
        await self._open()
        async with asyncio.TaskGroup() as group:
            lasting = [group.create_task(self._world.watch()), group.create_task(self._weather.flow())]
            storming = [
                group.create_task(self._weather.scatter()),
                *(
                    group.create_task(self._weather.break_things(target))
                    for target in ("whatsapp", "telegram")
                ),
            ]
            operating = group.create_task(self._staff.operate())
            await self._storming()
            # What is being typed is typed to its end.
            self._staff.off_duty = True
            await operating
            for task in storming:
                task.cancel()
            await self._weather.clear()
            self._commands.gentle = True
            await self._rest("the storm")
            self._weather.leap(NIGHT_SECONDS)
            await self._rest("the night")
            for task in lasting:
                task.cancel()
        self._outcome.kills = dict(self._killer.by_process + self._commands.kills)
        self._outcome.in_hand = dict(self._killer.by_hand)
        self._outcome.unanswered = self._customers.unanswered

    async def _open(self) -> None:
        """Start the members one after another, and keep the records as they are before anybody writes."""
        for member in self._world.processes.members:
            self._world.processes.start(member)
            until = monotonic() + START_SECONDS
            while not member.up:
                if monotonic() > until or self._world.processes.fallen():
                    raise RuntimeError(f"the server does not start: {self._world.processes.troubles}")
                await asyncio.sleep(LOOK_SECONDS)
        records_are_loaded(self._world.processes.home)
        self._outcome.before = {name: self._world.tables.rows(f"SELECT * FROM {name}") for name in RECORDS}

    async def _storming(self) -> None:
        """Let conversations begin as the killing goes on, and leap once, in the middle."""
        async with asyncio.TaskGroup() as group:
            killing = group.create_task(self._killer.run())
            chance, leapt = self._storm.chance("crowds"), False
            for number, customer in enumerate(self._people):
                # The last tenth of the kills is for what is still being talked about.
                crowd = number - number % CROWD
                while self._killer.progress * 1.1 < crowd / len(self._people) and not killing.done():
                    await pause(chance, 0.02, 0.1)
                if not leapt and number * 2 > len(self._people):
                    self._weather.leap()
                    leapt = True
                group.create_task(self._customers.converse(customer))
                await pause(chance, 0.0, 0.04)

    async def _rest(self, what: str) -> None:
        """Wait until nothing is left to do, people's part in it included."""
        until, quiet, before = monotonic() + STUCK_SECONDS, 0, [""]
        last = monotonic() + MOST_SECONDS
        while quiet < 3:
            self._killer.revive()
            left = await self._left()
            quiet = 0 if left else quiet + 1
            if left != before and monotonic() < last:
                until, before = monotonic() + STUCK_SECONDS, left
            elif monotonic() > until:
                shown = ", ".join(left[:12])
                self._outcome.troubles.append(f"no rest after {what}: {len(left)} left: {shown}")
                return
            if left and not await self._staff.settle_posts():
                await self._staff.close()
            self._world.clock.advance(REST_ADVANCE)
            await asyncio.sleep(LOOK_SECONDS)

    async def _left(self) -> list[str]:
        state = await self._world.get("state")
        left = [f"{state['pending_webhooks']} webhooks"] if state["pending_webhooks"] else []
        left += [f"{state['unacknowledged_updates']} updates"] if state["unacknowledged_updates"] else []
        left += ["people about to act"] if self._staff.busy else []
        now = utc(self._world.clock.now().isoformat())
        try:
            rows = self._world.tables.rows(OPEN, (now,))
        except Unreadable as error:
            return [*left, str(error)]
        return [*left, *(f"{row['what']} {row['name']} {row['state']}" for row in rows)]
