"""Loading a desk's record files: every row checked and every reference followed before anything is written."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from store import facts, snapshots
from store.enrolments import put_package
from store.errors import BadRecords
from store.facts import Reading
from store.records import Reader, month
from store.records_check import checked_rows
from store.shop_load import load_shop
from store.times import iso
from store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Records:
    """A folder's rows, checked, by file name without its ending."""

    rows: dict[str, tuple[Any, ...]]


def is_loaded(read: Reader) -> bool:
    """Say whether records were loaded into this database before."""
    return bool(read("SELECT 1 FROM staff LIMIT 1", ()))


def read_records(folder: Path) -> Records:
    """Read and check a folder; raises BadRecords with every problem found, each naming file, row and key."""
    rows, problems = checked_rows(folder)
    if problems:
        raise BadRecords(tuple(problems))
    return Records(rows)


def load_records(
    tx: Tx, records: Records, reading: Reading, now: datetime, opens: Callable[[date], bool]
) -> None:
    """Write checked records as of today's date in the desk's zone, and each contact's first snapshot.

    `opens` says whether the desk works on a day: free slots on any other are left out.
    """
    if is_loaded(tx.all):
        raise BadRecords(("records were loaded into this database before; start with an empty one",))
    today = now.astimezone(reading.zone).date()
    _people(tx, records, today, now)
    _lessons(tx, records, reading, today, now, opens)
    _bills(tx, records, reading, today, now)
    load_shop(tx, records.rows, reading.zone, now)
    for contact in records.rows["contacts"]:
        snapshots.save(tx, facts.snapshot(tx.all, reading, contact.id, now))


def _people(tx: Tx, records: Records, today: date, now: datetime) -> None:
    for row in records.rows["contacts"]:
        tx.execute(
            "INSERT INTO contacts (id, rev, registered, wa_name, full_name, email, phone, tags, notes, vip, opt_out,"
            " first_seen)"
            " VALUES (?, 1, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                row.id,
                row.wa_name,
                row.full_name,
                row.email,
                row.phone,
                json.dumps(row.tags),
                row.notes,
                int(row.vip),
                int(row.opt_out),
                iso(now),
            ),
        )
        # An alias that wrote to us before the records came belongs to the person the records say.
        tx.insert_many(
            "INSERT INTO aliases (kind, value, contact_id, added_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (kind, value) DO UPDATE SET contact_id = excluded.contact_id",
            [(alias.kind, alias.value, row.id, iso(now)) for alias in row.aliases],
        )
    for row in records.rows["students"]:
        package = row.package
        expires = (today + timedelta(days=package.expires_day_offset)).isoformat() if package else None
        tx.execute(
            "INSERT INTO students (id, name, own_contact, package_name, sessions_left, package_expires)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                row.id,
                row.name,
                row.own_contact,
                package and package.name,
                package and package.sessions_left,
                expires,
            ),
        )
        tx.insert_many(
            "INSERT INTO guardians VALUES (?, ?)", [(row.id, contact) for contact in row.guardians]
        )
    tx.insert_many(
        "INSERT INTO staff (id, position, name, telegram_user_id, roles) VALUES (?, ?, ?, ?, ?)",
        [
            (row.id, position, row.name, row.telegram_user_id, json.dumps(row.roles))
            for position, row in enumerate(records.rows["staff"])
        ],
    )
    tx.insert_many(
        "INSERT INTO coaches (id, name, body) VALUES (?, ?, ?)",
        [(row.id, row.name, row.model_dump_json()) for row in records.rows["coaches"]],
    )


def _lessons(
    tx: Tx, records: Records, reading: Reading, today: date, now: datetime, opens: Callable[[date], bool]
) -> None:
    for row in records.rows["sessions"]:
        start, end = row.span(today, reading.zone)
        tx.execute(
            "INSERT INTO sessions (id, student_id, coach, start_at, end_at, status, service)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (row.id, row.student, row.coach, iso(start), iso(end), row.status, row.service),
        )
    for row in records.rows["slots"]:
        start, end = row.span(today, reading.zone)
        if opens(start.date()):
            tx.execute(
                "INSERT INTO slots (id, coach, start_at, end_at) VALUES (?, ?, ?, ?)",
                (row.id, row.coach, iso(start), iso(end)),
            )
    for position, offer in enumerate(records.rows["packages"]):
        put_package(tx, offer, position)
    for row in records.rows["reschedules"]:
        at = min(now, _in_month(now.astimezone(reading.zone), row.month_offset))
        name = month(at, reading.zone)
        for number in range(1, row.count + 1):
            tx.execute(
                "INSERT INTO reschedules (id, student_id, at, request_month, session_month, source)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (
                    f"rs_{row.student}_{name}_{row.source}_{number}",
                    row.student,
                    iso(at),
                    name,
                    name,
                    row.source,
                ),
            )


def _bills(tx: Tx, records: Records, reading: Reading, today: date, now: datetime) -> None:
    for row in records.rows["invoices"]:
        payment = row.payment
        tx.execute(
            "INSERT INTO invoices (number, contact_id, student_id, description, amount, due, status,"
            " payment_state,"
            " payment_source, confirmed_by, evidence, payment_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
            " ?, ?)",
            (
                row.number,
                row.contact,
                row.student,
                row.description,
                row.amount,
                (today + timedelta(days=row.due_day_offset)).isoformat(),
                row.status,
                payment.state,
                payment.source,
                payment.confirmed_by,
                payment.evidence,
                _paid_at(payment.paid_day_offset, today, reading, now),
            ),
        )


def _paid_at(offset: int | None, today: date, reading: Reading, now: datetime) -> str | None:
    """Return the morning of the day a bill was paid; today's never lies ahead."""
    if offset is None:
        return None
    return iso(min(now, datetime.combine(today + timedelta(days=offset), time(10), reading.zone)))


def _in_month(local: datetime, offset: int) -> datetime:
    """Return the first of a month, ten in the morning, `offset` months from a local time."""
    months = local.year * 12 + local.month - 1 + offset
    return local.replace(
        year=months // 12, month=months % 12 + 1, day=1, hour=10, minute=0, second=0, microsecond=0
    )
