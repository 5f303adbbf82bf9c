"""Two desks on one PostgreSQL server: one door, a worker for each, and a schema for each."""

import asyncio
from pathlib import Path

import httpx

from app.front import bound
from app.scaled import LoketDoor, LoketWorker
from app.settings import Settings
from app.stage import staged_settings
from app.stage_sandbox import sandbox_settings
from app.wire import Wired, wire
from sandbox.clock import SharedClock
from sandbox.server import SandboxServer
from tests.desks.deployment import two_desks
from tests.desks.test_store_each import read
from tests.support.postgres import Postgres

ADI = "+6281300001111"


async def wired(settings: Settings) -> list[Wired]:
    return [await wire(one, loaded=read(one.desks[0][1].name)) for one in settings.each]


async def test_each_desk_answers_from_its_own_schema(postgres: Postgres, tmp_path: Path) -> None:
    clock = SharedClock(tmp_path / "clock.json")
    clock.flow()
    door = bound("127.0.0.1", 0)
    (home, school), barber = two_desks().desks
    url = "http://{}:{}".format(*door.getsockname())
    sandbox = SandboxServer(sandbox_settings(home, school, tmp_path, url, [barber]), clock)
    await sandbox.start()
    staged = staged_settings(two_desks(), school, tmp_path, sandbox.url)
    database = staged.shared.database.model_copy(update={"url": postgres.url(postgres.lend())})
    shared = staged.shared.model_copy(update={"database": database})
    settings = staged.model_copy(update={"shared": shared})
    serving = LoketDoor(await wired(settings), door)
    workers = [LoketWorker(one) for one in await wired(settings)]
    await serving.start()
    for worker in workers:
        await worker.start()
    try:
        async with httpx.AsyncClient(verify=False, timeout=30) as http, asyncio.timeout(60):
            assert await _answer(http, sandbox.url, "harga paket les vokalnya berapa ya?", "") == "school"
            assert await _answer(http, sandbox.url, "potong rambut dewasa berapa ya?", "barber") == "barber"
            assert (await http.get(f"{serving.url}/readyz")).text == "ready\n"
    finally:
        await serving.stop()
        for worker in workers:
            await worker.stop()
        await sandbox.stop()


async def _answer(http: httpx.AsyncClient, at: str, text: str, business: str) -> str:
    """Write to a desk and name the one whose price comes back; the sandbox says when something happens."""
    said = {"from": ADI, "kind": "text", "text": text, "business": business}
    seq = (await http.post(f"{at}/sandbox/whatsapp/send", json=said)).json()["seq"]
    while True:
        told = (await http.get(f"{at}/sandbox/events", params={"after": seq, "wait": 20})).json()
        seq = told["last"]
        for event in told["events"]:
            if event["kind"] == "whatsapp.send" and event.get("business", "") == business:
                return "barber" if "Rp 60.000" in event["text"] else "school"
