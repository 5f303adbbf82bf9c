"""`loket import` and `loket export`: goods, people, orders and terms as tables, all of one or nothing of it."""

import argparse
import asyncio
import json
import sys
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from app.cli.common import database, desk_config, person, say, say_json, settings_of
from app.settings import Settings
from app.wire import clock_for, operations_of
from casefile.errors import BadInput
from casefile.packets import AuditEntry
from services import (
    import_catalogue,
    import_orders,
    import_packages,
    import_people,
    import_slots,
    import_terms,
)
from services.importing import Kind, Report, Undone, bring_in
from services.operations import GuardedOperations
from services.tables import Row, read_table, write_csv
from store import records
from store.audit import write_audit
from store.database import Database
from store.facts import Reading
from store.records import Reader
from store.times import iso
from store.transaction import Tx

SHOWN = 50


class Bringing(NamedTuple):
    """What a table is brought in with: how the desk reads its records, when, by whom, and C's hands."""

    reading: Reading
    now: datetime
    by: str
    operations: GuardedOperations


class Table(NamedTuple):
    """One kind of table: its columns, those it cannot do without, and how it goes in and out."""

    columns: tuple[str, ...]
    needed: tuple[str, ...]
    into: Callable[[Bringing], Kind]
    out: Callable[[Reader, tzinfo, datetime], Iterator[dict[str, Any]]]


TABLES = {
    "catalogue": Table(
        import_catalogue.COLUMNS,
        import_catalogue.NEEDED,
        lambda bringing: import_catalogue.CatalogueTable(),
        lambda read, zone, now: import_catalogue.catalogue_rows(read),
    ),
    "contacts": Table(
        import_people.CONTACT_COLUMNS,
        (),
        lambda bringing: import_people.ContactTable(
            bringing.reading, bringing.now, lambda: uuid.uuid4().hex[:12]
        ),
        lambda read, zone, now: import_people.contact_rows(read),
    ),
    "students": Table(
        import_people.STUDENT_COLUMNS,
        ("id", "name"),
        lambda bringing: import_people.StudentTable(bringing.reading, bringing.now),
        lambda read, zone, now: import_people.student_rows(read),
    ),
    "shipping": Table(
        import_terms.RATE_COLUMNS,
        ("courier", "city", "first_kg", "next_kg"),
        lambda bringing: import_terms.RateTable(),
        lambda read, zone, now: import_terms.rate_rows(read),
    ),
    "vouchers": Table(
        import_terms.VOUCHER_COLUMNS,
        ("code",),
        lambda bringing: import_terms.VoucherTable(bringing.reading.zone),
        lambda read, zone, now: import_terms.voucher_rows(read, zone),
    ),
    "packages": Table(
        import_packages.COLUMNS,
        import_packages.NEEDED,
        lambda bringing: import_packages.PackageTable(),
        lambda read, zone, now: import_packages.package_rows(read),
    ),
    "slots": Table(
        import_slots.COLUMNS,
        import_slots.COLUMNS,
        lambda bringing: import_slots.SlotTable(bringing.reading.zone, bringing.now),
        import_slots.slot_rows,
    ),
    "orders": Table(
        import_orders.COLUMNS,
        ("order", "status"),
        lambda bringing: import_orders.OrderTable(bringing.by, bringing.operations.within),
        lambda read, zone, now: import_orders.order_rows(read),
    ),
}


def run(args: argparse.Namespace) -> int:
    """Bring a table in or hand one out; 0 when all of it is done, 1 when rows are left to mend."""
    settings = settings_of(args)
    with database(settings) as opened:
        by = person(records.staff(opened.read), args.by).id
        if args.action == "export":
            return asyncio.run(_export(settings, opened, args, by))
        return asyncio.run(_import(settings, opened, args, by))


async def _import(settings: Settings, opened: Database, args: argparse.Namespace, by: str) -> int:
    table, file = TABLES[args.kind], Path(args.file)
    if args.kind == "students" and desk_config(settings).records.source == "notion":
        raise BadInput("this desk's students are kept in Notion: write them there, and they are taken over")
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}") from error
    rows = read_table(file.name, raw, table.columns, table.needed)
    config, clock = desk_config(settings), clock_for(settings)
    limits, now = config.limits, clock.now()
    reading = Reading(ZoneInfo(config.hours.zone), limits.quota_month, limits.snapshot_ttl_minutes)
    kind = table.into(Bringing(reading, now, by, operations_of(settings, opened, clock)))

    def work(tx: Tx) -> Report:
        report = bring_in(tx, kind, rows, skip_bad=args.skip_bad)
        if args.dry_run:
            raise Undone(report)
        words = f"{report.added} added, {report.changed} changed, {len(report.problems)} left out"
        _document(tx, args, by, words, now)
        return report

    try:
        report = await opened.submit(work)
    except Undone as undone:
        report = undone.report
    _tell(report, rows, args, file.name)
    return 1 if report.problems else 0


async def _export(settings: Settings, opened: Database, args: argparse.Namespace, by: str) -> int:
    table, now = TABLES[args.kind], clock_for(settings).now()
    rows = list(table.out(opened.read, ZoneInfo(desk_config(settings).hours.zone), now))
    await opened.submit(lambda tx: _document(tx, args, by, f"{len(rows)} rows", now))
    as_json = args.to is not None and Path(args.to).suffix == ".json"
    text = (
        json.dumps(rows, ensure_ascii=False, indent=2) + "\n" if as_json else write_csv(table.columns, rows)
    )
    if args.to is None:
        sys.stdout.buffer.write(text.encode())
        return 0
    file = Path(args.to)
    try:
        # The mark is what makes a spreadsheet read it as UTF-8.
        file.write_text(text, encoding="utf-8" if as_json else "utf-8-sig")
        # What is in it may be people's own.
        file.chmod(0o600)
    except OSError as error:
        raise BadInput(f"{file} cannot be written: {error.strerror}") from error
    say(f"{len(rows)} rows are in {file}.")
    return 0


def _document(tx: Tx, args: argparse.Namespace, by: str, words: str, now: datetime) -> None:
    entry = AuditEntry(
        at=now,
        case_id=None,
        actor=by,
        service=args.kind,
        action=args.action.upper(),
        result="success",
        reason=words,
    )
    write_audit(tx, f"table:{args.action}:{args.kind}:{iso(now)}:{uuid.uuid4().hex[:8]}", entry)


def _tell(report: Report, rows: list[Row], args: argparse.Namespace, name: str) -> None:
    if args.json:
        problems = [{"line": one.line, "problem": one.words} for one in report.problems]
        done = report.written and not args.dry_run
        say_json({"added": report.added, "changed": report.changed, "problems": problems, "written": done})
        return
    for one in report.problems[:SHOWN]:
        say(f"{name} line {one.line}: {one.words}")
    if more := len(report.problems) - SHOWN:
        say(f"... and {more} more") if more > 0 else None
    counted = f"{report.added} new, {report.changed} known before"
    if not report.written:
        say(
            f"Nothing of the {len(rows)} rows was written. Mend these, or bring in the others with --skip-bad."
        )
    elif args.dry_run:
        say(f"It would be {counted}; nothing was written.")
    else:
        left = f"; {len(report.problems)} left out" if report.problems else ""
        say(f"Brought in: {counted}{left}.")
