"""Several processes start on an empty PostgreSQL database at the same moment."""

import asyncio

from adapters.clock import ManualClock
from adapters.procrastinate_wakeups import prepare
from app.wire import wire
from tests.gateway_engine.room import MONDAY
from tests.graph.whole import loaded, settings
from tests.support.postgres import Postgres


async def test_sample_records_and_the_first_release_are_there_once(postgres: Postgres) -> None:
    backend = postgres.backend(postgres.lend())
    wired = await asyncio.gather(
        *(wire(settings(), clock=ManualClock(MONDAY), database=backend, loaded=loaded()) for _ in range(3))
    )
    (releases,) = wired[0].database.read("SELECT COUNT(*) AS n FROM kb_releases")
    (rina,) = wired[0].database.read("SELECT COUNT(*) AS n FROM students WHERE id = 'st_rina'")
    assert (releases["n"], rina["n"]) == (1, 1)
    for one in wired:
        one.database.close()


async def test_the_queue_s_tables_are_made_once(postgres: Postgres) -> None:
    conninfo = postgres.url(postgres.lend())
    await asyncio.gather(*(asyncio.to_thread(prepare, conninfo) for _ in range(3)))
