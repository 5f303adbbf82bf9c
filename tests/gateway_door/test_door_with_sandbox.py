"""The sandbox's WhatsApp delivering to the door: at least once, batched, shuffled, and through an outage."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from gateway.http import App
from sandbox.clock import SharedClock
from sandbox.server import SandboxServer
from sandbox.settings import Persona, SandboxSettings, TelegramAccount, WhatsAppAccount
from store.database import Database
from tests.gateway_door.serving import PATH, Server, Surroundings


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    account = WhatsAppAccount(
        app_secret="app-secret",
        verify_token="verify-token",
        access_token="access-token",
        phone_number_id="55501",
        display_number="6285550001",
    )
    settings = SandboxSettings(
        wa=account,
        telegram=TelegramAccount(bot_token="7001:token", lanes={"coach": -1}),
        personas=(
            Persona(key="rara", name="Rara", phone="+628120001"),
            Persona(key="b", name="B", user_id="ID.7"),
        ),
        state_dir=tmp_path / "sandbox",
        receipts=tmp_path / "receipts.jsonl",
    )
    server = SandboxServer(settings, SharedClock(tmp_path / "clock.json"))
    await server.start()
    async with httpx.AsyncClient(base_url=f"{server.url}/sandbox", timeout=20, trust_env=False) as http:
        yield http
    await server.stop()


async def drained(sandbox: httpx.AsyncClient) -> None:
    """Wait until every webhook has been taken; the last one is noted a moment before it counts as taken."""
    after = 0
    while True:
        told = (await sandbox.get("/events", params={"after": after, "wait": 0.2})).json()
        if told["pending_webhooks"] == 0:
            return
        after = told["last"]


async def test_five_times_shuffled_and_batched_is_once(
    app: App, database: Database, around: Surroundings, sandbox: httpx.AsyncClient
) -> None:
    server = Server(app)
    await server.start()
    await sandbox.post("/wiring", json={"callback_url": f"{server.url}{PATH}"})
    assert (await sandbox.post("/whatsapp/verify", json={})).json() == {
        "status": 200,
        "challenge_echoed": True,
    }
    await sandbox.post("/whatsapp/webhooks", json={"hold": True})
    sent = []
    for number in range(6):
        for who in ("rara", "b"):
            answer = await sandbox.post("/whatsapp/send", json={"from": who, "text": f"pesan {number}"})
            sent.append(answer.json()["id"])
    await sandbox.post("/whatsapp/webhooks", json={"hold": False, "batch": 4, "times": 5, "shuffle": 11})
    await drained(sandbox)
    rows = database.read("SELECT external_id, conversation_id FROM inbox")
    assert sorted(row["external_id"] for row in rows) == sorted(sent)
    assert len({row["conversation_id"] for row in rows}) == 2
    assert sorted(one.external_id for one in around.received if one.new) == sorted(sent)
    await server.stop()


async def test_what_comes_while_the_server_is_away_arrives_later(
    app: App, database: Database, sandbox: httpx.AsyncClient
) -> None:
    server = Server(app)
    await sandbox.post("/wiring", json={"callback_url": f"{server.url}{PATH}"})
    sent = (await sandbox.post("/whatsapp/send", json={"from": "rara", "text": "halo"})).json()["id"]
    assert database.read("SELECT * FROM inbox") == []
    await server.start()
    async with asyncio.timeout(20):
        await drained(sandbox)
    assert [row["external_id"] for row in database.read("SELECT external_id FROM inbox")] == [sent]
    await server.stop()
