"""Periodic work: whatever job has a slot that nobody has seen to is run, by whichever process looks first."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from casefile.errors import LoketError
from policies.periodic import Cadence, latest
from policies.reminders import may_remind
from policies.sla import Hours
from ports.sources import Health
from ports.upkeep import Expiring, Reminding, Retiring, Slots, SnapshotKeeper

log = structlog.get_logger(__name__)
CHORE = "periodic"
# What snapshots are read from; a reminder rests on the schedule alone.
RECORDS, SCHEDULE = frozenset({"schedule", "payments"}), frozenset({"schedule"})


@dataclass(frozen=True, slots=True)
class Chore:
    """One periodic job.

    `run(slot, now)` does a portion and says whether the slot is seen to; it may be repeated, also at the same time by
    another process, because what it does once is once by a key in the database.
    """

    name: str
    cadence: Cadence
    run: Callable[[datetime, datetime], Awaitable[bool]]


class Chores:
    """Runs what is due; of slots that came while nobody was there only the latest is caught up with."""

    def __init__(self, chores: Sequence[Chore], slots: Slots, hours: Hours) -> None:
        self._chores = tuple(chores)
        self._slots = slots
        self._hours = hours

    async def due(self, now: datetime) -> bool:
        """Say whether any job has a slot that nobody has seen to."""
        return bool(await self._due(now))

    async def run_due(self, now: datetime) -> None:
        """Run a portion of every job whose latest slot is not seen to; a slot is marked once its work is done."""
        due = await self._due(now)
        # Before anybody had looked for the first time, nothing can have been missed. Together they share a commit.
        await asyncio.gather(
            *(self._slots.mark(chore.name, slot, now) for chore, slot, first in due if first)
        )
        for chore, slot, first in due:
            if not first and await self._ran(chore, slot, now):
                await self._slots.mark(chore.name, slot, now)

    async def _due(self, now: datetime) -> list[tuple[Chore, datetime, bool]]:
        """Return the jobs that are due, each with its slot and whether anybody has ever looked at it."""
        done = await self._slots.done()
        latest_slots = [(chore, latest(chore.cadence, self._hours, now)) for chore in self._chores]
        return [
            (chore, slot, chore.name not in done)
            for chore, slot in latest_slots
            if chore.name not in done or slot > done[chore.name]
        ]

    async def _ran(self, chore: Chore, slot: datetime, now: datetime) -> bool:
        try:
            return await chore.run(slot, now)
        except LoketError as error:
            # The next look tries again; what else is due does not wait for it.
            log.error("chore_failed", chore=chore.name, error=type(error).__name__, exc_info=error)
            return False


@dataclass(frozen=True, slots=True)
class RecordChores:
    """The jobs that rest on the records: none of them runs while those it needs are down."""

    snapshots: SnapshotKeeper
    reminders: Reminding
    health: Health
    hours: Hours

    async def rebuild(self, slot: datetime, now: datetime) -> bool:
        """Build everybody's snapshot anew as the day begins."""
        return await self._up(RECORDS) and await self.snapshots.rebuild(slot, now)

    async def heal(self, slot: datetime, now: datetime) -> bool:
        """Renew the snapshots that missed a change."""
        return await self._up(RECORDS) and await self.snapshots.heal(now)

    async def remind(self, slot: datetime, now: datetime) -> bool:
        """Remind of tomorrow's sessions; too late in the day nobody is reminded any more."""
        if not may_remind(self.hours, slot, now):
            return True
        return await self._up(SCHEDULE) and await self.reminders.remind(now)

    async def _up(self, names: frozenset[str]) -> bool:
        return not names & await self.health.down()


def retiring(job: Retiring) -> Callable[[datetime, datetime], Awaitable[bool]]:
    """Return the retention job as a chore runs it."""
    return lambda slot, now: job.retire(now)


def expiring(job: Expiring) -> Callable[[datetime, datetime], Awaitable[bool]]:
    """Return the job that ends unpaid orders as a chore runs it."""
    return lambda slot, now: job.expire(now)
