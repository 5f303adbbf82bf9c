"""What the store needs of a database driver; SQLite's and PostgreSQL's each have a module of their own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from store.errors import StoreFault

Params = Sequence[object]


class Row(Protocol):
    """One row of an answer: by column name, by place, or value after value."""

    def __getitem__(self, key: Any, /) -> Any: ...
    def __iter__(self) -> Iterator[Any]: ...
    def __len__(self) -> int: ...
    def keys(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class TextColumn:
    """A column of words, and the columns that tell its table's rows apart."""

    table: str
    name: str
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VectorIndex:
    """How a database finds the nearest vectors itself: its column, how one is written, and the question."""

    column: str
    value: str
    nearest: str


class Connection(Protocol):
    """One connection. SQL has `?` for its parameters; errors are the driver's own, `fault` tells what they mean."""

    # What the driver raises.
    error: type[Exception]

    def execute(self, sql: str, params: Params = ()) -> int:
        """Run a statement and return how many rows it touched."""
        ...

    def execute_many(self, sql: str, rows: Sequence[Params]) -> None:
        """Run a statement once per row."""
        ...

    def all(self, sql: str, params: Params = ()) -> list[Row]:
        """Return every row of a query."""
        ...

    def one(self, sql: str, params: Params = ()) -> Row | None:
        """Return the first row of a query, or None."""
        ...

    def begin(self) -> None:
        """Begin a transaction that either sees the database as if it were alone, or fails with a conflict."""
        ...

    def begin_migration(self) -> None:
        """Begin a transaction in which nobody else can migrate."""
        ...

    def define(self, statement: str) -> None:
        """Run a statement of a migration, which is written for SQLite."""
        ...

    def has_table(self, name: str) -> bool:
        """Say whether there is such a table."""
        ...

    def text_columns(self) -> tuple[TextColumn, ...]:
        """List every column of words that is no part of its table's key."""
        ...

    def in_transaction(self) -> bool:
        """Say whether a transaction is open; what failed may have ended it."""
        ...

    def fault(self, error: BaseException) -> StoreFault | None:
        """Say what an error means when it is the database's own trouble, None when it is the statement's."""
        ...

    def is_conflict(self, error: BaseException) -> bool:
        """Say whether another process was in the way, so that the whole transaction has to be run again."""
        ...

    def close(self) -> None:
        """Close it."""
        ...
