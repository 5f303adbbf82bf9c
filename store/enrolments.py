"""Packages and enrolments, row to noun and back."""

import json
from datetime import datetime
from typing import Literal

from casefile.enrolments import Enrolment, PackageOffer
from casefile.records import Slot
from store import records
from store.connection import Row
from store.records import Reader
from store.times import iso, moment, moment_or_none
from store.transaction import Tx

FIELDS = tuple(PackageOffer.model_fields)


def put_package(tx: Tx, offer: PackageOffer, position: int) -> None:
    """Write a package; one of the same id is replaced and keeps its place."""
    columns = ", ".join((*FIELDS, "position"))
    marks = ", ".join("?" for _ in (*FIELDS, "position"))
    renewed = ", ".join(f"{name} = excluded.{name}" for name in FIELDS if name != "id")
    values = {
        **offer.model_dump(),
        "words": json.dumps(offer.words, ensure_ascii=False),
        "trial": int(offer.trial),
        "published": int(offer.published),
    }
    tx.execute(
        f"INSERT INTO packages ({columns}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET {renewed}",
        (*(values[name] for name in FIELDS), position),
    )


def packages(read: Reader) -> tuple[PackageOffer, ...]:
    """Return every package in the order it is listed, the unpublished ones among them."""
    rows = read("SELECT * FROM packages ORDER BY position, id", ())
    return tuple(_offer({**dict(zip(row.keys(), row, strict=True))}) for row in rows)


def package(read: Reader, package_id: str) -> PackageOffer | None:
    """Return one package."""
    return next((offer for offer in packages(read) if offer.id == package_id), None)


def put_enrolment(tx: Tx, made: Enrolment, conversation_id: str | None) -> None:
    """Write an enrolment; its news are told in `conversation_id`."""
    tx.execute(
        "INSERT INTO enrolments (id, kind, state, contact_id, student_id, name, age, own, offer, total, invoice_number,"
        " slot, hold_until, case_id, conversation_id, made_at, paid_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            made.id,
            made.kind,
            made.state,
            made.contact_id,
            made.student_id,
            made.name,
            made.age,
            int(made.own),
            made.offer.model_dump_json(),
            made.total,
            made.invoice,
            made.slot.model_dump_json() if made.slot else None,
            iso(made.hold_until) if made.hold_until else None,
            made.case_id,
            conversation_id,
            iso(made.made_at),
            iso(made.paid_at) if made.paid_at else None,
        ),
    )


def turned(
    tx: Tx, enrolment_id: str, old: Literal["billed", "paid"], new: Literal["paid", "expired", "reversed"]
) -> bool:
    """Step an enrolment on; False when it stood otherwise, so that what follows from it happens once."""
    moved = tx.execute("UPDATE enrolments SET state = ? WHERE id = ? AND state = ?", (new, enrolment_id, old))
    return moved == 1


def enrolment(read: Reader, enrolment_id: str) -> Enrolment | None:
    """Return one enrolment."""
    rows = read("SELECT * FROM enrolments WHERE id = ?", (enrolment_id,))
    return _enrolment(read, rows[0]) if rows else None


def enrolment_billed(read: Reader, invoice_number: str) -> Enrolment | None:
    """Return what an invoice is for, or None."""
    rows = read("SELECT * FROM enrolments WHERE invoice_number = ?", (invoice_number,))
    return _enrolment(read, rows[0]) if rows else None


def enrolments_of(read: Reader, contact_id: str) -> tuple[Enrolment, ...]:
    """Return what a contact has asked for, newest first."""
    rows = read("SELECT * FROM enrolments WHERE contact_id = ? ORDER BY made_at DESC, id DESC", (contact_id,))
    return tuple(_enrolment(read, row) for row in rows)


def run_out(read: Reader, now: datetime, limit: int) -> list[str]:
    """Return the trials whose hour is kept no longer and that nobody has paid."""
    rows = read(
        "SELECT id FROM enrolments WHERE state = 'billed' AND hold_until <= ? ORDER BY hold_until, id LIMIT ?",
        (iso(now), limit),
    )
    return [str(row["id"]) for row in rows]


def conversation_of(read: Reader, invoice_number: str) -> str | None:
    """Return where the news of what an invoice is for are told."""
    rows = read("SELECT conversation_id FROM enrolments WHERE invoice_number = ?", (invoice_number,))
    return rows[0]["conversation_id"] if rows else None


def coaches_for_children(read: Reader) -> frozenset[str]:
    """Return the names of the coaches who teach children."""
    rows = read("SELECT name, body FROM coaches", ())
    return frozenset(str(row["name"]) for row in rows if json.loads(row["body"]).get("children"))


def _offer(values: dict[str, object]) -> PackageOffer:
    known = {name: values[name] for name in FIELDS}
    return PackageOffer.model_validate({**known, "words": json.loads(str(known["words"]))})


def _enrolment(read: Reader, row: Row) -> Enrolment:
    student = records.student(read, row["student_id"]) if row["student_id"] else None
    return Enrolment(
        id=row["id"],
        kind=row["kind"],
        state=row["state"],
        contact_id=row["contact_id"],
        student_id=row["student_id"],
        name=row["name"],
        age=row["age"],
        own=bool(row["own"]),
        offer=PackageOffer.model_validate_json(row["offer"]),
        total=row["total"],
        invoice=row["invoice_number"],
        case_id=row["case_id"],
        slot=Slot.model_validate_json(row["slot"]) if row["slot"] else None,
        hold_until=moment_or_none(row["hold_until"]),
        made_at=moment(row["made_at"]),
        paid_at=moment_or_none(row["paid_at"]),
        standing=student.package if student else None,
    )
