"""Everything held about one person, as plain data to hand over."""

import base64
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from store.person import Person, marks
from store.records import Reader

Plain = dict[str, Any]
PACKED = ("body", "result", "params", "tags", "address", "fields")


def export(read: Reader, person: Person, folder: Path) -> Plain:
    """Collect a person's data from every store; files are in it as base64, `folder` is where they are kept."""
    contacts, cases, talks = person.contacts, person.cases, person.conversations
    students = (*person.students, *person.shared)

    def rows(sql: str, *values: tuple[str, ...]) -> list[Plain]:
        return _plain(read, sql.format(*map(marks, values)), [one for group in values for one in group])

    evidence = rows("SELECT * FROM evidence WHERE case_id IN ({}) ORDER BY at", cases)
    return {
        "contact_id": person.contact_id,
        "contacts": rows("SELECT * FROM contacts WHERE id IN ({})", contacts),
        "aliases": rows("SELECT * FROM aliases WHERE contact_id IN ({})", contacts),
        "students": rows("SELECT * FROM students WHERE id IN ({})", students),
        "guardians": rows("SELECT * FROM guardians WHERE contact_id IN ({})", contacts),
        "sessions": rows("SELECT * FROM sessions WHERE student_id IN ({}) ORDER BY start_at", students),
        "reschedules": rows("SELECT * FROM reschedules WHERE student_id IN ({}) ORDER BY at", students),
        "invoices": rows("SELECT * FROM invoices WHERE contact_id IN ({}) ORDER BY number", contacts),
        "merges": rows("SELECT id, kept, gone, at, undone_at FROM contact_merges WHERE kept IN ({})", contacts),
        "addresses": rows("SELECT * FROM addresses WHERE contact_id IN ({}) ORDER BY id", contacts),
        "orders": rows("SELECT * FROM orders WHERE contact_id IN ({}) ORDER BY number", contacts),
        "enrolments": rows("SELECT * FROM enrolments WHERE contact_id IN ({}) ORDER BY made_at, id", contacts),
        "order_items": rows("SELECT order_items.* FROM order_items JOIN orders ON number = order_number"
                            " WHERE contact_id IN ({}) ORDER BY order_number, position", contacts),
        "payments": rows("SELECT payment_links.* FROM payment_links JOIN invoices ON number = invoice_number"
                         " WHERE contact_id IN ({}) ORDER BY reference", contacts),
        "follow_ups": rows("SELECT follow_ups.* FROM follow_ups JOIN invoices ON number = invoice_number"
                           " WHERE contact_id IN ({}) ORDER BY number, stage", contacts),
        "refunds": rows("SELECT * FROM refunds WHERE contact_id IN ({})", contacts),
        "leads": rows("SELECT * FROM leads WHERE contact_id IN ({}) ORDER BY at, case_id", contacts),
        "due_tasks": rows("SELECT * FROM due_tasks WHERE contact_id IN ({})", contacts),
        "snapshots": rows("SELECT * FROM snapshots WHERE contact_id IN ({})", contacts),
        "conversations": rows("SELECT * FROM conversations WHERE id IN ({})", talks),
        "messages": rows("SELECT * FROM transcript WHERE conversation_id IN ({}) ORDER BY id", talks),
        "received": rows("SELECT * FROM inbox WHERE conversation_id IN ({}) ORDER BY id", talks),
        "sent": rows(
            "SELECT * FROM outbox WHERE conversation_id IN ({}) OR case_id IN ({}) ORDER BY seq", talks, cases
        ),
        "cases": rows("SELECT * FROM cases WHERE id IN ({}) ORDER BY opened_at", cases),
        "transitions": rows("SELECT * FROM transitions WHERE case_id IN ({}) ORDER BY id", cases),
        "approvals": rows("SELECT * FROM approvals WHERE case_id IN ({})", cases),
        "operations": rows("SELECT * FROM operations WHERE case_id IN ({})", cases),
        "questions": rows("SELECT * FROM gaps WHERE case_id IN ({})", cases),
        "measures": rows("SELECT * FROM measures WHERE case_id IN ({})", cases),
        "model_calls": rows("SELECT * FROM model_calls WHERE case_id IN ({}) ORDER BY at, id", cases),
        "timers": rows("SELECT * FROM timers WHERE case_id IN ({})", cases),
        "audit_samples": rows("SELECT * FROM audit_samples WHERE case_id IN ({}) ORDER BY key", cases),
        "lessons": rows("SELECT * FROM lessons WHERE case_id IN ({}) ORDER BY id", cases),
        "audit": rows("SELECT * FROM audit WHERE case_id IN ({}) ORDER BY id", cases),
        "evidence": [{**row, "data": _file(folder, row["file"])} for row in evidence],
        # What the machine keeps to run turns again holds nothing that is not above; it is counted, not copied.
        "turn_records": rows("SELECT case_id, COUNT(*) AS turns FROM turn_records WHERE case_id IN ({})"
                             " GROUP BY case_id", cases),
    }  # fmt: skip


def _plain(read: Reader, sql: str, params: Sequence[object]) -> list[Plain]:
    found = [dict(zip(row.keys(), row, strict=True)) for row in read(sql, params)]
    return [
        {k: json.loads(v) if k in PACKED and str(v).startswith(("{", "[")) else v for k, v in row.items()}
        for row in found
    ]


def _file(folder: Path, name: str | None) -> str | None:
    if not name or not (folder / name).is_file():
        return None
    return base64.b64encode((folder / name).read_bytes()).decode()
