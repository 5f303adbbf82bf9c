"""Embeddings behind any OpenAI-compatible endpoint."""

import asyncio
import math
import uuid
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

import httpx
from pydantic import Field

from adapters.openai_usage import retry_after
from casefile.base import Frozen
from casefile.errors import DependencyDown
from casefile.money import Price
from ports.embeddings import NAME, Vector
from ports.models import ModelCall, Outcome

# So many texts share a request, and so many questions are remembered, in memory only.
BATCH, KEPT = 64, 256
# Whoever looks for something says so at once. Some servers refuse what is longer than their model reads (512 tokens,
# often), and one such text would count as an outage.
QUESTION_CHARS, PASSAGE_CHARS = 500, 1500


class EmbeddingSettings(Frozen):
    """An endpoint, its model and what it costs; `shorten` asks the model for vectors of that length.

    Some models want questions and passages told apart by how the text begins, hence the prefixes.
    """

    base_url: str
    model: str
    dimensions: int
    api_key: str = Field(default="", repr=False)
    price: Price
    shorten: bool = False
    question_prefix: str = ""
    passage_prefix: str = ""
    timeout_seconds: float = Field(default=2.0, gt=0)
    batch_seconds: float = Field(default=30.0, gt=0)


class OpenAIEmbeddings:
    """Implements ports.embeddings.Embedder; `on_call` hears of every call, whatever became of it."""

    def __init__(self, settings: EmbeddingSettings, on_call: Callable[[ModelCall], None]) -> None:
        self._settings = settings
        self._on_call = on_call
        self._asked: OrderedDict[str, Vector] = OrderedDict()
        key = {"Authorization": f"Bearer {settings.api_key}"} if settings.api_key else {}
        # Loading the certificates takes 50 ms, and only an https address has any to check.
        verify = not settings.base_url.startswith("http://")
        self._http = httpx.AsyncClient(headers=key, verify=verify, trust_env=False)

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    async def check(self) -> None:
        """List the endpoint's models, which costs nothing; raises DependencyDown unless it does."""
        try:
            async with asyncio.timeout(self._settings.timeout_seconds):
                answer = await self._http.get(f"{self._settings.base_url.rstrip('/')}/models", timeout=None)
            found = answer.is_success and isinstance(answer.json().get("data"), list)
        except (httpx.HTTPError, TimeoutError, ValueError, AttributeError) as error:
            raise DependencyDown(NAME, type(error).__name__) from error
        if not found:
            raise DependencyDown(NAME, f"no list of models (HTTP {answer.status_code})")

    async def question(self, text: str) -> Vector:
        """Return the vector of what somebody looks for, asked once for the same words."""
        told = self._settings.question_prefix + text[:QUESTION_CHARS]
        if (kept := self._asked.get(told)) is None:
            (kept,) = await self._vectors([told], "frontline_b", self._settings.timeout_seconds)
            self._asked[told] = kept
            if len(self._asked) > KEPT:
                self._asked.popitem(last=False)
        self._asked.move_to_end(told)
        return kept

    async def passages(self, texts: Sequence[str]) -> tuple[Vector, ...]:
        """Return the vectors of texts that can be found, in their order."""
        told = [self._settings.passage_prefix + text[:PASSAGE_CHARS] for text in texts]
        parts = [told[start : start + BATCH] for start in range(0, len(told), BATCH)]
        found = [await self._vectors(part, "data_e", self._settings.batch_seconds) for part in parts]
        return tuple(vector for part in found for vector in part)

    async def _vectors(self, texts: list[str], role: str, seconds: float) -> list[Vector]:
        """Ask within so many seconds; who is told how long to wait, and has the time, asks once more."""
        asked: dict[str, object] = {
            "model": self._settings.model,
            "input": texts,
            "encoding_format": "float",
        }
        if self._settings.shorten:
            asked["dimensions"] = self._settings.dimensions
        try:
            async with asyncio.timeout(seconds) as limit:
                try:
                    answer = await self._post(asked)
                except httpx.HTTPStatusError as error:
                    wait, ends = retry_after(error), limit.when() or 0.0
                    if wait is None or asyncio.get_running_loop().time() + wait >= ends:
                        raise
                    await asyncio.sleep(wait)
                    answer = await self._post(asked)
        except httpx.HTTPStatusError as error:
            self._note(role, "failed", 0, why := f"HTTP {error.response.status_code}")
            raise DependencyDown(NAME, why) from error
        except (httpx.HTTPError, TimeoutError, ValueError) as error:
            self._note(role, "failed", 0, type(error).__name__)
            raise DependencyDown(NAME, type(error).__name__) from error
        used = _tokens(answer)
        try:
            found = _read(answer, len(texts), self._settings.dimensions)
        except ValueError as error:
            self._note(role, "unusable", used, str(error))
            raise DependencyDown(NAME, str(error)) from error
        self._note(role, "answered", used)
        return found

    async def _post(self, asked: dict[str, object]) -> Any:
        # The library bounds each read, not the whole: the bound is around this.
        url = f"{self._settings.base_url.rstrip('/')}/embeddings"
        answer = await self._http.post(url, json=asked, timeout=None)
        answer.raise_for_status()
        return answer.json()

    def _note(self, role: str, outcome: Outcome, tokens: int, why: str = "") -> None:
        settings = self._settings
        call = ModelCall(
            id=uuid.uuid4().hex,
            role=role,
            task="embed",
            model=settings.model,
            strength="cheap",
            input_tokens=tokens,
            cost=settings.price.of(tokens, 0, 0),
            outcome=outcome,
            why=why,
        )
        self._on_call(call)


def _tokens(answer: Any) -> int:
    """Return the tokens as the endpoint counted them; no count is none."""
    usage = answer.get("usage") if isinstance(answer, dict) else None
    told = usage.get("prompt_tokens") if isinstance(usage, dict) else None
    return told if isinstance(told, int) and told > 0 else 0


def _read(answer: Any, count: int, dimensions: int) -> list[Vector]:
    """Read the vectors of an answer, in the order asked; raises ValueError saying what is wrong with it."""
    told = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(told, list) or not all(isinstance(one, dict) for one in told):
        raise ValueError("an answer that has not the shape of one")
    by_index = {one.get("index"): one.get("embedding") for one in told}
    if len(told) != count or set(by_index) != set(range(count)):
        raise ValueError(f"{len(told)} vectors for {count} texts")
    return [_unit(by_index[index], dimensions) for index in range(count)]


def _unit(told: Any, dimensions: int) -> Vector:
    if not isinstance(told, list) or not all(type(one) in (int, float) for one in told):
        raise ValueError("a vector that is no list of numbers")
    if len(told) != dimensions:
        raise ValueError(f"a vector of {len(told)} numbers, where embedding.dimensions says {dimensions}")
    try:
        length = math.hypot(*told)
    except OverflowError:
        length = math.inf
    if not math.isfinite(length) or length == 0:
        raise ValueError("a vector without a direction")
    return tuple(one / length for one in told)
