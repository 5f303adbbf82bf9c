"""The writer: whole submissions, group commit, clear faults."""

import asyncio
import sqlite3
import sys
from pathlib import Path

import psycopg
import pytest

from store.database import Database
from store.errors import StoreFault, WriterStopped
from store.sqlite import SqliteConnection
from store.transaction import Tx
from store.writer import Writer
from tests.support.postgres import Opener

ADD = "INSERT INTO gaps (key, case_id, question, language, at) VALUES (?, '', '', 'id', '')"


def _keys(database: Database) -> list[str]:
    return [row["key"] for row in database.read("SELECT key FROM gaps ORDER BY key")]


async def test_one_submissions_error_rolls_back_only_itself(database: Database) -> None:
    def bad(tx: Tx) -> None:
        tx.execute(ADD, ("bad",))
        raise KeyError("mine")

    results = await asyncio.gather(
        database.submit(lambda tx: tx.execute(ADD, ("a",))),
        database.submit(bad),
        database.submit(lambda tx: tx.execute(ADD, ("b",))),
        return_exceptions=True,
    )
    assert results[0] == results[2] == 1
    assert isinstance(results[1], KeyError)
    assert _keys(database) == ["a", "b"]


async def test_a_broken_constraint_reaches_its_caller_as_it_is(database: Database) -> None:
    await database.submit(lambda tx: tx.execute(ADD, ("a",)))
    with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError)):
        await database.submit(lambda tx: tx.execute(ADD, ("a",)))
    assert _keys(database) == ["a"]


async def test_what_was_returned_is_on_disk_for_another_connection(open_database: Opener) -> None:
    database = open_database()
    await database.submit(lambda tx: tx.execute(ADD, ("a",)))
    other = open_database()
    assert _keys(other) == ["a"]
    other.close()
    database.close()


async def test_thirty_two_submitters_share_their_commits(database: Database) -> None:
    async def one(worker: int) -> None:
        for step in range(20):
            await database.submit(lambda tx, key=f"{worker}-{step}": tx.execute(ADD, (key,)))

    await asyncio.gather(*(one(worker) for worker in range(32)))
    stats = database.stats
    assert stats.submissions == 640
    assert stats.commits < stats.submissions / 4
    sys.stdout.write(
        f"transactions per submission at 32 submitters: {stats.commits / stats.submissions:.3f}\n"
    )


async def test_commit_hook_counts_every_boundary(tmp_path: Path) -> None:
    seen: list[tuple[str, int]] = []
    database = Database.open(tmp_path / "h.db", on_commit=lambda when, number: seen.append((when, number)))
    await database.submit(lambda tx: tx.execute(ADD, ("a",)))
    await database.submit(lambda tx: tx.execute(ADD, ("b",)))
    database.close()
    assert seen == [("before", 1), ("after", 1), ("before", 2), ("after", 2)]


async def test_a_failed_batch_is_no_commit(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        await database.submit(lambda tx: 1 // 0)
    assert database.stats.commits == 0


async def test_a_stopped_writer_says_so_and_loses_nothing_queued(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "s.db")
    waiting = [asyncio.ensure_future(database.submit(lambda tx, n=n: tx.execute(ADD, (n,)))) for n in "abc"]
    await asyncio.sleep(0)
    await asyncio.to_thread(database.close)
    assert await asyncio.gather(*waiting) == [1, 1, 1]
    with pytest.raises(WriterStopped):
        await database.submit(lambda tx: None)


async def test_disk_full_refuses_clearly_and_the_writer_goes_on(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "f.db")
    pages = await database.submit(lambda tx: tx.one("PRAGMA page_count"))
    assert pages is not None
    await database.submit(lambda tx: tx.one(f"PRAGMA max_page_count = {pages[0] + 2}"))
    with pytest.raises(StoreFault, match="SQLITE_FULL") as caught:
        await database.submit(lambda tx: tx.execute(ADD, ("x" * 200_000,)))
    assert "free disk space" in str(caught.value)
    assert await database.submit(lambda tx: tx.execute(ADD, ("small",))) == 1
    assert _keys(database) == ["small"]
    database.close()


async def test_a_locked_database_refuses_clearly_and_recovers(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "l.db", busy_seconds=0)
    other = sqlite3.connect(database.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreFault, match="SQLITE_BUSY"):
        await database.submit(lambda tx: tx.execute(ADD, ("a",)))
    other.execute("ROLLBACK")
    other.close()
    assert await database.submit(lambda tx: tx.execute(ADD, ("a",))) == 1
    database.close()


async def test_a_read_only_database_refuses_clearly(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "r.db")
    await database.submit(lambda tx: tx.execute(ADD, ("a",)))
    writer = Writer(SqliteConnection.to_read(database.path))
    for _ in range(2):
        with pytest.raises(StoreFault, match="SQLITE_READONLY"):
            await writer.submit(lambda tx: tx.execute(ADD, ("b",)))
    writer.stop()
    database.close()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("this is a shopping list, not a database\n" * 100)
    with pytest.raises(StoreFault, match="not a database"):
        Database.open(path)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
async def test_a_writer_that_breaks_leaves_nobody_waiting(tmp_path: Path) -> None:
    def breaks(when: str, number: int) -> None:
        raise RuntimeError("a fault of our own")

    database = Database.open(tmp_path / "b.db", on_commit=breaks)
    results = await asyncio.gather(
        *(database.submit(lambda tx: None) for _ in range(3)), return_exceptions=True
    )
    assert {type(result) for result in results} <= {RuntimeError, WriterStopped}
    with pytest.raises(WriterStopped):
        await database.submit(lambda tx: None)
    database.close()


async def test_a_caller_who_gave_up_is_not_answered_and_harms_nobody(database: Database) -> None:
    gone = asyncio.ensure_future(database.submit(lambda tx: tx.execute(ADD, ("gone",))))
    await asyncio.sleep(0)
    gone.cancel()
    assert await database.submit(lambda tx: tx.execute(ADD, ("here",))) == 1
    assert _keys(database) == ["gone", "here"]
