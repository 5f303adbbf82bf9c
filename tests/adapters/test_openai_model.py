"""Models through a real HTTP endpoint of the OpenAI kind: the sandbox's, and one that answers as no model may."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from adapters.openai_cache import AnswerCache
from adapters.openai_model import OpenAIModel, OpenAISettings, TaskModel
from casefile.errors import DependencyDown
from casefile.money import Price
from ports.models import Ask, ModelCall
from sandbox.clock import SharedClock
from sandbox.faults import Fault
from sandbox.model import Temper, tokens
from sandbox.server import SandboxServer
from sandbox.settings import SandboxSettings, TelegramAccount, WhatsAppAccount

ASKED = Ask(
    task="draft",
    role="frontline_b",
    prompt=(("system", "Hanya fakta."), ("user", "<safe_text>Rabu 15.00</safe_text>")),
    case_id="SCH-1",
)
PRICE = Price(input=2_500, cached=1_250, output=10_000)


class Heard(BaseModel):
    """What a message says."""

    signals: list[str]
    tier: str


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[SandboxServer]:
    account = WhatsAppAccount(
        app_secret="s", verify_token="v", access_token="a", phone_number_id="1", display_number="62"
    )
    settings = SandboxSettings(
        wa=account,
        telegram=TelegramAccount(bot_token="7:t", lanes={}),
        state_dir=tmp_path,
        receipts=tmp_path / "receipts.jsonl",
    )
    server = SandboxServer(settings, SharedClock(tmp_path / "clock.json"))
    await server.start()
    yield server
    await server.stop()


Build = Callable[..., OpenAIModel]


@pytest.fixture
async def build() -> AsyncIterator[Build]:
    """Builds models for the one task, and closes them."""
    built: list[OpenAIModel] = []

    def build(url: str, calls: list[ModelCall], **changes: Any) -> OpenAIModel:
        task = TaskModel(model="sandbox-small", price=PRICE, temperature=0.2, **changes)
        config = OpenAISettings(base_url=url, api_key="sandbox-model-key", tasks={"draft": task})
        built.append(OpenAIModel(config, calls.append))
        return built[-1]

    yield build
    for model in built:
        await model.close()


def receipts(sandbox: SandboxServer) -> list[dict[str, Any]]:
    return [r for r in sandbox.sandbox.receipts.after(0) if r["kind"] == "model.call"]


async def test_words_are_asked_for_and_accounted_to_the_token(sandbox: SandboxServer, build: Build) -> None:
    calls: list[ModelCall] = []
    model = build(f"{sandbox.url}/v1", calls)
    other = ASKED.model_copy(update={"contact_id": "ct_other"})
    said = [await model.text(asked) for asked in (ASKED, other)]
    assert said == ["Rabu 15.00\n\nSemoga membantu ya, Kak."] * 2
    told = receipts(sandbox)
    assert [(c.provider_id, c.input_tokens, c.cached_tokens, c.output_tokens) for c in calls] == [
        (r["id"], r["input_tokens"], r["cached_tokens"], r["output_tokens"]) for r in told
    ]
    assert (calls[0].cached_tokens, calls[1].cached_tokens) == (0, tokens("Hanya fakta."))
    fresh = calls[1].input_tokens - calls[1].cached_tokens
    assert calls[1].cost == fresh * 2_500 + calls[1].cached_tokens * 1_250 + calls[1].output_tokens * 10_000
    first = calls[0]
    assert (first.role, first.task, first.model, first.case_id, first.outcome) == (
        "frontline_b",
        "draft",
        "sandbox-small",
        "SCH-1",
        "answered",
    )
    assert told[0]["messages"] == [
        {"role": "system", "content": "Hanya fakta."},
        {"role": "user", "content": "<safe_text>Rabu 15.00</safe_text>"},
    ]
    assert len({c.id for c in calls}) == 2


async def test_a_shape_is_asked_for_as_a_schema(sandbox: SandboxServer, build: Build) -> None:
    calls: list[ModelCall] = []
    asked = ASKED.model_copy(
        update={"prompt": (("user", "<customer_message>refund dong</customer_message>"),)}
    )
    heard = await build(f"{sandbox.url}/v1", calls).structured(asked, Heard)
    assert heard == Heard(signals=["refund"], tier="R3")
    (told,) = receipts(sandbox)
    assert (told["schema"], told["input_tokens"]) == ("Heard", calls[0].input_tokens)


@pytest.mark.parametrize(
    "temper",
    [
        Temper(mood="wrong_schema"),
        Temper(mood="sloppy", slip="missing_field"),
        Temper(mood="sloppy", slip="wrong_type"),
        Temper(answers=('{"signals": [',)),
        Temper(answers=("no idea",)),
        Temper(answers=("[]",)),
        Temper(mood="empty"),
    ],
    ids=["wrong", "missing", "type", "half", "words", "list", "empty"],
)
async def test_a_wrong_shape_is_the_model_down_and_still_paid_for(
    sandbox: SandboxServer, build: Build, temper: Temper
) -> None:
    sandbox.sandbox.model.become(temper)
    calls: list[ModelCall] = []
    with pytest.raises(DependencyDown):
        await build(f"{sandbox.url}/v1", calls).structured(ASKED, Heard)
    (told,) = receipts(sandbox)
    assert [(c.outcome, c.input_tokens, c.output_tokens) for c in calls] == [
        ("unusable", told["input_tokens"], told["output_tokens"])
    ]


async def test_a_shape_that_was_cut_off_is_paid_for_too(sandbox: SandboxServer, build: Build) -> None:
    calls: list[ModelCall] = []
    with pytest.raises(DependencyDown, match="cut off"):
        await build(f"{sandbox.url}/v1", calls, max_tokens=4).structured(ASKED, Heard)
    (told,) = receipts(sandbox)
    assert (calls[0].outcome, calls[0].input_tokens, calls[0].output_tokens) == (
        "unusable",
        told["input_tokens"],
        4,
    )


async def test_the_same_question_of_the_same_customer_is_paid_for_once(
    sandbox: SandboxServer, build: Build
) -> None:
    calls: list[ModelCall] = []
    model = build(f"{sandbox.url}/v1", calls)
    again = ASKED.model_copy(update={"case_id": "SCH-2"})
    assert await model.text(ASKED) == await model.text(again)
    assert await model.structured(ASKED, Heard) == await model.structured(again, Heard)
    assert len(receipts(sandbox)) == 2
    kept = [(c.case_id, c.outcome, c.cost > 0) for c in calls]
    assert kept == [("SCH-1", "answered", True), ("SCH-2", "cached", False)] * 2


@pytest.mark.parametrize(
    "change",
    [
        {"contact_id": "ct_other"},
        {"role": "specialist_d"},
        {"prompt": (("system", "Hanya fakta."), ("user", "<safe_text>Rabu 16.00</safe_text>"))},
    ],
    ids=["customer", "role", "words"],
)
async def test_another_question_is_asked_anew(
    sandbox: SandboxServer, build: Build, change: dict[str, Any]
) -> None:
    calls: list[ModelCall] = []
    model = build(f"{sandbox.url}/v1", calls)
    await model.text(ASKED)
    await model.text(ASKED.model_copy(update=change))
    assert [c.outcome for c in calls] == ["answered", "answered"]


def test_only_so_many_answers_are_kept_and_the_oldest_unused_go_first() -> None:
    cache = AnswerCache(most=2)
    cache.put("a", "1")
    cache.put("b", "2")
    assert cache.get("a") == "1"
    cache.put("c", "3")
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == ("1", None, "3")


async def test_task_without_a_model_is_not_asked(sandbox: SandboxServer, build: Build) -> None:
    calls: list[ModelCall] = []
    model, other = build(f"{sandbox.url}/v1", calls), ASKED.model_copy(update={"task": "summary"})
    assert (await model.text(other), await model.structured(other, Heard)) == (None, None)
    assert receipts(sandbox) == calls == []


async def test_silence_says_nothing_but_costs(sandbox: SandboxServer, build: Build) -> None:
    sandbox.sandbox.model.become(Temper(mood="empty"))
    calls: list[ModelCall] = []
    assert await build(f"{sandbox.url}/v1", calls).text(ASKED) is None
    assert calls[0].input_tokens > 0 and calls[0].output_tokens == 0


async def test_who_is_asked_to_wait_and_has_the_time_asks_once_more(
    sandbox: SandboxServer, build: Build
) -> None:
    busy = Fault(target="model", mode="429", count=1, seconds=0)
    sandbox.sandbox.faults.add(busy.model_copy())
    calls: list[ModelCall] = []
    model = build(f"{sandbox.url}/v1", calls)
    assert await model.text(ASKED) is not None
    sandbox.sandbox.faults.add(Fault(target="model", mode="429", count=2, seconds=0))
    # Another customer's question: the first one's answer is at hand.
    with pytest.raises(DependencyDown, match="RateLimitError"):
        await model.text(ASKED.model_copy(update={"case_id": "SCH-2", "contact_id": "ct_2"}))
    assert [c.outcome for c in calls] == ["answered", "failed"]


@pytest.mark.parametrize(
    "fault",
    [
        Fault(target="model", mode="429", seconds=3600),
        Fault(target="model", mode="429"),
        Fault(target="model", mode="error", code=401),
        Fault(target="model", mode="5xx"),
        Fault(target="model", mode="down"),
        Fault(target="model", mode="cut"),
        Fault(target="model", mode="bad_json"),
        Fault(target="model", mode="half_body"),
    ],
    ids=["429_long", "429", "401", "500", "503", "cut", "bad_json", "half"],
)
async def test_every_refusal_is_the_model_down(sandbox: SandboxServer, build: Build, fault: Fault) -> None:
    sandbox.sandbox.faults.add(fault)
    calls: list[ModelCall] = []
    with pytest.raises(DependencyDown) as down:
        await build(f"{sandbox.url}/v1", calls).text(ASKED)
    assert (down.value.name, [c.outcome for c in calls]) == ("model", ["failed"])
    assert "sandbox-model-key" not in str(down.value)
    met = [r for r in sandbox.sandbox.receipts.after(0) if r["kind"] == "fault.met"]
    assert len(met) == 1


class Endpoint:
    """An endpoint that answers what it is told to."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.raw: Response = JSONResponse({})

    async def take(self, request: Request) -> Response:
        return self.raw


