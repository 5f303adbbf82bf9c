"""What we write into a school's databases in Notion, as Notion's property values. Pure."""

from collections.abc import Mapping
from typing import Any

from adapters.notion_rows import Json, Layout
from casefile.errors import BadInput
from casefile.sheet import PlannedMove, WrittenSession, WrittenStudent

# Notion takes no longer text in one piece.
PIECE = 2000


def values(layout: Layout, types: Mapping[str, str], told: Mapping[str, Any]) -> dict[str, Json]:
    """Write values by our names as Notion's properties, each of the type its database gives it."""
    return {layout.names[field]: _value(types[layout.names[field]], value) for field, value in told.items()}


def new_session(planned: PlannedMove, student_page: str, title: str) -> dict[str, Any]:
    """Return what the session that takes a moved one's place is."""
    new = planned.new
    return {
        "title": title,
        "id": new.id,
        "student": student_page,
        "coach": new.coach,
        "time": (new.start, new.end),
        "status": "scheduled",
        "key": planned.key,
        "rev": planned.rev,
    }


def ledger_line(planned: PlannedMove, student_page: str) -> dict[str, Any]:
    """Return what the ledger says of a move."""
    return {
        "title": f"{planned.session.id} → {planned.new.id}",
        "student": student_page,
        "session": planned.session.id,
        "made": (planned.at, None),
        "old": (planned.session.start, None),
        "new": (planned.new.start, None),
        "source": planned.source,
        "approval": planned.approval_id or "",
        "key": planned.key,
        "rev": planned.rev,
    }


def student_row(written: WrittenStudent) -> dict[str, Any]:
    """Return what a student is."""
    student, package = written.student, written.student.package
    return {
        "name": student.name,
        "id": student.id,
        "guardians": ", ".join(written.guardians),
        "own": written.own,
        "package": package.name if package else "",
        "sessions_left": package.sessions_left if package else None,
        "expires": package.expires if package else None,
    }


def session_row(written: WrittenSession) -> dict[str, Any]:
    """Return what a session is."""
    session = written.session
    return {
        "title": f"{written.name} · {session.coach}",
        "id": session.id,
        "student": written.student_page,
        "coach": session.coach,
        "time": (session.start, session.end),
        "status": session.status,
        "rev": written.rev,
    }


def _value(kind: str, value: Any) -> Json:
    match kind:
        case "title" | "rich_text":
            pieces = [value[at : at + PIECE] for at in range(0, len(value), PIECE)]
            return {kind: [{"type": "text", "text": {"content": piece}} for piece in pieces]}
        case "select" | "status":
            return {kind: {"name": value} if value else None}
        case "relation":
            return {kind: [{"id": value}]}
        case "date":
            start, end = value if isinstance(value, tuple) else (value, None)
            period = {"start": start.isoformat(), "end": end.isoformat() if end else None} if start else None
            return {kind: period}
        case "phone_number":
            return {kind: value or None}
        case "number":
            return {kind: value}
        case _:
            raise BadInput(f"a property of the type {kind} cannot be written")
