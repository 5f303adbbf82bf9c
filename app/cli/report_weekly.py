"""`loket report weekly`: a week in figures, as the ops lane has it on Monday; of any week there are records of."""

import argparse
import asyncio

from app.cli.common import database, say, say_json, settings_of
from app.desk import desk_for
from app.wire import clock_for
from gateway.weekly_pack import WeeklyPacks
from policies.sampling import WEEK, week_of
from prompts.weekly import sections
from store.auditing import SqlAuditBook
from store.weekly import SqlWeekBook


def run(args: argparse.Namespace) -> int:
    """Count the week and show it."""
    settings = settings_of(args)
    now = clock_for(settings).now()
    desk = desk_for(*settings.desks[0], now.year)
    zone = desk.rules.zone
    week = args.week or week_of(now - WEEK, zone)
    with database(settings) as opened:
        packs = WeeklyPacks(SqlWeekBook(opened, zone), SqlAuditBook(opened, desk.rules.desk), desk)
        pack = asyncio.run(packs.made(week))
    if args.json:
        say_json(pack.model_dump())
        return 0
    parts = list(sections(pack, desk.lanes._replace(language=args.lang)))
    width = max(len(what) for _, lines in parts for what, _ in lines)
    say(f"{desk.rules.desk} {week}")
    for heading, lines in parts:
        say(f"\n{heading}")
        for what, figure in lines:
            say(f"  {what:<{width}}  {figure}")
    return 0
