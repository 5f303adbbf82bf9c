"""`loket retention`: what is past its limit, and removing it."""

import argparse
import asyncio
from collections.abc import Sequence

from app.cli.common import database, say, say_json, settings_of, table
from app.settings import Settings, media_folder
from app.wire import clock_for
from services.retention import Past, RetentionJob


def run(args: argparse.Namespace) -> int:
    """Say what is past its limit; unless only asked to look, remove it."""
    return asyncio.run(_run(settings_of(args), args.dry_run, args.json))


async def _run(settings: Settings, dry: bool, as_json: bool) -> int:
    now = clock_for(settings).now()
    with database(settings) as opened:
        job = RetentionJob(opened, settings.shared.retention, media_folder(settings))
        past = await job.past(now)
        while not dry and not await job.retire(now):
            pass
    if as_json:
        say_json({"removed": not dry, "past": [_plain(kind) for kind in past]})
    elif not any(kind.count for kind in past):
        say("Nothing is past its limit.")
    else:
        say(_table(past))
        say("Nothing was removed: this was a dry run." if dry else "All of it was removed.")
    return 0


def _plain(kind: Past) -> dict[str, object]:
    return {
        "what": kind.name,
        "days": kind.days,
        "before": kind.before.isoformat(),
        "count": kind.count,
        "counted": kind.unit,
    }


def _table(past: Sequence[Past]) -> str:
    lines = [
        (
            kind.name.replace("_", " "),
            f"{kind.days} days",
            f"{kind.before:%Y-%m-%d %H:%M}",
            str(kind.count),
            kind.unit,
        )
        for kind in past
    ]
    return table(("what", "kept for", "older than (UTC)", "past it", "of"), lines)