@pytest.fixture
async def endpoint() -> AsyncIterator[Endpoint]:
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    served = Endpoint(f"http://127.0.0.1:{sock.getsockname()[1]}/v1")
    app = Starlette(routes=[Route("/v1/{path:path}", served.take, methods=["GET", "POST"])])
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    running = asyncio.create_task(server._serve([sock]))
    yield served
    server.should_exit = True
    await running


@pytest.mark.parametrize(
    "raw",
    [
        Response(b"<html>", media_type="text/html"),
        JSONResponse({"choices": None}),
        JSONResponse([]),
        JSONResponse({}),
    ],
    ids=["html", "no_choices", "list", "empty"],
)
async def test_an_answer_that_is_none_is_the_model_down(
    endpoint: Endpoint, build: Build, raw: Response
) -> None:
    endpoint.raw = raw
    model = build(endpoint.url, [])
    for asked in (model.text(ASKED), model.structured(ASKED, Heard)):
        with pytest.raises(DependencyDown):
            await asked


async def test_an_answer_without_a_count_costs_what_nobody_knows(endpoint: Endpoint, build: Build) -> None:
    choice = {"index": 0, "message": {"role": "assistant", "content": "Halo"}, "finish_reason": "stop"}
    head = {"id": "c1", "object": "chat.completion", "created": 1, "model": "m"}
    endpoint.raw = JSONResponse({**head, "choices": [choice]})
    calls: list[ModelCall] = []
    assert await build(endpoint.url, calls).text(ASKED) == "Halo"
    assert (calls[0].input_tokens, calls[0].cost, calls[0].outcome) == (0, 0, "answered")


