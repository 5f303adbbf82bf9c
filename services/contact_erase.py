"""One person taken out of every store; what the law keeps stays without saying who it was."""

import hashlib

from casefile.approval import ApprovalRequest
from casefile.case import Case
from casefile.errors import BadInput
from services.contact_sweep import ERASED, sweep, words_of
from services.emptied import empty_approval, empty_case
from store import sheet
from store.person import Person, marks
from store.transaction import Tx

# Why a record stays: tax and trade law keep books for ten years, and the audit trail is the proof of what was done.
KEPT = {
    "invoices": "books and vouchers have to be kept (UU 8/1997, UU KUP)",
    "orders": "books and vouchers have to be kept (UU 8/1997, UU KUP); without an address",
    "enrolments": "what a bill was for (UU KUP); without a name",
    "refunds": "books and vouchers have to be kept (UU 8/1997, UU KUP)",
    "audit": "proof of who did what with the data (UU 27/2022); targets are hashed",
    "operations": "proof that an order was carried out once",
    "approvals": "who decided what, and when; words and customer are gone",
    "cases": "counts for the weekly measures; words and customer are gone",
    "sessions": "the coaches' work, without a name",
    "reschedules": "the coaches' work, without a name",
}
ELSEWHERE = (
    "Copies on the customer's own phone and with WhatsApp are not ours to remove.",
    "Posts in the staff's Telegram groups are listed below; delete them there.",
    "Backups of the database and of the media folder: delete or let them run out.",
)


def erase(tx: Tx, person: Person) -> dict[str, object]:
    """Remove or anonymise everything of a person; returns the certificate's counts.

    Raises BadInput while something of theirs is still on its way. The files go last, by `services.files`.
    """
    _settled(tx, person)
    words = words_of(tx, person)
    posts = _posts(tx, person)
    files = _files(tx, person)
    removed = _removed(tx, person)
    changed = _anonymised(tx, person)
    swept = sweep(tx, person, words)
    kept = {table: why for table, why in KEPT.items() if changed.get(table) or _count(tx, table, person)}
    return {
        "removed": removed,
        "anonymised": changed,
        "swept": swept,
        "files": files,
        "kept": kept,
        "telegram_posts": posts,
        "elsewhere": [*ELSEWHERE, *_rows_elsewhere(tx, person)],
    }


def _rows_elsewhere(tx: Tx, person: Person) -> list[str]:
    """Let the rows of the school's sheet never be read again, and name those a person has to delete there."""
    rows = [
        f"A row of the school's sheet; delete it there for good: {link}"
        for link in sheet.forgotten(tx, person.students)
    ]
    # What is older than a look goes back was never read.
    return [*rows, "Older lessons and ledger lines in that sheet, under the same student."] if rows else []


def _settled(tx: Tx, person: Person) -> None:
    waiting = tx.all(
        f"SELECT 1 FROM inbox WHERE state = 'unread' AND conversation_id IN ({marks(person.conversations)})"
        f" UNION ALL SELECT 1 FROM outbox WHERE pending = 1 AND (conversation_id IN ({marks(person.conversations)})"
        f" OR case_id IN ({marks(person.cases)})) LIMIT 1",
        (*person.conversations, *person.conversations, *person.cases),
    )
    if waiting:
        raise BadInput("something of this contact is still on its way; try again when the ledger has settled")


def _posts(tx: Tx, person: Person) -> list[str]:
    rows = tx.all(
        "SELECT DISTINCT json_extract(body, '$.lane') AS lane, provider_id FROM outbox WHERE kind = 'post_to_lane'"
        f" AND provider_id IS NOT NULL AND (conversation_id IN ({marks(person.conversations)})"
        f" OR case_id IN ({marks(person.cases)}))",
        (*person.conversations, *person.cases),
    )
    return sorted(f"{row['lane']} {row['provider_id']}" for row in rows)


def _files(tx: Tx, person: Person) -> list[str]:
    rows = tx.all(
        f"SELECT file FROM evidence WHERE file IS NOT NULL AND case_id IN ({marks(person.cases)})",
        person.cases,
    )
    return [row["file"] for row in rows]


