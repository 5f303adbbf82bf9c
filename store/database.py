"""The one place that knows which database it is."""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Self, TypeVar

from store.errors import fault
from store.migrate import migrate
from store.writer import OnCommit, Params, Row, Tx, Writer, WriterStats

T = TypeVar("T")
BUSY_SECONDS = 5.0


class Database:
    """A SQLite file: one writer thread, and direct reads that never wait for it."""

    def __init__(self, path: Path, writer: Writer) -> None:
        self.path = path
        self._writer = writer
        self._local = threading.local()
        self._readers: list[sqlite3.Connection] = []
        self._gate = threading.Lock()

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        gather_seconds: float = 0.001,
        busy_seconds: float = BUSY_SECONDS,
        on_commit: OnCommit | None = None,
    ) -> Self:
        """Open (or create) a database file and bring it to this version's schema.

        Raises StoreTooNew for a file of a newer version, StoreFault when it cannot be written.
        """
        connection: sqlite3.Connection | None = None
        try:
            connection = _connect(path, busy_seconds)
            migrate(connection)
        except sqlite3.Error as error:
            if connection is not None:
                connection.close()
            raise fault(error) from error
        except BaseException:
            if connection is not None:
                connection.close()
            raise
        return cls(path, Writer(connection, gather_seconds=gather_seconds, on_commit=on_commit))

    @property
    def stats(self) -> WriterStats:
        """What the writer has done since it was opened."""
        return self._writer.stats

    async def submit(self, run: Callable[[Tx], T]) -> T:
        """Run a function in the next write transaction (see Writer.submit)."""
        return await self._writer.submit(run)

    def read(self, sql: str, params: Params = ()) -> list[Row]:
        """Query what has been committed, on this thread's own connection."""
        return self._reader().execute(sql, params).fetchall()

    def read_one(self, sql: str, params: Params = ()) -> Row | None:
        """Return the first row of a query, or None."""
        row: Row | None = self._reader().execute(sql, params).fetchone()
        return row

    def compact(self) -> bool:
        """Rewrite the file without a trace of what was deleted; False when another process was in the way."""
        connection = _connect(self.path, busy_seconds=5.0)
        try:
            connection.execute("VACUUM")
            return bool(connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)
        except sqlite3.OperationalError:
            return False
        finally:
            connection.close()

    def close(self) -> None:
        """Write what is queued, stop the writer and close every connection."""
        self._writer.stop()
        with self._gate:
            for connection in self._readers:
                connection.close()
            self._readers.clear()

    def _reader(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            uri = f"{self.path.resolve().as_uri()}?mode=ro"
            # Closed by `close`, which runs on whichever thread ends the process.
            connection = sqlite3.connect(
                uri, uri=True, isolation_level=None, check_same_thread=False, cached_statements=256
            )
            connection.row_factory = sqlite3.Row
            self._local.connection = connection
            with self._gate:
                self._readers.append(connection)
        return connection


def _connect(path: Path, busy_seconds: float) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, isolation_level=None, check_same_thread=False, timeout=busy_seconds, cached_statements=512
    )
    connection.row_factory = sqlite3.Row
    try:
        # The first statement is the first to look at the file, and refuses what is no database.
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
    except sqlite3.Error:
        connection.close()
        raise
    return connection
