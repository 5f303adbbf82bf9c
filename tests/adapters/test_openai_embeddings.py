"""Embeddings through a real HTTP endpoint of the OpenAI kind: the sandbox's, and one that answers as none may."""

import json
import math
import socket
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from starlette.responses import Response

from adapters.openai_embeddings import BATCH, EmbeddingSettings, OpenAIEmbeddings
from casefile.errors import DependencyDown
from casefile.money import Price
from ports.models import ModelCall
from tests.adapters.stage import Stage
from tests.adapters.test_openai_model import Endpoint, endpoint

__all__ = ["endpoint"]
Build = Callable[..., OpenAIEmbeddings]


@pytest.fixture
async def build(stage: Stage) -> AsyncIterator[Build]:
    """Builds embedders, and closes them."""
    built: list[OpenAIEmbeddings] = []

    def build(calls: list[ModelCall] | None = None, **changes: Any) -> OpenAIEmbeddings:
        told = {
            "base_url": f"{stage.url}/v1",
            "model": "sandbox-embed",
            "dimensions": 256,
            "api_key": "sandbox-model-key",
            "price": Price(input=300, cached=300, output=0),
        }
        heard = [] if calls is None else calls
        built.append(OpenAIEmbeddings(EmbeddingSettings.model_validate(told | changes), heard.append))
        return built[-1]

    yield build
    for one in built:
        await one.close()


def answered(told: Any) -> Response:
    body = told if isinstance(told, bytes) else json.dumps(told)
    return Response(body, media_type="application/json")


