"""A sandbox on a real port, wired to a receiver of its webhooks."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from sandbox_scenes import COACH, LANES, TOKEN, Client, Receiver, serving

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


@pytest.fixture(autouse=True)
def seconds_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    # Without this python-telegram-bot warns at every RetryAfter, and a warning is an error here.
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
def settings(tmp_path: Path) -> SandboxSettings:
    return SandboxSettings(
        wa=WhatsAppAccount(
            app_secret="app-secret-for-tests",
            verify_token="verify-me",
            access_token="access-token",
            phone_number_id="55501",
            display_number="622150001000",
            templates=(
                ApprovedTemplate(name="lesson_reminder", language="id", text="Besok ada les ya, Kak."),
                ApprovedTemplate(name="news", language="en_US", text="Hi {{1}}, news on {{2}}. Bye, {{1}}!"),
            ),
        ),
        telegram=TelegramAccount(bot_token=TOKEN, lanes=LANES),
        personas=(
            Persona(key="rina", name="Rina", phone="+628110000001"),
            Persona(key="hidden", name="Sari", user_id="ID.88001", username="sari.sings"),
        ),
        staff=(StaffMember(name="Coach Maya", telegram_user_id=COACH, roles=("coach",)),),
        state_dir=tmp_path / "state",
        receipts=tmp_path / "receipts.jsonl",
    )


@pytest.fixture
def clock(tmp_path: Path) -> SharedClock:
    return SharedClock(tmp_path / "state" / "clock.json")


@pytest.fixture
async def receiver(settings: SandboxSettings) -> AsyncIterator[Receiver]:
    receiver = Receiver(settings.wa.app_secret, settings.wa.verify_token)
    async with serving(receiver.app()) as url:
        receiver.url = url
        yield receiver


@pytest.fixture
async def server(
    settings: SandboxSettings, clock: SharedClock, receiver: Receiver
) -> AsyncIterator[SandboxServer]:
    wired = settings.wa.model_copy(update={"callback_url": f"{receiver.url}/webhooks/whatsapp"})
    server = SandboxServer(settings.model_copy(update={"wa": wired}), clock)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def client(server: SandboxServer) -> AsyncIterator[Client]:
    async with httpx.AsyncClient(base_url=server.url, timeout=15, trust_env=False, verify=False) as http:
        yield Client(http)
