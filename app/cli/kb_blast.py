"""`loket kb blast`: what a release would change of what was said, and who holds what is not so any more."""

import argparse
import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from zoneinfo import ZoneInfo

from app.cli.cases import at_words
from app.cli.common import desk_config, say, say_json, settings_of, table
from app.cli.wiring import wired
from app.golden_blast import Touched, touched
from app.settings import Settings
from app.wire import Wired
from casefile.errors import BadInput
from policies.privacy import mask_phone
from services.blast import Blast, Told
from services.proposals import Proposal, proposals

DAYS = 30


def run(args: argparse.Namespace) -> int:
    """Show what a release would do, or who was told what a page does not say any more."""
    return asyncio.run(_run(args, settings_of(args)))


async def _run(args: argparse.Namespace, settings: Settings) -> int:
    async with wired(settings) as parts:
        now = parts.clock.now()
        if args.page is not None:
            return _stale(parts, args)
        written = await parts.written.now(now)
        before = parts.knowledge.pages_in_force()
        changes = proposals(before, written.upon(before))
        told, golden = radius(parts, changes, args.days)
        if args.json:
            say_json({"days": args.days, "answers": _data(told), "golden": [asdict(one) for one in golden]})
            return 0
        if not changes:
            say("Nothing would change.")
            return 0
        say(summary(told, golden, args.days))
        _show(parts, [one for one in told if one.becomes != "the same"])
        for one in golden:
            say(f"  golden {one.name}: {one.page}{'' if one.heard else ' (by what it asks for)'}")
    return 0


def radius(
    parts: Wired, changes: Sequence[Proposal], days: int
) -> tuple[tuple[Told, ...], tuple[Touched, ...]]:
    """Return the answers of the last days that rest on these pages, and the golden conversations that do."""
    now = parts.clock.now()
    told = _blast(parts).of(changes, now - timedelta(days=days), now)
    return told, touched(parts.desk_config.name, changes, parts.knowledge.words)


def summary(told: Sequence[Told], golden: Sequence[Touched], days: int) -> str:
    """Say it in a line."""
    become = Counter(one.becomes for one in told)
    return (
        f"Of the answers of the last {days} days {len(told)} rest on these pages: {become['different']} would be"
        f" different, {become['without a page']} would have no page, {become['the same']} would be the same."
        f" Golden conversations touched: {len({one.name for one in golden})}."
    )


def _stale(parts: Wired, args: argparse.Namespace) -> int:
    """List who was told of a page what it does not say (any more)."""
    now = parts.clock.now()
    pages = {page.name: page for page in parts.knowledge.pages_in_force()}
    if args.page not in pages and not parts.knowledge.ever(args.page):
        raise BadInput(
            f"no release has ever had a page {args.page!r}; write it with its language, as parking.id"
        )
    told = _blast(parts).stale(args.page, pages.get(args.page), now - timedelta(days=args.days), now)
    if args.json:
        say_json({"page": args.page, "days": args.days, "answers": _data(told)})
        return 0
    if not told:
        say(f"In the last {args.days} days nobody was told of {args.page} what it does not say now.")
        return 0
    people = len({one.customer for one in told})
    say(
        f"Told of {args.page} in the last {args.days} days what it does not say now ({people} by their number):"
    )
    _show(parts, told)
    return 0


def _show(parts: Wired, told: Sequence[Told]) -> None:
    if not told:
        return
    zone = ZoneInfo(desk_config(parts.settings).hours.zone)
    rows = [
        (at_words(one.at, zone), one.case_id, one.customer, one.page, one.release, one.becomes)
        for one in told
    ]
    say(table(("when", "case", "customer", "page", "release", "today"), rows))


def _data(told: Sequence[Told]) -> list[dict[str, object]]:
    return [{**asdict(one), "at": one.at.isoformat()} for one in told]


def _blast(parts: Wired) -> Blast:
    return Blast(parts.database, parts.knowledge.citable, mask_phone)
