"""Where the runs of the matrix keep what they know: a folder each, and a database of one kind."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.chaos.storm.tables import SqliteTables, Tables


@dataclass(frozen=True, slots=True)
class Place:
    """One run's folder and database; without a `url` the database is the file in the folder."""

    home: Path
    tables: Tables
    url: str | None = None

    @property
    def receipts(self) -> Path:
        """What the sandbox has seen."""
        return self.home / "receipts.jsonl"


class Places(Protocol):
    """Places of one kind."""

    @contextmanager
    def one(self) -> Iterator[Place]:
        """Lend an empty place."""
        ...

    def close(self) -> None:
        """End what the database itself needs."""
        ...


class SqlitePlaces:
    """One file a run."""

    @contextmanager
    def one(self) -> Iterator[Place]:
        """Lend a folder."""
        with tempfile.TemporaryDirectory(prefix="loket-chaos-") as folder:
            yield Place(Path(folder), SqliteTables(Path(folder) / "loket.db"))

    def close(self) -> None:
        """Nothing runs for a file."""


class PostgresPlaces:
    """One server for all of them, which nobody kills, and a database of it a run."""

    def __init__(self) -> None:
        # Imported here: whoever uses files does not wait for it.
        from tests.support.postgres import Postgres

        self._folder = tempfile.TemporaryDirectory(prefix="loket-boundaries-")
        # Under root the server is somebody else, who has to get there.
        Path(self._folder.name).chmod(0o755)
        self._server = Postgres(Path(self._folder.name) / "postgres")

    @contextmanager
    def one(self) -> Iterator[Place]:
        """Lend a folder and a database."""
        from tests.chaos.storm.postgres_tables import PostgresTables

        name = self._server.lend()
        url = self._server.url(name)
        with tempfile.TemporaryDirectory(prefix="loket-chaos-") as folder:
            yield Place(Path(folder), PostgresTables(url), url)
        self._server.take_back(name)

    def close(self) -> None:
        """Stop the server."""
        self._server.close()
        self._folder.cleanup()


PLACES: dict[str, Callable[[], Places]] = {"sqlite": SqlitePlaces, "postgres": PostgresPlaces}
