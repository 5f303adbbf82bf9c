"""Drafts through a real HTTP endpoint of the OpenAI kind."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from adapters.openai_model import OpenAIDrafter, OpenAISettings, TaskModel, Usage
from casefile.errors import DependencyDown
from ports.sources import DraftRequest

ASKED = DraftRequest(
    role="B",
    task="draft",
    language="id",
    customer_message="jadwalku kapan?",
    safe_text="Rabu 15.00",
    facts=("Rabu",),
)


class Endpoint:
    """A model that says what it is told to say."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.seen: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.content: str | None = "  Sesi Kakak Rabu 15.00 ya.  "
        self.raw: Response | None = None

    async def take(self, request: Request) -> Response:
        self.seen.append(await request.json())
        self.keys.append(request.headers["authorization"])
        if self.raw is not None:
            return self.raw
        message = {"role": "assistant", "content": self.content}
        usage = {"prompt_tokens": 21, "completion_tokens": 8, "total_tokens": 29}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        told = {"id": "c1", "object": "chat.completion", "created": 1, "model": "small", "choices": [choice]}
        return JSONResponse({**told, "usage": usage})


@pytest.fixture
async def endpoint() -> AsyncIterator[Endpoint]:
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    served = Endpoint(f"http://127.0.0.1:{sock.getsockname()[1]}/v1")
    app = Starlette(routes=[Route("/v1/chat/completions", served.take, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    running = asyncio.create_task(server._serve([sock]))
    yield served
    server.should_exit = True
    await running


Build = Callable[..., OpenAIDrafter]


@pytest.fixture
async def drafter() -> AsyncIterator[Build]:
    """Builds drafters for the one task, and closes them."""
    built: list[OpenAIDrafter] = []

    def build(url: str, usages: list[Usage], **changes: Any) -> OpenAIDrafter:
        task = TaskModel(model="small", temperature=0.2, **changes)
        config = OpenAISettings(base_url=url, api_key="sk-test", tasks={"draft": task})
        model = OpenAIDrafter(
            config, lambda r: [("system", "Hanya fakta."), ("user", r.customer_message)], usages.append
        )
        built.append(model)
        return model

    yield build
    for model in built:
        await model.close()


async def test_draft_is_asked_for_and_counted(endpoint: Endpoint, drafter: Build) -> None:
    usages: list[Usage] = []
    model = drafter(endpoint.url, usages)
    assert await model.draft(ASKED) == "Sesi Kakak Rabu 15.00 ya."
    assert await model.draft(ASKED) == "Sesi Kakak Rabu 15.00 ya."
    assert usages == [Usage("B", "draft", "small", 21, 8)] * 2
    asked = endpoint.seen[0]
    assert (asked["model"], asked["temperature"], endpoint.keys[0]) == ("small", 0.2, "Bearer sk-test")
    assert [(m["role"], m["content"]) for m in asked["messages"]] == [
        ("system", "Hanya fakta."),
        ("user", "jadwalku kapan?"),
    ]


async def test_task_without_a_model_is_not_drafted(endpoint: Endpoint, drafter: Build) -> None:
    model = drafter(endpoint.url, [])
    assert await model.draft(ASKED.model_copy(update={"task": "summary"})) is None
    assert endpoint.seen == []


async def test_silence_is_no_draft(endpoint: Endpoint, drafter: Build) -> None:
    endpoint.content = ""
    assert await drafter(endpoint.url, []).draft(ASKED) is None


@pytest.mark.parametrize(
    "raw",
    [
        JSONResponse({"error": {"message": "slow down"}}, status_code=429),
        JSONResponse({"error": {"message": "key sk-test is wrong"}}, status_code=401),
        Response(status_code=500),
        Response(b'{"choices": [', media_type="application/json"),
        Response(b"<html>", media_type="text/html"),
        JSONResponse({"choices": None}),
        JSONResponse([]),
        JSONResponse({}),
    ],
    ids=["429", "401", "500", "half", "html", "no_choices", "list", "empty"],
)
async def test_every_bad_answer_is_the_model_down(endpoint: Endpoint, drafter: Build, raw: Response) -> None:
    endpoint.raw = raw
    usages: list[Usage] = []
    with pytest.raises(DependencyDown) as down:
        await drafter(endpoint.url, usages).draft(ASKED)
    assert (down.value.name, usages) == ("model", [])
    assert "sk-test" not in str(down.value)
    assert len(endpoint.seen) == 1


async def test_an_answer_that_drips_in_is_the_model_down(endpoint: Endpoint, drafter: Build) -> None:
    stop = asyncio.Event()

    async def drip() -> AsyncIterator[bytes]:
        while not stop.is_set():
            yield b" "
            await asyncio.sleep(0.01)

    endpoint.raw = StreamingResponse(drip(), media_type="application/json")
    with pytest.raises(DependencyDown, match="TimeoutError"):
        await drafter(endpoint.url, [], timeout_seconds=0.3).draft(ASKED)
    stop.set()


async def test_nobody_listening_is_the_model_down(drafter: Build) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/v1"
    with pytest.raises(DependencyDown):
        await drafter(url, []).draft(ASKED)


def test_the_library_is_not_loaded_with_the_module() -> None:
    code = "import sys, adapters.openai_model; sys.exit('langchain_openai' in sys.modules or 'openai' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_key_does_not_print() -> None:
    assert "sk-" not in repr(OpenAISettings(base_url="http://x", api_key="sk-1", tasks={}))
