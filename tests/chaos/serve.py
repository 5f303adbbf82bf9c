"""What runs in the processes that are killed: one Loket server, or one sandbox.

Imported once by multiprocessing's fork server, so that a start costs a fork.
"""

import asyncio
import json
import os
import signal
import sys
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal

from app.front import bound
from app.serve import LoketServer
from app.settings import ROOT, Settings, load
from app.stage import staged_settings
from app.wire import Wired, wire
from sandbox.__main__ import main as sandbox_main

SETTINGS = load(ROOT / "config.yaml", {}).alone("school")
# What a send without proof waits for before it counts as lost; short, so that no other timer comes due meanwhile.
RECONCILE_MINUTES = 0.5
COUNTED = (
    "SELECT 'inbox ' || state AS what, COUNT(*) AS n FROM inbox GROUP BY what"
    " UNION ALL SELECT kind || ' ' || state AS what, COUNT(*) FROM outbox GROUP BY what"
    " UNION ALL SELECT 'timer ' || state AS what, COUNT(*) FROM timers GROUP BY what"
    " UNION ALL SELECT 'approval ' || state AS what, COUNT(*) FROM approvals GROUP BY what"
    " UNION ALL SELECT 'case ' || state AS what, COUNT(*) FROM cases GROUP BY what"
    " UNION ALL SELECT 'operation', COUNT(*) FROM operations UNION ALL SELECT 'turn', COUNT(*) FROM turns"
    " UNION ALL SELECT 'audit', COUNT(*) FROM audit UNION ALL SELECT 'contact', COUNT(*) FROM contacts"
    " UNION ALL SELECT 'case numbers', COALESCE(SUM(next), 0) FROM case_numbers"
    " UNION ALL SELECT 'release', COUNT(*) FROM kb_releases UNION ALL SELECT 'session', COUNT(*) FROM sessions"
)


@dataclass(frozen=True, slots=True)
class Death:
    """Die at this commit: before it, or between it and its being told to whoever waits for it."""

    number: int
    when: Literal["before", "between"]


@dataclass(frozen=True, slots=True)
class Start:
    """How a server is started; without a `url` its database is the file in its home."""

    home: Path
    url: str | None
    sandbox_url: str
    port: int
    death: Death | None


class Killer:
    """Ends its own process at one commit, leaving a note of what that commit held."""

    def __init__(self, start: Start) -> None:
        self._start = start
        self._held: dict[str, int] = {}
        self.wired: Wired | None = None

    def __call__(self, stage: Literal["before", "after"], number: int) -> None:
        """Called by the writer's thread around every commit."""
        death = self._start.death
        if death is None or number != death.number:
            return
        if stage == "before":
            self._held = self._change()
        if stage == ("before" if death.when == "before" else "after"):
            note = {"number": number, "when": death.when, "held": self._held}
            (self._start.home / "death.json").write_text(json.dumps(note), encoding="utf-8")
            os.kill(os.getpid(), signal.SIGKILL)

    def _change(self) -> dict[str, int]:
        """Compare what this transaction sees with what everybody else still sees."""
        if self.wired is None:
            return {"first data": 1}
        before = _counts(self.wired.database.read(COUNTED))
        # Nothing public shows an open transaction from the inside.
        after = _counts(self.wired.database._writer._connection.all(COUNTED))
        changes = {what: after.get(what, 0) - before.get(what, 0) for what in sorted({*before, *after})}
        return {what: n for what, n in changes.items() if n}


def _counts(rows: Iterable[Any]) -> Mapping[str, int]:
    return {str(row["what"]): int(row["n"]) for row in rows}


def run_server(start: Start, orders: Connection) -> None:
    """Serve until told to stop; answers orders one by one."""
    _log_to(start.home / "server.log")
    asyncio.run(_serve(start, orders))


def run_sandbox(home: Path, settings: Path, told: Connection) -> None:
    """Run `python -m sandbox` as it stands; its first line goes to `told`."""
    _log_to(home / "sandbox.log")
    sys.argv = [
        "sandbox",
        "--log",
        str(home / "receipts.jsonl"),
        "--state",
        str(home),
        "--settings",
        str(settings),
    ]
    sys.stdout = os.fdopen(os.dup(told.fileno()), "w")
    threading.Thread(target=_end_with, args=(told,), daemon=True).start()
    sandbox_main()


def _end_with(driver: Connection) -> None:
    """End this process when whoever drives it is gone."""
    driver.poll(None)
    os._exit(0)


def _log_to(path: Path) -> None:
    """Give this process a log of its own: whoever kills servers knows that they hang up."""
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)


def staged(start: Start) -> Settings:
    """Return the settings the server under test runs with."""
    settings = staged_settings(SETTINGS, SETTINGS.desks[0][1], start.home, start.sandbox_url)
    parts = {
        "delivery": settings.shared.delivery.model_copy(update={"reconcile_minutes": RECONCILE_MINUTES}),
        "database": settings.shared.database.model_copy(update={"url": start.url}),
    }
    return settings.model_copy(update={"shared": settings.shared.model_copy(update=parts)})


async def _serve(start: Start, orders: Connection) -> None:
    # Read once, in the fork server, and never in the process that only drives.
    from tests.chaos.desk import LOADED

    killer = Killer(start)
    door = bound("127.0.0.1", start.port)
    wired = await wire(staged(start), on_commit=killer, loaded=LOADED)
    killer.wired = wired
    server = LoketServer([wired], door)
    await server.start()
    orders.send("up")
    loop = asyncio.get_running_loop()
    while True:
        ready = asyncio.Event()
        loop.add_reader(orders.fileno(), ready.set)
        await ready.wait()
        loop.remove_reader(orders.fileno())
        match orders.recv():
            case ("settle", str(key), ("resend" | "drop") as action):
                # What an operator's command does once the operator has looked into the group.
                done = await wired.journal.settle(key, action, "sf_tari", wired.clock.now())
                server.engine.performer.wake()
                orders.send(done)
            case ("stop",):
                await server.stop()
                orders.send(wired.database.stats.commits)
                return
