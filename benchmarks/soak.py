"""A hundred thousand messages over ten weeks: whether memory, the time of a turn or a case's bytes grow."""

import asyncio
import os
import random
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path

from adapters.clock import ManualClock
from app import logging
from app.chores import chores_for
from app.paying import payments_for
from app.watch import incidents_for
from app.wire import Wired, decisions_for, wire
from benchmarks.desk import ACCOUNT, NOW, heard, scratch, settings, settled
from benchmarks.report import Line, median
from benchmarks.soak_school import Lanes, Phones, peopled, visits
from casefile.events import ChannelEvent, DeliveryStatus, OperatorCommand
from casefile.records import StaffMember
from gateway.decisions import Decisions
from gateway.draining import Collecting
from gateway.engine import Engine, Pace
from gateway.intake import Intake
from gateway.perform import Sinks
from gateway.wakeups import InProcessWakeups
from policies.approvals import Decision
from policies.retention import Retention
from services.evidence import KeptEvidence
from store.database import Backend
from store.sqlite import SqliteFile
from understanding.language import langid_tie_break

# Each tenth of the time is a whole week, so that tenths have the same days in them.
WEEKS = 10
TOGETHER = 20
MESSAGES_EACH = 25
FEWEST_CUSTOMERS = 2000
STRANGERS = 0.03
LOOK_SECONDS = 0.001
TOLD_EVERY = 10_000
LOOKS = 100
NO_TIME = timedelta(0)
# As in config.yaml, but so short that ten weeks see the end of it.
SHORT = Retention(inbox_days=8, turn_records_days=14, outbox_days=14, transcript_days=28)
AT_ONCE = Collecting(NO_TIME, NO_TIME)


@dataclass(frozen=True, slots=True)
class Look:
    """What one stretch of messages showed: CPU a message, resident and stored bytes, cases there are."""

    messages: int
    cpu_ms: float
    resident: int
    stored: int
    cases: int


@dataclass(slots=True)
class Soak:
    """The desk with its engine running, the people around it, and what was looked at."""

    wired: Wired
    engine: Engine
    intake: Intake
    decisions: Decisions
    clock: ManualClock
    phones: Phones
    customers: int
    folder: Path
    drawn: random.Random = field(default_factory=lambda: random.Random(1))
    written: int = 0
    cpu: float = 0.0

    async def work(self, by: timedelta, coming: Sequence[tuple[int, str]]) -> None:
        """Let time pass and customers write, and all that follows from it happen."""
        events: list[ChannelEvent] = []
        for key, provider_id in self.phones.reported:
            status = DeliveryStatus(
                account=ACCOUNT,
                received_at=self.clock.now(),
                provider_id=provider_id,
                key=key,
                status="delivered",
            )
            events.append(status)
        self.phones.reported.clear()
        self.clock.advance(by)
        now = self.clock.now()
        for customer, text in coming:
            self.written += 1
            event = heard(customer, text, f"wamid.{self.written}")
            events.append(event.model_copy(update={"received_at": now, "sent_at": now}))
        await self.intake.received(await self.wired.journal.receive(events))
        while not await self._rests():  # noqa: ASYNC110 - the engine has no event for being at rest
            await asyncio.sleep(LOOK_SECONDS)

    async def visit(self, visits: Sequence[tuple[int, Sequence[str]]]) -> None:
        """Let customers say the first of what they came for together, and go on a minute after each answer."""
        began = time.process_time()
        while visits:
            await self.work(timedelta(minutes=1), [(customer, said[0]) for customer, said in visits])
            visits = [(customer, said[1:]) for customer, said in visits if said[1:]]
        self.cpu += time.process_time() - began

    async def people(self, by: StaffMember) -> None:
        """Let half of what waits for a decision be decided, and half of what is with people be settled."""
        read, journal = self.wired.database.read, self.wired.journal
        for row in read("SELECT case_id FROM approvals WHERE state = 'pending'"):
            record = await journal.pending_approval_of(row["case_id"])
            if self.drawn.random() < 0.5:
                decision: Decision = "DENY" if self.drawn.random() < 0.3 else "APPROVE"
                await self.decisions.decide(record, by, decision, "", None, f"bench:{by.id}")
        now = self.clock.now()
        for row in read(
            "SELECT id, conversation_id FROM cases WHERE desk = ? AND state = 'with_person'", (ACCOUNT,)
        ):
            if self.drawn.random() < 0.5:
                event = OperatorCommand(at=now, case_id=row["id"], command="resolve", by=by.id)
                await journal.submit(
                    row["conversation_id"], event, f"bench:{row['id']}:{now.isoformat()}", now
                )
                self.engine.wakeups.wake(row["conversation_id"])

    def counted(self, sql: str) -> int:
        """Ask for one number."""
        return int(self.wired.database.read(sql)[0]["n"])

    def stored(self) -> int:
        """Return the bytes of the database's files."""
        return sum(file.stat().st_size for file in self.folder.glob("loket.db*"))

    async def close(self) -> None:
        """Stop the engine and drop the files."""
        await self.intake.stop()
        await self.engine.stop()
        self.wired.database.close()
        shutil.rmtree(self.folder)

    async def _rests(self) -> bool:
        timer = await self.wired.journal.next_timer()
        return (timer is None or timer > self.clock.now()) and await self.engine.settled()


