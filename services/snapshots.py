"""Snapshots: one contact's renewed on demand, everybody's at midnight."""

from datetime import datetime

from casefile.records import Snapshot
from store import facts, snapshots
from store.database import Database
from store.facts import Reading
from store.transaction import Tx


async def renew(database: Database, reading: Reading, contact_id: str, now: datetime) -> Snapshot:
    """Build and keep one contact's snapshot from the records; return it."""

    def work(tx: Tx) -> Snapshot:
        built = facts.snapshot(tx.all, reading, contact_id, now)
        snapshots.save(tx, built)
        return built

    return await database.submit(work)


async def renew_all(database: Database, reading: Reading, now: datetime) -> int:
    """Renew the snapshot of every contact the records know; return how many.

    One transaction each, so that a day's rebuild never holds a customer's turn up for long.
    """
    rows = database.read("SELECT id FROM contacts WHERE registered = 1 ORDER BY id")
    for row in rows:
        await renew(database, reading, row["id"], now)
    return len(rows)
