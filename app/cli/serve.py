"""`loket serve`: the desk on a port, until it is told to stop."""

import argparse
import asyncio
import signal

from app import logging
from app.cli.common import say, settings_of
from app.serve import LoketServer, bound
from app.settings import Settings
from app.wire import wire
from casefile.errors import BadInput


def run(args: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT; what is in hand is finished first."""
    settings = settings_of(args)
    logging.set_up(settings.shared.logging)
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(_serve(settings))
    return 0


def loop_factory() -> "type[asyncio.AbstractEventLoop] | None":
    """Return uvloop's event loop where it is installed (it is not made for every system)."""
    try:
        import uvloop
    except ModuleNotFoundError:
        return None
    return uvloop.Loop


async def _serve(settings: Settings) -> None:
    stop = stop_on_signals()
    door = bound(settings.shared.server.host, settings.shared.server.port)
    wired = await wire(settings, cache=settings.cache)
    try:
        server = LoketServer(wired, door)
    except BadInput:
        wired.database.close()
        door.close()
        raise
    await server.start()
    say(f"{wired.desk_config.title} ({wired.desk_config.name}) is served at {server.url}; /readyz says yes")
    await stop.wait()
    say("Stopping: what is in hand is finished first.")
    await server.stop()


def stop_on_signals() -> asyncio.Event:
    """Return an event that SIGTERM and SIGINT set."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
