"""The two processes of a run: started by fork, killed by themselves, started again."""

import json
import multiprocessing
import os
import socket
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Literal

from app.stage_sandbox import sandbox_settings
from tests.chaos.serve import SETTINGS, Death, Start, run_sandbox, run_server

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.chaos.desk"])
ANSWER_SECONDS = 20.0


class Stuck(Exception):
    """The run cannot go on: a server that ends by itself, starts no more, or comes to no rest."""


class Gone(Exception):
    """The server ended before it answered."""


class Processes:
    """A sandbox that lives throughout, and a server that dies as it is told to."""

    def __init__(self, home: Path, url: str | None) -> None:
        self.home = home
        self._database = url
        # Held for the whole run: between two servers nobody else may take the port.
        self._held = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._held.bind(("127.0.0.1", 0))
        self._port: int = self._held.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self._server: BaseProcess | None = None
        self._orders: Connection | None = None
        self.deaths = 0
        self.sandbox_url, self._sandbox = self._start_sandbox()

    def start(self, death: Death | None) -> None:
        """Start a server; it may be dead before this returns."""
        ours, theirs = FORKS.Pipe()
        start = Start(self.home, self._database, self.sandbox_url, self._port, death)
        server = FORKS.Process(target=run_server, args=(start, theirs))
        server.start()
        theirs.close()
        self._server, self._orders = server, ours
        try:
            self._answer()
        except Gone:
            return

    def dead(self) -> bool:
        """Say whether the server has ended, and count it when it was killed."""
        if self._server is None:
            return True
        if self._server.is_alive():
            return False
        if self._server.exitcode != -9:
            raise Stuck(f"the server ended by itself: {self._last_words()}")
        self.deaths += 1
        self._server = None
        return True

    def settle(self, key: str, action: Literal["resend", "drop"]) -> bool:
        """Settle an unknown effect as an operator; raises Gone when the server died over it."""
        return bool(self._ask(("settle", key, action)))

    def stop(self) -> int:
        """Stop the server in good order; returns how many commits it made."""
        commits = int(self._ask(("stop",)))
        if self._server is not None:
            self._server.join(ANSWER_SECONDS)
        return commits

    def close(self) -> None:
        """End both, whatever state they are in."""
        for process in (self._server, self._sandbox):
            if process is not None and process.is_alive():
                process.kill()
                process.join()
        self._held.close()

    def _ask(self, order: tuple[str, ...]) -> Any:
        if self._orders is None:
            raise Gone
        try:
            self._orders.send(order)
        except OSError as error:
            raise Gone from error
        return self._answer()

    def _answer(self) -> Any:
        if self._orders is None:
            raise Gone
        try:
            if not self._orders.poll(ANSWER_SECONDS):
                raise Stuck("the server neither answers nor dies")
            return self._orders.recv()
        except (EOFError, ConnectionResetError) as error:
            if self._server is not None:
                self._server.join(ANSWER_SECONDS)
            raise Gone from error

    def _last_words(self) -> str:
        log = (self.home / "server.log").read_text(encoding="utf-8").splitlines()
        return log[-1] if log else "(nothing was logged)"

    def _start_sandbox(self) -> tuple[str, BaseProcess]:
        desk_home, config = SETTINGS.desks[0]
        told = sandbox_settings(desk_home, config, self.home, self.url)
        path = self.home / "sandbox.json"
        path.write_text(told.model_dump_json(exclude={"receipts", "state_dir"}), encoding="utf-8")
        ours, theirs = FORKS.Pipe()
        process = FORKS.Process(target=run_sandbox, args=(self.home, path, theirs))
        process.start()
        theirs.close()
        if not ours.poll(ANSWER_SECONDS):
            raise Stuck("the sandbox does not start")
        line = os.read(ours.fileno(), 4096)
        self._told = ours
        return str(json.loads(line)["url"]), process
