"""What two runs of one conversation have to have in common."""

import json
import re
from collections import Counter
from pathlib import Path

from tests.chaos.storm.tables import Tables

Story = dict[str, list[str]]
# What a finished conversation leaves in the system of record; ids and times differ between runs.
RECORDS = {
    "sessions": "SELECT id, student_id, status, moved_to, start_at FROM sessions",
    "slots": "SELECT id, session_id FROM slots",
    "reschedules": "SELECT student_id, session_id, request_month, source, new_start FROM reschedules",
    "refunds": "SELECT invoice_number, contact_id, amount, state, approver, conditions FROM refunds",
    "tasks": "SELECT action, subject, params, assignee, state FROM due_tasks",
    "invoices": "SELECT number, status, payment_state, payment_source FROM invoices",
    "packages": "SELECT id, sessions_left FROM students",
    "operations": "SELECT action, subject, status FROM operations",
    "approvals": "SELECT kind, state, lane, decided_by FROM approvals",
    "incidents": "SELECT CASE WHEN ended_at IS NULL THEN 'down' ELSE 'back' END AS now FROM incidents"
    " WHERE name = 'schedule'",
    "conversations": "SELECT channel_address, language, student_id, verified_contact, failed_attempts"
    " FROM conversations",
    "cases": "SELECT channel_address, cases.state, owner, intent, tier FROM cases"
    " JOIN conversations ON conversations.id = conversation_id",
}


def story(tables: Tables, receipts: Path) -> Story:
    """Return what came of a conversation: each reply and each record, times and numbers masked in words."""
    told: Story = {
        name: sorted(json.dumps(list(map(str, row.values()))) for row in tables.rows(sql))
        for name, sql in RECORDS.items()
    }
    said = [json.loads(line) for line in receipts.read_text(encoding="utf-8").splitlines()]
    told["replies"] = sorted(
        f"{r['chat']}: {_masked(r['text'])}" for r in said if r["kind"] == "whatsapp.send"
    )
    return told


def differences(wanted: Story, got: Story) -> list[str]:
    """Return how a run's story differs from the unkilled run's."""
    problems = []
    for name, lines in wanted.items():
        problems += [f"{name} missing: {line}" for line in (Counter(lines) - Counter(got[name])).elements()]
        problems += [f"{name} too many: {line}" for line in (Counter(got[name]) - Counter(lines)).elements()]
    return problems


def _masked(text: str) -> str:
    return " ".join(re.sub(r"https?://\S+|\d+", "#", text).split())
