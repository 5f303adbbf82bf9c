"""Goods searched over the API by what is meant: a vector of this deployment's model, or a clear refusal."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.clock import ManualClock
from app.api.access import Caller
from app.api.build import build_api
from app.finding import search_of, texts_of
from app.service_keys import ServiceKey
from app.stage_sandbox import SANDBOX_SECRETS
from app.vendor_settings import EmbeddingConfig
from app.wire import wire
from sandbox.embeddings import embedded
from sandbox.server import SandboxServer
from tests.api.api_scenes import ALL, HASH, KEY, Api, shop, shop_loaded
from tests.graph.test_model_cost import sandbox
from tests.graph.whole import MONDAY

__all__ = ["sandbox"]
RAIN = embedded("jaket parasut hujan bertudung")


@pytest.fixture
async def meant(sandbox: SandboxServer, tmp_path: Path) -> AsyncIterator[Api]:
    """A shop's API with everything embedded."""
    told = EmbeddingConfig(provider="openai", base_url=f"{sandbox.url}/v1", model="pieces", dimensions=256)
    shared = shop().shared.model_copy(update={"embedding": told})
    changed = shop().model_copy(update={"shared": shared, "secrets": SANDBOX_SECRETS})
    clock = ManualClock(MONDAY)
    wired = await wire(changed, clock=clock, database=tmp_path / "meant.db", loaded=shop_loaded())
    assert wired.embedding is not None
    while not await wired.embedding.meaning.learn(texts_of(wired), MONDAY):
        pass
    key = ServiceKey(name="crm", sha256=HASH, scopes=ALL)
    transport = httpx.ASGITransport(build_api([Caller(key, wired, lambda _: None, search_of(wired))]))
    headers = {"authorization": f"Bearer {KEY}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://loket", headers=headers) as http:
        yield Api(http, wired, clock, [])
    await wired.embedding.embedder.close()
    wired.database.close()


async def found(api: Api, **asked: Any) -> list[str]:
    answer = await api.http.post("/products/search", json=asked)
    assert answer.status_code == 200, answer.text
    return [hit["product"]["id"] for hit in answer.json()]


async def test_a_vector_finds_what_lies_nearest_among_what_fits(meant: Api, sandbox: SandboxServer) -> None:
    before = sandbox.sandbox.receipts.last
    assert (await found(meant, vector=RAIN))[0] == "jaket-hujan-cisarua"
    assert len(await found(meant, vector=[one * 7 for one in RAIN], top_k=3)) == 3
    assert "jaket-hujan-cisarua" not in await found(meant, vector=RAIN, most_price=100_000)
    assert sandbox.sandbox.receipts.last == before


async def test_words_are_embedded_and_paid_for_and_a_vector_takes_their_place(
    meant: Api, sandbox: SandboxServer
) -> None:
    by_get = await meant.http.get("/products/search", params={"text": "jaket hujan"})
    assert (await found(meant, text="jaket hujan"))[0] == by_get.json()[0]["product"]["id"]
    rows = meant.wired.database.read("SELECT desk, case_id FROM model_calls WHERE role = 'frontline_b'")
    assert [tuple(row) for row in rows] == [("shop", "")]
    assert (await found(meant, text="jaket", vector=RAIN))[0] == "jaket-hujan-cisarua"


@pytest.mark.parametrize(
    ("vector", "why"),
    [
        (RAIN[1:], "255 numbers; those of pieces have 256"),
        ([], "0 numbers"),
        ([0.0] * 256, "points nowhere"),
        ([1e308] * 256, "points nowhere"),
        (["x"] * 256, "valid number"),
    ],
    ids=["short", "empty", "zero", "huge", "words"],
)
async def test_a_vector_that_compares_with_nothing_is_refused(
    meant: Api, vector: list[Any], why: str
) -> None:
    answer = await meant.http.post("/products/search", json={"vector": vector})
    assert (answer.status_code, why in answer.text) == (422, True), answer.text


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
async def test_a_number_that_is_none_is_refused(meant: Api, number: str) -> None:
    body = f'{{"vector": [{", ".join([number] * 256)}]}}'
    answer = await meant.http.post(
        "/products/search", content=body, headers={"content-type": "application/json"}
    )
    assert (answer.status_code, "finite" in answer.text) == (422, True), answer.text


async def test_without_embeddings_a_vector_is_refused_and_words_are_searched(api: Api) -> None:
    answer = await api.http.post("/products/search", json={"vector": RAIN})
    assert (answer.status_code, "send a text" in answer.text) == (422, True)
    assert (await found(api, text="jaket hujan"))[0] == "jaket-hujan-cisarua"
    assert len(await found(api, in_stock=True, top_k=7)) == 7
