"""Forward-only migrations: numbered SQL files, each applied once and in order."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from store.connection import Connection
from store.errors import StoreTooNew

FOLDER = Path(__file__).parent / "migrations"


def migrations() -> list[tuple[int, str, str]]:
    """List what this version knows as (number, name, SQL), in order."""
    files = sorted(FOLDER.glob("[0-9][0-9][0-9][0-9]_*.sql"))
    return [(int(f.name[:4]), f.stem, f.read_text(encoding="utf-8")) for f in files]


def version(connection: Connection) -> int:
    """Return the number of the last migration applied; 0 for an empty database."""
    if not connection.has_table("migrations"):
        return 0
    last = connection.one("SELECT COALESCE(MAX(number), 0) FROM migrations")
    return 0 if last is None else int(last[0])


def migrate(connection: Connection, upto: int | None = None) -> None:
    """Bring a database to this version's schema (or to an earlier one, for tests), each step whole."""
    steps = [step for step in migrations() if upto is None or step[0] <= upto]
    newest = migrations()[-1][0]
    if (found := version(connection)) > newest:
        raise StoreTooNew(
            f"the database is at version {found}, this Loket knows up to {newest}: "
            "start the newer Loket it belongs to, or restore an older file"
        )
    for number, name, sql in steps:
        connection.begin_migration()
        try:
            # Asked again under the lock: another process may have been migrating.
            if number > version(connection):
                for statement in _statements(sql):
                    connection.define(statement)
                connection.execute("INSERT INTO migrations (number, name) VALUES (?, ?)", (number, name))
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction():
                connection.execute("ROLLBACK")
            raise


def _statements(sql: str) -> Iterator[str]:
    buffer = ""
    for line in sql.splitlines(keepends=True):
        buffer += line
        if sqlite3.complete_statement(buffer):
            yield buffer
            buffer = ""
    if buffer.strip():
        yield buffer
