"""The gateway API of the shop, asked in process."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from adapters.clock import ManualClock
from app.api.access import Caller
from app.api.build import build_api
from app.service_keys import ServiceKey
from app.wire import wire
from tests.api.api_scenes import ALL, HASH, KEY, NARROW_HASH, Api, shop, shop_loaded
from tests.graph.whole import MONDAY


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    clock, woken = ManualClock(MONDAY), list[str]()
    wired = await wire(shop(), clock=clock, database=tmp_path / "loket.db", loaded=shop_loaded())
    keys = (
        ServiceKey(name="crm", sha256=HASH, scopes=ALL),
        ServiceKey(name="narrow", sha256=NARROW_HASH, scopes=frozenset({"products:read"}), per_minute=3),
    )
    app = build_api([Caller(key, wired, woken.append) for key in keys])
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    headers = {"authorization": f"Bearer {KEY}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://loket", headers=headers) as http:
        yield Api(http, wired, clock, woken)
    wired.database.close()
