"""`loket serve` and `loket worker`: the desk on a port, and those who work behind it, until they are told to stop."""

import argparse
import asyncio
import signal
import socket
from typing import TYPE_CHECKING

from app import logging
from app.cli.common import say, settings_of
from app.database import conninfo_of, refuse_damaged
from app.front import bound
from app.serve import LoketServer
from app.settings import Settings
from app.wire import Wired, wire
from casefile.errors import BadInput

if TYPE_CHECKING:
    from app.scaled import LoketDoor


def run(args: argparse.Namespace) -> int:
    """Serve, or work, until SIGTERM or SIGINT; what is in hand is finished first."""
    settings = settings_of(args)
    logging.set_up(settings.shared.logging)
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(_work(settings) if args.action == "worker" else _serve(settings))
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
    refuse_damaged(settings)
    door = bound(settings.shared.server.host, settings.shared.server.port)
    wired = await wire(settings, cache=settings.cache)
    try:
        server = _server(wired, door)
    except BadInput:
        wired.database.close()
        door.close()
        raise
    await server.start()
    say(f"{wired.desk_config.title} ({wired.desk_config.name}) is served at {server.url}; /readyz says yes")
    if settings.shared.database.url is not None:
        say("This process takes in; `loket worker`, once or more often, does the rest.")
    await stop.wait()
    say("Stopping: what is in hand is finished first.")
    await server.stop()


def _server(wired: Wired, door: socket.socket) -> "LoketServer | LoketDoor":
    if wired.settings.shared.database.url is None:
        return LoketServer(wired, door)
    # Only who uses PostgreSQL waits for its libraries.
    from app.scaled import LoketDoor

    return LoketDoor(wired, door)


async def _work(settings: Settings) -> None:
    stop = stop_on_signals()
    # Refused before anything is opened where there is nothing to share.
    conninfo_of(settings)
    from app.scaled import LoketWorker

    wired = await wire(settings, cache=settings.cache)
    worker = LoketWorker(wired)
    await worker.start()
    say(f"{wired.desk_config.title} ({wired.desk_config.name}): {worker.name} works")
    await stop.wait()
    say("Stopping: what is in hand is finished first.")
    await worker.stop()


def stop_on_signals() -> asyncio.Event:
    """Return an event that SIGTERM and SIGINT set."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
