"""Workers on one database: who is alive, and who holds which conversation."""

from collections.abc import Collection, Mapping

from store.connection import Row
from store.errors import FenceLost
from store.writer import Tx


def beat(tx: Tx, worker: str) -> None:
    """Count on for a worker that lives."""
    tx.execute(
        "INSERT INTO workers (id, beats) VALUES (?, 1) ON CONFLICT (id) DO UPDATE SET beats = workers.beats + 1",
        (worker,),
    )


def counts(rows: Collection[Row]) -> Mapping[str, int]:
    """Read the counters back."""
    return {str(row["id"]): int(row["beats"]) for row in rows}


def forget(tx: Tx, workers: Collection[str]) -> None:
    """Strike workers off the list."""
    for worker in workers:
        tx.execute("DELETE FROM workers WHERE id = ?", (worker,))


def take(tx: Tx, conversation_id: str) -> int:
    """Take a conversation up; whoever held it before can commit nothing more."""
    tx.execute(
        "INSERT INTO fences (conversation_id, fence) VALUES (?, 1)"
        " ON CONFLICT (conversation_id) DO UPDATE SET fence = fences.fence + 1",
        (conversation_id,),
    )
    row = tx.one("SELECT fence FROM fences WHERE conversation_id = ?", (conversation_id,))
    assert row is not None
    return int(row["fence"])


def hold(tx: Tx, conversation_id: str, fence: int) -> None:
    """Make sure that a conversation is still held behind this fence; raises FenceLost."""
    held = tx.execute(
        "UPDATE fences SET fence = fence WHERE conversation_id = ? AND fence = ?", (conversation_id, fence)
    )
    if held != 1:
        raise FenceLost(f"{conversation_id} was taken over by another worker; its turn is dropped here")
