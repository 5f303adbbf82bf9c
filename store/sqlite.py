"""SQLite: one file, WAL, every commit on the disk."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from store.connection import Params, Row, TextColumn, VectorIndex
from store.errors import StoreFault, advice
from store.migrate import version

BUSY_SECONDS = 5.0
MISSING = "no such table"


class SqliteConnection:
    """Implements store.connection.Connection."""

    error: type[Exception] = sqlite3.Error

    def __init__(self, connection: sqlite3.Connection) -> None:
        connection.row_factory = sqlite3.Row
        self._connection = connection

    @classmethod
    def to_write(cls, path: Path, busy_seconds: float) -> Self:
        """Open (or create) a file for writing; raises sqlite3.Error for what is no database."""
        # Closed by whoever ends the process, on whichever thread.
        connection = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, timeout=busy_seconds, cached_statements=512
        )
        try:
            # The first statement is the first to look at the file, and refuses what is no database.
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA foreign_keys=ON")
        except sqlite3.Error:
            connection.close()
            raise
        return cls(connection)

    @classmethod
    def to_read(cls, path: Path) -> Self:
        """Open a file that is there, for reading only."""
        uri = f"{path.resolve().as_uri()}?mode=ro"
        return cls(
            sqlite3.connect(
                uri, uri=True, isolation_level=None, check_same_thread=False, cached_statements=256
            )
        )

    def execute(self, sql: str, params: Params = ()) -> int:
        """Run a statement and return how many rows it touched."""
        return self._connection.execute(sql, params).rowcount

    def execute_many(self, sql: str, rows: Sequence[Params]) -> None:
        """Run a statement once per row."""
        self._connection.executemany(sql, rows)

    def all(self, sql: str, params: Params = ()) -> list[Row]:
        """Return every row of a query."""
        return self._connection.execute(sql, params).fetchall()

    def one(self, sql: str, params: Params = ()) -> Row | None:
        """Return the first row of a query, or None."""
        row: Row | None = self._connection.execute(sql, params).fetchone()
        return row

    def begin(self) -> None:
        """Begin a transaction; there is no other writer."""
        self._connection.execute("BEGIN IMMEDIATE")

    def begin_migration(self) -> None:
        """Begin a transaction in which nobody else can write."""
        self.begin()

    def define(self, statement: str) -> None:
        """Run a statement of a migration."""
        self._connection.execute(statement)

    def has_table(self, name: str) -> bool:
        """Say whether there is such a table."""
        return self.one("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (name,)) is not None

    def text_columns(self) -> tuple[TextColumn, ...]:
        """List every column of words that is no part of its table's key."""
        found: list[TextColumn] = []
        for table in self.all(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        ):
            columns = self.all(f"PRAGMA table_info({table['name']})")
            key = tuple(column["name"] for column in columns if column["pk"])
            found += [
                TextColumn(table["name"], column["name"], key)
                for column in columns
                if column["type"] == "TEXT" and not column["pk"]
            ]
        return tuple(found)

    def in_transaction(self) -> bool:
        """Say whether a transaction is open."""
        return self._connection.in_transaction

    def fault(self, error: BaseException) -> StoreFault | None:
        """Say what an error means when the file cannot be written or read; a statement may be wrong by itself."""
        if not isinstance(error, sqlite3.Error):
            return None
        known = advice(getattr(error, "sqlite_errorname", "")) or str(error).startswith(MISSING)
        return _fault(error) if known else None

    def is_conflict(self, error: BaseException) -> bool:
        """Nobody else writes while this does."""
        return False

    def one_within(self, sql: str, seconds: float | None) -> Row | None:
        """Return the first row of a query, or None also when the answer takes longer than that."""
        stop = threading.Timer(seconds or 0, self._connection.interrupt)
        if seconds is not None:
            stop.start()
        try:
            return self.one(sql)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_INTERRUPT":
                raise
            return None
        finally:
            stop.cancel()

    def close(self) -> None:
        """Close it."""
        self._connection.close()


class SqliteFile:
    """Implements store.database.Backend for one file."""

    def __init__(self, path: Path, busy_seconds: float = BUSY_SECONDS) -> None:
        self.path = path
        self._busy_seconds = busy_seconds

    def writer(self) -> SqliteConnection:
        """Connect to write."""
        try:
            return SqliteConnection.to_write(self.path, self._busy_seconds)
        except sqlite3.Error as error:
            raise _fault(error) from error

    def reader(self) -> SqliteConnection:
        """Connect to read."""
        return SqliteConnection.to_read(self.path)

    def exists(self) -> bool:
        """Say whether the file is there."""
        return self.path.is_file()

    def version(self) -> int:
        """Return the number of its last migration."""
        with self._asked() as connection:
            return version(connection)

    def damage(self, within: float | None = None) -> str | None:
        """Say what SQLite's own check finds, as far as it comes in so many seconds."""
        with self._asked() as connection:
            found = connection.one_within("PRAGMA quick_check(1)", within)
            return None if found is None or found[0] == "ok" else str(found[0])

    def compact(self) -> bool:
        """Rewrite the file without a trace of what was deleted; False when another process was in the way."""
        connection = SqliteConnection.to_write(self.path, BUSY_SECONDS)
        try:
            connection.execute("VACUUM")
            left = connection.one("PRAGMA wal_checkpoint(TRUNCATE)")
            return left is not None and left[0] == 0
        except sqlite3.OperationalError:
            return False
        finally:
            connection.close()

    def vector_index(self, space: str, dimensions: int) -> VectorIndex | str:
        """Say that a file finds none itself."""
        return "SQLite compares no vectors itself: they are compared in memory"

    @contextmanager
    def _asked(self) -> Iterator[SqliteConnection]:
        """Open the file to look at it; raises StoreFault."""
        connection = self.reader()
        try:
            yield connection
        except sqlite3.Error as error:
            raise _fault(error) from error
        finally:
            connection.close()


def _fault(error: sqlite3.Error) -> StoreFault:
    return StoreFault(getattr(error, "sqlite_errorname", "SQLITE_ERROR"), str(error))
