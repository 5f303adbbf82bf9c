"""The gateway API of the shop, asked in process; the school's key stands beside the shop's."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import httpx
import pytest

from adapters.clock import ManualClock
from app.api.access import Caller
from app.api.build import build_api
from app.desk import Loaded, load_desk
from app.service_keys import ServiceKey
from app.settings import ROOT, Settings, load
from app.wire import Wired, wire
from tests.graph.whole import MONDAY

ALL = frozenset(
    {
        "contacts:read",
        "contacts:write",
        "products:read",
        "orders:read",
        "orders:write",
        "invoices:read",
        "messages:write",
    }
)
KEY, NARROW_KEY = "loket_all-of-it", "loket_products-only"
HASH, NARROW_HASH = (hashlib.sha256(key.encode()).hexdigest() for key in (KEY, NARROW_KEY))


@dataclass(slots=True)
class Api:
    """The API of a shop, and what a test can see behind it."""

    http: httpx.AsyncClient
    wired: Wired
    clock: ManualClock
    woken: list[str]


@cache
def shop() -> Settings:
    return load(ROOT / "config.yaml", {}).alone("shop")


@cache
def shop_loaded() -> Loaded:
    return load_desk(shop(), ROOT / "var" / "understanding")


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
