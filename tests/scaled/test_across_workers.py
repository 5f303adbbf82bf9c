"""Several workers on one PostgreSQL database: one of them at a time, and the work of the dead goes on."""

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest

from adapters.procrastinate_wakeups import ProcrastinateWakeups, WorkerSettings, prepare
from tests.scaled.test_wakeups_port import BUDI, RINA, Desk
from tests.support.postgres import Postgres

LEASE = 1.0


@pytest.fixture
async def conninfo(postgres: Postgres) -> AsyncIterator[str]:
    name = postgres.lend()
    prepare(postgres.url(name))
    yield postgres.url(name)


def worker(conninfo: str, concurrency: int = 4) -> ProcrastinateWakeups:
    return ProcrastinateWakeups(WorkerSettings(conninfo, concurrency, LEASE, 0.02))


async def test_two_workers_never_hold_one_conversation_at_once_and_share_the_others(conninfo: str) -> None:
    desk = Desk()
    desk.gates[RINA] = asyncio.Event()
    workers = [worker(conninfo), worker(conninfo)]
    for one in workers:
        await one.start(desk.handlers())
    desk.unread = {RINA: 1, BUDI: 1}
    for one in workers:
        one.wake(RINA)
    await desk.until(lambda: RINA in desk.at_work)
    for one in workers:
        one.wake(RINA)
        one.wake(BUDI)
    await desk.until(lambda: (BUDI, 1) in desk.drained)
    assert desk.at_work.count(RINA) == 1
    desk.gates[RINA].set()
    await desk.until(lambda: (RINA, 1) in desk.drained)
    assert not desk.overlapped
    for one in workers:
        await one.stop()


async def test_a_door_wakes_workers_and_does_nothing_itself(conninfo: str) -> None:
    desk, door, behind = Desk(), worker(conninfo, 0), worker(conninfo)
    await door.open()
    await behind.start(desk.handlers())
    desk.unread[RINA] = 1
    door.wake(RINA)
    await desk.until(lambda: desk.drained == [(RINA, 1)])
    await door.stop()
    await behind.stop()


async def test_the_jobs_of_a_worker_that_is_gone_are_given_to_another(conninfo: str) -> None:
    # As a kill -9 leaves it: a job in hand, and a worker whose heart has stopped.
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(
            b"INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute')"
        )
        connection.execute(
            b"INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args, status, worker_id)"
            b" SELECT 'turns', 'loket.drain', 'turns ' || %s, 'turns ' || %s, jsonb_build_object('name', %s::text),"
            b" 'doing', id FROM procrastinate_workers",
            (RINA, RINA, RINA),
        )
    desk, heir = Desk(), worker(conninfo)
    desk.unread[RINA] = 1
    await heir.start(desk.handlers())
    await desk.until(lambda: desk.drained == [(RINA, 1)])
    await heir.stop()


async def test_many_rings_for_a_chore_before_it_is_begun_are_one(conninfo: str) -> None:
    desk, door, behind = Desk(), worker(conninfo, 0), worker(conninfo)
    await door.open()
    for _ in range(5):
        assert not await door.ring("count")
    await behind.start(desk.handlers())
    await desk.until(lambda: desk.chores == 1)
    await door.stop()
    await behind.stop()
    assert desk.chores == 1


async def test_work_goes_on_when_the_server_has_thrown_everybody_out(conninfo: str) -> None:
    desk, behind = Desk(), worker(conninfo)
    await behind.start(desk.handlers())
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(
            b"SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            b" WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    desk.unread[RINA] = 1
    async with asyncio.timeout(30):
        while not desk.drained:
            behind.wake(RINA)
            await asyncio.wait({asyncio.ensure_future(desk.news.wait())}, timeout=0.2)
    await behind.stop()
