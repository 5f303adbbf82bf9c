"""`loket kb`: the folder's pages against the release in force, releases made and taken back, and the gaps."""

import argparse
import asyncio
import difflib
from collections.abc import Iterator
from dataclasses import asdict

from app.cli.common import complain, database, desk_config, person, say, say_json, settings_of, table
from app.cli.kb_blast import DAYS, radius, summary
from app.cli.kb_requests import found
from app.cli.wiring import wired
from app.finding import search_of
from app.settings import Settings
from app.wire import Wired
from casefile.errors import BadInput
from gateway.spending import account
from policies.privacy import mask_phone, scrub
from policies.reviews import past_review
from ports.search import Query
from services.pages import Page
from services.proposals import Proposal, proposals
from services.subscription import KeptSubscription
from services.written import Written
from store.views import Views

MARKS = {"added": "+", "changed": "~", "removed": "-"}
GRAVE = {"money": "about money", "policy": "about rules", "taken_back": "taken back"}


def run(args: argparse.Namespace) -> int:
    """Do one thing with the knowledge."""
    settings = settings_of(args)
    if args.action == "gaps":
        return _gaps(settings, args.json)
    return asyncio.run(_run(args, settings))


async def _run(args: argparse.Namespace, settings: Settings) -> int:
    async with wired(settings) as parts:
        if args.action == "review":
            return _review(parts, args.json)
        if args.action == "releases":
            return _releases(parts, args.json)
        if args.action == "rollback":
            return await _release(parts, parts.knowledge.pages_of(args.release), args)
        if args.action == "webhook":
            return await _webhook(parts, args)
        if args.action == "find":
            return await _find(parts, args)
        written = await parts.written.now(parts.clock.now())
        for problem in written.problems:
            complain(f"{problem.words}{_kept(problem.page)}")
        pages = written.upon(parts.knowledge.pages_in_force())
        if args.action in {"sync", "diff"}:
            return _changes(parts, written, pages, args)
        return await _release(parts, pages, args)


def _kept(page: str) -> str:
    return f" ({page} stays as it is in force)" if page else " (left out)"


async def _release(parts: Wired, pages: tuple[Page, ...], args: argparse.Namespace) -> int:
    by = person(await parts.stored.staff(), args.by)
    down = await parts.incidents.incident("knowledge")
    if down is not None:
        raise BadInput(
            f"the pages' source is out of order ({down.id}: {down.why}), so nothing is published; "
            "`loket degraded off knowledge --by STAFF` when it is back"
        )
    before, closes = parts.knowledge.in_force(), found(parts.database, args.closes)
    changes = proposals(parts.knowledge.pages_in_force(), pages)
    release = await parts.knowledge.publish(
        pages, by.id, parts.clock.now(), action=args.action, closes=closes
    )
    if release == before:
        say(f"{release} is in force already, with exactly these pages.")
        return 0
    say(f"{release} is in force now ({len(pages)} pages), by {by.name}; before it was {before}.")
    told, _ = radius(parts, changes, DAYS)
    for page in sorted({one.page for one in told if one.becomes != "the same"}):
        say(f"Customers were told of {page} what is not so any more: `loket kb blast --page {page}`.")
    return 0


async def _find(parts: Wired, args: argparse.Namespace) -> int:
    """Show what search finds, best first."""
    query = Query(
        text=" ".join(args.words), language=parts.desk_config.default_language, in_stock=args.in_stock
    )
    found = await search_of(parts).find(query, now := parts.clock.now())
    await account(parts.runner.calls, parts.desk.rules, parts.journal, now)
    if args.json:
        say_json([{"kind": one.kind, "id": one.id, "title": one.title, "score": one.score} for one in found])
    elif found:
        rows = [(one.kind, one.id, one.title, f"{one.score:.2f}") for one in found]
        say(table(("kind", "id", "title", "score"), rows))
    else:
        say("Nothing shares a word with that: no page in force, and nothing in the catalogue.")
    return 0


