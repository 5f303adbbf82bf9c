"""`loket audit sample`: which answers of a week people look at; picked once, the same for everybody."""

import argparse
import asyncio
from zoneinfo import ZoneInfo

from app.cli.common import database, desk_config, say, say_json, settings_of, table
from app.settings import Settings
from app.wire import clock_for
from casefile.auditing import Answer, Sample
from casefile.errors import BadInput
from gateway.auditing import Sampler
from policies.sampling import WEEK, span, week_of
from store.auditing import SqlAuditBook
from store.database import Database


def run(args: argparse.Namespace) -> int:
    """Pick a week's sample, or show the one that was picked."""
    return asyncio.run(_run(args))


async def _run(args: argparse.Namespace) -> int:
    if args.size < 1:
        raise BadInput(f"--size {args.size}: at least one answer has to be looked at")
    settings = settings_of(args)
    with database(settings) as opened:
        sample = await sampled(opened, settings, args.week, args.size)
    if args.json:
        say_json(sample.model_dump(mode="json"))
        return 0
    say(f"{sample.week}: {len(sample.answers)} of {sample.sent} answers.")
    if sample.answers:
        say(table(("answer", "case", "tier", "lang", "words", "judged"), [_line(a) for a in sample.answers]))
        say(f"`loket audit label --week {sample.week} --by STAFF` judges them.")
    return 0


async def sampled(opened: Database, settings: Settings, week: str | None, size: int) -> Sample:
    """Return a week's sample, picked now if nobody has (BadInput while the week is not over)."""
    config, now = desk_config(settings), clock_for(settings).now()
    zone = ZoneInfo(config.hours.zone)
    wanted = week or week_of(now - WEEK, zone)
    if span(wanted, zone)[1] > now:
        raise BadInput(f"{wanted} is not over yet, and a week is picked from only once")
    return await Sampler(SqlAuditBook(opened, config.name), config.name, zone).picked(wanted, size, now)


def _line(answer: Answer) -> tuple[str, ...]:
    words = "model" if answer.drafted else "template"
    judged = answer.judgement.label if answer.judgement else "-"
    return (answer.key, answer.case_id, answer.tier, answer.language, words, judged)
