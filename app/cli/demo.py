"""`loket demo`: sandbox and server on this machine, with the page, or the scripted conversations in the terminal."""

import argparse
import asyncio
from pathlib import Path

from app import logging
from app.cli.common import config_path, say
from app.cli.serve import loop_factory, stop_on_signals
from app.settings import Settings, load
from app.stage import open_stage
from casefile.errors import BadInput

HOME = Path("var/demo")
TRY = """
  Kalau refund boleh ga sih?          a question about policy: answered from the page, nobody else is woken
  Jadwal les aku kapan ya?            your own data: answered from the records, because your number proves who you are
  Mau refund dong, uangku balikin     a request: it waits for a coach; press Approve in the group on the right
  Pindah jadwal dong, Kak             inside policy: moved and confirmed; move the clock to an hour before and try again

At the shop's phone: kemeja linen bahari yg navy size L masih ada?  -  mau pesen 1 ya kak  -  iya  -  and press Bayar
"""


def run(args: argparse.Namespace) -> int:
    """Open the stage, or play scripts on stages of their own."""
    settings = load(config_path(args))
    if args.desk is not None:
        settings = settings.alone(args.desk)
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        if args.script:
            return runner.run(_scripts(settings, args.script, args.json))
        return runner.run(_stage(settings, args))


async def _scripts(settings: Settings, asked: list[str], as_json: bool) -> int:
    # Only here: the player and what it needs are of no use to the page.
    from app.play import play, sorted_scripts

    failed = 0
    for desk, paths in sorted_scripts(settings, asked):
        failed |= await play(paths, settings=desk, json=as_json, out=lambda line: print(line, flush=True))
    return failed


async def _stage(settings: Settings, args: argparse.Namespace) -> int:
    logging.set_up(settings.shared.logging.model_copy(update={"level": "error"}))
    home = Path(args.home) if args.home else HOME
    check_home(home)
    port = settings.shared.sandbox.port if args.port is None else args.port
    stop = stop_on_signals()
    stage = await open_stage(settings, home, sandbox_port=port)
    say(f"Loket is open. The page: {stage.sandbox.url}")
    say(f"\nWrite as one of the sample customers, for instance:\n{TRY}")
    say(f"In another terminal: loket cases list --home {home}    loket replay CASE --home {home}")
    say("Ctrl-C closes it.")
    await stop.wait()
    await stage.stop()
    return 0


def check_home(home: Path) -> None:
    """Refuse to empty a folder that no demo made."""
    if home.exists() and (not home.is_dir() or (any(home.iterdir()) and not (home / "clock.json").is_file())):
        raise BadInput(f"--home {home}: the demo empties its folder, and this one holds something else")
