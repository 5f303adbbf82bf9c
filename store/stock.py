"""Stock set aside and given back, always in the transaction of what it is for."""

from collections.abc import Mapping
from datetime import datetime

from store.records import Reader
from store.times import iso_or_none, moment_or_none
from store.transaction import Tx

# An exchange holds its goods until its task is done.
SET_ASIDE = (
    "SELECT COALESCE(SUM(qty), 0) AS n FROM reservations WHERE sku = ? AND state IN ('held', 'sold')"
    " AND NOT EXISTS (SELECT 1 FROM due_tasks WHERE due_tasks.id = holder AND due_tasks.state = 'done')"
)


def missing(read: Reader, wanted: Mapping[str, int], besides: str = "") -> dict[str, int]:
    """Return what is left of those skus there are too few of; what `besides` holds counts as free."""
    short: dict[str, int] = {}
    own = held_by(read, besides) if besides else {}
    for sku, qty in wanted.items():
        rows = read("SELECT free FROM variants WHERE sku = ?", (sku,))
        left = (int(rows[0]["free"]) if rows else 0) + own.get(sku, 0)
        if left < qty:
            short[sku] = left
    return short


def held_by(read: Reader, holder: str) -> dict[str, int]:
    """Return what is set aside for an order or an exchange."""
    rows = read("SELECT sku, qty FROM reservations WHERE holder = ? AND state IN ('held', 'sold')", (holder,))
    return {row["sku"]: row["qty"] for row in rows}


def held_until(read: Reader, holder: str) -> datetime | None:
    """Return until when goods are held for somebody who has not paid yet; None where that has no end."""
    rows = read("SELECT MIN(expires_at) AS at FROM reservations WHERE holder = ?", (holder,))
    return moment_or_none(rows[0]["at"])


def set_aside(read: Reader, sku: str) -> int:
    """Count what of a variant stands in the house for somebody."""
    return int(read(SET_ASIDE, (sku,))[0]["n"])


def reserve(tx: Tx, holder: str, wanted: Mapping[str, int], until: datetime | None) -> None:
    """Set goods aside: until they are paid for, or (without an end) until they leave the house."""
    for sku, qty in wanted.items():
        # The column refuses to go below nothing, whatever was asked before.
        tx.execute("UPDATE variants SET free = free - ? WHERE sku = ?", (qty, sku))
        tx.execute(
            "INSERT INTO reservations (holder, sku, qty, state, expires_at) VALUES (?, ?, ?, ?, ?)",
            (holder, sku, qty, "sold" if until is None else "held", iso_or_none(until)),
        )


def give_back(tx: Tx, holder: str) -> None:
    """Make what is set aside for a holder free to sell again, and forget that it was."""
    for sku, qty in held_by(tx.all, holder).items():
        tx.execute("UPDATE variants SET free = free + ? WHERE sku = ?", (qty, sku))
        tx.execute("DELETE FROM reservations WHERE holder = ? AND sku = ?", (holder, sku))


def sell(tx: Tx, holder: str) -> None:
    """Keep what was held until it was paid for, now that it is."""
    tx.execute(
        "UPDATE reservations SET state = 'sold', expires_at = NULL WHERE holder = ? AND state = 'held'",
        (holder,),
    )


def leave(tx: Tx, holder: str) -> None:
    """Note that the goods have left the house."""
    tx.execute("UPDATE reservations SET state = 'gone' WHERE holder = ? AND state = 'sold'", (holder,))
