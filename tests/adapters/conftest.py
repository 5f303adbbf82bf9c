"""A sandbox on a real port, and adapters connected to it."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from adapters.whatsapp import WhatsApp
from sandbox.clock import SharedClock
from sandbox.server import SandboxServer
from sandbox.settings import (
    ApprovedTemplate,
    Persona,
    SandboxSettings,
    StaffMember,
    TelegramAccount,
    WhatsAppAccount,
)
from tests.adapters.stage import BOT_TOKEN, COACH, LANES, Stage, whatsapp_settings


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    clock = SharedClock(tmp_path / "clock.json")
    settings = SandboxSettings(
        wa=WhatsAppAccount(
            app_secret="app-secret",
            verify_token="verify-token",
            access_token="access-token",
            phone_number_id="55501",
            display_number="6285550001",
            templates=(ApprovedTemplate(name="kabar", language="id", text="Halo Kak, ada kabar."),),
        ),
        telegram=TelegramAccount(bot_token=BOT_TOKEN, lanes=LANES),
        personas=(
            Persona(key="rara", name="Rara", phone="+628120001"),
            Persona(key="bayu", name="Bayu", user_id="ID.778899"),
        ),
        staff=(StaffMember(name="Kak Dewi", telegram_user_id=COACH, roles=("coach",)),),
        state_dir=tmp_path,
        receipts=tmp_path / "receipts.jsonl",
    )
    server = SandboxServer(settings, clock)
    await server.start()
    # Webhooks are held: what is under test here is only what goes out.
    async with httpx.AsyncClient(base_url=server.url, timeout=20, trust_env=False) as http:
        answer = await http.post("/sandbox/whatsapp/webhooks", json={"hold": True})
        assert answer.status_code == 200
        yield Stage(server.url, http, clock, tmp_path)
    await server.stop()


@pytest.fixture
async def whatsapp(stage: Stage) -> AsyncIterator[WhatsApp]:
    channel = WhatsApp(whatsapp_settings(f"{stage.url}/graph"))
    yield channel
    await channel.close()
