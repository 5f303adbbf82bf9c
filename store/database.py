"""The one place that knows which database it is."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, Self, TypeVar

from store.connection import Connection, Params, Row, VectorIndex
from store.migrate import migrate
from store.sqlite import BUSY_SECONDS, SqliteFile
from store.transaction import Tx
from store.writer import OnCommit, Writer, WriterStats

T = TypeVar("T")


class Backend(Protocol):
    """One database, as it can be connected to."""

    @property
    def path(self) -> Path:
        """The file, or the folder-and-name that stands for it on this machine."""
        ...

    def writer(self) -> Connection:
        """Connect to write; raises StoreFault."""
        ...

    def reader(self) -> Connection:
        """Connect to read what has been committed."""
        ...

    def exists(self) -> bool:
        """Say whether a Loket has been here; raises StoreFault when that cannot be asked."""
        ...

    def version(self) -> int:
        """Return the number of its last migration; raises StoreFault."""
        ...

    def damage(self, within: float | None = None) -> str | None:
        """Say what is damaged, as far as the database can tell in so many seconds; raises StoreFault."""
        ...

    def compact(self) -> bool:
        """Leave no trace of what was deleted; False when somebody was in the way."""
        ...

    def vector_index(self, space: str, dimensions: int) -> VectorIndex | str:
        """Return how the database itself finds the nearest vectors, or why it cannot; raises StoreFault."""
        ...


class Database:
    """A database: one writer thread, and direct reads that never wait for it."""

    def __init__(self, backend: Backend, writer: Writer) -> None:
        self._backend = backend
        self._writer = writer
        self._local = threading.local()
        self._readers: list[Connection] = []
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
        """Open (or create) a SQLite file and bring it to this version's schema.

        Raises StoreTooNew for a file of a newer version, StoreFault when it cannot be written.
        """
        return cls.of(SqliteFile(path, busy_seconds), gather_seconds=gather_seconds, on_commit=on_commit)

    @classmethod
    def of(
        cls, backend: Backend, *, gather_seconds: float = 0.001, on_commit: OnCommit | None = None
    ) -> Self:
        """Open any database and bring it to this version's schema; raises like `open`."""
        connection = backend.writer()
        try:
            migrate(connection)
        except BaseException as error:
            trouble = connection.fault(error)
            connection.close()
            if trouble is not None:
                raise trouble from error
            raise
        return cls(backend, Writer(connection, gather_seconds=gather_seconds, on_commit=on_commit))

    @property
    def path(self) -> Path:
        """Where it is."""
        return self._backend.path

    @property
    def stats(self) -> WriterStats:
        """What the writer has done since it was opened."""
        return self._writer.stats

    async def submit(self, run: Callable[[Tx], T]) -> T:
        """Run a function in the next write transaction (see Writer.submit)."""
        return await self._writer.submit(run)

    def read(self, sql: str, params: Params = ()) -> list[Row]:
        """Query what has been committed, on this thread's own connection; raises StoreFault."""
        reader = self._reader()
        try:
            return reader.all(sql, params)
        except reader.error as error:
            if (trouble := reader.fault(error)) is not None:
                self.stats.note(trouble)
                raise trouble from error
            raise

    def read_one(self, sql: str, params: Params = ()) -> Row | None:
        """Return the first row of a query, or None; raises StoreFault."""
        rows = self.read(sql, params)
        return rows[0] if rows else None

    def compact(self) -> bool:
        """Leave no trace of what was deleted; False when another process was in the way."""
        return self._backend.compact()

    def vector_index(self, space: str, dimensions: int) -> VectorIndex | str:
        """Return how the database itself finds the nearest vectors, or why it cannot; raises StoreFault."""
        return self._backend.vector_index(space, dimensions)

    def close(self) -> None:
        """Write what is queued, stop the writer and close every connection."""
        self._writer.stop()
        with self._gate:
            for connection in self._readers:
                connection.close()
            self._readers.clear()

    def _reader(self) -> Connection:
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._backend.reader()
            self._local.connection = connection
            with self._gate:
                self._readers.append(connection)
        return connection
