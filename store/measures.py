"""Raw events for the measures, written with whatever they measure."""

from datetime import datetime

from store.times import iso
from store.transaction import Tx


def measure(
    tx: Tx, name: str, at: datetime, *, case_id: str | None = None, value: float = 1.0, detail: str = ""
) -> None:
    """Record one raw event."""
    tx.execute(
        "INSERT INTO measures (name, case_id, at, value, detail) VALUES (?, ?, ?, ?, ?)",
        (name, case_id, iso(at), value, detail),
    )
