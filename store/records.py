"""The school's records, row to noun. `Reader` is a query function: a direct read, or a transaction's own."""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, tzinfo
from typing import Literal

from casefile.payments import PaymentLink
from casefile.records import (
    Alias,
    Contact,
    Invoice,
    Package,
    Payment,
    Session,
    Slot,
    StaffMember,
    Student,
)
from store.connection import Row
from store.times import iso, moment, moment_or_none

Reader = Callable[[str, Sequence[object]], list[Row]]
QuotaMonth = Literal["request", "session"]
# Bills, each with the latest way to pay it while the provider waits for that.
BILLS = (
    "SELECT invoices.*, link.reference, link.attempt, link.provider, link.provider_id, link.amount AS link_amount,"
    " link.url, link.qr_string, link.expires_at FROM invoices LEFT JOIN payment_links AS link"
    " ON link.reference = invoices.link AND link.state = 'PENDING'"
)


def month(at: datetime, zone: tzinfo) -> str:
    """Name the calendar month an instant falls in, in the desk's zone (`2026-02`)."""
    return at.astimezone(zone).strftime("%Y-%m")


def contact(read: Reader, contact_id: str) -> Contact | None:
    """Return one contact with every alias."""
    rows = read("SELECT * FROM contacts WHERE id = ?", (contact_id,))
    if not rows:
        return None
    aliases = read("SELECT kind, value FROM aliases WHERE contact_id = ? ORDER BY kind, value", (contact_id,))
    row = rows[0]
    return Contact(
        id=row["id"],
        aliases=tuple(Alias(kind=a["kind"], value=a["value"]) for a in aliases),
        wa_name=row["wa_name"],
        full_name=row["full_name"],
        email=row["email"],
        phone=row["phone"],
        tags=tuple(json.loads(row["tags"])),
        notes=row["notes"],
        vip=bool(row["vip"]),
        opt_out=bool(row["opt_out"]),
    )


def rev(read: Reader, contact_id: str) -> int:
    """Return a contact's revision: 0 until the records know them."""
    rows = read("SELECT rev FROM contacts WHERE id = ?", (contact_id,))
    return int(rows[0]["rev"]) if rows else 0


def students_of(read: Reader, contact_id: str) -> tuple[Student, ...]:
    """Return the students a contact answers for, their own lessons included, by name."""
    rows = read(
        "SELECT * FROM students WHERE own_contact = ? OR id IN (SELECT student_id FROM guardians WHERE"
        " contact_id = ?)"
        " ORDER BY name, id",
        (contact_id, contact_id),
    )
    return tuple(_student(read, row) for row in rows)


def student(read: Reader, student_id: str) -> Student | None:
    """Return one student."""
    rows = read("SELECT * FROM students WHERE id = ?", (student_id,))
    return _student(read, rows[0]) if rows else None


def sessions_of(read: Reader, student_id: str, since: datetime) -> tuple[Session, ...]:
    """Return a student's sessions that end after `since` and still stand, in order."""
    rows = read(
        "SELECT * FROM sessions WHERE student_id = ? AND end_at > ? AND status NOT IN ('moved',"
        " 'cancelled')"
        " ORDER BY start_at, id",
        (student_id, iso(since)),
    )
    return tuple(session_row(row) for row in rows)


def session(read: Reader, session_id: str) -> Session | None:
    """Return one session."""
    rows = read("SELECT * FROM sessions WHERE id = ?", (session_id,))
    return session_row(rows[0]) if rows else None


def free_slots(read: Reader, after: datetime, coaches: Sequence[str] = ()) -> tuple[Slot, ...]:
    """Return the free slots after an instant, of some coaches or of all, in order."""
    marks = ", ".join("?" for _ in coaches)
    where = f" AND coach IN ({marks})" if coaches else ""
    rows = read(
        f"SELECT * FROM slots WHERE session_id IS NULL AND start_at > ?{where} ORDER BY start_at, coach",
        (iso(after), *coaches),
    )
    return tuple(slot_row(row) for row in rows)


def reschedules_in(read: Reader, student_id: str, name: str, quota_month: QuotaMonth) -> int:
    """Count the changes that use up a month's quota: the customer's own, inside policy."""
    column = "request_month" if quota_month == "request" else "session_month"
    rows = read(
        f"SELECT COUNT(*) AS n FROM reschedules WHERE student_id = ? AND {column} = ? AND source ="
        f" 'customer'",
        (student_id, name),
    )
    return int(rows[0]["n"])


def invoices_of(read: Reader, contact_id: str) -> tuple[Invoice, ...]:
    """Return a contact's invoices, newest first."""
    rows = read(f"{BILLS} WHERE invoices.contact_id = ? ORDER BY number DESC", (contact_id,))
    return tuple(invoice_row(row) for row in rows)


def invoice(read: Reader, number: str) -> Invoice | None:
    """Return one invoice."""
    rows = read(f"{BILLS} WHERE invoices.number = ?", (number,))
    return invoice_row(rows[0]) if rows else None


def staff(read: Reader) -> tuple[StaffMember, ...]:
    """Return everyone allowlisted, in the order they are asked."""
    rows = read("SELECT * FROM staff ORDER BY position", ())
    return tuple(
        StaffMember(
            id=row["id"],
            name=row["name"],
            telegram_user_id=row["telegram_user_id"],
            roles=tuple(json.loads(row["roles"])),
        )
        for row in rows
    )


def session_row(row: Row) -> Session:
    """Read a session back."""
    return Session(
        id=row["id"],
        student_id=row["student_id"],
        coach=row["coach"],
        start=moment(row["start_at"]),
        end=moment(row["end_at"]),
        status=row["status"],
        must_move=bool(row["must_move"]),
        service=row["service"],
    )


def slot_row(row: Row) -> Slot:
    """Read a slot back."""
    return Slot(id=row["id"], coach=row["coach"], start=moment(row["start_at"]), end=moment(row["end_at"]))


def invoice_row(row: Row) -> Invoice:
    """Read an invoice back."""
    return Invoice(
        number=row["number"],
        contact_id=row["contact_id"],
        student_id=row["student_id"],
        description=row["description"],
        amount=row["amount"],
        due=date.fromisoformat(row["due"]),
        status=row["status"],
        payment=Payment(
            state=row["payment_state"],
            source=row["payment_source"],
            confirmed_by=row["confirmed_by"],
            evidence=row["evidence"],
            at=moment_or_none(row["payment_at"]),
        ),
        link=_link(row),
    )


def _link(row: Row) -> PaymentLink | None:
    if row["reference"] is None:
        return None
    return PaymentLink(
        reference=row["reference"],
        invoice=row["number"],
        attempt=row["attempt"],
        provider=row["provider"],
        provider_id=row["provider_id"],
        amount=row["link_amount"],
        url=row["url"],
        qr_string=row["qr_string"],
        expires_at=moment(row["expires_at"]),
    )


def _student(read: Reader, row: Row) -> Student:
    guardians = read(
        "SELECT contact_id FROM guardians WHERE student_id = ? ORDER BY contact_id", (row["id"],)
    )
    package = None
    if row["package_name"] is not None:
        package = Package(
            name=row["package_name"],
            sessions_left=row["sessions_left"],
            expires=date.fromisoformat(row["package_expires"]),
        )
    return Student(
        id=row["id"],
        name=row["name"],
        guardians=tuple(g["contact_id"] for g in guardians),
        own_contact=row["own_contact"],
        package=package,
    )
