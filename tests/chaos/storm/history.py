"""What happened to one conversation, told in the order of the clock: the shortest way to see what went wrong."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.chaos.auditor.evidence import Evidence, Row, body, lines, utc

MOST_LINES = 150
# What a problem may name: a message, a case (also in an effect's key), a conversation, a record of somebody's.
NAMED = re.compile(
    r"wamid\.\w+|SCH-\d{4}-\d+|wa-[a-z0-9-]+-ct_\w+|(?<![a-z])(?:st|ss|ct)_\d+|INV-\d{4}-\d{4}-\d{3}"
)


def concerned(problem: str, found: Evidence) -> set[str]:
    """Return the conversations a problem speaks of."""
    by_message = {row["external_id"]: row["conversation_id"] for row in found.tables["inbox"]}
    by_case = {row["id"]: row["conversation_id"] for row in found.tables["cases"]}
    by_contact = {row["contact_id"]: row["id"] for row in found.tables["conversations"]}
    contacts = {row["number"]: row["contact_id"] for row in found.tables["invoices"]}
    known = {row["id"] for row in found.tables["conversations"]}
    names = set()
    for name in NAMED.findall(problem):
        contact = contacts.get(name, re.sub(r"^(?:st|ss)_", "ct_", name))
        names.add(by_message.get(name) or by_case.get(name) or by_contact.get(contact) or name)
    return names & known


def history(conversations: set[str], found: Evidence, home: Path) -> list[str]:
    """Return everything both sides know of these conversations, and every death beside it."""
    told = sorted(_told(conversations, found))
    if not told:
        return []
    first, last = told[0][0], told[-1][0]
    deaths = [(utc(kill["at"]), f"KILLED {kill['process']}") for kill in lines(home / "kills.jsonl")]
    typed = [
        (utc(line["at"]), f"typed: {' '.join(line['words'])}: {line['said']}") for line in found.commands
    ]
    mine = set(conversations) | {row["id"] for row in _cases(conversations, found)}
    typed = [(at, words) for at, words in typed if any(name in words for name in mine)]
    told = sorted([*told, *typed, *((at, words) for at, words in deaths if first <= at <= last)])
    return [f"{at[11:23]}  {words}" for at, words in told[:MOST_LINES]]


def _told(conversations: set[str], found: Evidence) -> Iterator[tuple[str, str]]:
    rows = [row for row in found.tables["outbox"] if row["conversation_id"] in conversations]
    yield from _receipts(conversations, rows, found)
    for row in found.tables["inbox"]:
        if row["conversation_id"] in conversations:
            kind = body(row).get("type", row["channel"])
            yield (
                row["received_at"],
                f"inbox {row['id']} {kind} {row['external_id']}: {row['state']} {row['turn_id']}",
            )
    for row in found.tables["turns"]:
        if row["conversation_id"] in conversations:
            yield row["at"], f"turn {row['id']}"
    for row in rows:
        yield row["created_at"], f"outbox {row['key']} {row['kind']} made by {row['turn_id'] or 'the engine'}"
        if row["attempted_at"]:
            yield row["attempted_at"], f"outbox {row['key']} attempt {row['attempts']}"
        yield row["changed_at"], f"outbox {row['key']} now {row['state']} {row['error'] or ''}"
    yield from _of_cases({row["id"] for row in _cases(conversations, found)}, found)


def _of_cases(cases: set[str], found: Evidence) -> Iterator[tuple[str, str]]:
    for row in found.tables["operations"]:
        if row["case_id"] in cases:
            yield row["at"], f"operation {row['key']} {row['action']} {row['subject']} {row['status']}"
    for row in found.tables["approvals"]:
        if row["case_id"] in cases:
            yield row["requested_at"], f"approval {row['id']} asked for"
            yield (
                row["decided_at"] or row["deadline"],
                f"approval {row['id']} {row['state']} {row['decided_by']}",
            )
    for row in found.rows("audit", service="ledger"):
        if row["case_id"] in cases:
            yield row["at"], f"ledger {row['action']} by {row['actor']}: {row['key']}"


def _receipts(conversations: set[str], rows: list[Row], found: Evidence) -> Iterator[tuple[str, str]]:
    of = {row["id"]: row for row in found.tables["conversations"]}
    chats = {of[name]["contact_id"] for name in conversations}
    chats |= {
        "".join(mark for mark in of[name]["channel_address"] if mark.isdigit()) for name in conversations
    }
    carried: set[str] = set()
    posts = {row["provider_id"] for row in rows if row["kind"] == "post_to_lane"}
    for receipt in found.receipts:
        at, kind = utc(receipt["sandbox_now"]), receipt["kind"]
        if receipt.get("chat") in chats:
            carried.add(receipt["id"])
            yield (
                at,
                f"{kind} {receipt['id'][-8:]} {receipt.get('key') or ''} {receipt.get('text', '')[:60]!r}",
            )
        elif kind == "whatsapp.webhook" and any(name.split("/")[0] in carried for name in receipt["carries"]):
            shown = ", ".join(name[-16:] for name in receipt["carries"])
            yield (
                at,
                f"webhook {receipt['webhook']} attempt {receipt['attempt']} of {shown}: {receipt['result']}",
            )
        elif kind.startswith("telegram.") and str(receipt.get("message")) in posts:
            yield (
                at,
                f"{kind} {receipt['message']} {str(receipt.get('text') or receipt.get('button'))[:60]!r}",
            )


def _cases(conversations: set[str], found: Evidence) -> list[Row]:
    return [row for row in found.tables["cases"] if row["conversation_id"] in conversations]