async def _webhook(parts: Wired, args: argparse.Namespace) -> int:
    """Show what a person pastes in Notion, or let it subscribe anew."""
    kept = KeptSubscription(parts.database)
    if args.forget:
        by = person(await parts.stored.staff(), args.by or "")
        gone = await kept.forget(by.id, parts.clock.now())
        say("Forgotten; the next token Notion sends is taken." if gone else "There is nothing to forget.")
        return 0
    found = kept.show()
    if found is None:
        address = f"/webhooks/notion/{parts.desk_config.name}"
        say(
            f"Notion has not subscribed yet: create the webhook in the integration's settings with {address}."
        )
    elif found.heard:
        say("Notion is subscribed, and what it sends is signed as it should be.")
    else:
        say(f"Paste this where Notion asks for it, then it starts to send: {found.token}")
    return 0


def _changes(parts: Wired, written: Written, pages: tuple[Page, ...], args: argparse.Namespace) -> int:
    release, before = parts.knowledge.in_force(), parts.knowledge.pages_in_force()
    changes = proposals(before, pages)
    if args.json:
        names = {kind: [c.page for c in changes if c.kind == kind] for kind in MARKS}
        waiting = {change.page: change.grave for change in changes if change.grave}
        problems = [asdict(problem) for problem in written.problems]
        told = {"in_force": release, "pages": len(written.pages), **names}
        say_json({**told, "a_person": waiting, "problems": problems})
        return 0
    say(f"{len(written.pages)} pages read and in order; {release} is in force.")
    if not changes:
        say("Nothing would change.")
        return 0
    for change in changes:
        why = f"  (a person: {', '.join(GRAVE[one] for one in change.grave)})" if change.grave else ""
        say(f"  {MARKS[change.kind]} {change.page}{why}")
    if args.action == "diff":
        for change in changes:
            for line in _lines(change, "folder" if parts.source is None else "written"):
                say(line)
        say()
        say(summary(*radius(parts, changes, DAYS), DAYS))
    say("`loket kb publish --by STAFF` puts this in force.")
    return 0


def _lines(change: Proposal, where: str) -> Iterator[str]:
    if change.kind == "changed" and change.before and change.after:
        yield ""
        yield from difflib.unified_diff(
            change.before.source.splitlines(),
            change.after.source.splitlines(),
            f"{change.page} (in force)",
            f"{change.page} ({where})",
            lineterm="",
            n=1,
        )


def _review(parts: Wired, as_json: bool) -> int:
    days = parts.desk_config.knowledge.review_days
    today = parts.clock.now().astimezone(parts.desk.rules.zone).date()
    late = past_review(parts.knowledge.reviewed(), today, days)
    if as_json:
        say_json([page.model_dump(mode="json") for page in late])
    elif late:
        rows = [(page.page, f"{page.last_reviewed:%Y-%m-%d}", page.owner) for page in late]
        say(table(("page", "last reviewed", "owner"), rows))
    else:
        say(f"Every page in force was reviewed within the last {days} days.")
    return 0


def _releases(parts: Wired, as_json: bool) -> int:
    found = Views(parts.database, mask_phone).releases()
    if as_json:
        say_json(found)
        return 0
    rows = [
        (
            "*" if row["in_force"] else "",
            row["release"],
            row["at"][:16],
            row["published_by"],
            str(row["pages"]),
        )
        for row in found
    ]
    say(table(("", "release", "when (UTC)", "by", "pages"), rows))
    return 0


def _gaps(settings: Settings, as_json: bool) -> int:
    config = desk_config(settings)
    with database(settings) as opened:
        found = Views(opened, mask_phone).gaps()
    shown = [{**row, "question": scrub(row["question"])} for row in found]
    if as_json:
        say_json(shown)
        return 0
    if not shown:
        say("No gaps: every question found its page.")
        return 0
    rows = [(row["at"][:16], row["case_id"], row["language"], row["question"]) for row in shown]
    say(table(("when (UTC)", "case", "lang", f"what {config.title} could not answer"), rows))
    return 0
