"""What a change of somebody's records brings with it: the next revision, and a renewed snapshot."""

from datetime import datetime

from store import facts, snapshots
from store.facts import Reading
from store.records import rev
from store.transaction import Tx


def revise(tx: Tx, reading: Reading, contact_id: str, now: datetime) -> int:
    """Give a contact whose records changed the next rev and a snapshot at it; return the rev."""
    tx.execute("UPDATE contacts SET rev = rev + 1 WHERE id = ?", (contact_id,))
    snapshots.save(tx, facts.snapshot(tx.all, reading, contact_id, now))
    return rev(tx.all, contact_id)