async def test_an_answer_that_drips_in_is_the_model_down(endpoint: Endpoint, build: Build) -> None:
    stop = asyncio.Event()

    async def drip() -> AsyncIterator[bytes]:
        stopped = asyncio.ensure_future(stop.wait())
        while not stop.is_set():
            yield b" "
            await asyncio.wait({stopped}, timeout=0.01)

    endpoint.raw = StreamingResponse(drip(), media_type="application/json")
    with pytest.raises(DependencyDown, match="TimeoutError"):
        await build(endpoint.url, [], timeout_seconds=0.3).text(ASKED)
    stop.set()


async def test_nobody_listening_is_the_model_down(build: Build) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/v1"
    with pytest.raises(DependencyDown):
        await build(url, []).text(ASKED)


async def test_a_look_costs_nothing_and_sees_an_outage(sandbox: SandboxServer, build: Build) -> None:
    model = build(f"{sandbox.url}/v1", [])
    await model.check()
    sandbox.sandbox.faults.add(Fault(target="model", mode="down"))
    with pytest.raises(DependencyDown, match="503"):
        await model.check()
    assert receipts(sandbox) == []


def test_the_library_is_not_loaded_with_the_module() -> None:
    code = "import sys, adapters.openai_model; sys.exit('langchain_openai' in sys.modules or 'openai' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_key_does_not_print() -> None:
    assert "sk-" not in repr(OpenAISettings(base_url="http://x", api_key="sk-1", tasks={}))
