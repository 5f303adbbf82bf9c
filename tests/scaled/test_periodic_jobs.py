"""Several workers on one PostgreSQL database see to the periodic jobs: each slot's work is there once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest

from adapters.clock import ManualClock
from adapters.procrastinate_wakeups import ProcrastinateWakeups, WorkerSettings, prepare
from app.chores import chores_for
from app.wire import Wired, wire
from casefile.events import Client, InboundMessage, MessageReceived
from casefile.records import Alias
from gateway.chores import CHORE
from ports.wakeups import Handlers
from tests.gateway_engine.room import MONDAY, RINA
from tests.graph.whole import loaded, phone_of, settings
from tests.support.postgres import Postgres

# Ten in the morning on Wednesday, the day before Rina's lesson.
WEDNESDAY = MONDAY + timedelta(days=2)
WORKERS = 2


@pytest.fixture
async def wired(postgres: Postgres) -> AsyncIterator[list[Wired]]:
    """So many processes' parts on one database, which nobody has looked at since Monday."""
    name = postgres.lend()
    async with AsyncExitStack() as closing:
        opened = []
        for _ in range(WORKERS):
            clock = ManualClock(MONDAY)
            one = await wire(settings(), clock=clock, database=postgres.backend(name), loaded=loaded())
            closing.callback(one.database.close)
            opened.append(one)
        await chores_for(opened[0], opened[0].board).run_due(MONDAY)
        await opened[0].journal.receive([message()])
        yield opened
    postgres.take_back(name)


def message() -> MessageReceived:
    """Rina writes on Tuesday noon, so that she may be written to on Wednesday morning."""
    phone, at = phone_of(RINA), MONDAY + timedelta(hours=26)
    client = Client(phone=phone, aliases=(Alias(kind="phone", value=phone),))
    said = InboundMessage(id="wamid.1", kind="text", text="halo")
    return MessageReceived(account="school", received_at=at, sent_at=at, client=client, message=said)


def done_once(one: Wired) -> None:
    """What the slots that came until Wednesday morning ask for is there, and once."""
    read = one.database.read
    slots = {row["job"]: row["slot"] for row in read("SELECT job, slot FROM periodic")}
    assert slots["reminders"] == slots["readiness"] == "2026-11-25T02:00:00.000000Z"
    assert slots["snapshots"] == "2026-11-24T17:00:00.000000Z"
    assert read("SELECT COUNT(*) AS n FROM inbox WHERE channel = 'reminder'")[0]["n"] == 1
    assert read("SELECT COUNT(*) AS n FROM outbox WHERE key LIKE 'readiness:%'")[0]["n"] == 1
    assert read("SELECT COUNT(*) AS n FROM snapshots WHERE as_of < ?", ("2026-11-25",))[0]["n"] == 0


async def test_all_that_look_in_the_same_moment_do_it_once(wired: list[Wired]) -> None:
    await asyncio.gather(*(chores_for(one, one.board).run_due(WEDNESDAY) for one in wired))
    # Whoever lost a race tries again at the next look.
    await asyncio.gather(*(chores_for(one, one.board).run_due(WEDNESDAY) for one in wired))
    done_once(wired[0])


async def test_rung_for_by_all_the_queue_has_one_of_them_do_it(
    postgres: Postgres, wired: list[Wired]
) -> None:
    queue = postgres.lend()
    prepare(postgres.url(queue))
    done = asyncio.Event()
    workers = []
    for one in wired:
        worker = ProcrastinateWakeups(WorkerSettings(postgres.url(queue), 2, 5.0, 0.02))

        async def periodic(one: Wired = one) -> None:
            await chores_for(one, one.board).run_due(WEDNESDAY)
            done.set()

        await worker.start(Handlers(lambda conversation, news: asyncio.sleep(0), {CHORE: periodic}))
        workers.append(worker)
    await asyncio.gather(*(worker.ring(CHORE) for worker in workers))
    async with asyncio.timeout(30):
        await done.wait()
    for worker in workers:
        await worker.stop()
    done_once(wired[0])
