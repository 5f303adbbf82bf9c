"""Where a school keeps its students, when that is Notion: plugged in, and laid into the sandbox's."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from adapters.notion_fields import COLUMNS, SOURCES, STATUSES, named
from adapters.notion_rows import Json, Layout
from adapters.notion_sheet import NotionSheet
from adapters.notion_tables import NotionSheetSettings
from adapters.notion_values import session_row, student_row, values
from app.desk_settings import DeskConfig, SheetConfig
from app.settings import Settings
from casefile.errors import BadInput
from casefile.sheet import SheetKind, WrittenSession, WrittenStudent
from ports.clock import Clock
from services.sheet_mirror import BACK, SheetMirror
from services.sheet_moves import SheetMover
from services.sheet_people import written
from services.sheet_push import SheetPush
from services.sheet_reads import SheetReads
from store import records
from store.database import Database
from store.facts import Reading
from store.sources import SqlSources
from store.times import iso


@dataclass(frozen=True, slots=True)
class StudentSheetParts:
    """The sheet, what takes people's changes over, and how it is read and written."""

    there: NotionSheet
    mirror: SheetMirror
    reads: SheetReads
    mover: SheetMover
    push: SheetPush


def sheet_of(
    settings: Settings,
    config: DeskConfig,
    database: Database,
    stored: SqlSources,
    reading: Reading,
    clock: Clock,
) -> StudentSheetParts | None:
    """Return the parts of a school whose students are in Notion, else None; BadInput without its token."""
    told = config.records
    if told.source == "store":
        return None
    token = settings.secrets.notion_token
    if token is None:
        raise BadInput(f"desk {config.name} has its students in Notion: set LOKET_NOTION_TOKEN")
    shared, databases = settings.shared.notion, databases_of(config)
    there = NotionSheet(
        NotionSheetSettings(
            base_url=shared.base_url,
            token=token.get_secret_value(),
            timeout_seconds=shared.timeout_seconds,
            databases={kind: one.database_id for kind, one in databases.items()},
            names={kind: named(kind, one.properties) for kind, one in databases.items()},
            zone=config.hours.zone,
        ),
        clock,
    )
    mirror = SheetMirror(database, there, reading, timedelta(minutes=told.poll_minutes))
    return StudentSheetParts(
        there,
        mirror,
        SheetReads(stored, there, mirror),
        SheetMover(database, there, mirror),
        SheetPush(database, there, mirror),
    )


def databases_of(config: DeskConfig) -> dict[SheetKind, SheetConfig]:
    """Return the database of each kind of row."""
    told = config.records
    return {"student": told.students, "session": told.sessions, "reschedule": told.reschedules}


def columns_of(config: DeskConfig, kind: SheetKind) -> dict[str, str]:
    """Return the properties of a database as one would be made for this desk, each with its type."""
    names = named(kind, databases_of(config)[kind].properties)
    return {names[field]: column.types[0] for field, column in COLUMNS[kind].items()}


def options_of(config: DeskConfig, kind: SheetKind) -> dict[str, tuple[str, ...]]:
    """Return the options of those properties that have a closed list of them."""
    names = named(kind, databases_of(config)[kind].properties)
    options = {"session": ("status", STATUSES), "reschedule": ("source", SOURCES)}
    return {names[options[kind][0]]: options[kind][1]} if kind in options else {}


class SheetRows:
    """What the store knows of students as rows for Notion's databases; the student's page is named by who laid it."""

    def __init__(self, database: Database, config: DeskConfig, now: datetime) -> None:
        self._read = database.read
        self._config = config
        self._since = iso(now - BACK)

    def students(self) -> tuple[list[str], list[dict[str, Json]]]:
        """Return the students' ids, and their rows."""
        ids = [row["id"] for row in self._read("SELECT id FROM students ORDER BY id")]
        rows = []
        for student_id in ids:
            student = records.student(self._read, student_id)
            assert student is not None
            told = WrittenStudent(
                student=student,
                guardians=tuple(written(self._read, one) for one in student.guardians),
                own=written(self._read, student.own_contact) if student.own_contact else "",
            )
            rows.append(self._row("student", student_row(told)))
        return ids, rows

    def sessions(self, pages: dict[str, str]) -> list[dict[str, Json]]:
        """Return the rows of the sessions a look goes back to."""
        found = self._read("SELECT * FROM sessions WHERE start_at >= ? ORDER BY start_at, id", (self._since,))
        lessons = (records.session_row(row) for row in found)
        return [
            self._row(
                "session",
                session_row(
                    WrittenSession(session=one, student_page=pages[one.student_id], name=one.student_id)
                ),
            )
            for one in lessons
        ]

    def reschedules(self, pages: dict[str, str]) -> list[dict[str, Json]]:
        """Return the lines of the ledger a look goes back to."""
        found = self._read("SELECT * FROM reschedules WHERE at >= ? ORDER BY at, id", (self._since,))
        return [
            self._row(
                "reschedule",
                {
                    "title": row["id"],
                    "student": pages[row["student_id"]],
                    "made": datetime.fromisoformat(row["at"]),
                    "source": row["source"],
                    "key": row["id"],
                },
            )
            for row in found
        ]

    def _row(self, kind: SheetKind, told: dict[str, Any]) -> dict[str, Json]:
        names = named(kind, databases_of(self._config)[kind].properties)
        layout = Layout(kind=kind, title="", names=names, zone=self._config.hours.zone)
        return values(layout, columns_of(self._config, kind), told)
