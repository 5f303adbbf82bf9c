"""Reading a run's database from outside, with the driver alone."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

Row = dict[str, Any]


class Unreadable(Exception):
    """There is no such table yet, or nobody to ask."""


class Tables(Protocol):
    """The database as anybody can read it while the server runs, or is dead."""

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """Run one SELECT with `?` placeholders; raises Unreadable."""
        ...


class SqliteTables:
    """The one file; empty while there is none."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """Run one SELECT on a connection of its own."""
        uri = f"{self._path.resolve().as_uri()}?mode=ro"
        try:
            with closing(sqlite3.connect(uri, uri=True, timeout=10.0)) as connection:
                connection.row_factory = sqlite3.Row
                return [dict(row) for row in connection.execute(sql, values)]
        except sqlite3.OperationalError as error:
            raise Unreadable(str(error)) from error
