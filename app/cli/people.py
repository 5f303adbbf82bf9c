"""`loket contact show|vip|merge|unmerge`: who somebody is to us, and two contacts that are one person."""

import argparse
import asyncio
import uuid
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.cli.common import database, desk_config, person, say, say_json, settings_of
from app.settings import Settings
from app.wire import clock_for
from casefile.errors import BadInput
from casefile.money import rupiah
from casefile.packets import AuditEntry
from policies.privacy import hash_target
from services.contact_merge import Who, merge, unmerge
from store import leads, orders, records
from store.audit import write_audit
from store.database import Database
from store.facts import Reading
from store.person import find_contact
from store.times import iso
from store.transaction import Tx


def run(args: argparse.Namespace) -> int:
    """Look a contact up, or change who they are to us; what is done stands in the audit trail."""
    settings = settings_of(args)
    with database(settings) as opened:
        by = person(records.staff(opened.read), args.by).id
        return asyncio.run(ACTIONS[args.action](settings, opened, args, by))


async def _show(settings: Settings, opened: Database, args: argparse.Namespace, by: str) -> int:
    contact_id = _found(opened, args.contact)
    known = records.contact(opened.read, contact_id)
    assert known is not None
    bought = [
        o for o in orders.orders_of(opened.read, contact_id) if o.status not in ("cancelled", "expired")
    ]
    shown: dict[str, Any] = {
        **known.model_dump(mode="json"),
        "addresses": [one.model_dump(mode="json") for one in orders.addresses_of(opened.read, contact_id)],
        "orders": len(bought),
        "bought_for": sum(order.total for order in bought if order.status != "pending"),
        "last_order_at": bought[0].created_at.isoformat() if bought else None,
        "returning": bool(bought),
        "leads": leads.notes_of(opened.read, contact_id),
    }
    now = clock_for(settings).now()
    await opened.submit(lambda tx: _document(tx, settings, contact_id, "CONTACT_SHOW", by, "shown", now))
    if args.json:
        say_json(shown)
        return 0
    say(f"{contact_id}  {known.full_name or known.wa_name or '(no name)'}{'  VIP' if known.vip else ''}")
    say("reached by: " + ", ".join(f"{alias.kind} {alias.value}" for alias in known.aliases))
    say(f"email: {known.email or '-'}   wants no messages we start: {'yes' if known.opt_out else 'no'}")
    say(
        f"orders: {len(bought)}, bought for {rupiah(shown['bought_for'])}, last {shown['last_order_at'] or '-'}"
    )
    say(f"notes: {known.notes or '-'}")
    for lead in shown["leads"]:
        say(f"lead {lead['case_id']}, {lead['at']}: {lead['summary']} ({lead['outcome']})")
    return 0


async def _vip(settings: Settings, opened: Database, args: argparse.Namespace, by: str) -> int:
    contact_id, on = _found(opened, args.contact), args.state == "on"
    now = clock_for(settings).now()

    def work(tx: Tx) -> None:
        tx.execute("UPDATE contacts SET vip = ?, rev = rev + 1 WHERE id = ?", (int(on), contact_id))
        _document(tx, settings, contact_id, "CONTACT_VIP", by, f"vip {args.state}: {args.reason}", now)

    await opened.submit(work)
    say(
        f"{contact_id} is {'a VIP: a person decides on all their transactions' if on else 'no VIP any more'}."
    )
    return 0


async def _merge(settings: Settings, opened: Database, args: argparse.Namespace, by: str) -> int:
    kept, gone = _found(opened, args.kept), _found(opened, args.gone)
    who = Who(by, args.reason, clock_for(settings).now())

    def work(tx: Tx) -> dict[str, int]:
        counts = merge(tx, kept, gone, who, _reading(settings), uuid.uuid4().hex[:12])
        _document(tx, settings, gone, "CONTACT_MERGE", by, f"into {kept}: {args.reason}", who.now)
        return counts

    counts = await opened.submit(work)
    moved = ", ".join(f"{n} {table}" for table, n in sorted(counts.items())) or "nothing"
    say(f"{gone} is {kept} now; went over: {moved}. `loket contact unmerge {gone}` takes it back.")
    return 0


async def _unmerge(settings: Settings, opened: Database, args: argparse.Namespace, by: str) -> int:
    who = Who(by, args.reason, clock_for(settings).now())

    def work(tx: Tx) -> str:
        kept = unmerge(tx, args.gone, who, _reading(settings))
        _document(tx, settings, args.gone, "CONTACT_UNMERGE", by, f"from {kept}: {args.reason}", who.now)
        return kept

    kept = await opened.submit(work)
    say(
        f"{args.gone} and {kept} are two contacts again; what came through {args.gone}'s conversations is theirs."
    )
    return 0


def _found(opened: Database, who: str) -> str:
    contact_id = find_contact(opened.read, who)
    if contact_id is None:
        raise BadInput(f"{who!r} is no contact's id, phone, email or other alias, or not one alone")
    return contact_id


def _reading(settings: Settings) -> Reading:
    config = desk_config(settings)
    limits = config.limits
    return Reading(ZoneInfo(config.hours.zone), limits.quota_month, limits.snapshot_ttl_minutes)


def _document(
    tx: Tx, settings: Settings, contact_id: str, action: str, by: str, reason: str, now: datetime
) -> None:
    entry = AuditEntry(
        at=now,
        case_id=None,
        actor=by,
        service="contacts",
        action=action,
        target_hash=hash_target(contact_id, settings.salt),
        result="success",
        reason=reason,
    )
    write_audit(tx, f"contact:{action}:{iso(now)}:{uuid.uuid4().hex[:8]}", entry)


ACTIONS = {"show": _show, "vip": _vip, "merge": _merge, "unmerge": _unmerge}
