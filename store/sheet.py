"""What is kept of student records in another system: which page is which record, and moves on their way there."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from casefile.packets import CTask
from casefile.sheet import PlannedMove, SheetKind, SheetRefused, SheetRow
from store.connection import Row
from store.records import Reader
from store.times import iso
from store.transaction import Tx

# What stands before the kind of a page that is known and not gone by: an erased person's, which is never read again,
# one that people have thrown away, and a record that was here before the sheet was and has no page there.
ERASED, GONE, OURS = "erased ", "gone ", "ours "


@dataclass(frozen=True, slots=True)
class BegunMove:
    """A move that is begun, written there, or refused there and why."""

    planned: PlannedMove
    state: Literal["begun", "written", "refused"]
    why: str
    refused_by: str


@dataclass(frozen=True, slots=True)
class SheetState:
    """When a look last got through and when there was news (empty: never), how often we wrote, what is not in order."""

    polled: str = ""
    asked: str = ""
    seq: int = 0
    problems: tuple[str, ...] = ()


def move(read: Reader, key: str) -> BegunMove | None:
    """Return a move that was begun, by its key."""
    rows = read("SELECT * FROM sheet_moves WHERE key = ?", (key,))
    return _move(rows[0]) if rows else None


def open_moves(read: Reader) -> tuple[BegunMove, ...]:
    """Return the moves of which nobody knows yet whether they stand there."""
    return tuple(map(_move, read("SELECT * FROM sheet_moves WHERE state = 'begun' ORDER BY key", ())))


def begin(tx: Tx, planned: PlannedMove, task: CTask, speaks_for: frozenset[str], now: datetime) -> None:
    """Hold the slot, and give everybody who answers for the student the next rev: what was known of them is old."""
    tx.execute("UPDATE slots SET session_id = ? WHERE id = ?", (planned.new.id, planned.slot.id))
    for contact in planned.people:
        tx.execute("UPDATE contacts SET rev = rev + 1 WHERE id = ?", (contact,))
    revs = [
        row["rev"]
        for contact in planned.people
        for row in tx.all("SELECT rev FROM contacts WHERE id = ?", (contact,))
    ]
    # To the second, as it can be read back there.
    kept = planned.model_copy(update={"rev": max(revs, default=0), "at": planned.at.replace(microsecond=0)})
    tx.execute(
        "INSERT INTO sheet_moves (key, state, body, task, speaks_for, why, refused_by, at)"
        " VALUES (?, 'begun', ?, ?, ?, '', '', ?)",
        (kept.key, kept.model_dump_json(), task.model_dump_json(), json.dumps(sorted(speaks_for)), iso(now)),
    )


def left_behind(read: Reader, before: datetime) -> list[tuple[CTask, frozenset[str]]]:
    """Return the tasks whose moves were begun before a moment and not ended, each with whom it speaks for."""
    rows = read(
        "SELECT task, speaks_for FROM sheet_moves WHERE state = 'begun' AND at < ? ORDER BY at, key",
        (iso(before),),
    )
    return [
        (CTask.model_validate_json(row["task"]), frozenset(json.loads(row["speaks_for"]))) for row in rows
    ]


def settle(tx: Tx, key: str, refused: SheetRefused | None) -> bool:
    """Say how a move went there; False when somebody has said so before."""
    state = "written" if refused is None else "refused"
    why, by = (refused.why, refused.by) if refused else ("", "")
    done = tx.execute(
        "UPDATE sheet_moves SET state = ?, why = ?, refused_by = ? WHERE key = ? AND state = 'begun'",
        (state, why, by, key),
    )
    return done == 1


def page_of(read: Reader, kind: SheetKind, record_id: str) -> str | None:
    """Return the page of a record."""
    rows = read("SELECT page FROM sheet_pages WHERE kind = ? AND record_id = ?", (kind, record_id))
    return rows[0]["page"] if rows else None


def pages(read: Reader) -> dict[str, Row]:
    """Return everything known of pages, by page."""
    return {row["page"]: row for row in read("SELECT * FROM sheet_pages", ())}


def link(tx: Tx, kind: SheetKind, row: SheetRow, seq: int, content: str) -> None:
    """Keep which record a page is and what it says, as it was read or written at our write of this number."""
    # A page that was thrown away and written anew has another name.
    tx.execute(
        "DELETE FROM sheet_pages WHERE kind IN (?, ?, ?) AND record_id = ? AND page <> ?",
        (kind, GONE + kind, OURS + kind, row.id, row.page),
    )
    tx.execute(
        "INSERT INTO sheet_pages (page, kind, record_id, link, edited_at, seq, content) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (page) DO UPDATE SET kind = excluded.kind, record_id = excluded.record_id, link = excluded.link,"
        " edited_at = excluded.edited_at, seq = excluded.seq, content = excluded.content",
        (row.page, kind, row.id, row.link, iso(row.edited_at), seq, content),
    )


def gone(tx: Tx, page: str) -> None:
    """Keep that people have thrown a page away: what it was is not written there again; if it is back, it is news."""
    tx.execute("UPDATE sheet_pages SET kind = ? || kind, content = '' WHERE page = ?", (GONE, page))


def ours_alone(tx: Tx, kind: SheetKind, record_id: str) -> None:
    """Keep that a record was here before the sheet was, and has no page there."""
    tx.execute(
        "INSERT INTO sheet_pages (page, kind, record_id, link, edited_at, seq) VALUES (?, ?, ?, '', '', 0)"
        " ON CONFLICT (page) DO NOTHING",
        (f"{OURS}{record_id}", OURS + kind, record_id),
    )


def forgotten(tx: Tx, students: Sequence[str]) -> list[str]:
    """Never read the pages of these students and of what is theirs again; return the pages' links."""
    links = []
    for student in students:
        told = (student, student, student)
        whose = (
            "(kind = 'student' AND record_id = ?"
            " OR kind = 'session' AND record_id IN (SELECT id FROM sessions WHERE student_id = ?)"
            " OR kind = 'reschedule' AND record_id IN (SELECT id FROM reschedules WHERE student_id = ?))"
        )
        links += [
            row["link"] for row in tx.all(f"SELECT link FROM sheet_pages WHERE {whose} ORDER BY page", told)
        ]
        tx.execute(f"UPDATE sheet_pages SET kind = '{ERASED}' || kind WHERE {whose}", told)
    return links


