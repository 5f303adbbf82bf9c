"""What people read: lists of cases, one case with all that belongs to it, turn records, counts.

Customer data is masked unless `plain` is asked for.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casefile.case import Case
from store.connection import Row
from store.database import Database
from store.records import staff
from store.times import moment

Plain = dict[str, Any]
Mask = Callable[[str], str]
HIDDEN = "…"


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case in a list; `customer` is masked unless asked for plainly."""

    id: str
    desk: str
    state: str
    owner: str
    intent: str
    tier: str
    customer: str
    opened_at: datetime
    updated_at: datetime
    due_at: datetime | None
    turns: int


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One case with everything stored about it, oldest first; times as stored (ISO 8601, UTC)."""

    case: Plain
    conversation: Plain
    turns: list[Plain]
    transitions: list[Plain]
    effects: list[Plain]
    operations: list[Plain]
    approvals: list[Plain]
    evidence: list[Plain]
    audit: list[Plain]
    timers: list[Plain]
    transcript: list[Plain]


class Views:
    """Reads for `loket cases`, `replay`, `doctor` and the console; `mask` hides a phone number."""

    def __init__(self, database: Database, mask: Mask) -> None:
        self._database = database
        self._mask = mask

    def cases(
        self,
        *,
        desk: str | None = None,
        state: str | None = None,
        tier: str | None = None,
        conversation_id: str | None = None,
        limit: int = 50,
        plain: bool = False,
    ) -> tuple[CaseLine, ...]:
        """List cases, the latest changed first."""
        wanted = {"desk": desk, "state": state, "tier": tier, "conversation_id": conversation_id}
        given = {column: value for column, value in wanted.items() if value is not None}
        where = " AND ".join(f"cases.{column} = ?" for column in given) or "1 = 1"
        rows = self._database.read(
            "SELECT cases.*, conversations.channel_address,"
            " (SELECT COUNT(*) FROM turn_records WHERE turn_records.case_id = cases.id) AS turns FROM"
            " cases"
            " LEFT JOIN conversations ON conversations.id = cases.conversation_id"
            f" WHERE {where} ORDER BY cases.updated_at DESC, cases.id DESC LIMIT ?",
            (*given.values(), limit),
        )
        return tuple(self._line(row, plain) for row in rows)

    def case(self, case_id: str, *, plain: bool = False) -> CaseFile | None:
        """Return one case with everything stored about it, or None."""
        row = self._database.read_one("SELECT * FROM cases WHERE id = ?", (case_id,))
        if row is None:
            return None
        case = Case.model_validate_json(row["body"]).model_dump(mode="json")
        conversation = self._rows(
            "SELECT conversations.*, takeovers.person AS taken_by FROM conversations"
            " LEFT JOIN takeovers ON takeovers.conversation_id = conversations.id AND takeovers.held = 1"
            " WHERE conversations.id = ?",
            row["conversation_id"],
        )
        transcript = self._of("transcript", case_id)
        if not plain:
            case = {**case, "window": [{**line, "text": HIDDEN} for line in case["window"]]}
            transcript = [{**line, "text": HIDDEN} for line in transcript]
            conversation = [{**c, "channel_address": self._mask(c["channel_address"])} for c in conversation]
        return CaseFile(
            case=case,
            conversation=conversation[0] if conversation else {},
            turns=self._rows(
                "SELECT turn_records.turn, turn_records.turn_id, turns.at, LENGTH(turn_records.body) AS"
                " bytes"
                " FROM turn_records JOIN turns ON turns.id = turn_records.turn_id"
                " WHERE turn_records.case_id = ? ORDER BY turn_records.turn",
                case_id,
            ),
            transitions=self._of("transitions", case_id),
            effects=[_ledger_line(line, plain) for line in self._of("outbox", case_id, "seq")],
            operations=[_unpacked(o, "result") for o in self._of("operations", case_id, "at, key")],
            approvals=[_unpacked(a, "body") for a in self._of("approvals", case_id, "requested_at, id")],
            evidence=self._of("evidence", case_id, "at, key"),
            audit=[_unpacked(a, "body") for a in self._of("audit", case_id)],
            timers=self._of("timers", case_id, "due_at, key"),
            transcript=transcript,
        )

    def records(self, case_id: str, first: int = 1) -> tuple[tuple[int, str, bytes], ...]:
        """Return a case's turn records from a turn on as (turn, turn id, body)."""
        rows = self._database.read(
            "SELECT turn, turn_id, body FROM turn_records WHERE case_id = ? AND turn >= ? ORDER BY turn",
            (case_id, first),
        )
        return tuple((row["turn"], row["turn_id"], row["body"]) for row in rows)

    def counts(self) -> dict[str, int]:
        """Count what a doctor asks about: what waits, what is stuck, what is known."""
        queries = {
            "inbox_unread": "SELECT COUNT(*) FROM inbox WHERE state = 'unread'",
            "inbox_quarantined": "SELECT COUNT(*) FROM inbox WHERE state = 'quarantined'",
            "outbox_pending": "SELECT COUNT(*) FROM outbox WHERE pending = 1",
            "outbox_unknown": "SELECT COUNT(*) FROM outbox WHERE state = 'unknown'",
            "outbox_failed": "SELECT COUNT(*) FROM outbox WHERE state = 'failed'",
            "timers_armed": "SELECT COUNT(*) FROM timers WHERE state = 'armed'",
            "cases_open": "SELECT COUNT(*) FROM cases WHERE state NOT IN ('resolved', 'closed')",
            "approvals_pending": "SELECT COUNT(*) FROM approvals WHERE state = 'pending'",
            "contacts": "SELECT COUNT(*) FROM contacts",
            "students": "SELECT COUNT(*) FROM students",
            "pages_in_force": "SELECT COUNT(*) FROM kb_pages JOIN kb_in_force USING (release)",
            "tasks_due": "SELECT COUNT(*) FROM due_tasks WHERE state = 'due'",
            "gaps": "SELECT COUNT(*) FROM gaps",
        }
        return {name: int(self._database.read(sql)[0][0]) for name, sql in queries.items()}

    def releases(self) -> list[Plain]:
        """List the releases of knowledge, the newest first, with how many pages each holds."""
        return self._rows(
            "SELECT release, at, published_by,"
            " (SELECT COUNT(*) FROM kb_pages WHERE kb_pages.release = kb_releases.release) AS pages,"
            " release IN (SELECT release FROM kb_in_force) AS in_force FROM kb_releases ORDER BY seq DESC"
        )

    def gaps(self) -> list[Plain]:
        """List the questions no page could answer, the newest first."""
        return self._rows("SELECT case_id, question, language, at FROM gaps ORDER BY at DESC, key")

    def opinions(self, limit: int = 50) -> list[Plain]:
        """List what a model read otherwise than the rules, the newest first."""
        return self._rows(
            "SELECT at, case_id, detail FROM measures WHERE name = 'model_differs' ORDER BY at DESC, id DESC LIMIT ?",
            limit,
        )

    def incidents(self) -> list[Plain]:
        """List what is down now, the longest first."""
        return self._rows(
            "SELECT id, name, since, level, why, manual, cases FROM incidents WHERE ended_at IS NULL"
            " ORDER BY since, id"
        )

    def staff_names(self) -> dict[str, str]:
        """Return staff id -> name, for saying who decided."""
        return {person.id: person.name for person in staff(self._database.read)}

    def _line(self, row: Row, plain: bool) -> CaseLine:
        address = row["channel_address"] or ""
        return CaseLine(
            id=row["id"],
            desk=row["desk"],
            state=row["state"],
            owner=row["owner"],
            intent=row["intent"],
            tier=row["tier"],
            customer=address if plain else self._mask(address),
            opened_at=moment(row["opened_at"]),
            updated_at=moment(row["updated_at"]),
            due_at=moment(row["due_at"]) if row["due_at"] else None,
            turns=row["turns"],
        )

    def _of(self, table: str, case_id: str, order: str = "id") -> list[Plain]:
        return self._rows(f"SELECT * FROM {table} WHERE case_id = ? ORDER BY {order}", case_id)

    def _rows(self, sql: str, *params: object) -> list[Plain]:
        return _plain(self._database.read(sql, params))


def _plain(rows: Sequence[Row]) -> list[Plain]:
    return [dict(zip(row.keys(), row, strict=True)) for row in rows]


def _unpacked(row: Plain, column: str) -> Plain:
    return {**row, column: json.loads(row[column])}


def _ledger_line(row: Plain, plain: bool) -> Plain:
    line = _unpacked(row, "body")
    if not plain:
        line["body"] = {k: HIDDEN if k in ("text", "plain", "html") else v for k, v in line["body"].items()}
    return line
