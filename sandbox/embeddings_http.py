"""The emulated embedding model over HTTP, as endpoints of the OpenAI kind have it."""

import asyncio
import hmac
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.bodies import read_json
from sandbox.embeddings import DIMENSIONS, Embeddings
from sandbox.faults import Faults, under
from sandbox.model_http import ModelErrors, refusal

MOST_TEXTS, MOST_DIMENSIONS = 2048, 4096


class EmbeddingsApi:
    """`/v1/embeddings`, beside the model's own paths and with the same key."""

    def __init__(self, embeddings: Embeddings, api_key: str, faults: Faults, stopping: asyncio.Event) -> None:
        self._embeddings = embeddings
        self._api_key = api_key
        self._faults = faults
        self._stopping = stopping

    def routes(self) -> list[Route]:
        """To be mounted at the root."""
        return [Route("/v1/embeddings", self._embed, methods=["POST"])]

    async def _embed(self, request: Request) -> Response:
        asked = await read_json(request)

        async def effect() -> Response:
            given = request.headers.get("authorization", "")
            if not hmac.compare_digest(given.encode(), f"Bearer {self._api_key}".encode()):
                return refusal(401, "invalid_api_key", "Incorrect API key provided")
            try:
                model, texts, dimensions = _read(asked)
            except ValueError as wrong:
                return refusal(400, "invalid_request_error", str(wrong))
            vectors, used = self._embeddings.embed(texts, dimensions)
            data = [
                {"object": "embedding", "index": index, "embedding": vector}
                for index, vector in enumerate(vectors)
            ]
            usage = {"prompt_tokens": used, "total_tokens": used}
            return JSONResponse({"object": "list", "model": model, "data": data, "usage": usage})

        return await under(self._faults.take("embeddings", "embed"), ModelErrors(), effect, self._stopping)


def _read(asked: Any) -> tuple[str, list[str], int]:
    told = asked.get("input") if isinstance(asked, dict) else None
    texts = [told] if isinstance(told, str) else told
    if not isinstance(texts, list) or not 0 < len(texts) <= MOST_TEXTS:
        raise ValueError(f"input: a text, or a list of 1 to {MOST_TEXTS} texts")
    if not all(isinstance(text, str) and text for text in texts):
        raise ValueError("input: texts that are not empty")
    dimensions = asked.get("dimensions", DIMENSIONS)
    if not isinstance(dimensions, int) or not 1 <= dimensions <= MOST_DIMENSIONS:
        raise ValueError(f"dimensions: a whole number from 1 to {MOST_DIMENSIONS}")
    return str(asked.get("model", "")), texts, dimensions
