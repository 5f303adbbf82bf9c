"""The gateway API of a desk, asked in process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from adapters.clock import ManualClock
from app.api.access import Caller
from app.api.build import build_api
from app.desk import Loaded
from app.finding import search_of, texts_of
from app.service_keys import ServiceKey
from app.settings import Settings
from app.stage_sandbox import SANDBOX_SECRETS
from app.vendor_settings import EmbeddingConfig
from app.wire import wire
from sandbox.server import SandboxServer
from tests.api.api_scenes import ALL, HASH, KEY, NARROW_HASH, Api, school, shop, shop_loaded
from tests.graph.test_model_cost import sandbox
from tests.graph.whole import MONDAY, loaded
from tests.support.postgres import Opener

__all__ = ["sandbox"]
KEYS = (
    ServiceKey(name="crm", sha256=HASH, scopes=ALL),
    ServiceKey(name="narrow", sha256=NARROW_HASH, scopes=frozenset({"products:read"}), per_minute=3),
)


@pytest.fixture
async def api(open_database: Opener) -> AsyncIterator[Api]:
    """The shop's."""
    async with asked(open_database, shop(), shop_loaded()) as opened:
        yield opened


@pytest.fixture
async def school_api(open_database: Opener) -> AsyncIterator[Api]:
    """The school's."""
    async with asked(open_database, school(), loaded()) as opened:
        yield opened


@pytest.fixture
async def meant_api(open_database: Opener, sandbox: SandboxServer) -> AsyncIterator[Api]:
    """The shop's, with everything it sells and says embedded."""
    told = EmbeddingConfig(provider="openai", base_url=f"{sandbox.url}/v1", model="pieces", dimensions=256)
    shared = shop().shared.model_copy(update={"embedding": told})
    settings = shop().model_copy(update={"shared": shared, "secrets": SANDBOX_SECRETS})
    async with asked(open_database, settings, shop_loaded()) as opened:
        embedding = opened.wired.embedding
        assert embedding is not None
        while not await embedding.meaning.learn(
            texts_of(opened.wired.knowledge, opened.wired.database), MONDAY
        ):
            pass
        yield opened
        await embedding.embedder.close()


@asynccontextmanager
async def asked(opener: Opener, settings: Settings, desk: Loaded) -> AsyncIterator[Api]:
    clock, woken = ManualClock(MONDAY), list[str]()
    wired = await wire(settings, clock=clock, database=opener.place(), loaded=desk)
    app = build_api([Caller(key, wired, woken.append, search_of(wired)) for key in KEYS])
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    headers = {"authorization": f"Bearer {KEY}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://loket", headers=headers) as http:
        yield Api(http, wired, clock, woken)
    wired.database.close()
