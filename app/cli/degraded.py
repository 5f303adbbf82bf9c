"""`loket degraded`: dependencies flagged and unflagged by hand, the incidents, and the decision about customers.

It writes to the database the server runs on; every process sees it at its next look.
"""

import argparse
import asyncio

from app.cli.common import person, say, say_json, settings_of, table
from app.cli.wiring import wired
from app.watch import flags_for, posts_for
from app.wire import Wired
from casefile.errors import BadInput
from casefile.incident import Incident
from policies.degraded import DEPENDENCIES
from policies.words import moment_words

LISTED = 20


def run(args: argparse.Namespace) -> int:
    """Flag, list or show; 0 when it was done, 1 when it was refused."""
    return asyncio.run(_run(args))


async def _run(args: argparse.Namespace) -> int:
    async with wired(settings_of(args)) as parts:
        match args.action:
            case "list":
                return await _list(parts, args.json)
            case "show":
                return await _show(parts, args.incident)
            case _:
                return await _flag(parts, args)


async def _flag(parts: Wired, args: argparse.Namespace) -> int:
    flags, by = flags_for(parts), person(await parts.stored.staff(), args.by)
    who = f"cli:{by.id}"
    if args.action in {"tell", "wait"}:
        before = await parts.incidents.incident(args.incident)
        say(await flags.tell(args.incident, "yes" if args.action == "tell" else "no", by, who))
        after = await parts.incidents.incident(args.incident)
        return 0 if after is not None and before != after else 1
    if args.dependency not in DEPENDENCIES:
        raise BadInput(f"there is no dependency {args.dependency!r}; there are {', '.join(DEPENDENCIES)}")
    was = await parts.incidents.incident(args.dependency)
    if args.action == "on":
        say(await flags.on(args.dependency, args.why, args.level, by, who))
    else:
        say(await flags.off(args.dependency, by, who))
    return 0 if await parts.incidents.incident(args.dependency) != was else 1


async def _list(parts: Wired, as_json: bool) -> int:
    found = await parts.incidents.latest(LISTED)
    if as_json:
        say_json([incident.model_dump(mode="json", exclude={"report", "rev"}) for incident in found])
        return 0
    if not found:
        say("Nothing is down, and nothing has been.")
        return 0
    say(
        table(
            ("", "incident", "dependency", "level", "since", "until", "cases", "why"),
            [_row(parts, i) for i in found],
        )
    )
    return 0


def _row(parts: Wired, incident: Incident) -> tuple[str, ...]:
    zone = parts.desk.rules.zone
    until = moment_words(incident.ended_at, zone, "en") if incident.ended_at else "still down"
    return (
        "" if incident.ended_at else "*",
        incident.id,
        incident.name,
        incident.level,
        moment_words(incident.since, zone, "en"),
        until,
        str(incident.cases),
        incident.why,
    )


async def _show(parts: Wired, named: str) -> int:
    incident = await parts.incidents.incident(named)
    if incident is None:
        raise BadInput(f"there is no incident {named!r}; `loket degraded list` shows them")
    say(incident.report or await posts_for(parts).postmortem(incident))
    return 0
