"""Keys to the gateway API, and the shop they open."""

import hashlib
from dataclasses import dataclass
from functools import cache

import httpx

from adapters.clock import ManualClock
from app.desk import Loaded, load_desk
from app.settings import ROOT, Settings, load
from app.wire import Wired

ALL = frozenset(
    {
        "contacts:read",
        "contacts:write",
        "products:read",
        "products:write",
        "orders:read",
        "orders:write",
        "invoices:read",
        "payments:read",
        "payments:write",
        "schedule:read",
        "schedule:write",
        "knowledge:read",
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
def school() -> Settings:
    return load(ROOT / "config.yaml", {}).alone("school")


@cache
def shop_loaded() -> Loaded:
    return load_desk(shop(), ROOT / "var" / "understanding")