def _removed(tx: Tx, person: Person) -> dict[str, int]:
    """Delete what nothing obliges anybody to keep."""
    cases, talks = person.cases, person.conversations
    by_case = (("checkpoints", "thread_id"), ("checkpoint_writes", "thread_id"), ("turn_records", "case_id"),
               ("evidence", "case_id"), ("gaps", "case_id"), ("timers", "case_id"))  # fmt: skip
    done = {
        table: tx.execute(f"DELETE FROM {table} WHERE {column} IN ({marks(cases)})", cases)
        for table, column in by_case
    }
    done["lost_sends"] = tx.execute(
        "DELETE FROM lost_sends WHERE key IN"
        f" (SELECT key FROM outbox WHERE conversation_id IN ({marks(talks)}) OR case_id IN ({marks(cases)}))",
        (*talks, *cases),
    )
    done["outbox"] = tx.execute(
        f"DELETE FROM outbox WHERE conversation_id IN ({marks(talks)}) OR case_id IN ({marks(cases)})",
        (*talks, *cases),
    )
    for table in ("transcript", "turns", "takeovers", "timers"):
        gone = tx.execute(f"DELETE FROM {table} WHERE conversation_id IN ({marks(talks)})", talks)
        done[table] = done.get(table, 0) + gone
    done["contact_merges"] = tx.execute(
        f"DELETE FROM contact_merges WHERE kept IN ({marks(person.contacts)}) OR gone IN ({marks(person.contacts)})",
        person.contacts * 2,
    )
    for table in ("aliases", "guardians", "snapshots", "addresses", "leads"):
        done[table] = tx.execute(
            f"DELETE FROM {table} WHERE contact_id IN ({marks(person.contacts)})", person.contacts
        )
    return {table: count for table, count in done.items() if count}


def _anonymised(tx: Tx, person: Person) -> dict[str, int]:
    """Empty what stays of everything that says who it was or what was said."""
    cases, talks, contacts = person.cases, person.conversations, person.contacts
    done = {
        "contacts": tx.execute(
            "UPDATE contacts SET registered = 0, wa_name = NULL, full_name = NULL, email = NULL, phone = NULL,"
            f" tags = '[]', notes = '', vip = 0, opt_out = 1 WHERE id IN ({marks(contacts)})",
            contacts,
        ),
        "students": tx.execute(
            "UPDATE students SET name = ?, package_name = NULL, sessions_left = NULL, package_expires = NULL"
            f" WHERE id IN ({marks(person.students)})",
            (ERASED, *person.students),
        ),
        "conversations": tx.execute(
            "UPDATE conversations SET channel_address = '', language = NULL, student_id = NULL,"
            " verified_contact = NULL, failed_attempts = 0, locked_until = NULL, window_opened_at = NULL"
            f" WHERE id IN ({marks(talks)})",
            talks,
        ),
        "orders": tx.execute(
            "UPDATE orders SET address = NULL, conversation_id = NULL"
            f" WHERE contact_id IN ({marks(contacts)})", contacts
        ),
        "enrolments": tx.execute(
            "UPDATE enrolments SET name = ?, age = NULL, conversation_id = NULL"
            f" WHERE contact_id IN ({marks(contacts)})", (ERASED, *contacts)
        ),
        "due_tasks": tx.execute(
            f"UPDATE due_tasks SET params = '{{}}' WHERE contact_id IN ({marks(contacts)})", contacts
        ),
        "measures": tx.execute(
            f"UPDATE measures SET detail = '' WHERE name = 'template_update' AND case_id IN ({marks(cases)})", cases
        ),
        "inbox": 0,
        "cases": 0,
        "approvals": 0,
    }  # fmt: skip
    for row in tx.all(f"SELECT id, external_id FROM inbox WHERE conversation_id IN ({marks(talks)})", talks):
        # A message id tells whose number it was; its hash still keeps the row apart from others.
        hashed = "erased:" + hashlib.sha256(f"{row['id']}:{row['external_id']}".encode()).hexdigest()[:24]
        done["inbox"] += tx.execute(
            "UPDATE inbox SET body = '{}', why = NULL, external_id = ? WHERE id = ?", (hashed, row["id"])
        )
    for row in tx.all(f"SELECT id, body FROM cases WHERE id IN ({marks(cases)})", cases):
        done["cases"] += empty_case(tx, Case.model_validate_json(row["body"]))
    for row in tx.all(f"SELECT id, body FROM approvals WHERE case_id IN ({marks(cases)})", cases):
        done["approvals"] += empty_approval(tx, ApprovalRequest.model_validate_json(row["body"]))
    return {table: count for table, count in done.items() if count}


def _count(tx: Tx, table: str, person: Person) -> int:
    keys = {
        "invoices": "contact_id",
        "orders": "contact_id",
        "enrolments": "contact_id",
        "refunds": "contact_id",
        "sessions": "student_id",
        "reschedules": "student_id",
    }
    key = keys.get(table, "case_id")
    values = {"contact_id": person.contacts, "student_id": person.students, "case_id": person.cases}[key]
    key = "id" if table == "cases" else key
    row = tx.one(f"SELECT COUNT(*) AS n FROM {table} WHERE {key} IN ({marks(values)})", values)
    return int(row["n"]) if row else 0
