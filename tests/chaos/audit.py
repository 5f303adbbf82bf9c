"""The auditor: what the database says against what the sandbox saw. Shares no code with the server.

It reads with sqlite3 and json alone; `story` is what two runs of one conversation have to have in common.
"""

import html
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Row = dict[str, Any]
SAID = ("accepted", "delivered", "read")
POSTED = ("accepted", "dropped")
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
    "incidents": "SELECT CASE WHEN ended_at IS NULL THEN 'down' ELSE 'back' END FROM incidents"
    " WHERE name = 'schedule'",
    "conversations": "SELECT channel_address, language, student_id, verified_contact, failed_attempts"
    " FROM conversations",
    "cases": "SELECT channel_address, cases.state, owner, intent, tier FROM cases"
    " JOIN conversations ON conversations.id = conversation_id",
}


@dataclass(frozen=True)
class Evidence:
    """Both sides of a run: every table, and the sandbox's receipts in order."""

    tables: dict[str, list[Row]]
    receipts: list[Row]

    def rows(self, table: str, **equal: object) -> list[Row]:
        """Return the rows of a table whose columns equal these values."""
        return [row for row in self.tables[table] if all(row[k] == v for k, v in equal.items())]

    def seen(self, *kinds: str) -> list[Row]:
        """Return the receipts of these kinds."""
        return [receipt for receipt in self.receipts if receipt["kind"] in kinds]


def collect(database: Path, receipts: Path) -> Evidence:
    """Read a run's files."""
    with closing(_open(database)) as connection:
        names = ("inbox", "turns", "outbox", "approvals", "operations", "cases", "turn_records", "transcript")
        tables = {
            name: [
                dict(row)
                for row in connection.execute(f"SELECT rowid AS place, * FROM {name} ORDER BY rowid")
            ]
            for name in names
        }
    lines = receipts.read_text(encoding="utf-8").splitlines()
    return Evidence(tables, [json.loads(line) for line in lines])


def story(database: Path, receipts: Path) -> dict[str, list[str]]:
    """Return what came of a conversation: each reply and each record, times and numbers masked in words."""
    told: dict[str, list[str]] = {}
    with closing(_open(database)) as connection:
        for name, sql in RECORDS.items():
            told[name] = sorted(json.dumps(list(map(str, row))) for row in connection.execute(sql))
    said = [json.loads(line) for line in receipts.read_text(encoding="utf-8").splitlines()]
    told["replies"] = sorted(
        f"{r['chat']}: {_masked(r['text'])}" for r in said if r["kind"] == "whatsapp.send"
    )
    return told


def audit(found: Evidence) -> list[str]:
    """Return what was lost, repeated, reordered or left stuck; empty when all is accounted for."""
    checks = (_inbound, _turns, _order, _operations, _approvals, _customers, _lanes, _stuck)
    return [problem for check in checks for problem in check(found)]


def differences(wanted: dict[str, list[str]], got: dict[str, list[str]]) -> list[str]:
    """Return how a run's story differs from the unkilled run's."""
    problems = []
    for name, lines in wanted.items():
        problems += [f"{name} missing: {line}" for line in (Counter(lines) - Counter(got[name])).elements()]
        problems += [f"{name} too many: {line}" for line in (Counter(got[name]) - Counter(lines)).elements()]
    return problems


def _inbound(found: Evidence) -> Iterator[str]:
    """Every message a customer sent was read by exactly one turn, and is in the transcript once."""
    heard = Counter(row["external_id"] for row in found.rows("transcript", direction="in"))
    for sent in found.seen("whatsapp.inbound"):
        rows = found.rows("inbox", channel="whatsapp", external_id=sent["id"])
        if len(rows) != 1:
            yield f"message {sent['text']!r} is in the inbox {len(rows)} times"
        elif rows[0]["state"] != "read" or not found.rows("turns", id=rows[0]["turn_id"]):
            yield f"message {sent['text']!r} was read by no turn ({rows[0]['state']})"
        if heard[sent["id"]] != 1:
            yield f"message {sent['text']!r} is in the transcript {heard[sent['id']]} times"
    sent_ids = {sent["id"] for sent in found.seen("whatsapp.inbound")}
    for row in found.rows("inbox", channel="whatsapp"):
        if row["external_id"] not in sent_ids:
            yield f"the inbox has a message nobody sent: {row['external_id']}"


def _turns(found: Evidence) -> Iterator[str]:
    """Every turn took something, in the order it came in, and each case's turns count up without a gap."""
    taken: dict[str, list[int]] = {}
    for row in found.rows("inbox", state="read"):
        if row["conversation_id"]:
            taken.setdefault(row["turn_id"], []).append(row["id"])
    latest: dict[str, int] = {}
    for turn in found.tables["turns"]:
        ids = taken.get(turn["id"])
        if not ids:
            yield f"turn {turn['id']} took nothing"
            continue
        if min(ids) < latest.get(turn["conversation_id"], 0):
            yield f"turn {turn['id']} took what came before an earlier turn"
        latest[turn["conversation_id"]] = max(ids)
    numbers: dict[str, list[int]] = {}
    for record in found.tables["turn_records"]:
        numbers.setdefault(record["case_id"], []).append(record["turn"])
    for case_id, counted in numbers.items():
        if sorted(counted) != list(range(1, len(counted) + 1)):
            yield f"case {case_id} has turns {sorted(counted)}"