async def measure(messages: int) -> list[Line]:
    """Soak, tell how it stands every 10,000 messages, and compare the last tenth with the second."""
    # What goes wrong is counted below; a warning with its locals would be measured as well.
    logging.set_up(settings().shared.logging.model_copy(update={"level": "error", "format": "json"}))
    soak = await open_soak(max(FEWEST_CUSTOMERS, messages // MESSAGES_EACH))
    looks = await run(soak, messages)
    note = f"{messages} messages of {soak.customers} customers over {WEEKS} weeks: {_seen(soak)}"
    await soak.close()
    second, last = _tenth(looks, 1), _tenth(looks, 9)
    resident = [median(look.resident for look in looks) / 1e6 for looks in (last, second)]
    cpu = [median(look.cpu_ms for look in looks) for looks in (last, second)]
    return [
        Line("memory, last tenth / second", resident[0], "MB", 1.1, True, "ratio", resident[1], "MB", note),
        Line("CPU of a message, last tenth / second", cpu[0], "ms", 1.1, True, "ratio", cpu[1], "ms"),
    ]


async def open_soak(customers: int, backend: Callable[[Path], Backend] = SqliteFile) -> Soak:
    """Open a desk of so many customers and start its engine, periodic jobs and all."""
    folder, clock = scratch(), ManualClock(NOW)
    shared = settings().shared.model_copy(update={"retention": SHORT})
    told = settings().model_copy(update={"shared": shared})
    database = backend(folder / "loket.db")
    wired = await wire(told, clock=clock, database=database, loaded=peopled(customers, WEEKS + 2))
    phones = Phones()
    checks = {"schedule": wired.records.check_schedule, "payments": wired.records.check_payments}
    engine = Engine(
        wired.journal,
        InProcessWakeups(),
        {wired.desk.rules.desk: wired.runner},
        Sinks(
            phones,
            Lanes(),
            wired.operations,
            payments_for(wired, None),
            KeptEvidence(wired.database, folder / "media", phones),
        ),
        wired.stored,
        wired.board,
        wired.board,
        incidents_for(wired, checks),
        clock,
        Pace(collecting=AT_ONCE),
        chores=chores_for(wired, wired.board),
    )
    await engine.start()
    # Its model comes with the first words that tell no language, once: here, lest it look like growth.
    langid_tie_break("loket")
    settled()
    wake = engine.wakeups.wake
    decisions, _ = decisions_for(wired, wake)
    intake = Intake(wake, phones.mark_read, engine.status_news)
    return Soak(wired, engine, intake, decisions, clock, phones, customers, folder)


async def run(soak: Soak, messages: int) -> list[Look]:
    """Let so many messages be written, and look a hundred times on the way."""
    coach = next(p for p in await soak.wired.stored.staff() if "coach" in p.roles)
    saying, strangers = visits(seed=1), count(soak.customers)
    looks: list[Look] = []
    written = told = 0
    while soak.written < messages:
        visiting = [_visitor(soak, strangers) for _ in range(TOGETHER)]
        await soak.visit([(visitor, next(saying)) for visitor in visiting])
        await soak.people(coach)
        passed = soak.clock.now() - NOW
        await soak.work(max(NO_TIME, timedelta(weeks=WEEKS) * (soak.written / messages) - passed), ())
        if soak.written * LOOKS >= messages * (len(looks) + 1):
            before, written = written, soak.written
            cases = soak.counted("SELECT COUNT(*) AS n FROM cases")
            cpu, soak.cpu = soak.cpu / (written - before) * 1000, 0.0
            looks.append(Look(soak.written, cpu, _resident(), soak.stored(), cases))
            if soak.written // TOLD_EVERY > told:
                told = soak.written // TOLD_EVERY
                print(_words(looks), file=sys.stderr, flush=True)
    return looks


def _visitor(soak: Soak, strangers: Iterator[int]) -> int:
    return soak.drawn.randrange(soak.customers) if soak.drawn.random() >= STRANGERS else next(strangers)


def _words(looks: Sequence[Look]) -> str:
    latest = looks[-1]
    cpu = median(look.cpu_ms for look in looks[-10:])
    return (
        f"  {latest.messages} messages: {latest.resident / 1e6:.0f} MB resident, {cpu:.2f} ms CPU a message,"
        f" {latest.stored / latest.cases:.0f} bytes a case"
    )


def _seen(soak: Soak) -> str:
    asked = {
        "cases": "SELECT COUNT(*) AS n FROM cases",
        "closed": "SELECT COUNT(*) AS n FROM cases WHERE state = 'closed'",
        "effects": "SELECT COALESCE(MAX(seq), 0) AS n FROM outbox",
        "turn records left": "SELECT COUNT(*) AS n FROM turn_records",
        "approvals": "SELECT COUNT(*) AS n FROM approvals",
        "moves": "SELECT COUNT(*) AS n FROM operations WHERE action = 'RESCHEDULE' AND status = 'SUCCESS'",
        "quarantined": "SELECT COUNT(*) AS n FROM inbox WHERE state = 'quarantined'",
    }
    found = [f"{soak.counted(sql)} {name}" for name, sql in asked.items()]
    return ", ".join([*found, f"{soak.wired.database.stats.commits} commits"])


def _tenth(looks: Sequence[Look], number: int) -> Sequence[Look]:
    size = len(looks) // 10
    return looks[number * size : (number + 1) * size]


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
