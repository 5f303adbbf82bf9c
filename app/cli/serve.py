"""`loket serve` and `loket worker`: the desks on a port, and those who work behind it, until they are told to stop."""

import argparse
import asyncio
import signal
import socket
from typing import TYPE_CHECKING

from app import logging
from app.cli.common import every_desk, say
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
    settings = every_desk(args)
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
    for one in settings.each:
        refuse_damaged(one)
    door = bound(settings.shared.server.host, settings.shared.server.port)
    wired = await _wired(settings)
    try:
        server = _server(wired, door)
    except BadInput:
        for parts in wired:
            parts.database.close()
        door.close()
        raise
    await server.start()
    is_are = "is" if len(wired) == 1 else "are"
    say(f"{_named(wired)} {is_are} served at {server.url}; /readyz says yes")
    if settings.shared.database.url is not None:
        say("This process takes in; `loket worker`, once or more often, does the rest.")
    await stop.wait()
    say("Stopping: what is in hand is finished first.")
    await server.stop()


async def _wired(settings: Settings) -> list[Wired]:
    return [await wire(one, cache=settings.cache) for one in settings.each]


def _named(wired: list[Wired]) -> str:
    return ", ".join(f"{one.desk_config.title} ({one.desk_config.name})" for one in wired)


def _server(wired: list[Wired], door: socket.socket) -> "LoketServer | LoketDoor":
    if wired[0].settings.shared.database.url is None:
        return LoketServer(wired, door)
    # Only who uses PostgreSQL waits for its libraries.
    from app.scaled import LoketDoor

    return LoketDoor(wired, door)


async def _work(settings: Settings) -> None:
    stop = stop_on_signals()
    # Refused before anything is opened where there is nothing to share.
    conninfo_of(settings)
    from app.scaled import LoketWorker

    wired = await _wired(settings)
    workers = [LoketWorker(one) for one in wired]
    for worker in workers:
        await worker.start()
    say(f"{_named(wired)}: {', '.join(worker.name for worker in workers)} works")
    await stop.wait()
    say("Stopping: what is in hand is finished first.")
    for worker in workers:
        await worker.stop()


def stop_on_signals() -> asyncio.Event:
    """Return an event that SIGTERM and SIGINT set."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