def _order(found: Evidence) -> Iterator[str]:
    """A message delivered before the next one was sent is worked on no later than that one."""
    place = {turn["id"]: number for number, turn in enumerate(found.tables["turns"])}
    turn_of = {row["external_id"]: place.get(row["turn_id"], -1) for row in found.tables["inbox"]}
    delivered: dict[str, int] = {}
    for hook in found.seen("whatsapp.webhook"):
        if hook["result"] == 200:
            for carried in hook["carries"]:
                delivered.setdefault(carried, hook["seq"])
    sent = found.seen("whatsapp.inbound")
    for number, later in enumerate(sent):
        for earlier in sent[:number]:
            came_first = delivered.get(earlier["id"], later["seq"]) < later["seq"]
            overtaken = turn_of.get(earlier["id"], -1) > turn_of.get(later["id"], -1)
            if earlier["chat"] == later["chat"] and came_first and overtaken:
                yield f"{later['text']!r} was worked on before {earlier['text']!r}"


def _operations(found: Evidence) -> Iterator[str]:
    """Every operation asked for was done once and reported once."""
    asked = Counter(
        _body(row)["task"]["idempotency_key"] for row in found.rows("outbox", kind="run_operation")
    )
    done = Counter(row["key"] for row in found.tables["operations"])
    told = Counter(row["external_id"] for row in found.rows("inbox", channel="ops", state="read"))
    for key in {*asked, *done, *told}:
        if not asked[key] == done[key] == told[key] == 1:
            yield f"operation {key} was asked for {asked[key]}, done {done[key]} and reported {told[key]} times"
    for subject, times in Counter(
        (row["action"], row["subject"], row["case_id"]) for row in found.rows("operations", status="SUCCESS")
    ).items():
        if times > 1:
            yield f"{subject} succeeded {times} times"


def _approvals(found: Evidence) -> Iterator[str]:
    """Every decision settled its approval once; no approval carries two operations."""
    decided = Counter(
        _body(row)["approval_id"]
        for row in found.rows("inbox", state="read")
        if _body(row).get("type") == "approval_given"
    )
    for approval in found.tables["approvals"]:
        wanted = int(approval["state"] in ("approved", "denied", "edited"))
        if decided[approval["id"]] != wanted:
            yield f"approval {approval['id']} is {approval['state']} after {decided[approval['id']]} decisions"
    tasks = [_body(row)["task"] for row in found.rows("outbox", kind="run_operation")]
    for approval_id, times in Counter(task["approval_id"] for task in tasks if task["approval_id"]).items():
        if times > 1:
            yield f"approval {approval_id} was used {times} times"


def _customers(found: Evidence) -> Iterator[str]:
    """Each message to a customer arrived once, in words and to the person the ledger names."""
    arrived = Counter(receipt["key"] for receipt in found.seen("whatsapp.send"))
    rows = {row["key"]: row for row in found.rows("outbox", kind="send_message")}
    for receipt in found.seen("whatsapp.send"):
        row = rows.get(receipt["key"])
        if row is None or _body(row)["text"] != receipt["text"]:
            yield f"the customer was told what no ledger row says: {receipt['text']!r}"
    for key, row in rows.items():
        if row["state"] in SAID and arrived[key] != 1:
            yield f"send {key} is {row['state']} and arrived {arrived[key]} times"
        elif row["state"] not in SAID and arrived[key]:
            yield f"send {key} is {row['state']} though it arrived"
    said = Counter(row["external_id"] for row in found.rows("transcript", direction="out"))
    if said != Counter(dict.fromkeys(rows, 1)):
        yield "transcript and ledger differ in what was said"


def _lanes(found: Evidence) -> Iterator[str]:
    """Each lane post was seen as often as the ledger has it, or a repeat changed nothing."""
    seen = Counter(words_of(r["text"]) for r in found.seen("telegram.send", "telegram.edit"))
    rows = [row for row in found.rows("outbox", kind="post_to_lane") if row["state"] in POSTED]
    asked = Counter(words_of(_body(row)["html"]) for row in rows)
    for words, times in asked.items():
        if not 1 <= seen[words] <= times:
            yield f"a lane post asked for {times} times was seen {seen[words]} times: {words[:80]!r}"


def _stuck(found: Evidence) -> Iterator[str]:
    """Nothing waits to be read or sent, nothing is set aside, nothing is in doubt."""
    for row in found.tables["inbox"]:
        if row["state"] != "read":
            yield f"inbox {row['id']} is {row['state']}: {row['why']}"
    for row in found.tables["outbox"]:
        if row["state"] not in (*SAID, "dropped") or row["pending"]:
            yield f"outbox {row['key']} is {row['state']}: {row['error']}"
        if row["state"] == "dropped" and row["kind"] != "post_to_lane":
            yield f"outbox {row['key']} was dropped"
    for case in found.tables["cases"]:
        if case["state"] in ("new", "triaged", "executing"):
            yield f"case {case['id']} is stuck in {case['state']}"


def words_of(text: str) -> str:
    """Return a lane post's words as the group shows them, markup and spacing aside."""
    plain = html.unescape(re.sub(r"<[^>]+>", "", text))
    return " ".join(plain.split())


def _masked(text: str) -> str:
    return " ".join(re.sub(r"\d+", "#", text).split())


def _body(row: Row) -> Row:
    body: Row = json.loads(row["body"])
    return body


def _open(database: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    return connection
