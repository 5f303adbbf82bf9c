"""One `loket worker` in a process of its own, ended by SIGTERM."""

import asyncio
import os
from multiprocessing.synchronize import Event

from app.settings import ROOT, Settings


def work(settings: Settings, ready: Event) -> None:
    """Work until told to stop; `ready` is set once it does."""
    from app.cli.main import ENVIRONMENT

    os.environ.update(ENVIRONMENT)
    from app.cli.serve import loop_factory

    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(_work(settings, ready))


async def _work(settings: Settings, ready: Event) -> None:
    from app.cli.serve import stop_on_signals
    from app.desk import load_desk
    from app.scaled import LoketWorker
    from app.wire import wire

    stop = stop_on_signals()
    worker = LoketWorker(await wire(settings, loaded=load_desk(settings, ROOT / "var" / "understanding")))
    await worker.start()
    ready.set()
    await stop.wait()
    await worker.stop()
