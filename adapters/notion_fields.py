"""Which properties a school's databases in Notion have, and which types of theirs we can read."""

from collections.abc import Mapping
from typing import NamedTuple

from casefile.errors import BadInput
from casefile.records import SessionStatus
from casefile.sheet import MoveSource, SheetKind

WORDS = ("rich_text", "title", "select", "status", "phone_number", "email", "formula")


class Column(NamedTuple):
    """A property: what it is called unless a desk says otherwise, and its types, the one we would make first."""

    name: str
    types: tuple[str, ...]


COLUMNS: Mapping[SheetKind, Mapping[str, Column]] = {
    "student": {
        "name": Column("Name", ("title",)),
        "id": Column("ID", ("rich_text",)),
        "guardians": Column("Guardians", ("rich_text", "phone_number")),
        "own": Column("Own number", ("phone_number", "rich_text")),
        "package": Column("Package", ("select", "rich_text", "status")),
        "sessions_left": Column("Sessions left", ("number",)),
        "expires": Column("Package expires", ("date",)),
    },
    "session": {
        "title": Column("Lesson", ("title",)),
        "id": Column("ID", ("rich_text",)),
        "student": Column("Student", ("relation",)),
        "coach": Column("Coach", ("select", "rich_text", "status")),
        "time": Column("Time", ("date",)),
        "status": Column("Status", ("status", "select")),
        "moved_to": Column("Moved to", ("rich_text",)),
        "key": Column("Loket key", ("rich_text",)),
        "rev": Column("Loket rev", ("number",)),
    },
    "reschedule": {
        "title": Column("Change", ("title",)),
        "student": Column("Student", ("relation",)),
        "session": Column("Session", ("rich_text",)),
        "made": Column("Made", ("date",)),
        "old": Column("From", ("date",)),
        "new": Column("To", ("date",)),
        "source": Column("Source", ("select", "status", "rich_text")),
        "approval": Column("Approval", ("rich_text",)),
        "key": Column("Loket key", ("rich_text",)),
        "rev": Column("Loket rev", ("number",)),
    },
}
# How a school's statuses are called in Notion unless they are called as ours are.
STATUSES: tuple[SessionStatus, ...] = ("scheduled", "done", "consumed", "moved", "cancelled")
SOURCES: tuple[MoveSource, ...] = ("customer", "exception", "school")


def named(kind: SheetKind, told: Mapping[str, str]) -> dict[str, str]:
    """Return what each property of a database is called; BadInput for one that there is not, or two of one name."""
    columns = COLUMNS[kind]
    if strange := sorted(told.keys() - columns.keys()):
        known = ", ".join(columns)
        raise BadInput(f"records: the {kind}s have no {', '.join(strange)}; there are {known}")
    names = {field: told.get(field, column.name) for field, column in columns.items()}
    if len(set(names.values())) < len(names):
        raise BadInput(f"records: two properties of the {kind}s have the same name; each needs its own")
    return names
