"""The processes of a run: which there are, how they start, how they die, and where they keep what they know."""

import asyncio
import json
import multiprocessing
import os
import socket
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Protocol

from tests.chaos.storm import desk
from tests.chaos.storm.plan import Customer
from tests.chaos.storm.program import run_loket, run_sandbox
from tests.chaos.storm.tables import SqliteTables, Tables

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.chaos.storm.warm", "tests.chaos.storm.program"])
START_SECONDS = 180.0
STOP_SECONDS = 20.0
KILLED = -9
# What `loket serve` and `loket worker` print once they are there for others.
UP = (b"/readyz says yes", b" works\n")


class Fleet(Protocol):
    """What one kind of deployment consists of."""

    name: str
    tables: Tables

    def members(self) -> Sequence[tuple[str, Sequence[str]]]:
        """Return name and `loket` arguments of each process; the first is the one that opens the door."""
        ...

    def database(self) -> dict[str, Any]:
        """Return what stands under `database` in the config."""
        ...

    def close(self) -> None:
        """End what the database itself needs."""
        ...


class SqliteFleet:
    """Embedded: one process with everything in it, one file."""

    name = "sqlite"

    def __init__(self, home: Path) -> None:
        self._path = home / "loket.db"
        self.tables: Tables = SqliteTables(self._path)

    def members(self) -> Sequence[tuple[str, Sequence[str]]]:
        """Return the one process."""
        return (("server", ("serve",)),)

    def database(self) -> dict[str, Any]:
        """Return the file's path."""
        return {"path": str(self._path)}

    def close(self) -> None:
        """Nothing runs for a file."""


class PostgresFleet:
    """Scaled out: a door and three workers on one PostgreSQL server, which lives throughout."""

    name = "postgres"

    def __init__(self, home: Path) -> None:
        # Imported here: whoever uses the one file does not wait for it.
        from tests.chaos.storm.postgres_tables import PostgresTables
        from tests.support.postgres import Postgres

        # Not in the run's own folder, which only its owner may enter: under root the server is somebody else.
        self._server = Postgres(Path(tempfile.gettempdir()) / f"loket-storm-{home.parent.name}-{home.name}")
        self._home = home
        self._url = self._server.url(self._server.lend())
        self.tables: Tables = PostgresTables(self._url)

    def members(self) -> Sequence[tuple[str, Sequence[str]]]:
        """Return the door and its workers."""
        return (("door", ("serve",)), *((f"worker {number}", ("worker",)) for number in (1, 2, 3)))

    def database(self) -> dict[str, Any]:
        """Return the server's address."""
        return {"path": str(self._home / "loket.db"), "url": self._url}

    def close(self) -> None:
        """Stop the server."""
        self._server.close()


FLEETS: dict[str, Callable[[Path], Fleet]] = {"sqlite": SqliteFleet, "postgres": PostgresFleet}


@dataclass
class Member:
    """One process that is killed and started again; what it prints from `begins` on is of its present life."""

    name: str
    words: Sequence[str]
    log: Path
    process: BaseProcess | None = None
    begins: int = 0

    @property
    def up(self) -> bool:
        """Whether it has said that it works, since it was last started."""
        with self.log.open("rb") as log:
            log.seek(self.begins)
            printed = log.read()
        return self.alive and any(mark in printed for mark in UP)

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.is_alive()


class Processes:
    """A sandbox that lives throughout, the server's members, and commands that come and go."""

    def __init__(self, home: Path, fleet: Fleet, people: Sequence[Customer]) -> None:
        self.home = home
        self.fleet = fleet
        self.troubles: list[str] = []
        self._environment = desk.secrets()
        self._commands = 0
        # Held for the whole run: between two servers nobody else may take the port.
        self._held = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._held.bind(("127.0.0.1", 0))
        port: int = self._held.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        desk.lay_out(home, people)
        settings = desk.describe_sandbox(home, self.url)
        self._sandbox = FORKS.Process(target=run_sandbox, args=(home, settings))
        self._sandbox.start()
        self.sandbox_url = self._address()
        desk.configure(home, port, self.sandbox_url, fleet.database())
        self.members = [
            Member(name, words, home / f"{name.replace(' ', '-')}.log") for name, words in fleet.members()
        ]

    def start(self, member: Member) -> None:
        """Start a member; it may be killed before it has got anywhere."""
        member.log.touch()
        member.begins = member.log.stat().st_size
        member.process = self._loket(member.words, member.log)

    def kill(self, process: BaseProcess | None) -> bool:
        """Send SIGKILL; False when it had ended by itself before."""
        if process is None:
            return False
        process.kill()
        process.join()
        return process.exitcode == KILLED

    def fallen(self) -> list[Member]:
        """Return the members that ended without being told to, each noted as a trouble."""
        found = [member for member in self.members if member.process is not None and not member.alive]
        for member in found:
            log = member.log.read_text(encoding="utf-8").splitlines()
            self.troubles.append(f"{member.name} ended by itself: {log[-1] if log else 'nothing was logged'}")
            member.process = None
        return found

    def command(self, words: Sequence[str]) -> tuple[BaseProcess, Path]:
        """Start a command line beside the server; returns the process and where it prints."""
        self._commands += 1
        said = self.home / f"command-{self._commands}.txt"
        return self._loket(words, said), said

    async def stop(self) -> None:
        """Stop the members in good order, the door last."""
        for member in reversed(self.members):
            if member.process is None:
                continue
            member.process.terminate()
            await ended(member.process, STOP_SECONDS)
            if member.alive or member.process.exitcode != 0:
                self.troubles.append(
                    f"{member.name} did not stop when asked to (exit {member.process.exitcode})"
                )

    def close(self) -> None:
        """End everything, whatever state it is in."""
        for process in (*(member.process for member in self.members), self._sandbox):
            if process is not None and process.is_alive():
                process.kill()
                process.join()
        self._held.close()
        self.fleet.close()

    def _loket(self, words: Sequence[str], said: Path) -> BaseProcess:
        told = [*words, "--config", str(self.home / "config.yaml")]
        process = FORKS.Process(target=run_loket, args=(told, self._environment, said), daemon=True)
        process.start()
        return process

    def _address(self) -> str:
        log, until = self.home / "sandbox.log", time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            line, newline, _ = (log.read_text(encoding="utf-8") if log.exists() else "").partition("\n")
            if newline:
                return str(json.loads(line)["url"])
            os.sched_yield()
        raise RuntimeError("the sandbox does not start")


async def ended(process: BaseProcess, seconds: float) -> bool:
    """Wait for a process to end; False when it runs on."""
    over, loop = asyncio.Event(), asyncio.get_running_loop()
    loop.add_reader(process.sentinel, over.set)
    try:
        await asyncio.wait_for(over.wait(), seconds)
    except TimeoutError:
        return False
    finally:
        loop.remove_reader(process.sentinel)
    process.join()
    return True
