"""Two contacts made one, and apart again: everything that is whose follows, and what was moved is written down."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casefile.case import Case
from casefile.errors import BadInput
from store import facts, snapshots
from store.facts import Reading
from store.times import iso
from store.transaction import Tx

# Where a contact's id stands: table, column, and the columns that name a row.
PLACES = (
    ("aliases", "contact_id", ("kind", "value")),
    ("conversations", "contact_id", ("id",)),
    ("conversations", "verified_contact", ("id",)),
    ("cases", "contact_id", ("id",)),
    ("students", "own_contact", ("id",)),
    ("invoices", "contact_id", ("number",)),
    ("refunds", "contact_id", ("id",)),
    ("due_tasks", "contact_id", ("id",)),
    ("addresses", "contact_id", ("id",)),
    ("leads", "contact_id", ("case_id",)),
    ("orders", "contact_id", ("number",)),
    ("enrolments", "contact_id", ("id",)),
    ("voucher_uses", "contact_id", ("order_number",)),
)
OWN = ("wa_name", "full_name", "email", "phone", "tags", "notes", "vip", "opt_out", "registered")
EMPTY = {"wa_name": None, "full_name": None, "email": None, "phone": None, "tags": "[]", "notes": "", "vip": 0,
         "opt_out": 0, "registered": 0}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Who:
    """Who merges, and why."""

    by: str
    reason: str
    now: datetime


def merge(tx: Tx, kept: str, gone: str, who: Who, reading: Reading, new_id: str) -> dict[str, int]:
    """Give everything of `gone` to `kept`; returns how many rows of each table went over.

    Raises BadInput for the same contact twice, one that is merged already, and while a person still decides on
    something of `gone` or something of it is on its way.
    """
    if kept == gone:
        raise BadInput("these are the same contact already")
    before = {one: _own(tx, one) for one in (kept, gone)}
    if _merged(tx, gone):
        raise BadInput(f"{gone} is merged into another contact already")
    _settled(tx, gone)
    moved: dict[str, Any] = {
        "kept": before[kept],
        "gone": before[gone],
        "rows": [],
        "guardians": [],
        "defaults": [],
    }
    moved["defaults"] = [r["id"] for r in tx.all(
        "SELECT id FROM addresses WHERE contact_id = ? AND is_default = 1", (gone,)
    )]  # fmt: skip
    for table, column, key in PLACES:
        rows = tx.all(f"SELECT {', '.join(key)} FROM {table} WHERE {column} = ?", (gone,))
        moved["rows"] += [[table, column, list(row)] for row in rows]
        tx.execute(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (kept, gone))
    moved["guardians"] = [
        row["student_id"] for row in tx.all("SELECT student_id FROM guardians WHERE contact_id = ?", (gone,))
    ]
    tx.execute("DELETE FROM guardians WHERE contact_id = ?", (gone,))
    moved["answered"] = [s for s in moved["guardians"] if _answers(tx, kept, s)]
    _guards(tx, kept, [s for s in moved["guardians"] if s not in moved["answered"]])
    _one_default(tx, kept)
    _rewritten(tx, kept)
    moved["joined"] = _joined(before[kept], before[gone])
    _write(tx, kept, moved["joined"])
    _write(tx, gone, EMPTY)
    tx.execute(
        "INSERT INTO contact_merges (id, kept, gone, at, by_whom, reason, moved) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (new_id, kept, gone, iso(who.now), who.by, who.reason, json.dumps(moved, ensure_ascii=False)),
    )
    _renewed(tx, kept, gone, reading, who.now)
    counts: dict[str, int] = {}
    for table, _, _ in moved["rows"]:
        counts[table] = counts.get(table, 0) + 1
    return counts | ({"guardians": len(moved["guardians"])} if moved["guardians"] else {})


def unmerge(tx: Tx, gone: str, who: Who, reading: Reading) -> str:
    """Give back what a merge took, and what came through its conversations since. Returns who had kept it.

    Raises BadInput for a contact that is not merged, or whose keeper has been merged on since.
    """
    row = _merged(tx, gone)
    if row is None:
        raise BadInput(f"{gone} is not merged into anybody")
    kept = str(row["kept"])
    if further := _merged(tx, kept):
        raise BadInput(f"{kept} was merged into {further['kept']} since; take that merge apart first")
    _settled(tx, kept)
    moved = json.loads(row["moved"])
    keys = {(table, column): key for table, column, key in PLACES}
    for table, column, values in moved["rows"]:
        here = " AND ".join(f"{name} = ?" for name in keys[table, column])
        tx.execute(f"UPDATE {table} SET {column} = ? WHERE {here} AND {column} = ?", (gone, *values, kept))
    _followed(tx, kept, gone)
    for student in moved["guardians"]:
        if student not in moved["answered"]:
            tx.execute("DELETE FROM guardians WHERE student_id = ? AND contact_id = ?", (student, kept))
    _guards(tx, gone, moved["guardians"])
    for address in moved["defaults"]:
        tx.execute("UPDATE addresses SET is_default = 1 WHERE id = ? AND contact_id = ?", (address, gone))
    for contact_id in (kept, gone):
        _one_default(tx, contact_id)
        _rewritten(tx, contact_id)
    now = _own(tx, kept)
    # What somebody has changed since is theirs to keep.
    _write(tx, kept, {f: moved["kept"][f] if now[f] == moved["joined"][f] else now[f] for f in OWN})
    _write(tx, gone, moved["gone"])
    tx.execute(
        "UPDATE contact_merges SET undone_at = ?, undone_by = ? WHERE id = ?",
        (iso(who.now), who.by, row["id"]),
    )
    _renewed(tx, kept, gone, reading, who.now)
    return kept


def _merged(tx: Tx, gone: str) -> Any:
    return tx.one("SELECT * FROM contact_merges WHERE gone = ? AND undone_at IS NULL", (gone,))


def _own(tx: Tx, contact_id: str) -> dict[str, Any]:
    row = tx.one(f"SELECT {', '.join(OWN)} FROM contacts WHERE id = ?", (contact_id,))
    if row is None:
        raise BadInput(f"there is no contact {contact_id!r}")
    return {name: row[name] for name in OWN}


def _settled(tx: Tx, contact_id: str) -> None:
    row = tx.one(
        "SELECT cases.id FROM cases WHERE contact_id = ? AND (state = 'awaiting_approval' OR EXISTS"
        " (SELECT 1 FROM outbox WHERE outbox.case_id = cases.id AND outbox.pending = 1"
        " AND outbox.kind = 'run_operation')) LIMIT 1",
        (contact_id,),
    )
    if row is not None:
        raise BadInput(f"a person still decides on {row['id']}, or C carries it out; settle that first")


def _joined(kept: dict[str, Any], gone: dict[str, Any]) -> dict[str, Any]:
    """Return what is known of both: what `kept` says goes before, flags hold if either has them."""
    tags = dict.fromkeys((*json.loads(kept["tags"]), *json.loads(gone["tags"])))
    return {
        **{name: kept[name] or gone[name] for name in ("wa_name", "full_name", "email", "phone")},
        "tags": json.dumps(list(tags), ensure_ascii=False),
        "notes": "\n".join(note for note in (kept["notes"], gone["notes"]) if note),
        **{name: max(kept[name], gone[name]) for name in ("vip", "opt_out", "registered")},
    }


def _write(tx: Tx, contact_id: str, own: dict[str, Any]) -> None:
    sets = ", ".join(f"{name} = ?" for name in OWN)
    tx.execute(f"UPDATE contacts SET {sets} WHERE id = ?", (*(own[name] for name in OWN), contact_id))


def _answers(tx: Tx, contact_id: str, student: str) -> bool:
    sql = "SELECT 1 FROM guardians WHERE student_id = ? AND contact_id = ?"
    return tx.one(sql, (student, contact_id)) is not None


def _guards(tx: Tx, contact_id: str, students: list[str]) -> None:
    tx.insert_many("INSERT INTO guardians VALUES (?, ?)", [(student, contact_id) for student in students])


def _one_default(tx: Tx, contact_id: str) -> None:
    """Leave a contact one default address, the first there was."""
    rows = tx.all(
        "SELECT id FROM addresses WHERE contact_id = ? AND is_default = 1 ORDER BY id", (contact_id,)
    )
    for row in rows[1:]:
        tx.execute("UPDATE addresses SET is_default = 0 WHERE id = ?", (row["id"],))


def _rewritten(tx: Tx, contact_id: str) -> None:
    """Make the case files say whose they are."""
    for row in tx.all("SELECT id, body FROM cases WHERE contact_id = ?", (contact_id,)):
        case = Case.model_validate_json(row["body"])
        if case.contact_id != contact_id:
            body = case.with_(contact_id=contact_id).model_dump_json(exclude_defaults=True)
            tx.execute("UPDATE cases SET body = ? WHERE id = ?", (body, row["id"]))


def _followed(tx: Tx, kept: str, gone: str) -> None:
    """Give the contact what was written and bought in its own conversations meanwhile."""
    theirs = "conversation_id IN (SELECT id FROM conversations WHERE contact_id = ?)"
    for table in ("cases", "orders", "enrolments"):
        tx.execute(f"UPDATE {table} SET contact_id = ? WHERE contact_id = ? AND {theirs}", (gone, kept, gone))
    bought = "SELECT {} FROM orders WHERE contact_id = ?"
    for table, key, column in (
        ("invoices", "number", "invoice_number"),
        ("voucher_uses", "order_number", "number"),
    ):
        tx.execute(
            f"UPDATE {table} SET contact_id = ? WHERE contact_id = ? AND {key} IN ({bought.format(column)})",
            (gone, kept, gone),
        )


def _renewed(tx: Tx, kept: str, gone: str, reading: Reading, now: datetime) -> None:
    """Give both a rev above what either had, and what may be said of them now."""
    row = tx.one("SELECT MAX(rev) AS rev FROM contacts WHERE id IN (?, ?)", (kept, gone))
    assert row is not None
    for contact_id in (kept, gone):
        tx.execute("UPDATE contacts SET rev = ? WHERE id = ?", (row["rev"] + 1, contact_id))
        snapshots.save(tx, facts.snapshot(tx.all, reading, contact_id, now))