def cosine(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


async def test_texts_alike_lie_near_one_another_and_each_has_length_one(build: Build) -> None:
    embedder = build()
    shirt, shirts, rain = await embedder.passages(("kemeja linen", "kemejanya linen putih", "jas hujan"))
    assert [math.hypot(*one) for one in (shirt, shirts, rain)] == pytest.approx([1, 1, 1])
    assert cosine(shirt, shirts) > 0.5 > cosine(shirt, rain)
    assert await embedder.question("kemeja linen") == shirt


async def test_passages_come_in_their_order_and_share_requests(stage: Stage, build: Build) -> None:
    calls: list[ModelCall] = []
    texts = [f"kaos nomor {number}" for number in range(BATCH + 1)]
    embedder = build(calls)
    found = await embedder.passages(texts)
    assert found[-1] == (await embedder.passages(texts[-1:]))[0] and len(set(found)) == len(texts)
    told = await stage.receipts("embedding.call")
    assert [len(one["texts"]) for one in told] == [BATCH, 1, 1]
    assert [(c.role, c.task, c.input_tokens, c.cost) for c in calls] == [
        ("data_e", "embed", one["input_tokens"], one["input_tokens"] * 300) for one in told
    ]


async def test_the_same_question_is_paid_for_once_and_long_texts_are_cut(stage: Stage, build: Build) -> None:
    calls: list[ModelCall] = []
    embedder = build(calls, question_prefix="query: ", passage_prefix="passage: ")
    assert await embedder.question("kaos") == await embedder.question("kaos")
    await embedder.question("kaos " * 1000)
    await embedder.passages(("kaos",))
    await embedder.passages(("kaos " * 1000,))
    first, second, third, fourth = [one["texts"] for one in await stage.receipts("embedding.call")]
    assert (first, len(second[0]), third) == (["query: kaos"], len("query: ") + 500, ["passage: kaos"])
    assert len(fourth[0]) == len("passage: ") + 1500
    assert [(c.role, c.outcome) for c in calls] == [
        ("frontline_b", "answered"),
        ("frontline_b", "answered"),
        ("data_e", "answered"),
        ("data_e", "answered"),
    ]


async def test_shorter_vectors_are_asked_for_where_the_settings_say_so(build: Build) -> None:
    assert len(await build(dimensions=32, shorten=True).question("kaos")) == 32
    calls: list[ModelCall] = []
    with pytest.raises(DependencyDown, match=r"of 256 numbers, where embedding\.dimensions says 32"):
        await build(calls, dimensions=32).question("kaos")
    assert [(c.outcome, c.input_tokens) for c in calls] == [("unusable", 1)]


@pytest.mark.parametrize(
    "fault",
    [
        {"mode": "429", "seconds": 3600},
        {"mode": "429"},
        {"mode": "5xx"},
        {"mode": "down"},
        {"mode": "error", "code": 400},
        {"mode": "cut"},
        {"mode": "bad_json"},
        {"mode": "half_body"},
        {"mode": "slow", "seconds": 30},
    ],
    ids=lambda fault: fault["mode"],
)
async def test_every_refusal_is_embeddings_down(stage: Stage, build: Build, fault: dict[str, Any]) -> None:
    await stage.do("faults", target="embeddings", **fault)
    calls: list[ModelCall] = []
    embedder = build(calls, timeout_seconds=0.5, batch_seconds=0.5)
    for asked in (embedder.question("kaos"), embedder.passages(("kaos",))):
        with pytest.raises(DependencyDown) as down:
            await asked
        assert down.value.name == "embeddings" and "sandbox-model-key" not in str(down.value)
    assert [(c.outcome, c.cost) for c in calls] == [("failed", 0)] * 2


async def test_who_is_asked_to_wait_and_has_the_time_asks_once_more(stage: Stage, build: Build) -> None:
    await stage.do("faults", target="embeddings", mode="429", seconds=0, count=1)
    embedder = build()
    assert await embedder.question("kaos")
    await stage.do("faults", target="embeddings", mode="429", seconds=0, count=2)
    with pytest.raises(DependencyDown, match="429"):
        await embedder.question("kemeja")


async def test_a_wrong_key_is_embeddings_down_and_none_is_sent_where_there_is_none(build: Build) -> None:
    for key in ("wrong", ""):
        with pytest.raises(DependencyDown, match="HTTP 401"):
            await build(api_key=key).question("kaos")


async def test_a_look_costs_nothing_and_sees_an_outage(stage: Stage, build: Build) -> None:
    embedder = build()
    await embedder.check()
    await stage.do("faults", target="model", mode="down")
    with pytest.raises(DependencyDown, match="HTTP 503") as down:
        await embedder.check()
    assert down.value.name == "embeddings" and await stage.receipts("embedding.call") == []


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ([], "shape"),
        ({"data": None}, "shape"),
        ({"data": [7]}, "shape"),
        ({"data": []}, "0 vectors for 1 texts"),
        ({"data": [{"index": 1, "embedding": [1.0, 0.0]}]}, "1 vectors for 1 texts"),
        ({"data": [{"index": 0, "embedding": "AAAA"}]}, "no list of numbers"),
        ({"data": [{"index": 0, "embedding": [1.0, True]}]}, "no list of numbers"),
        ({"data": [{"index": 0, "embedding": [1.0]}]}, "a vector of 1 numbers"),
        ({"data": [{"index": 0, "embedding": [0.0, 0.0]}]}, "without a direction"),
        ({"data": [{"index": 0, "embedding": [10**400, 0]}]}, "without a direction"),
        (b'{"data": [{"index": 0, "embedding": [NaN, 1.0]}]}', "without a direction"),
        (b'{"data": [{"index": 0, "embedding": [1e999, 1.0]}]}', "without a direction"),
    ],
)
async def test_an_answer_that_is_none_is_embeddings_down(
    endpoint: Endpoint, build: Build, answer: Any, why: str
) -> None:
    endpoint.raw = answered(answer)
    embedder = build(base_url=endpoint.url, dimensions=2)
    with pytest.raises(DependencyDown, match=why):
        await embedder.question("kaos")


async def test_vectors_are_read_by_their_index_and_brought_to_length_one(
    endpoint: Endpoint, build: Build
) -> None:
    told = [{"index": 1, "embedding": [0, 5]}, {"index": 0, "embedding": [3.0, 4.0]}]
    endpoint.raw = answered({"data": told})
    embedder = build(base_url=endpoint.url, dimensions=2)
    assert await embedder.passages(("a", "b")) == (pytest.approx((0.6, 0.8)), (0.0, 1.0))


async def test_nobody_listening_is_embeddings_down(build: Build) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/v1"
    for asked in (build(base_url=url).question("kaos"), build(base_url=url).check()):
        with pytest.raises(DependencyDown):
            await asked


async def test_the_sandbox_refuses_what_no_endpoint_takes(stage: Stage) -> None:
    headers = {"authorization": "Bearer sandbox-model-key"}
    for asked in (
        {},
        {"input": []},
        {"input": [""]},
        {"input": [7]},
        {"input": "a", "dimensions": 0},
        {"input": "a", "dimensions": "x"},
    ):
        answer: httpx.Response = await stage.http.post("/v1/embeddings", json=asked, headers=headers)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_request_error")
    (one,) = (await stage.http.post("/v1/embeddings", json={"input": "?!"}, headers=headers)).json()["data"]
    assert math.hypot(*one["embedding"]) == 1
