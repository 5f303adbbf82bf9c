"""`loket kb requests`: what is asked to be changed in the pages, by whom it is settled, and asking for it."""

import argparse
import asyncio
from dataclasses import asdict

from app.cli.common import database, person, say, say_json, settings_of, table
from app.settings import Settings
from app.wire import clock_for
from casefile.errors import BadInput
from policies.privacy import scrub
from services.change_drafts import ChangeDrafts
from services.change_requests import ChangeRequest, ChangeRequests
from store.database import Database
from store.records import staff


def run(args: argparse.Namespace) -> int:
    """List the requests, add one, or reject one."""
    settings = settings_of(args)
    with database(settings) as opened:
        if args.action == "requests":
            return _list(ChangeRequests(opened), ChangeDrafts(opened).keys(), args)
        return asyncio.run(_change(opened, settings, args))


def found(opened: Database, keys: list[str]) -> tuple[ChangeRequest, ...]:
    """Return open requests by their keys; BadInput for one that is settled or was never made."""
    known = {one.key: one for one in ChangeRequests(opened).all() if one.state == "open"}
    if strange := [key for key in keys if key not in known]:
        raise BadInput(f"no open request {', '.join(strange)}; `loket kb requests` lists them")
    return tuple(known[key] for key in keys)


def _list(requests: ChangeRequests, drafts: frozenset[str], args: argparse.Namespace) -> int:
    shown = [one for one in requests.all() if args.every or one.state == "open"]
    if args.json:
        say_json([{**asdict(one), "words": scrub(one.words), "at": one.at.isoformat()} for one in shown])
        return 0
    if not shown:
        say("Nobody asks for a change.")
        return 0
    rows = [
        (
            f"{one.at:%Y-%m-%d %H:%M}",
            one.key,
            one.page or "-",
            one.release or ("drafted" if one.key in drafts and one.state == "open" else one.state),
            scrub(one.words),
        )
        for one in shown
    ]
    say(table(("when (UTC)", "request", "page", "state", "what"), rows))
    say(
        "`loket kb draft REQUEST` drafts one, `loket kb publish --closes REQUEST --by STAFF` answers it;"
        " `loket kb reject REQUEST` sets it aside."
    )
    return 0


async def _change(opened: Database, settings: Settings, args: argparse.Namespace) -> int:
    requests, now = ChangeRequests(opened), clock_for(settings).now()
    by = person(staff(opened.read), args.by)
    if args.action == "reject":
        (request,) = found(opened, [args.request])
        if not await requests.reject(request, by.id, args.why, now):
            raise BadInput(f"{request.key} has been settled meanwhile")
        say(f"{request.key}: set aside by {by.name}.")
        return 0
    key = f"person:{by.id}:{now:%Y%m%d%H%M%S%f}"
    await requests.ask(ChangeRequest(key, "person", args.page, args.words, None, now))
    say(f"{key}: asked for by {by.name}.")
    return 0
