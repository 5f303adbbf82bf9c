"""Rows of a school's databases in Notion, read. Pure; what is wrong names database, page and property."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from adapters.notion_fields import COLUMNS, SOURCES, STATUSES
from adapters.notion_text import property_words
from casefile.base import Frozen
from casefile.errors import BadInput
from casefile.records import Package
from casefile.sheet import SheetKind, SheetReschedule, SheetSession, SheetStudent

Json = Mapping[str, Any]
W = TypeVar("W", bound=str)


class Layout(Frozen):
    """One database: what it is called there, its properties by our names, and the desk's time zone."""

    kind: SheetKind
    title: str
    names: dict[str, str]
    zone: str


class Row:
    """A page of one database as its properties are asked for; every refusal is a BadInput for people."""

    def __init__(self, layout: Layout, page: Json) -> None:
        self._layout = layout
        self._properties: Json = page["properties"]
        self.page = str(page["id"])
        self.link = str(page.get("url") or "")
        self.edited_at = datetime.fromisoformat(page["last_edited_time"])

    def words(self, field: str) -> str:
        """Return a property's words; empty where it has none."""
        return property_words(self._value(field)).strip()

    def needed(self, field: str) -> str:
        """Return a property's words; refuses an empty one."""
        found = self.words(field)
        if not found:
            raise self.wrong(field, "is empty")
        return found

    def number(self, field: str) -> int | None:
        """Return a whole number, None where there is none."""
        found = self._value(field)["number"]
        if found is not None and (found != int(found) or found < 0):
            raise self.wrong(field, f"is {found}; allowed: a whole number from 0 on")
        return None if found is None else int(found)

    def day(self, field: str) -> date | None:
        """Return a day."""
        found = self._value(field)["date"]
        return None if found is None else date.fromisoformat(str(found["start"])[:10])

    def moment(self, field: str, part: str = "start") -> datetime | None:
        """Return when it begins or ends; a day without an hour is none."""
        found = self._value(field)["date"]
        told = found and found[part]
        if not told:
            return None
        if "T" not in told:
            raise self.wrong(field, f"is {told}; allowed: a day with an hour")
        at = datetime.fromisoformat(told)
        # With a zone of its own Notion tells the hour without an offset.
        return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(found.get("time_zone") or self._layout.zone))

    def one_of(self, field: str, allowed: tuple[W, ...]) -> W:
        """Return one of the words that are allowed, however written."""
        found = self.needed(field)
        for word in allowed:
            if word == found.casefold():
                return word
        raise self.wrong(field, f"is {found!r}; allowed: {', '.join(allowed)}")

    def related(self, field: str) -> str:
        """Return the one page a relation points to."""
        found = self._value(field)["relation"]
        if len(found) != 1:
            raise self.wrong(field, f"points to {len(found)} pages; allowed: exactly one")
        return str(found[0]["id"])

    def wrong(self, field: str, why: str) -> BadInput:
        """Say what is wrong with a property of this page."""
        return BadInput(f"{self._layout.title} · {self.title()}: {self._layout.names[field]} {why}")

    def title(self) -> str:
        """What people call the page."""
        named = (property_words(v) for v in self._properties.values() if v.get("type") == "title")
        return next(filter(None, named), "(without a name)")

    def _value(self, field: str) -> Any:
        name = self._layout.names[field]
        value, types = self._properties.get(name), COLUMNS[self._layout.kind][field].types
        if value is None:
            raise self.wrong(field, f"is missing; it is a property of the type {types[0]}")
        if value["type"] not in types:
            raise self.wrong(field, f"is of the type {value['type']}; allowed: {', '.join(types)}")
        return value


def missing(layout: Layout, properties: Json) -> list[str]:
    """Say what of a database's properties is not there, or of a type that cannot be used."""
    found = []
    for field, column in COLUMNS[layout.kind].items():
        there = properties.get(layout.names[field])
        types = " or ".join(column.types)
        if there is None:
            found.append(f"{layout.names[field]} is missing: add a property of the type {types}")
        elif there["type"] not in column.types:
            found.append(f"{layout.names[field]} is of the type {there['type']}; make it {types}")
    return found


def student(row: Row) -> SheetStudent:
    """Read a student."""
    left, expires, package = row.number("sessions_left"), row.day("expires"), row.words("package")
    if package and (left is None or expires is None):
        raise row.wrong("package", "needs its sessions left and the day it expires")
    return SheetStudent(
        **_row(row),
        id=_id(row, "st"),
        name=row.needed("name"),
        guardians=_several(row.words("guardians")),
        own=row.words("own"),
        package=Package(name=package, sessions_left=left or 0, expires=expires)
        if package and expires
        else None,
    )


def session(row: Row) -> SheetSession:
    """Read a session."""
    start, end = row.moment("time"), row.moment("time", "end")
    if start is None or end is None or end <= start:
        raise row.wrong("time", "needs a beginning and an end after it")
    status = row.one_of("status", STATUSES)
    return SheetSession(
        **_row(row),
        id=_id(row, "ss"),
        student=row.related("student"),
        coach=row.needed("coach"),
        start=start,
        end=end,
        status=status,
        moved_to=row.words("moved_to"),
        key=row.words("key"),
        rev=row.number("rev") or 0,
    )


def reschedule(row: Row) -> SheetReschedule:
    """Read a line of the ledger; one that people wrote is known by its page."""
    made = row.moment("made")
    if made is None:
        raise row.wrong("made", "is empty")
    source = row.one_of("source", SOURCES)
    return SheetReschedule(
        **_row(row),
        id=row.words("key") or f"rs_{_hex(row.page)}",
        student=row.related("student"),
        session_id=row.words("session"),
        made=made,
        old_start=row.moment("old"),
        new_start=row.moment("new"),
        source=source,
        approval_id=row.words("approval"),
    )


READ: Mapping[SheetKind, Callable[[Row], Any]] = {
    "student": student,
    "session": session,
    "reschedule": reschedule,
}


def _row(row: Row) -> dict[str, Any]:
    return {"page": row.page, "link": row.link, "edited_at": row.edited_at}


def _id(row: Row, prefix: str) -> str:
    told = row.words("id")
    if told and not all(c.isalnum() or c in "_-" for c in told):
        raise row.wrong("id", f"is {told!r}; allowed: letters, digits, _ and -, or nothing at all")
    return told or f"{prefix}_{_hex(row.page)}"


def _hex(page: str) -> str:
    return page.replace("-", "")


def _several(told: str) -> tuple[str, ...]:
    parts = (part.strip() for part in told.replace(";", ",").replace("\n", ",").split(","))
    return tuple(dict.fromkeys(part for part in parts if part))
