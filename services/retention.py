"""The retention job: what is past its limit goes, in small batches, each with its line in the audit trail."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from casefile.approval import ApprovalRequest
from casefile.case import Case
from casefile.packets import AuditEntry
from policies.retention import Retention, before
from services.emptied import empty_approval, empty_case
from services.files import remove_files
from store.audit import write_audit
from store.auditing import ARRIVED
from store.database import Database
from store.measures import measure
from store.model_calls import sum_up
from store.person import marks
from store.times import iso, moment
from store.transaction import Tx

Keys = tuple[str, ...]
# So many keys share a transaction, and so many transactions follow each other before anybody else has a turn.
BATCH, PORTION = 100, 50
# A case counts from when it closed; nothing wakes a closed one again.
CLOSED = "cases.state = 'closed' AND cases.updated_at < ?"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of row that goes: `sql` finds the keys of what is past its limit, one `?` for each use of the moment."""

    name: str
    days: int
    unit: str
    sql: str
    remove: Callable[[Tx, Keys], int]


@dataclass(frozen=True, slots=True)
class Past:
    """What of one kind is past its limit: how many, counted as `unit`, from before which moment."""

    name: str
    days: int
    before: datetime
    count: int
    unit: str


class RetentionJob:
    """Implements ports.upkeep.Retiring; `media` is the folder of customers' files."""

    def __init__(self, database: Database, limits: Retention, media: Path) -> None:
        self._database = database
        self._kinds = _kinds(limits, media)

    async def past(self, now: datetime) -> tuple[Past, ...]:
        """Count what would go now; nothing is changed."""
        found: list[Past] = []
        for kind in self._kinds:
            at = before(kind.days, now)
            params = (iso(at),) * kind.sql.count("?")
            counting = f"SELECT COUNT(*) AS n FROM ({kind.sql}) AS past"
            (row,) = await asyncio.to_thread(self._database.read, counting, params)
            found.append(Past(kind.name, kind.days, at, int(row["n"]), kind.unit))
        return tuple(found)

    async def retire(self, now: datetime) -> bool:
        """Remove a portion of what is past its limit; True when none is left."""
        left = PORTION
        for kind in self._kinds:
            while keys := await self._found(kind, now):
                if left == 0:
                    return False
                left -= 1
                await self._database.submit(partial(_removed, kind=kind, keys=keys, now=now))
        return True

    async def _found(self, kind: Kind, now: datetime) -> Keys:
        # Beside the loop: to find that nothing is old enough may mean looking at all there is.
        params = (*(iso(before(kind.days, now)),) * kind.sql.count("?"), BATCH)
        rows = await asyncio.to_thread(self._database.read, f"{kind.sql} LIMIT ?", params)
        return tuple(row["key"] for row in rows)


def _removed(tx: Tx, kind: Kind, keys: Keys, now: datetime) -> None:
    """Remove a batch, and say in the audit trail what went."""
    rows, line = kind.remove(tx, keys), f"retention:{kind.name}:{keys[0]}:{iso(now)}"
    if rows == 0 or tx.one("SELECT 1 FROM audit WHERE key = ?", (line,)):
        # Another process had found the same, and was quicker.
        return
    entry = AuditEntry(
        at=now,
        case_id=None,
        actor="E",
        service="retention",
        action=kind.name,
        result="success",
        reason=f"past {kind.days} days",
        data_refs=(f"{kind.unit}={len(keys)}", f"rows={rows}"),
    )
    write_audit(tx, line, entry)


def _kinds(limits: Retention, media: Path) -> tuple[Kind, ...]:
    """Return what goes, those first that others are found by last."""
    return (
        Kind(
            "checkpoints",
            limits.checkpoints_days,
            "cases",
            _cases_with("SELECT 1 FROM checkpoints WHERE thread_id = cases.id"),
            partial(_delete, tables=(("checkpoints", "thread_id"), ("checkpoint_writes", "thread_id"))),
        ),
        Kind(
            "turn_records",
            limits.turn_records_days,
            "cases",
            _cases_with("SELECT 1 FROM turn_records WHERE case_id = cases.id"),
            partial(_delete, tables=(("turn_records", "case_id"), ("timers", "case_id"))),
        ),
        Kind("turns", limits.turn_records_days, "rows", TURNS, partial(_delete, tables=(("turns", "id"),))),
        Kind("inbox", limits.inbox_days, "rows", INBOX, partial(_delete, tables=(("inbox", "id"),))),
        Kind(
            "ledger",
            limits.outbox_days,
            "cases",
            _cases_with(
                "SELECT 1 FROM outbox WHERE case_id = cases.id",
                "SELECT 1 FROM outbox WHERE case_id = cases.id AND (pending = 1 OR state = 'unknown')",
            ),
            partial(_delete_sent, column="case_id"),
        ),
        Kind("posts", limits.outbox_days, "rows", POSTS, partial(_delete_sent, column="key")),
        Kind(
            "media",
            limits.media_days,
            "cases",
            _cases_with("SELECT 1 FROM evidence WHERE case_id = cases.id"),
            partial(_delete_files, folder=media),
        ),
        Kind(
            "transcript",
            limits.transcript_days,
            "cases",
            # A case file without its window has been emptied before.
            f"SELECT id AS key FROM cases WHERE {CLOSED}"
            " AND (json_extract(body, '$.window') IS NOT NULL OR EXISTS"
            " (SELECT 1 FROM transcript WHERE transcript.case_id = cases.id)) ORDER BY updated_at, id",
            _delete_words,
        ),
        Kind(
            "stray_lines",
            limits.transcript_days,
            "rows",
            "SELECT id AS key FROM transcript WHERE case_id = '' AND at < ? ORDER BY id",
            partial(_delete, tables=(("transcript", "id"),)),
        ),
        Kind("model_calls", limits.model_calls_days, "rows", CALLS, sum_up),
        Kind(
            "payment_notices",
            limits.payment_notices_days,
            "payments",
            NOTICES,
            partial(_delete, tables=(("payment_notices", "reference"),)),
        ),
        Kind("audit", limits.audit_days, "rows", AUDIT, partial(_delete, tables=(("audit", "id"),))),
    )


