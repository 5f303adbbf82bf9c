"""What runs in the processes of a storm: `loket` as it stands, or the sandbox."""

import multiprocessing
import os
import sys
import threading
from collections.abc import Mapping, Sequence
from multiprocessing.connection import wait
from pathlib import Path

from app.cli.main import ENVIRONMENT, main
from sandbox.__main__ import main as sandbox_main


def run_loket(words: Sequence[str], environment: Mapping[str, str], said: Path) -> None:
    """Run one command line; what it prints goes to the file `said`."""
    _print_to(said)
    _end_with_the_driver()
    os.environ.update({**ENVIRONMENT, **environment})
    sys.exit(main(words))


def run_sandbox(home: Path, settings: Path) -> None:
    """Run `python -m sandbox`; its first line, the address, is the first of sandbox.log."""
    _print_to(home / "sandbox.log")
    _end_with_the_driver()
    log, state = str(home / "receipts.jsonl"), str(home)
    sys.argv = ["sandbox", "--log", log, "--state", state, "--settings", str(settings)]
    sandbox_main()


def _print_to(path: Path) -> None:
    out = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.close(out)


def _end_with_the_driver() -> None:
    """End this process when whoever drives the run is gone, however that came."""
    driver = multiprocessing.parent_process()

    def watch() -> None:
        if driver is not None:
            wait([driver.sentinel])
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
