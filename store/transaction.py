"""A running transaction, as everything that writes sees it."""

from collections.abc import Iterable

from store.connection import Connection, Params, Row, TextColumn


class Tx:
    """A running transaction, as a submission sees it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.bytes = 0

    def execute(self, sql: str, params: Params = ()) -> int:
        """Run a statement and return how many rows it touched."""
        self._count(params)
        return self._connection.execute(sql, params)

    def insert_many(self, sql: str, rows: Iterable[Params]) -> None:
        """Run a statement once per row."""
        collected = list(rows)
        for row in collected:
            self._count(row)
        if collected:
            self._connection.execute_many(sql, collected)

    def all(self, sql: str, params: Params = ()) -> list[Row]:
        """Return every row of a query; it sees what this transaction has written."""
        return self._connection.all(sql, params)

    def one(self, sql: str, params: Params = ()) -> Row | None:
        """Return the first row of a query, or None."""
        return self._connection.one(sql, params)

    def text_columns(self) -> tuple[TextColumn, ...]:
        """List every column of words that is no part of its table's key."""
        return self._connection.text_columns()

    def _count(self, params: Params) -> None:
        self.bytes += sum(len(p) for p in params if isinstance(p, str | bytes))
