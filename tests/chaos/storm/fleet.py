"""The processes of a run: which there are, how they start, how they die, and where they keep what they know."""

import asyncio
import json
import multiprocessing
import os
import socket
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
FORKS.set_forkserver_preload(["tests.chaos.storm.program"])
START_SECONDS = 60.0
STOP_SECONDS = 20.0
KILLED = -9


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


FLEETS: dict[str, Callable[[Path], Fleet]] = {"sqlite": SqliteFleet}


@dataclass
class Member:
    """One process that is killed and started again; `deaths` are those nobody ordered, by their exit code."""

    name: str
    words: Sequence[str]
    process: BaseProcess | None = None

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
        self.members = [Member(name, words) for name, words in fleet.members()]

    def start(self, member: Member) -> None:
        """Start a member; it may be killed before it has got anywhere."""
        member.process = self._loket(member.words, self.home / f"{member.name.replace(' ', '-')}.log")

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
            log = (
                (self.home / f"{member.name.replace(' ', '-')}.log").read_text(encoding="utf-8").splitlines()
            )
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
