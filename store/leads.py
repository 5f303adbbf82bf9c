"""Notes on prospects, row to plain data and back."""

import json
from collections.abc import Mapping
from datetime import datetime

from pydantic import JsonValue

from store.records import Reader
from store.times import iso
from store.transaction import Tx


def put(
    tx: Tx,
    case_id: str,
    contact_id: str,
    fields: Mapping[str, JsonValue],
    summary: str,
    outcome: str,
    now: datetime,
) -> None:
    """Keep a case's note; a later one stands in its place."""
    tx.execute(
        "INSERT INTO leads (case_id, contact_id, fields, summary, outcome, at, changed_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (case_id) DO UPDATE SET contact_id = excluded.contact_id,"
        " fields = excluded.fields, summary = excluded.summary, outcome = excluded.outcome,"
        " changed_at = excluded.changed_at",
        (case_id, contact_id, json.dumps(fields, ensure_ascii=False), summary, outcome, iso(now), iso(now)),
    )


def notes_of(read: Reader, contact_id: str) -> list[dict[str, JsonValue]]:
    """Return the notes on a contact, the latest first."""
    rows = read("SELECT * FROM leads WHERE contact_id = ? ORDER BY changed_at DESC, case_id", (contact_id,))
    return [
        {
            "case_id": row["case_id"],
            "at": row["changed_at"],
            "summary": row["summary"],
            "outcome": row["outcome"],
            "fields": json.loads(row["fields"]),
        }
        for row in rows
    ]
