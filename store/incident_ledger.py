"""What an incident means for cases and ledger: what it touches, holds back and leaves in doubt."""

from collections.abc import Sequence
from datetime import datetime

from casefile.incident import Incident
from ports.ledger import OutboxRow
from store import outbox
from store.database import Database
from store.times import iso
from store.transaction import Tx

# What leaves by a dependency; where none is named it is C's operations.
KINDS = {"whatsapp": "send_message", "telegram": "post_to_lane"}
# The performer words it so (policies.degraded.is_down), with or without more behind it.
HELD = "state = 'queued' AND error LIKE ?"


def untouched(database: Database, incident: Incident) -> list[str]:
    """Return the cases it touches that are not counted yet: those that wait for it, or have something held back."""
    # Behind the first of a queue that is held back nothing has been looked at, so a channel's are told by their kind.
    kind = KINDS.get(incident.name)
    waits = "state = 'queued' AND kind = ?" if kind else HELD
    rows = database.read(
        "SELECT id FROM (SELECT id FROM cases WHERE state NOT IN ('resolved', 'closed')"
        " AND json_extract(body, '$.pending_dependency') = ?"
        f" UNION SELECT case_id AS id FROM outbox WHERE {waits} AND case_id <> '') AS touched"
        " WHERE NOT EXISTS (SELECT 1 FROM incident_cases WHERE incident_id = ? AND case_id = touched.id)"
        " ORDER BY id",
        (incident.name, kind or _held(incident.name), incident.id),
    )
    return [str(row["id"]) for row in rows]


def untold(database: Database, incident: Incident) -> Sequence[tuple[str, str]]:
    """Return (conversation, case) of those it had touched when it was decided to tell them, and that still wait."""
    rows = database.read(
        "SELECT cases.conversation_id, cases.id FROM cases"
        " JOIN incident_cases ON incident_cases.case_id = cases.id"
        " JOIN incident_steps ON incident_steps.incident_id = incident_cases.incident_id"
        " WHERE incident_cases.incident_id = ? AND incident_steps.what = 'told'"
        " AND incident_cases.at <= incident_steps.at AND cases.state NOT IN ('resolved', 'closed')"
        " AND json_extract(cases.body, '$.pending_dependency') = ? AND NOT EXISTS (SELECT 1 FROM inbox"
        " WHERE inbox.external_id = 'told:' || incident_cases.incident_id || ':' || cases.id)"
        " ORDER BY cases.updated_at, cases.id",
        (incident.id, incident.name),
    )
    return [(row["conversation_id"], row["id"]) for row in rows]


def unknown(database: Database, incident: Incident) -> int:
    """Count its effects of which nobody can say whether they happened, the ones it began with included."""
    row = database.read_one(
        "SELECT COUNT(*) AS n FROM outbox WHERE state = 'unknown' AND kind = ?",
        (KINDS.get(incident.name, "run_operation"),),
    )
    return 0 if row is None else int(row["n"])


def held(database: Database, name: str) -> OutboxRow | None:
    """Return the oldest effect that is held back for a dependency and first in its queue."""
    rows = database.read(
        f"SELECT * FROM outbox WHERE {outbox.HEADS} AND {HELD} ORDER BY seq LIMIT 1", (_held(name),)
    )
    readable, _ = outbox.readable(rows)
    return readable[0] if readable else None


def holds_back(database: Database, name: str, at: datetime) -> bool:
    """Say whether something is still held back for a dependency."""
    sql = f"SELECT 1 FROM outbox WHERE {HELD} AND due_at > ? LIMIT 1"
    return database.read_one(sql, (_held(name), iso(at))) is not None


def release(tx: Tx, name: str, at: datetime) -> None:
    """Let what is held back for a dependency go now; the ledger's order stays."""
    tx.execute(f"UPDATE outbox SET due_at = ? WHERE {HELD} AND due_at > ?", (iso(at), _held(name), iso(at)))


def _held(name: str) -> str:
    return f"{name} is down%"
