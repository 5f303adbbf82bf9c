"""Loading a desk's record files: every row checked and every reference followed before anything is written."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from casefile.base import Frozen
from store import facts, snapshots
from store.errors import BadRecords
from store.facts import Reading
from store.record_rows import ROWS
from store.records import Reader, month
from store.times import iso
from store.transaction import Tx

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Records:
    """A folder's rows, checked, by file name without its ending."""

    rows: dict[str, tuple[Any, ...]]


def is_loaded(read: Reader) -> bool:
    """Say whether records were loaded into this database before."""
    return bool(read("SELECT 1 FROM students LIMIT 1", ()))


def read_records(folder: Path) -> Records:
    """Read and check a folder; raises BadRecords with every problem found, each naming file, row and key."""
    problems: list[str] = []
    rows: dict[str, tuple[Any, ...]] = {}
    for name, shape in ROWS.items():
        rows[name] = tuple(_rows(folder / f"{name}.yaml", shape, problems))
    _references(rows, problems)
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
    for contact in records.rows["contacts"]:
        snapshots.save(tx, facts.snapshot(tx.all, reading, contact.id, now))


def _rows(path: Path, shape: type[Frozen], problems: list[str]) -> Iterable[Frozen]:
    if not path.is_file():
        problems.append(f"{path.name}: the file is missing")
        return
    try:
        found = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
    except yaml.YAMLError as error:
        problems.append(f"{path.name}: not YAML: {error}")
        return
    if not isinstance(found, list):
        problems.append(f"{path.name}: a list of rows is expected")
        return
    seen: set[str] = set()
    for number, raw in enumerate(found, start=1):
        try:
            row = shape.model_validate(raw)
        except ValidationError as error:
            problems.extend(_said(path.name, number, raw, problem) for problem in error.errors())
            continue
        name = getattr(row, "id", None) or getattr(row, "number", None)
        if name in seen:
            problems.append(f"{path.name} row {number}: {name!r} is used twice; each row needs its own")
        seen.add(name or "")
        yield row


def _said(file: str, number: int, raw: Any, problem: Any) -> str:
    name = raw.get("id") or raw.get("number") if isinstance(raw, dict) else None
    key = ".".join(str(part) for part in problem["loc"]) or "row"
    where = f"{file} row {number}" + (f" ({name})" if name else "")
    return f"{where}: {key} = {problem['input']!r}: {problem['msg']}"


def _references(rows: dict[str, tuple[Any, ...]], problems: list[str]) -> None:
    known = {name: {getattr(r, "id", None) for r in rows[name]} for name in ("contacts", "students", "staff")}
    known["coaches"] = {coach.name for coach in rows["coaches"]}
    wanted = [
        ("students", "guardians", "contacts"),
        ("students", "own_contact", "contacts"),
        ("sessions", "student", "students"),
        ("sessions", "coach", "coaches"),
        ("slots", "coach", "coaches"),
        ("reschedules", "student", "students"),
        ("invoices", "contact", "contacts"),
        ("invoices", "student", "students"),
    ]
    for file, key, target in wanted:
        for number, row in enumerate(rows[file], start=1):
            value = getattr(row, key)
            for name in value if isinstance(value, tuple) else (value,):
                if name is not None and name not in known[target]:
                    problems.append(f"{file}.yaml row {number}: {key} = {name!r}: not in {target}.yaml")


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
            "INSERT INTO sessions (id, student_id, coach, start_at, end_at, status) VALUES (?, ?, ?, ?,"
            " ?, ?)",
            (row.id, row.student, row.coach, iso(start), iso(end), row.status),
        )
    for row in records.rows["slots"]:
        start, end = row.span(today, reading.zone)
        if opens(start.date()):
            tx.execute(
                "INSERT INTO slots (id, coach, start_at, end_at) VALUES (?, ?, ?, ?)",
                (row.id, row.coach, iso(start), iso(end)),
            )
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
