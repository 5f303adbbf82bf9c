"""The database that the settings name."""

from app.settings import Settings
from casefile.errors import BadInput
from store.database import Backend, Database
from store.errors import StoreFault
from store.sqlite import SqliteFile
from store.writer import OnCommit

LOOK_SECONDS = 1.0


def backend_of(settings: Settings) -> Backend:
    """Return the SQLite file, or the PostgreSQL server."""
    told = settings.shared.database
    if told.url is None:
        return SqliteFile(told.path)
    # Only who uses PostgreSQL waits for its driver.
    from store.postgres import PostgresServer

    return PostgresServer(conninfo_of(settings), told.path)


def conninfo_of(settings: Settings) -> str:
    """Return where the PostgreSQL server is reached, password and all; raises BadInput where there is none."""
    told = settings.shared.database
    if told.url is None:
        raise BadInput(
            f"{settings.config_path}: database.url is not set: workers of their own need PostgreSQL;"
            " on SQLite `loket serve` does everything in one process"
        )
    from psycopg.conninfo import make_conninfo

    secret = settings.secrets.database_password
    return make_conninfo(told.url, password=secret.get_secret_value()) if secret else told.url


def open_database(settings: Settings, on_commit: OnCommit | None = None) -> Database:
    """Open it and bring it to this version's schema; raises StoreFault, StoreTooNew."""
    return Database.of(backend_of(settings), on_commit=on_commit)


def refuse_damaged(settings: Settings) -> None:
    """Look through a database that is there before it is served; raises StoreFault when it is damaged.

    A large one is looked through for so long as a start may take; `loket doctor` looks through all of it.
    """
    backend = backend_of(settings)
    if backend.exists() and (found := backend.damage(LOOK_SECONDS)) is not None:
        raise StoreFault("SQLITE_CORRUPT", f"{backend.path} is damaged: {found}")
