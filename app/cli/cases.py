"""`loket cases list`, `show` and `opinions`: the case files as they stand, and where a model reads otherwise."""

import argparse
import dataclasses
from datetime import datetime
from typing import Any, get_args
from zoneinfo import ZoneInfo

from app.cli.common import block, database, desk_config, say, say_json, settings_of, table
from casefile.case import CaseState
from casefile.errors import BadInput
from policies.privacy import mask_phone, scrub
from store.views import CaseFile, CaseLine, Views


def run(args: argparse.Namespace) -> int:
    """List cases, or show one."""
    settings = settings_of(args)
    zone = ZoneInfo(desk_config(settings).hours.zone)
    with database(settings) as opened:
        views = Views(opened, mask_phone)
        if args.action == "list":
            return _list(views, args, zone)
        if args.action == "opinions":
            return _opinions(views, args, zone)
        return _show(views, args, zone)


def _list(views: Views, args: argparse.Namespace, zone: ZoneInfo) -> int:
    if args.state is not None and args.state not in get_args(CaseState):
        raise BadInput(f"--state {args.state!r}: allowed are {', '.join(get_args(CaseState))}")
    lines = views.cases(desk=args.desk, state=args.state, limit=args.limit, plain=args.plain)
    if args.json:
        say_json([dataclasses.asdict(line) for line in lines])
        return 0
    names = views.staff_names()
    if not lines:
        say("No cases.")
        return 0
    heads = ("case", "state", "owner", "tier", "intent", "customer", "turns", "changed", "due")
    say(table(heads, [_line(line, zone, names) for line in lines]))
    return 0


def _opinions(views: Views, args: argparse.Namespace, zone: ZoneInfo) -> int:
    """Show where a model read a message otherwise than the rules: `loket cases show` and `replay` say which."""
    found = views.opinions(args.limit)
    if args.json:
        say_json(found)
        return 0
    rows = [(_at(row["at"], zone), row["case_id"] or "-", row["detail"]) for row in found]
    say(table(("at", "case", "the model differs"), rows) if rows else "None differs, or none is asked.")
    return 0


def _line(line: CaseLine, zone: ZoneInfo, names: dict[str, str]) -> tuple[str, ...]:
    due = at_words(line.due_at, zone) if line.due_at else "-"
    changed = at_words(line.updated_at, zone)
    who = _owner(line.owner, names)
    return (line.id, line.state, who, line.tier, line.intent, line.customer, str(line.turns), changed, due)


def _show(views: Views, args: argparse.Namespace, zone: ZoneInfo) -> int:
    file = views.case(args.case, plain=args.plain)
    if file is None:
        raise BadInput(f"there is no case {args.case!r}; `loket cases list` shows them")
    if args.json:
        say_json(dataclasses.asdict(file))
        return 0
    names = views.staff_names()
    say(_head(file, zone, args.plain, names))
    for title, heads, rows in _tables(file, zone, names):
        if rows:
            say(f"\n{title}")
            say(block_of(table(heads, rows)))
    say("\nconversation" if args.plain else "\nconversation (words are shown with --plain)")
    for line in file.transcript:
        arrow = "<" if line["direction"] == "in" else ">"
        say(f"  {_at(line['at'], zone)}  {arrow} {line['author']}")
        say(block(line["text"], "      "))
    return 0


def _owner(owner: str, names: dict[str, str]) -> str:
    person = owner.removeprefix("person:")
    return names.get(person, person)


def _head(file: CaseFile, zone: ZoneInfo, plain: bool, names: dict[str, str]) -> str:
    case = file.case
    rows = [
        ("case", f"{case['id']}  ({case['desk']}, {case['language']})"),
        ("state", f"{case['state']}, owned by {_owner(case['owner'], names)}"),
        ("request", f"{case['tier']} {case['intent']} ({case['kind']}, {case['sla']})"),
        ("customer", file.conversation.get("channel_address", "")),
        ("opened", _at(case["opened_at"], zone)),
        ("due", _at(case["due_at"], zone) if case["due_at"] else "-"),
        ("waits for", _waits_for(case)),
        ("ended", _ended(case)),
        ("tags", ", ".join(case["tags"]) or "-"),
    ]
    if plain:
        rows.append(("words", case["request"]))
    return "\n".join(f"{name:<11}{value}" for name, value in rows)


def _waits_for(case: dict[str, Any]) -> str:
    if case["state"] in {"resolved", "closed"}:
        return "nothing"
    return case["approval_id"] or case["waiting_for"] or case["pending_dependency"] or "nothing"


def _ended(case: dict[str, Any]) -> str:
    """Say how a case came to be as it is: disposition, root cause and what it showed to be missing."""
    parts = (case["disposition"] or "open", case["cause"], f"{case['gap']} gap" if case["gap"] else "")
    return "; ".join(part for part in parts if part)


def _tables(
    file: CaseFile, zone: ZoneInfo, names: dict[str, str]
) -> list[tuple[str, tuple[str, ...], list[tuple[str, ...]]]]:
    def person(who: str | None) -> str:
        return names.get(who or "", who or "-")

    return [
        (
            "way",
            ("when", "from", "to", "by"),
            [(_at(t["at"], zone), t["old"], t["new"], person(t["actor"])) for t in file.transitions],
        ),
        (
            "approvals",
            ("id", "kind", "state", "asked", "by"),
            [
                (a["id"], a["kind"], a["state"], _at(a["requested_at"], zone), person(a["decided_by"]))
                for a in file.approvals
            ],
        ),
        (
            "operations",
            ("when", "action", "status", "details"),
            [
                (_at(o["at"], zone), o["action"], o["status"], scrub(o["result"]["details"]))
                for o in file.operations
            ],
        ),
        (
            "ledger",
            ("state", "kind", "key", "tries", "why"),
            [(e["state"], e["kind"], e["key"], str(e["attempts"]), e["error"] or "") for e in file.effects],
        ),
        (
            "timers",
            ("timer", "state", "due"),
            [(t["timer"], t["state"], _at(t["due_at"], zone)) for t in file.timers],
        ),
        (
            "evidence",
            ("when", "kind", "file"),
            [(_at(e["at"], zone), e["kind"], e["media_id"]) for e in file.evidence],
        ),
    ]


def block_of(text: str) -> str:
    """Indent a table under its title."""
    return "\n".join(f"  {line}" for line in text.splitlines())


def at_words(at: datetime, zone: ZoneInfo) -> str:
    """Write an instant in the desk's time."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def _at(stored: Any, zone: ZoneInfo) -> str:
    return at_words(datetime.fromisoformat(str(stored)), zone)