def _cases_with(has: str, has_not: str = "") -> str:
    """Find closed cases past their limit that still have something, and nothing that is on its way."""
    unless = f" AND NOT EXISTS ({has_not})" if has_not else ""
    return f"SELECT id AS key FROM cases WHERE {CLOSED} AND EXISTS ({has}){unless} ORDER BY updated_at, id"


# Rows of a conversation go once no case that is open, or closed not long enough ago, was open when they came.
TURNS = (
    "SELECT id AS key FROM turns WHERE at < ? AND NOT EXISTS (SELECT 1 FROM cases"
    " WHERE cases.conversation_id = turns.conversation_id AND cases.opened_at <= turns.at"
    " AND (cases.state <> 'closed' OR cases.updated_at >= ?)) ORDER BY id"
)
# Ids follow time, so that looking ends at the first row that is young enough.
INBOX = (
    "SELECT id AS key FROM inbox WHERE received_at < ? AND state <> 'unread'"
    " AND id < COALESCE((SELECT young.id FROM inbox AS young WHERE young.received_at >= ?"
    " ORDER BY young.id LIMIT 1), 9223372036854775807)"
    " AND NOT EXISTS (SELECT 1 FROM cases WHERE cases.conversation_id = inbox.conversation_id"
    " AND cases.opened_at <= inbox.received_at AND cases.state <> 'closed') ORDER BY id"
)
# A lane post that is still written over keeps its first row: by it the post is found again.
POSTS = (
    "SELECT key FROM outbox WHERE case_id = '' AND pending = 0 AND state <> 'unknown' AND changed_at < ?"
    " AND NOT EXISTS (SELECT 1 FROM outbox AS later WHERE later.queue = outbox.queue"
    " AND later.changed_at >= ?) ORDER BY seq"
)
CALLS = (
    "SELECT id AS key FROM model_calls WHERE at < ? AND NOT EXISTS (SELECT 1 FROM cases"
    " WHERE cases.id = model_calls.case_id AND cases.state <> 'closed') ORDER BY at, id"
)
# A word is known again as long as anything can still follow from it.
NOTICES = (
    "SELECT reference AS key FROM payment_notices WHERE NOT EXISTS (SELECT 1 FROM payment_links"
    " WHERE payment_links.reference = payment_notices.reference AND (state = 'PENDING' OR news > seen))"
    " GROUP BY reference HAVING MAX(received_at) < ? ORDER BY reference"
)
AUDIT = (
    "SELECT id AS key FROM audit WHERE at < ?"
    " AND id < COALESCE((SELECT young.id FROM audit AS young WHERE young.at >= ?"
    " ORDER BY young.id LIMIT 1), 9223372036854775807)"
    " AND NOT EXISTS (SELECT 1 FROM cases WHERE cases.id = audit.case_id AND cases.state <> 'closed') ORDER BY id"
)


def _delete(tx: Tx, keys: Keys, tables: Sequence[tuple[str, str]]) -> int:
    return sum(
        tx.execute(f"DELETE FROM {table} WHERE {column} IN ({marks(keys)})", keys) for table, column in tables
    )


def _delete_sent(tx: Tx, keys: Keys, column: str) -> int:
    """Delete effects; how many messages arrived, and what was tried again, stays by the hour for the weekly figures."""
    rows = tx.all(
        f"SELECT SUBSTR(created_at, 1, 13) AS hour, SUM(CASE WHEN attempts > 1 THEN attempts - 1 ELSE 0 END) AS again,"
        f" SUM(CASE WHEN kind = 'send_message' AND state IN {ARRIVED} THEN 1 ELSE 0 END) AS arrived"
        f" FROM outbox WHERE {column} IN ({marks(keys)}) GROUP BY SUBSTR(created_at, 1, 13) ORDER BY hour",
        keys,
    )
    for row in rows:
        hour = moment(f"{row['hour']}:00:00Z")
        for name, n in (("messages_pruned", row["arrived"]), ("retries_pruned", row["again"])):
            if n:
                measure(tx, name, hour, value=n)
    return _delete(tx, keys, (("outbox", column),))


def _delete_files(tx: Tx, keys: Keys, folder: Path) -> int:
    """Delete files before the rows that name them, so that none is left behind that nobody knows of."""
    found = tx.all(f"SELECT file FROM evidence WHERE file IS NOT NULL AND case_id IN ({marks(keys)})", keys)
    remove_files(folder, [row["file"] for row in found])
    return _delete(tx, keys, (("evidence", "case_id"),))


def _delete_words(tx: Tx, keys: Keys) -> int:
    """Delete what was said in a case; that there was one, and how it ended, stays."""
    rows = _delete(tx, keys, (("transcript", "case_id"), ("gaps", "case_id")))
    for row in tx.all(f"SELECT body FROM cases WHERE id IN ({marks(keys)})", keys):
        rows += empty_case(tx, Case.model_validate_json(row["body"]))
    for row in tx.all(f"SELECT body FROM approvals WHERE case_id IN ({marks(keys)})", keys):
        rows += empty_approval(tx, ApprovalRequest.model_validate_json(row["body"]))
    return rows + tx.execute(
        f"UPDATE due_tasks SET params = '{{}}' WHERE state <> 'due' AND case_id IN ({marks(keys)})", keys
    )
