"""The systems of record as the sandbox plays them, reached over HTTP and broken in every way."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.sandbox_sources import SandboxSources
from adapters.telegram import Telegram, TelegramSettings
from adapters.whatsapp import WhatsApp
from casefile.errors import DependencyDown, SendLater, SendUnknown
from tests.adapters.stage import BOT_TOKEN, LANES, Stage

FAULTS = ("down", "slow", "429", "5xx", "cut", "bad_json", "half_body", "timeout_after_effect")


@pytest.fixture
async def sources(stage: Stage) -> AsyncIterator[SandboxSources]:
    found = SandboxSources(stage.url, 1)
    yield found
    await found.close()


@pytest.mark.parametrize("mode", FAULTS)
async def test_a_source_that_fails_is_down_and_says_which(
    stage: Stage, sources: SandboxSources, mode: str
) -> None:
    await sources.reach("payments")
    await stage.do("faults", target="payments", mode=mode, seconds=3)
    with pytest.raises(DependencyDown) as failed:
        await sources.reach("payments")
    assert failed.value.name == "payments"
    await sources.reach("schedule")
    await stage.http.delete("/sandbox/faults")
    await sources.reach("payments")


async def test_a_source_nobody_has_is_down(sources: SandboxSources) -> None:
    with pytest.raises(DependencyDown, match="HTTP 404"):
        await sources.reach("moon")


@pytest.mark.parametrize("mode", [m for m in FAULTS if m != "slow"])
async def test_a_look_at_whatsapp_tells_every_fault(stage: Stage, whatsapp: WhatsApp, mode: str) -> None:
    await whatsapp.check()
    await stage.do("faults", target="whatsapp", mode=mode, seconds=0.05)
    with pytest.raises(DependencyDown):
        await whatsapp.check()
    await stage.http.delete("/sandbox/faults")
    await whatsapp.check()
    assert await stage.receipts("whatsapp.send") == []


async def nothing(_: Any) -> str:
    """Do nothing with what staff do."""
    return ""


class NoFiles:
    """Nobody has sent anything."""

    async def file(self, key: str) -> None:
        return None


@pytest.mark.parametrize("mode", [m for m in FAULTS if m != "slow"])
async def test_a_look_at_telegram_tells_every_fault(stage: Stage, mode: str) -> None:
    settings = TelegramSettings(
        bot_token=BOT_TOKEN, lanes=LANES, base_url=f"{stage.url}/telegram", timeout_seconds=2, poll_seconds=1
    )
    telegram = Telegram(settings, nothing, NoFiles())
    await telegram.start()
    await telegram.check()
    await stage.do("faults", target="telegram", mode=mode, seconds=0.05)
    with pytest.raises((DependencyDown, SendLater, SendUnknown)):
        await telegram.check()
    await stage.http.delete("/sandbox/faults")
    await telegram.check()
    await telegram.stop()
    await telegram.close()
    assert await stage.receipts("telegram.send") == []
