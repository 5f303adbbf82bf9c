"""B's snapshots as rows: one per contact, renewed only by something newer."""

from datetime import timedelta

from casefile.records import Delta, Snapshot
from store.connection import Row
from store.times import iso
from store.transaction import Tx


def save(tx: Tx, snapshot: Snapshot) -> bool:
    """Keep a snapshot unless a newer one is there; False when it was ignored.

    An equal `rev` is the same facts read again: it renews the entry only when it was read later, or when the entry
    was read by a clock that was ahead of what is now its time to live.
    """
    ahead = iso(snapshot.as_of + timedelta(minutes=snapshot.ttl_minutes))
    kept = tx.execute(
        "INSERT INTO snapshots (contact_id, rev, as_of, body) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (contact_id) DO UPDATE SET rev = excluded.rev, as_of = excluded.as_of, body ="
        " excluded.body"
        " WHERE excluded.rev > snapshots.rev OR (excluded.rev = snapshots.rev"
        " AND (excluded.as_of > snapshots.as_of OR snapshots.as_of > ?))",
        (snapshot.contact_id, snapshot.rev, iso(snapshot.as_of), snapshot.model_dump_json(), ahead),
    )
    return kept == 1


def push(tx: Tx, delta: Delta, ttl_minutes: int) -> bool:
    """Apply a delta to the contact's snapshot; False when it changed nothing."""
    if delta.whole:
        return save(tx, Snapshot.model_validate({**dict(delta), "ttl_minutes": ttl_minutes}))
    row = tx.one("SELECT * FROM snapshots WHERE contact_id = ?", (delta.contact_id,))
    if row is None:
        # Half of it says nothing about the rest, and an empty rest would read as "nothing".
        return False
    held = read(row)
    merged = held.with_news(delta)
    return merged is not held and save(tx, merged)


def read(row: Row) -> Snapshot:
    """Read a snapshot back."""
    return Snapshot.model_validate_json(row["body"])
