"""`loket kb`: the folder's pages against the release in force, releases made and taken back, and the gaps."""

import argparse
import asyncio
import difflib
from collections.abc import Iterator
from dataclasses import asdict

from app.cli.common import complain, database, desk_config, person, say, say_json, settings_of, table
from app.cli.wiring import wired
from app.settings import Settings
from app.wire import Wired
from casefile.errors import BadInput
from policies.privacy import mask_phone, scrub
from services.pages import Page
from services.written import Written
from store.views import Views


def run(args: argparse.Namespace) -> int:
    """Do one thing with the knowledge."""
    settings = settings_of(args)
    if args.action == "gaps":
        return _gaps(settings, args.json)
    return asyncio.run(_run(args, settings))


async def _run(args: argparse.Namespace, settings: Settings) -> int:
    async with wired(settings) as parts:
        if args.action == "releases":
            return _releases(parts, args.json)
        if args.action == "rollback":
            return await _release(parts, parts.knowledge.pages_of(args.release), args.by)
        written = await parts.written.now(parts.clock.now())
        for problem in written.problems:
            complain(f"{problem.words}{_kept(problem.page)}")
        pages = written.upon(parts.knowledge.pages_in_force())
        if args.action in {"sync", "diff"}:
            return _changes(parts, written, pages, args)
        return await _release(parts, pages, args.by)


def _kept(page: str) -> str:
    return f" ({page} stays as it is in force)" if page else " (left out)"


async def _release(parts: Wired, pages: tuple[Page, ...], who: str) -> int:
    by = person(await parts.stored.staff(), who)
    down = await parts.incidents.incident("knowledge")
    if down is not None:
        raise BadInput(
            f"the pages' source is out of order ({down.id}: {down.why}), so nothing is published; "
            "`loket degraded off knowledge --by STAFF` when it is back"
        )
    before = parts.knowledge.in_force()
    release = await parts.knowledge.publish(pages, by.id, parts.clock.now())
    if release == before:
        say(f"{release} is in force already, with exactly these pages.")
    else:
        say(f"{release} is in force now ({len(pages)} pages), by {by.name}; before it was {before}.")
    return 0


def _changes(parts: Wired, written: Written, pages: tuple[Page, ...], args: argparse.Namespace) -> int:
    changes, release = parts.knowledge.sync(pages), parts.knowledge.in_force()
    if args.json:
        names = {"added": changes.added, "changed": changes.changed, "removed": changes.removed}
        problems = [asdict(problem) for problem in written.problems]
        say_json({"in_force": release, "pages": len(written.pages), **names, "problems": problems})
        return 0
    say(f"{len(written.pages)} pages read and in order; {release} is in force.")
    if not changes:
        say("Nothing would change.")
        return 0
    for mark, pages_of in (("+", changes.added), ("~", changes.changed), ("-", changes.removed)):
        for name in pages_of:
            say(f"  {mark} {name}")
    if args.action == "diff" and release is not None:
        where = "folder" if parts.source is None else "written"
        for line in _lines(pages, parts.knowledge.pages_of(release), {*changes.changed}, where):
            say(line)
    say("`loket kb publish --by STAFF` puts this in force.")
    return 0


def _lines(new: tuple[Page, ...], old: tuple[Page, ...], changed: set[str], where: str) -> Iterator[str]:
    before = {page.name: page.source.splitlines() for page in old}
    for page in new:
        name = page.name
        if name in changed:
            yield ""
            yield from difflib.unified_diff(
                before[name],
                page.source.splitlines(),
                f"{name} (in force)",
                f"{name} ({where})",
                lineterm="",
                n=1,
            )


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
