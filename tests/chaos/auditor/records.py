"""The system of record: what stands in the school's books is what was there, and what was done to it once."""

from collections import Counter
from collections.abc import Iterator

from tests.chaos.auditor.evidence import Evidence, body

MOST_FREE = 2


def lessons(found: Evidence) -> Iterator[str]:
    """Nobody gained or lost a lesson, no hour has two, and each move is in the ledger once."""
    if not found.before:
        return
    standing = [row for row in found.tables["sessions"] if row["status"] == "scheduled"]
    had = Counter(row["student_id"] for row in found.before["sessions"] if row["status"] == "scheduled")
    has = Counter(row["student_id"] for row in standing)
    for student in {*had, *has}:
        if had[student] != has[student]:
            yield f"student {student} had {had[student]} lessons ahead and has {has[student]}"
    for (coach, start), times in Counter((row["coach"], row["start_at"]) for row in standing).items():
        if times > 1:
            yield f"{coach} teaches {times} lessons at {start}"
    moves = list(found.rows("operations", action="RESCHEDULE", status="SUCCESS"))
    ledger = _new(found, "reschedules", "id")
    if sorted(row["key"] for row in moves) != sorted(ledger):
        odd = {row["key"] for row in moves} ^ set(ledger)
        yield f"moves and their ledger differ: {', '.join(sorted(odd))}"
    moved = [row for row in found.tables["sessions"] if row["status"] == "moved"]
    names = found.by("sessions", "id")
    if len(moved) != len(moves):
        yield f"{len(moves)} moves succeeded and {len(moved)} lessons are moved"
    for row in moved:
        if row["moved_to"] not in names:
            yield f"lesson {row['id']} was moved to {row['moved_to']}, which is not there"


def slots(found: Evidence) -> Iterator[str]:
    """An hour that is taken is taken by one lesson that stands in it, and a moved lesson took one."""
    if not found.before:
        return
    names = found.by("sessions", "id")
    taken = [row for row in found.tables["slots"] if row["session_id"]]
    for slot in taken:
        lesson = next(iter(names[slot["session_id"]]), None)
        if lesson is None or (lesson["coach"], lesson["start_at"]) != (slot["coach"], slot["start_at"]):
            yield f"slot {slot['id']} is taken by {slot['session_id']}, which is not in it"
        elif lesson["status"] != "scheduled":
            yield f"slot {slot['id']} is taken by {slot['session_id']}, which is {lesson['status']}"
    by_lesson = Counter(slot["session_id"] for slot in taken)
    first = {row["id"] for row in found.before["sessions"]}
    for lesson in found.tables["sessions"]:
        wanted = int(lesson["id"] not in first and lesson["status"] == "scheduled")
        if by_lesson[lesson["id"]] > 1 or by_lesson[lesson["id"]] < wanted:
            yield f"lesson {lesson['id']} stands in {by_lesson[lesson['id']]} slots"
    here = {row["id"] for row in found.tables["slots"]}
    for slot in found.before["slots"]:
        if slot["id"] not in here:
            yield f"slot {slot['id']} is gone"


def quota(found: Evidence) -> Iterator[str]:
    """Nobody moved more often than is free, and an exception has the approval it rests on."""
    free = Counter(
        (row["student_id"], row["request_month"]) for row in found.rows("reschedules", source="customer")
    )
    for (student, month), times in free.items():
        if times > MOST_FREE:
            yield f"student {student} moved {times} lessons in {month} for free"
    states = {row["id"]: row["state"] for row in found.tables["approvals"]}
    for row in found.rows("reschedules", source="exception"):
        if row["approval_id"] and states.get(row["approval_id"]) not in ("approved", "edited", "denied"):
            yield f"exception {row['id']} rests on {row['approval_id']}, {states.get(row['approval_id'])}"


def money(found: Evidence) -> Iterator[str]:
    """A bill is paid because one named person said so once; a refund rests on one approval."""
    if not found.before:
        return
    people = {row["id"] for row in found.tables.get("staff", [])}
    first = {row["number"]: row for row in found.before["invoices"]}
    said = Counter(
        row["subject"] for row in found.rows("operations", action="PAYMENT_CONFIRM_MANUAL", status="SUCCESS")
    )
    for row in found.tables["invoices"]:
        number, old = row["number"], first.get(row["number"])
        if old is None or old["amount"] != row["amount"] or old["contact_id"] != row["contact_id"]:
            yield f"invoice {number} is not the one it was"
            continue
        newly = row["payment_state"] == "CONFIRMED" and old["payment_state"] != "CONFIRMED"
        if said[number] != int(newly):
            yield f"invoice {number} is {row['payment_state']} after {said[number]} confirmations"
        if newly and (row["confirmed_by"] not in people or not row["evidence"]):
            yield f"invoice {number} was confirmed by nobody"
    if len(found.tables["invoices"]) != len(first):
        yield f"there were {len(first)} invoices and are {len(found.tables['invoices'])}"
    released = sorted(row["key"] for row in found.rows("operations", action="REFUND", status="SUCCESS"))
    if released != sorted(row["id"] for row in found.tables["refunds"]):
        yield "refunds and their operations differ"
    for approval, times in Counter(row["approval_id"] for row in found.tables["refunds"]).items():
        if times > 1:
            yield f"approval {approval} released {times} refunds"


def tasks(found: Evidence) -> Iterator[str]:
    """What a person has to carry out was put on the list once."""
    done = {row["key"] for row in found.rows("operations", status="SUCCESS")}
    for row in found.tables.get("due_tasks", []):
        if row["id"] not in done:
            yield f"task {row['id']} is on the list, and no operation put it there"


def snapshots(found: Evidence) -> Iterator[str]:
    """What is kept of a contact to answer from is as new as its records."""
    revs = {row["id"]: row["rev"] for row in found.tables.get("contacts", [])}
    for row in found.tables.get("snapshots", []):
        if row["rev"] != revs.get(row["contact_id"]) or body(row)["rev"] != row["rev"]:
            yield f"the snapshot of {row['contact_id']} has rev {row['rev']}, its records {revs.get(row['contact_id'])}"


def _new(found: Evidence, table: str, key: str) -> list[str]:
    old: set[str] = {row[key] for row in found.before[table]}
    return [row[key] for row in found.tables[table] if row[key] not in old]
