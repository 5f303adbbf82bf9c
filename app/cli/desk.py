"""`loket desk check`: a desk's folder looked through, and its own scripts played, before anybody is served from it."""

import argparse
import asyncio
from dataclasses import asdict
from pathlib import Path

from adapters.clock import SystemClock
from app.cli.common import block, config_path, say, say_json, table
from app.desk_check import mistakes
from app.desk_settings import read_desk
from app.play_show import CROSS, TICK, Played
from app.settings import Settings, load


def run(args: argparse.Namespace) -> int:
    """Say every mistake; where there is none, play the scripts; 1 when something is to be mended."""
    home = Path(args.folder).resolve()
    found = mistakes(home, SystemClock().now().date())
    played = [] if found or args.no_scripts else asyncio.run(_played(_serving(config_path(args), home)))
    failed = sum(not one.ok for one in played)
    if args.json:
        say_json({"mistakes": [asdict(one) for one in found], "scripts": [one.as_json() for one in played]})
        return 1 if found or failed else 0
    for one in found:
        say(f"{one.where}\n{block(one.said, '    ')}")
    if found:
        say(f"\n{len(found)} to mend in {home.name}; docs/new-desk.md says what each file holds.")
        return 1
    say(f"{home.name}: every file is in order.")
    if played:
        say(_table(played))
    return 1 if failed else 0


def _serving(config: Path, home: Path) -> Settings:
    """Return the settings with this folder's desk in the place of those that the config names."""
    return load(config).model_copy(update={"desks": ((home, read_desk(home / "desk.yaml")),)})


async def _played(settings: Settings) -> list[Played]:
    # Only here: what plays scripts is of no use while a file cannot be read.
    from app.desk import load_desk
    from app.play import fits, play_all, scripts_of
    from app.script import load_scripts
    from app.stage import cache_of

    loaded, scripts = load_desk(settings, cache_of(settings)), load_scripts(scripts_of(settings, "all"))
    for named in scripts:
        fits(named, settings, loaded)
    return [played async for played, _ in play_all(scripts, settings=settings, loaded=loaded)]


def _table(played: list[Played]) -> str:
    rows = [(TICK if one.ok else CROSS, one.name, one.language, str(one.steps), one.title) for one in played]
    failures = [
        f"\n{one.name}\n" + "\n".join(block(f, "    ") for f in one.failures) for one in played if not one.ok
    ]
    passed = f"\n{sum(one.ok for one in played)} of {len(played)} scripts as expected."
    return "\n".join(("", table(("", "script", "lang", "steps", "title"), rows), *failures, passed))
