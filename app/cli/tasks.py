"""`loket tasks list`: what people have to carry out, for which case, and who."""

import argparse
import asyncio
from zoneinfo import ZoneInfo

from app.cli.cases import at_words
from app.cli.common import database, desk_config, say, say_json, settings_of, table
from casefile.records import DueTask
from policies.privacy import mask_phone
from store.handed import SqlHandedOver
from store.views import Views


def run(args: argparse.Namespace) -> int:
    """List the orders that are due."""
    settings = settings_of(args)
    zone = ZoneInfo(desk_config(settings).hours.zone)
    with database(settings) as opened:
        tasks = asyncio.run(SqlHandedOver(opened).tasks(every=args.every))
        names = Views(opened, mask_phone).staff_names()
    if args.json:
        say_json([task.model_dump(mode="json") for task in tasks])
        return 0
    if not tasks:
        say("Nothing is due.")
        return 0
    heads = ("task", "what", "who", "case", "state", "since", "conditions")
    say(table(heads, [_line(task, names, zone) for task in tasks]))
    return 0


def _line(task: DueTask, names: dict[str, str], zone: ZoneInfo) -> tuple[str, ...]:
    who = names.get(task.assignee, task.assignee)
    since = at_words(task.at, zone)
    return (task.id, task.action, who, task.case_id, task.state, since, task.conditions or "-")
