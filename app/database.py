"""The database that the settings name."""

from app.settings import Settings
from store.database import Backend, Database
from store.sqlite import SqliteFile
from store.writer import OnCommit


def backend_of(settings: Settings) -> Backend:
    """Return the SQLite file, or the PostgreSQL server."""
    told = settings.shared.database
    if told.url is None:
        return SqliteFile(told.path)
    # Only who uses PostgreSQL waits for its driver.
    from store.postgres import PostgresServer

    secret = settings.secrets.database_password
    return PostgresServer(told.url, told.path, secret.get_secret_value() if secret else None)


def open_database(settings: Settings, on_commit: OnCommit | None = None) -> Database:
    """Open it and bring it to this version's schema; raises StoreFault, StoreTooNew."""
    return Database.of(backend_of(settings), on_commit=on_commit)
