"""The emulated model over HTTP, as endpoints of the OpenAI kind have it."""

import asyncio
import hmac
import json
import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.bodies import read_json
from sandbox.faults import Faults, under
from sandbox.model import Completion, Model

MODELS = ("sandbox-small", "sandbox-large")
# As real servers never do; what is shown of time must not differ from run to run.
CREATED = 1_700_000_000


class ModelErrors:
    """Refusals in the shape of these endpoints."""

    def unavailable(self, status: int) -> Response:
        """The service is down (503) or broken (500)."""
        return refusal(status, "server_error", "The server had an error")

    def too_many(self, seconds: float | None) -> Response:
        """Asked too often; the wait is named only when one was given."""
        answer = refusal(429, "rate_limit_exceeded", "Rate limit reached")
        if seconds is not None:
            answer.headers["Retry-After"] = f"{seconds:g}"
        return answer

    def refused(self, code: int) -> Response:
        """Any error by its HTTP number."""
        return refusal(code, "invalid_request_error", "An error asked for by the sandbox")


class ModelApi:
    """`/v1/chat/completions` and `/v1/models`; the base URL for a client is `<sandbox>/v1`."""

    def __init__(self, model: Model, api_key: str, faults: Faults, stopping: asyncio.Event) -> None:
        self._model = model
        self._api_key = api_key
        self._faults = faults
        self._stopping = stopping

    def routes(self) -> list[Route]:
        """To be mounted at the root."""
        return [
            Route("/v1/chat/completions", self._chat, methods=["POST"]),
            Route("/v1/models", self._models, methods=["GET"]),
        ]

    async def _chat(self, request: Request) -> Response:
        asked = await read_json(request)

        async def effect() -> Response:
            if not self._known(request):
                return refusal(401, "invalid_api_key", "Incorrect API key provided")
            try:
                completion = self._model.complete(asked)
            except ValueError as wrong:
                return refusal(400, "invalid_request_error", str(wrong))
            if asked.get("stream"):
                return Response(_stream(completion, asked), media_type="text/event-stream")
            return JSONResponse(_whole(completion))

        return await under(self._faults.take("model", "chat"), ModelErrors(), effect, self._stopping)

    async def _models(self, request: Request) -> Response:
        async def effect() -> Response:
            if not self._known(request):
                return refusal(401, "invalid_api_key", "Incorrect API key provided")
            listed = [{"id": name, "object": "model", "created": CREATED} for name in MODELS]
            return JSONResponse({"object": "list", "data": listed})

        fault = self._faults.take("model", "models", usual=False)
        return await under(fault, ModelErrors(), effect, self._stopping)

    def _known(self, request: Request) -> bool:
        given = request.headers.get("authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {self._api_key}".encode())


def _whole(completion: Completion) -> dict[str, Any]:
    reason = "length" if completion.cut else "stop"
    message = {"role": "assistant", "content": completion.text, "refusal": None}
    return {
        **_head(completion, "chat.completion"),
        "choices": [{"index": 0, "message": message, "finish_reason": reason}],
        "usage": completion.usage,
    }


def _stream(completion: Completion, asked: dict[str, Any]) -> bytes:
    """Write an answer as server-sent events, a few words each; usage comes last, when it is asked for."""
    head = _head(completion, "chat.completion.chunk")
    parts = re.findall(r"(?:\s*\S+){1,4}\s*", completion.text)
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": part} for part in parts]
    events = [{**head, "choices": [{"index": 0, "delta": d, "finish_reason": None}]} for d in deltas]
    reason = "length" if completion.cut else "stop"
    events.append({**head, "choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
    if (asked.get("stream_options") or {}).get("include_usage"):
        events.append({**head, "choices": [], "usage": completion.usage})
    lines = [f"data: {json.dumps(event, ensure_ascii=False)}\n\n" for event in events]
    return "".join([*lines, "data: [DONE]\n\n"]).encode()


def _head(completion: Completion, kind: str) -> dict[str, Any]:
    return {"id": completion.id, "object": kind, "created": CREATED, "model": completion.model}


def refusal(status: int, code: str, message: str) -> Response:
    """Refuse in the words of these endpoints."""
    told = {"message": message, "type": code, "param": None, "code": code}
    return JSONResponse({"error": told}, status_code=status)
