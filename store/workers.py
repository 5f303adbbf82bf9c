"""Workers on one database: who is alive, and who holds which conversation."""

from collections.abc import Collection, Mapping

from store.database import Database
from store.errors import FenceLost
from store.transaction import Tx


class WorkersJournal:
    """The part of ports.journal.Journal that several workers on one database need."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, conversation_id: str) -> int:
        """Take a conversation up and return its fence."""
        return await self._database.submit(lambda tx: take(tx, conversation_id))

    async def beat(self, worker: str) -> Mapping[str, int]:
        """Count on for a worker that lives; return everybody's counters."""
        await self._database.submit(lambda tx: beat(tx, worker))
        return {row["id"]: row["beats"] for row in self._database.read("SELECT id, beats FROM workers")}

    async def forget(self, gone: Collection[str]) -> None:
        """Strike workers that are gone off the list."""
        await self._database.submit(lambda tx: forget(tx, gone))


def beat(tx: Tx, worker: str) -> None:
    """Count on for a worker that lives."""
    tx.execute(
        "INSERT INTO workers (id, beats) VALUES (?, 1) ON CONFLICT (id) DO UPDATE SET beats = workers.beats + 1",
        (worker,),
    )


def forget(tx: Tx, workers: Collection[str]) -> None:
    """Strike workers off the list."""
    for worker in workers:
        tx.execute("DELETE FROM workers WHERE id = ?", (worker,))


def take(tx: Tx, conversation_id: str) -> int:
    """Take a conversation up; whoever held it before can commit nothing more."""
    row = tx.one(
        "INSERT INTO fences (conversation_id, fence) VALUES (?, 1)"
        " ON CONFLICT (conversation_id) DO UPDATE SET fence = fences.fence + 1 RETURNING fence",
        (conversation_id,),
    )
    assert row is not None
    return int(row["fence"])


def hold(tx: Tx, conversation_id: str, fence: int) -> None:
    """Make sure that a conversation is still held behind this fence; raises FenceLost."""
    held = tx.execute(
        "UPDATE fences SET fence = fence WHERE conversation_id = ? AND fence = ?", (conversation_id, fence)
    )
    if held != 1:
        raise FenceLost(f"{conversation_id} was taken over by another worker; its turn is dropped here")
