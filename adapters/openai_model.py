"""Drafts from any OpenAI-compatible endpoint."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx
from pydantic import Field

from casefile.base import Frozen
from casefile.errors import DependencyDown
from ports.sources import DraftRequest

if TYPE_CHECKING:
    from langchain_openai import ChatOpenAI


class TaskModel(Frozen):
    """The model that does one task, and how."""

    model: str
    temperature: float = Field(default=0.0, ge=0, le=2)
    timeout_seconds: float = Field(default=8.0, gt=0)
    max_tokens: int = Field(default=400, ge=1)


class OpenAISettings(Frozen):
    """An endpoint and a model per task; a task that is not named is not drafted."""

    base_url: str
    api_key: str = Field(min_length=1, repr=False)
    tasks: dict[str, TaskModel]


@dataclass(frozen=True, slots=True)
class Usage:
    """What one call cost, in tokens as the endpoint counted them."""

    role: str
    task: str
    model: str
    input_tokens: int
    output_tokens: int


# (speaker, words) in order, the speaker being "system" or "user".
Prompt = Sequence[tuple[str, str]]


class OpenAIDrafter:
    """Implements ports.sources.Drafter; `prompt` words a request, `on_usage` hears of every answered call."""

    def __init__(
        self,
        settings: OpenAISettings,
        prompt: Callable[[DraftRequest], Prompt],
        on_usage: Callable[[Usage], None],
    ) -> None:
        self._settings = settings
        self._prompt = prompt
        self._on_usage = on_usage
        self._chats: dict[str, ChatOpenAI] = {}
        self._http: httpx.AsyncClient | None = None

    async def close(self) -> None:
        """Give the connections back."""
        if self._http is not None:
            await self._http.aclose()

    async def check(self) -> None:
        """List the endpoint's models, which costs nothing; raises DependencyDown unless it does."""
        url = f"{self._settings.base_url.rstrip('/')}/models"
        key = {"Authorization": f"Bearer {self._settings.api_key}"}
        timeout = max((task.timeout_seconds for task in self._settings.tasks.values()), default=8.0)
        try:
            async with asyncio.timeout(timeout):
                answer = await self._client(timeout).get(url, headers=key)
            found = answer.is_success and isinstance(answer.json().get("data"), list)
        except (httpx.HTTPError, TimeoutError, ValueError, AttributeError) as error:
            raise DependencyDown("model", type(error).__name__) from error
        if not found:
            raise DependencyDown("model", f"no list of models (HTTP {answer.status_code})")

    async def draft(self, request: DraftRequest) -> str | None:
        """Return a draft, or None when the task has no model or the model said nothing."""
        task = self._settings.tasks.get(request.task)
        if task is None:
            return None
        # Imported here, for it costs over a second and most desks never use it.
        from openai import OpenAIError

        chat = self._chat(task)
        try:
            # The library bounds each read, not the whole: an answer that drips in must not hold the turn.
            async with asyncio.timeout(task.timeout_seconds):
                answer = await chat.ainvoke(list(self._prompt(request)))
        except (OpenAIError, TimeoutError) as error:
            raise DependencyDown("model", type(error).__name__) from error
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise DependencyDown("model", "an answer that has not the shape of one") from error
        used = answer.usage_metadata
        if used is not None:
            spent = Usage(request.role, request.task, task.model, used["input_tokens"], used["output_tokens"])
            self._on_usage(spent)
        return answer.text.strip() or None

    def _chat(self, task: TaskModel) -> "ChatOpenAI":
        from langchain_openai import ChatOpenAI
        from pydantic import SecretStr

        key = task.model_dump_json()
        if key not in self._chats:
            self._chats[key] = ChatOpenAI(
                model=task.model,
                base_url=self._settings.base_url,
                api_key=SecretStr(self._settings.api_key),
                temperature=task.temperature,
                timeout=task.timeout_seconds,
                max_completion_tokens=task.max_tokens,
                # A retry inside the call would hide from the breaker how slow the model is.
                max_retries=0,
                http_async_client=self._client(task.timeout_seconds),
            )
        return self._chats[key]

    def _client(self, timeout: float) -> httpx.AsyncClient:
        if self._http is None:
            self._http = httpx.AsyncClient(timeout=timeout)
        return self._http
