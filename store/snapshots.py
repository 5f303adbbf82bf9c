"""B's snapshots as rows: one per contact, renewed only by something newer."""

from casefile.records import Delta, Snapshot
from store.connection import Row
from store.times import iso
from store.transaction import Tx


def save(tx: Tx, snapshot: Snapshot) -> bool:
    """Keep a snapshot unless a newer one is there; False when it was ignored.

    An equal `rev` is the same facts read again: it renews the entry only when it was read later.
    """
    kept = tx.execute(
        "INSERT INTO snapshots (contact_id, rev, as_of, body) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (contact_id) DO UPDATE SET rev = excluded.rev, as_of = excluded.as_of, body ="
        " excluded.body"
        " WHERE excluded.rev > snapshots.rev OR (excluded.rev = snapshots.rev AND excluded.as_of >"
        " snapshots.as_of)",
        (snapshot.contact_id, snapshot.rev, iso(snapshot.as_of), snapshot.model_dump_json()),
    )
    return kept == 1


def push(tx: Tx, delta: Delta, ttl_minutes: int) -> bool:
    """Apply a delta to the contact's snapshot; False when it was not newer."""
    row = tx.one("SELECT * FROM snapshots WHERE contact_id = ?", (delta.contact_id,))
    old = (
        read(row)
        if row
        else Snapshot(contact_id=delta.contact_id, as_of=delta.as_of, ttl_minutes=ttl_minutes, rev=0)
    )
    changes: dict[str, object] = {"rev": delta.rev, "as_of": delta.as_of}
    if delta.students is not None:
        changes["students"] = delta.students
    if delta.invoices is not None:
        changes["invoices"] = delta.invoices
    return save(tx, old.model_copy(update=changes))


def read(row: Row) -> Snapshot:
    """Read a snapshot back."""
    return Snapshot.model_validate_json(row["body"])
