"""What the store refuses or cannot do."""

from casefile.errors import LoketError, StoreDown, TakenOver

ADVICE = {
    "SQLITE_FULL": "free disk space, the next write is tried as usual",
    "SQLITE_READONLY": "give the process write permission on the database file and its folder",
    "SQLITE_BUSY": "another process holds the write lock: stop it, two Lokets cannot share one file",
    "SQLITE_LOCKED": "another connection holds the table: stop it",
    "SQLITE_IOERR": "check the disk",
    "SQLITE_CORRUPT": "restore the file from a copy",
    "SQLITE_NOTADB": "the path points to something that is not a database",
    "SQLITE_CANTOPEN": "check the path and its permissions",
    "53100": "free disk space on the database's machine, the next write is tried as usual",
    "53300": "raise max_connections, or run fewer workers",
    "25006": "the server only reads: point database.url to the primary",
    "28": "check user and password: database.url and LOKET_DATABASE_PASSWORD",
    "3D000": "create the database first, or mend its name in database.url",
    "42501": "give the user the right to create and write tables in the database",
    "40": "others write the same rows all the time: it is tried again",
    "08": "check that the server runs and can be reached at database.url",
    "57P": "the server is stopping or starting: it is tried again",
}


class StoreFault(StoreDown):
    """The database could not take a write, or could not be read; nothing of it was kept.

    `code` is the database's own for the trouble: SQLite's name (SQLITE_FULL ...) or PostgreSQL's SQLSTATE (53100 ...).
    """

    def __init__(self, code: str, why: str) -> None:
        super().__init__(
            f"the database is in trouble ({code}: {why}); {advice(code) or 'see the reason given'}"
        )
        self.code = code


class WriterStopped(LoketError):
    """The writer has been stopped and takes nothing more."""


class StoreTooNew(LoketError):
    """The file was written by a newer Loket; start that version, or restore an older file."""


class AppliedTwice(TakenOver):
    """An event of this turn is not unread any more: somebody applied it first."""


class FenceLost(TakenOver):
    """The conversation was taken over by another worker while this one was working on it."""


class ApprovalSettled(LoketError):
    """The approval was already decided, voided or is not known; the turn that used it fails whole."""


class BadRecords(LoketError):
    """Sample or imported records do not fit; `problems` names file, row, key, value and what is allowed."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class NotFound(LoketError):
    """Nothing is stored under this name."""


def advice(code: str) -> str | None:
    """Say what to do about a trouble of the database; None for what is no trouble of its own."""
    return next((words for prefix, words in ADVICE.items() if code.startswith(prefix)), None)
