"""A desk that is paid online, on a stage: the sandbox plays the provider, and the customer at their phone."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.play_world import World
from app.stage import open_stage
from tests.gateway_engine.room import MONDAY
from tests.graph.whole import loaded, settings
from tests.payments.till import Till


@pytest.fixture(params=["midtrans", "xendit"])
def provider(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def payments(provider: str) -> dict[str, Any]:
    return {"provider": provider, "expires_minutes": 60}


@pytest.fixture
def follow_up() -> dict[str, Any] | None:
    return None


@pytest.fixture
async def till(
    tmp_path: Path, payments: dict[str, Any], follow_up: dict[str, Any] | None
) -> AsyncIterator[Till]:
    desk: dict[str, Any] = {"payments": payments, "follow_up": follow_up}
    stage = await open_stage(settings(), tmp_path / "stage", freeze_at=MONDAY, loaded=loaded(), desk=desk)
    async with httpx.AsyncClient(timeout=20, trust_env=False, verify=False) as client:
        world = World(stage, client, "ct_budi")
        await world.meet()
        yield Till(stage, world, client)
    await stage.stop()
