"""Goods searched over the API by what is meant: a vector of this deployment's model, or a clear refusal."""

from typing import Any

import pytest

from sandbox.embeddings import embedded
from sandbox.server import SandboxServer
from tests.api.api_scenes import Api

RAIN = embedded("jaket parasut hujan bertudung")


async def found(api: Api, **asked: Any) -> list[str]:
    answer = await api.http.post("/products/search", json=asked)
    assert answer.status_code == 200, answer.text
    return [hit["product"]["id"] for hit in answer.json()]


async def test_a_vector_finds_what_lies_nearest_among_what_fits(
    meant_api: Api, sandbox: SandboxServer
) -> None:
    before = sandbox.sandbox.receipts.last
    assert (await found(meant_api, vector=RAIN))[0] == "jaket-hujan-cisarua"
    assert len(await found(meant_api, vector=[one * 7 for one in RAIN], top_k=3)) == 3
    assert "jaket-hujan-cisarua" not in await found(meant_api, vector=RAIN, most_price=100_000)
    assert sandbox.sandbox.receipts.last == before


async def test_words_are_embedded_and_paid_for_and_a_vector_takes_their_place(
    meant_api: Api, sandbox: SandboxServer
) -> None:
    by_get = await meant_api.http.get("/products/search", params={"text": "jaket hujan"})
    assert (await found(meant_api, text="jaket hujan"))[0] == by_get.json()[0]["product"]["id"]
    rows = meant_api.wired.database.read("SELECT desk, case_id FROM model_calls WHERE role = 'frontline_b'")
    assert [tuple(row) for row in rows] == [("shop", "")]
    pages = await meant_api.http.get("/knowledge/search", params={"text": "bayar di tempat"})
    assert pages.status_code == 200
    rows = meant_api.wired.database.read("SELECT 1 FROM model_calls WHERE role = 'frontline_b'")
    assert len(rows) == 2
    assert (await found(meant_api, text="jaket", vector=RAIN))[0] == "jaket-hujan-cisarua"


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
    meant_api: Api, vector: list[Any], why: str
) -> None:
    answer = await meant_api.http.post("/products/search", json={"vector": vector})
    assert (answer.status_code, why in answer.text) == (422, True), answer.text


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
async def test_a_number_that_is_none_is_refused(meant_api: Api, number: str) -> None:
    body = f'{{"vector": [{", ".join([number] * 256)}]}}'
    answer = await meant_api.http.post(
        "/products/search", content=body, headers={"content-type": "application/json"}
    )
    assert (answer.status_code, "finite" in answer.text) == (422, True), answer.text


async def test_without_embeddings_a_vector_is_refused_and_words_are_searched(api: Api) -> None:
    answer = await api.http.post("/products/search", json={"vector": RAIN})
    assert (answer.status_code, "send a text" in answer.text) == (422, True)
    assert (await found(api, text="jaket hujan"))[0] == "jaket-hujan-cisarua"
    assert len(await found(api, in_stock=True, top_k=7)) == 7
