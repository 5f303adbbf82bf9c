"""Numbers of orders and invoices, counted in the transaction that uses them: no gap, and none twice."""

from datetime import date

from store.transaction import Tx


def next_order_number(tx: Tx, year: int) -> str:
    """Return `ORD-<year>-<number>`, four digits and growing past them; it goes on after those that were loaded."""
    if tx.one("SELECT 1 FROM order_years WHERE year = ?", (year,)) is None:
        known = _last(tx, "orders", f"ORD-{year}-")
        tx.execute("INSERT INTO order_years (year, last) VALUES (?, ?)", (year, known))
    tx.execute("UPDATE order_years SET last = last + 1 WHERE year = ?", (year,))
    row = tx.one("SELECT last FROM order_years WHERE year = ?", (year,))
    assert row is not None
    return f"ORD-{year}-{row['last']:04d}"


def next_invoice_number(tx: Tx, day: date) -> str:
    """Return `INV-YYYY-MMDD-NNN` of a day in the desk's zone; it goes on after those that were loaded."""
    prefix = f"INV-{day:%Y-%m%d}-"
    if tx.one("SELECT 1 FROM invoice_days WHERE day = ?", (day.isoformat(),)) is None:
        known = _last(tx, "invoices", prefix)
        tx.execute("INSERT INTO invoice_days (day, last) VALUES (?, ?)", (day.isoformat(), known))
    tx.execute("UPDATE invoice_days SET last = last + 1 WHERE day = ?", (day.isoformat(),))
    row = tx.one("SELECT last FROM invoice_days WHERE day = ?", (day.isoformat(),))
    assert row is not None
    return f"{prefix}{row['last']:03d}"


def _last(tx: Tx, table: str, prefix: str) -> int:
    """Return the highest number that is there; the dot comes right after the dash."""
    rows = tx.all(
        f"SELECT number FROM {table} WHERE number >= ? AND number < ?",
        (prefix, prefix.removesuffix("-") + "."),
    )
    return max((int(row["number"].removeprefix(prefix)) for row in rows), default=0)
