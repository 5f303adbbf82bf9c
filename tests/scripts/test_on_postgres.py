"""The shop's scripted conversations on PostgreSQL, where they have to end as they do on SQLite."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.desk import load_desk
from app.play import play_all
from app.stage import cache_of
from store.database import Backend
from tests.scripts.test_scenarios import DESKS, SCRIPTS
from tests.support.postgres import Postgres


async def test_the_shops_conversations_end_as_expected(postgres: Postgres) -> None:
    @contextmanager
    def lent() -> Iterator[Backend]:
        name = postgres.lend()
        yield postgres.backend(name)
        postgres.take_back(name)

    shop = DESKS["shop"]
    shown = play_all(SCRIPTS["shop"], settings=shop, loaded=load_desk(shop, cache_of(shop)), lending=lent)
    played = {result.name: (result.ok, [*lines, *result.failures]) async for result, lines in shown}
    assert len(played) == len(SCRIPTS["shop"])
    assert [line for ok, lines in played.values() if not ok for line in lines] == []
