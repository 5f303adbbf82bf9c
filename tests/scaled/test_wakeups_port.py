"""The port of wake-ups: inside one process and across several it keeps the same promises."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import psycopg
import pytest

from adapters.procrastinate_wakeups import ProcrastinateWakeups, WorkerSettings, prepare
from gateway.wakeups import InProcessWakeups
from ports.wakeups import Handlers, Wakeups
from tests.support.postgres import Postgres

RINA, BUDI = "wa-school-ct_rina", "wa-school-ct_budi"
Started = Callable[[Handlers], Awaitable[Wakeups]]


class Desk:
    """What a worker finds to do: messages by conversation, read when they are drained."""

    def __init__(self) -> None:
        self.unread: dict[str, int] = {}
        self.drained: list[tuple[str, int]] = []
        self.at_work: list[str] = []
        self.overlapped = False
        self.gates: dict[str, asyncio.Event] = {}
        self.news = asyncio.Event()
        self.chores = 0

    async def drain(self, conversation_id: str, news: asyncio.Event) -> None:
        self.overlapped = self.overlapped or conversation_id in self.at_work
        self.at_work.append(conversation_id)
        self.news.set()
        if gate := self.gates.get(conversation_id):
            await gate.wait()
        taken = self.unread.pop(conversation_id, 0)
        if taken:
            self.drained.append((conversation_id, taken))
        self.at_work.remove(conversation_id)
        self.news.set()

    async def chore(self) -> None:
        self.chores += 1
        self.news.set()

    def handlers(self) -> Handlers:
        return Handlers(self.drain, {"count": self.chore})

    async def until(self, so: Callable[[], bool]) -> None:
        """Wait for something to have been done."""
        async with asyncio.timeout(30):
            while not so():
                self.news.clear()
                await self.news.wait()


@pytest.fixture(params=["in process", "procrastinate"])
async def started(request: pytest.FixtureRequest) -> AsyncIterator[Started]:
    made: list[Wakeups] = []
    conninfo, postgres, name = "", None, ""
    if request.param == "procrastinate":
        lender: Postgres = request.getfixturevalue("postgres")
        postgres, name = lender, lender.lend()
        conninfo = postgres.url(name)
        prepare(conninfo)

    async def start(handlers: Handlers) -> Wakeups:
        wakeups: Wakeups = (
            ProcrastinateWakeups(WorkerSettings(conninfo, 4, 2.0, 0.02)) if conninfo else InProcessWakeups()
        )
        await wakeups.start(handlers)
        made.append(wakeups)
        return wakeups

    yield start
    for wakeups in made:
        await wakeups.stop()


async def test_what_was_woken_is_drained_once_however_often_it_was_said(started: Started) -> None:
    desk = Desk()
    wakeups = await started(desk.handlers())
    desk.unread[RINA] = 3
    for _ in range(3):
        wakeups.wake(RINA)
    await desk.until(lambda: desk.drained == [(RINA, 3)])
    assert not desk.overlapped


async def test_only_what_was_forgotten_is_woken(started: Started) -> None:
    desk = Desk()
    desk.gates[RINA] = asyncio.Event()
    wakeups = await started(desk.handlers())
    desk.unread = {RINA: 1, BUDI: 1}
    wakeups.wake(RINA)
    await desk.until(lambda: RINA in desk.at_work)
    await wakeups.wake_forgotten([RINA, BUDI])
    await desk.until(lambda: desk.drained == [(BUDI, 1)])
    desk.gates[RINA].set()
    await desk.until(lambda: (RINA, 1) in desk.drained)
    assert not desk.overlapped


async def test_a_slow_conversation_never_overlaps_itself_and_holds_nobody_else(started: Started) -> None:
    desk = Desk()
    desk.gates[RINA] = asyncio.Event()
    wakeups = await started(desk.handlers())
    desk.unread = {RINA: 1, BUDI: 1}
    wakeups.wake(RINA)
    await desk.until(lambda: RINA in desk.at_work)
    wakeups.wake(RINA)
    wakeups.wake(BUDI)
    await desk.until(lambda: desk.drained == [(BUDI, 1)])
    assert desk.at_work == [RINA]
    assert RINA in wakeups.active()
    desk.gates[RINA].set()
    await desk.until(lambda: (RINA, 1) in desk.drained)
    assert not desk.overlapped


async def test_what_comes_while_it_is_drained_is_drained_after_it(started: Started) -> None:
    desk = Desk()
    desk.gates[RINA] = asyncio.Event()
    wakeups = await started(desk.handlers())
    desk.unread[RINA] = 1
    wakeups.wake(RINA)
    await desk.until(lambda: RINA in desk.at_work)
    desk.gates.pop(RINA).set()
    await desk.until(lambda: desk.drained == [(RINA, 1)])
    desk.unread[RINA] = 1
    wakeups.wake(RINA)
    await desk.until(lambda: desk.drained == [(RINA, 1), (RINA, 1)])


async def test_a_drain_that_fails_leaves_its_conversation_to_the_next_wake(started: Started) -> None:
    desk, failures = Desk(), []

    async def drain(conversation_id: str, news: asyncio.Event) -> None:
        if not failures:
            failures.append(conversation_id)
            desk.news.set()
            raise RuntimeError("the disk is full")
        await desk.drain(conversation_id, news)

    wakeups = await started(Handlers(drain, {}))
    desk.unread[RINA] = 1
    wakeups.wake(RINA)
    await desk.until(lambda: failures == [RINA])
    async with asyncio.timeout(30):
        while not desk.drained:
            # What is still unread is looked for again and again; a wake into the failing one may be lost.
            wakeups.wake(RINA)
            await asyncio.sleep(0)
            await asyncio.wait({asyncio.ensure_future(desk.news.wait())}, timeout=0.05)


async def test_a_chore_is_done_when_it_is_rung_for(started: Started) -> None:
    desk = Desk()
    wakeups = await started(desk.handlers())
    done_here = await wakeups.ring("count")
    assert desk.chores == int(done_here)
    await desk.until(lambda: desk.chores == 1)


async def test_stopping_waits_for_the_work_in_hand(started: Started) -> None:
    desk = Desk()
    desk.gates[RINA] = asyncio.Event()
    wakeups = await started(desk.handlers())
    desk.unread[RINA] = 1
    wakeups.wake(RINA)
    await desk.until(lambda: RINA in desk.at_work)
    stopping = asyncio.ensure_future(wakeups.stop())
    desk.gates[RINA].set()
    await stopping
    assert desk.drained == [(RINA, 1)]
    assert wakeups.active() == frozenset()


async def test_however_often_many_are_woken_each_is_asked_for_once_at_a_time(postgres: Postgres) -> None:
    """Who looks after a crowd that waits would otherwise take every connection from those who serve it."""
    conninfo = postgres.url(postgres.lend())
    prepare(conninfo)
    desk = Desk()
    door = ProcrastinateWakeups(WorkerSettings(conninfo))
    await door.open()
    crowd = [f"wa-school-ct_{number}" for number in range(50)]
    for _ in range(40):
        for name in crowd:
            desk.unread[name] = 1
            door.wake(name)
        await asyncio.sleep(0)
    await door.stop()
    with psycopg.connect(conninfo) as connection:
        asked = connection.execute("SELECT last_value FROM procrastinate_jobs_id_seq").fetchone()
    assert asked is not None and len(crowd) <= asked[0] <= 2 * len(crowd)
    worker = ProcrastinateWakeups(WorkerSettings(conninfo, 4, 2.0, 0.02))
    await worker.start(desk.handlers())
    await desk.until(lambda: len(desk.drained) == len(crowd))
    await worker.stop()
