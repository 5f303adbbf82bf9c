"""Snapshots: one contact's renewed on demand, everybody's at midnight, and what missed a change healed."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from casefile.records import Snapshot
from policies.freshness import differs, fresh
from store import facts, snapshots
from store.database import Database
from store.facts import Reading
from store.records import Reader
from store.times import iso
from store.transaction import Tx

# So many are renewed before anybody else has a turn, and so many of them share a commit.
PORTION, TOGETHER = 500, 20
SAMPLE = 50


async def renew(database: Database, reading: Reading, contact_id: str, now: datetime) -> Snapshot:
    """Build and keep one contact's snapshot from the records; return it."""

    def work(tx: Tx) -> Snapshot:
        built = facts.snapshot(tx.all, reading, contact_id, now)
        snapshots.save(tx, built)
        return built

    return await database.submit(work)


class KeptSnapshots:
    """Implements ports.upkeep.SnapshotKeeper. What is left to do stands in the rows, so anybody may go on with it."""

    def __init__(self, database: Database, reading: Reading) -> None:
        self._database = database
        self._reading = reading

    async def rebuild(self, slot: datetime, now: datetime) -> bool:
        """Renew a portion of what was read before a slot; True when none is left."""
        rows = self._database.read(
            "SELECT contacts.id FROM contacts LEFT JOIN snapshots ON snapshots.contact_id = contacts.id"
            " WHERE contacts.registered = 1 AND (snapshots.as_of IS NULL OR snapshots.as_of < ?)"
            " ORDER BY contacts.id LIMIT ?",
            (iso(slot), PORTION),
        )
        return await self._renewed([row["id"] for row in rows], now)

    async def heal(self, now: datetime) -> bool:
        """Renew a portion of what missed a change, and of what grew old while a case is open; True when none is left.

        The case may be in a conversation that proved to be the contact's.
        """
        old = now - timedelta(minutes=self._reading.ttl_minutes)
        rows = self._database.read(
            "SELECT contacts.id FROM contacts LEFT JOIN snapshots ON snapshots.contact_id = contacts.id"
            " WHERE contacts.registered = 1 AND (snapshots.rev IS NULL OR snapshots.rev < contacts.rev"
            " OR (snapshots.as_of < ? AND EXISTS (SELECT 1 FROM cases"
            " JOIN conversations ON conversations.id = cases.conversation_id"
            " WHERE cases.state NOT IN ('resolved', 'closed')"
            " AND (conversations.contact_id = contacts.id OR conversations.verified_contact = contacts.id))))"
            " ORDER BY contacts.id LIMIT ?",
            (iso(old), PORTION),
        )
        return await self._renewed([row["id"] for row in rows], now)

    async def drifted(self, now: datetime) -> tuple[str, ...]:
        """Compare a sample of what may be said with the records; renew and return what differed.

        The sample walks on through the contacts with every hour that passes.
        """
        (counted,) = self._database.read("SELECT COUNT(*) AS n FROM snapshots")
        first = int(now.timestamp() // 3600) * SAMPLE % max(int(counted["n"]), 1)
        rows = self._database.read(
            "SELECT * FROM snapshots ORDER BY contact_id LIMIT ? OFFSET ?", (SAMPLE, first)
        )
        suspects = [one for one in map(snapshots.read, rows) if self._differs(self._database.read, one, now)]
        found = [
            one.contact_id for one in suspects if await self._database.submit(partial(self._mended, one, now))
        ]
        return tuple(found)

    def _differs(self, read: Reader, kept: Snapshot, now: datetime) -> bool:
        current = facts.snapshot(read, self._reading, kept.contact_id, now)
        return fresh(kept, kept.contact_id, now) and differs(kept, current, self._reading.zone)

    def _mended(self, suspect: Snapshot, now: datetime, tx: Tx) -> bool:
        """Renew a snapshot that differs within one transaction, too: what changed between two reads is no drift."""
        (row,) = tx.all("SELECT * FROM snapshots WHERE contact_id = ?", (suspect.contact_id,))
        if not self._differs(tx.all, snapshots.read(row), now):
            return False
        return snapshots.save(tx, facts.snapshot(tx.all, self._reading, suspect.contact_id, now))

    async def _renewed(self, contacts: Sequence[str], now: datetime) -> bool:
        for start in range(0, len(contacts), TOGETHER):
            group = contacts[start : start + TOGETHER]
            await asyncio.gather(*(renew(self._database, self._reading, one, now) for one in group))
        return len(contacts) < PORTION
