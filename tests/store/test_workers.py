"""Workers that share a database: fences, counters, and whose attempts are whose."""

import asyncio

import pytest
import store_scenes as scenes
from store_scenes import at, message, send, turn

from gateway.leases import Leases
from store.database import Database
from store.errors import FenceLost
from tests.support.postgres import Opener


async def test_a_commit_behind_an_older_fence_is_refused_whole(database: Database) -> None:
    journal = scenes.journal(database)
    (received,) = await journal.receive([message("m1")])
    slow = await journal.take(received.conversation_id)
    quick = await journal.take(received.conversation_id)
    assert quick == slow + 1
    (row,) = await journal.unread(received.conversation_id)
    late = turn("t1", inbox_ids=(row.id,), conversation_id=received.conversation_id, fence=slow)
    with pytest.raises(FenceLost, match="taken over"):
        await journal.commit(late)
    assert [r.id for r in await journal.unread(received.conversation_id)] == [row.id]
    assert database.read("SELECT 1 FROM turns") == []
    await journal.commit(
        turn("t2", inbox_ids=(row.id,), conversation_id=received.conversation_id, fence=quick)
    )
    assert await journal.unread(received.conversation_id) == ()


async def test_fences_of_two_conversations_are_two(database: Database) -> None:
    journal = scenes.journal(database)
    assert [await journal.take(name) for name in ("a", "b", "a")] == [1, 1, 2]


async def test_only_the_attempts_of_who_is_gone_are_settled(database: Database) -> None:
    journal = scenes.journal(database)
    await journal.receive([message("m1")])
    await journal.commit(turn("t1", effects=(send("a"),)))
    await journal.commit(turn("t2", effects=(send("b", conversation_id="wa-628001-ct_2"),)))
    assert await journal.attempting("a", at(1), "one")
    assert await journal.attempting("b", at(1), "two")
    assert await journal.orphans(at(2), {"nobody"}) == ()
    assert [row.key for row in await journal.orphans(at(2), {"one"})] == ["a"]
    assert [row.key for row in await journal.outbox(["attempting"])] == ["b"]
    assert [row.key for row in await journal.outbox(["unknown"])] == ["a"]


async def test_a_queued_effect_has_one_taker(open_database: Opener) -> None:
    here, there = open_database(), open_database()
    await scenes.journal(here).receive([message("m1")])
    await scenes.journal(here).commit(turn("t1", effects=(send("a"),)))
    taken = await asyncio.gather(
        *(scenes.journal(d).attempting("a", at(1), name) for d, name in ((here, "one"), (there, "two")))
    )
    assert sorted(taken) == [False, True]
    here.close()
    there.close()


async def test_a_worker_whose_counter_stands_still_is_gone_and_back_with_its_next_beat(
    database: Database,
) -> None:
    journal = scenes.journal(database)
    watcher = Leases(journal, "watcher", 30)
    await journal.beat("quiet")
    assert watcher._gone(await journal.beat("watcher"), 0) == frozenset()
    await journal.beat("lively")
    assert watcher._gone(await journal.beat("watcher"), 29.9) == frozenset()
    await journal.beat("lively")
    assert watcher._gone(await journal.beat("watcher"), 30) == {"quiet"}
    await journal.forget({"quiet"})
    assert watcher._gone(await journal.beat("watcher"), 31) == frozenset()
    await journal.beat("quiet")
    assert watcher._gone(await journal.beat("watcher"), 32) == frozenset()
