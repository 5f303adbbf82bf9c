"""Rows as SQLite gives them: by name, by place, or value after value."""

from collections.abc import Callable, Iterator, KeysView, Mapping, Sequence
from typing import Any

from psycopg import Cursor


class NamedRow:
    """Implements store.connection.Row."""

    __slots__ = ("_places", "_values")

    def __init__(self, places: Mapping[str, int], values: Sequence[Any]) -> None:
        self._places = places
        self._values = values

    def __getitem__(self, key: Any) -> Any:
        return self._values[self._places[key] if isinstance(key, str) else key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, NamedRow) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self._values))

    def keys(self) -> KeysView[str]:
        """Return the names of the columns."""
        return self._places.keys()


def named_rows(cursor: Cursor[Any]) -> Callable[[Sequence[Any]], NamedRow]:
    """Make rows of one answer (psycopg's row factory)."""
    places = {column.name: place for place, column in enumerate(cursor.description or ())}
    return lambda values: NamedRow(places, values)
