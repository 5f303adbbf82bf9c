"""`loket cost`: what models have cost, summed as asked for or call by call."""

import argparse
from datetime import date
from typing import Any

from app.cli.common import database, desk_config, say, say_json, settings_of, table
from casefile.base import Language
from casefile.errors import BadInput
from casefile.money import micro_rupiah
from store.model_calls import SqlSpending

COLUMNS = {"case": "case_id"}
CALL = ("at", "case_id", "turn", "tier", "role", "task", "model", "strength", "outcome")


def run(args: argparse.Namespace) -> int:
    """Sum, or list."""
    settings = settings_of(args)
    language = desk_config(settings).lane_language
    since = _day(args.since)
    with database(settings) as opened:
        spending = SqlSpending(opened)
        if args.by == "call" or args.case:
            rows = spending.calls(since=since, case_id=args.case, limit=args.limit)
            heads: tuple[str, ...] = CALL
        else:
            column = COLUMNS.get(args.by, args.by)
            rows, heads = spending.sums(column, since=since, desk=args.desk), (column, "calls", "strong")
    if args.json:
        say_json(rows)
        return 0
    if not rows:
        say("No model has been asked.")
        return 0
    say(table((*heads, "input", "cached", "output", "cost"), [_line(row, heads, language) for row in rows]))
    total = sum(row["cost"] for row in rows)
    say(f"\n{micro_rupiah(total, language)} in all.")
    return 0


def _line(row: dict[str, Any], heads: tuple[str, ...], language: Language) -> tuple[str, ...]:
    counts = (row["input_tokens"], row["cached_tokens"], row["output_tokens"])
    told = (str(row[name]) or "-" for name in heads)
    return (*told, *(str(count) for count in counts), micro_rupiah(row["cost"], language))


def _day(since: str | None) -> str:
    try:
        return date.fromisoformat(since).isoformat() if since else ""
    except ValueError as error:
        raise BadInput(f"--since {since!r} is no day; write it like 2026-11-23") from error