def state(read: Reader) -> SheetState:
    """Return how far the looks are."""
    rows = read("SELECT * FROM sheet_state WHERE slot = 1", ())
    if not rows:
        return SheetState()
    row = rows[0]
    return SheetState(row["polled_at"], row["asked_at"], row["seq"], tuple(json.loads(row["problems"])))


def next_write(tx: Tx) -> int:
    """Count one more write of ours and return its number."""
    tx.execute(
        "INSERT INTO sheet_state (slot, polled_at, asked_at, seq, problems) VALUES (1, '', '', 1, '[]')"
        " ON CONFLICT (slot) DO UPDATE SET seq = sheet_state.seq + 1"
    )
    return state(tx.all).seq


def news(tx: Tx, at: datetime) -> None:
    """Note that there is news there."""
    tx.execute(
        "INSERT INTO sheet_state (slot, polled_at, asked_at, seq, problems) VALUES (1, '', ?, 0, '[]')"
        " ON CONFLICT (slot) DO UPDATE SET asked_at = excluded.asked_at",
        (iso(at),),
    )


def claim(tx: Tx, now: datetime, until: datetime) -> bool:
    """Take the turn of looking after the sheet; False while another process has it."""
    tx.execute(
        "INSERT INTO sheet_state (slot, polled_at, asked_at, seq, problems) VALUES (1, '', '', 0, '[]')"
        " ON CONFLICT (slot) DO NOTHING"
    )
    taken = tx.execute("UPDATE sheet_state SET busy_until = ? WHERE busy_until <= ?", (iso(until), iso(now)))
    return taken == 1


def release(tx: Tx) -> None:
    """Give the turn back."""
    tx.execute("UPDATE sheet_state SET busy_until = ''")


def clashed(tx: Tx, words: str) -> None:
    """Keep what both had changed until a look tells it."""
    told = [*_clashes(tx), words]
    next_write(tx)
    tx.execute("UPDATE sheet_state SET clashes = ?", (json.dumps(told),))


def told_clashes(tx: Tx) -> tuple[str, ...]:
    """Return what both had changed since this was asked last."""
    told = _clashes(tx)
    tx.execute("UPDATE sheet_state SET clashes = '[]'")
    return told


def _clashes(tx: Tx) -> tuple[str, ...]:
    row = tx.one("SELECT clashes FROM sheet_state WHERE slot = 1")
    return tuple(json.loads(row["clashes"])) if row else ()


def looked(tx: Tx, at: datetime, asked: str, problems: Sequence[str]) -> None:
    """Keep that a look got through; news that came meanwhile (`asked` is what it began with) stays news."""
    tx.execute(
        "INSERT INTO sheet_state (slot, polled_at, asked_at, seq, problems) VALUES (1, ?, '', 0, ?)"
        " ON CONFLICT (slot) DO UPDATE SET polled_at = excluded.polled_at, problems = excluded.problems,"
        " asked_at = CASE WHEN sheet_state.asked_at = ? THEN '' ELSE sheet_state.asked_at END",
        (iso(at), json.dumps(list(problems)), asked),
    )


def _move(row: Row) -> BegunMove:
    planned = PlannedMove.model_validate_json(row["body"])
    return BegunMove(planned, row["state"], row["why"], row["refused_by"])
