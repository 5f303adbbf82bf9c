"""Models behind any OpenAI-compatible endpoint."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import httpx
from pydantic import Field, ValidationError

from adapters.openai_cache import AnswerCache, key_of
from adapters.openai_usage import Counted, counted, retry_after
from casefile.base import Frozen
from casefile.errors import DependencyDown
from casefile.money import Price
from ports.models import Ask, ModelCall, Outcome, S, Strength

if TYPE_CHECKING:
    from langchain_openai import ChatOpenAI


class TaskModel(Frozen):
    """The model that does one task, how, and at what price."""

    model: str
    price: Price
    strength: Strength = "cheap"
    temperature: float = Field(default=0.0, ge=0, le=2)
    timeout_seconds: float = Field(default=8.0, gt=0)
    max_tokens: int = Field(default=400, ge=1)


class OpenAISettings(Frozen):
    """An endpoint and a model per task; a task that is not named is not done."""

    base_url: str
    api_key: str = Field(min_length=1, repr=False)
    tasks: dict[str, TaskModel]


class OpenAIModel:
    """Implements ports.models.Model; `on_call` hears of every call, whatever became of it."""

    def __init__(self, settings: OpenAISettings, on_call: Callable[[ModelCall], None]) -> None:
        self._settings = settings
        self._on_call = on_call
        self._chats: dict[str, ChatOpenAI] = {}
        self._http: httpx.AsyncClient | None = None
        self._answers = AnswerCache()

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

    async def text(self, ask: Ask) -> str | None:
        """Return words, None when the task has no model or the model said nothing."""
        task = self._settings.tasks.get(ask.task)
        if task is None:
            return None
        key = key_of(ask, task.model_dump_json())
        if (kept := self._answers.get(key)) is not None:
            self._note(ask, task, "cached", Counted())
            return kept
        message = await self._answer(ask, task, lambda: self._chat(task).ainvoke(list(ask.prompt)))
        self._note(ask, task, "answered", counted(message))
        if said := str(message.text).strip():
            self._answers.put(key, said)
        return said or None

    async def structured(self, ask: Ask, schema: type[S]) -> S | None:
        """Return an answer of this shape, None when the task has no model."""
        task = self._settings.tasks.get(ask.task)
        if task is None:
            return None
        shape = schema.model_json_schema()
        key = key_of(ask, task.model_dump_json(), shape)
        if (kept := self._answers.get(key)) is not None:
            self._note(ask, task, "cached", Counted())
            return schema.model_validate_json(kept)
        # As a plain schema: given the class, the client would check the answer itself and lose what a bad one cost.
        asked = self._chat(task).with_structured_output(
            shape, method="json_schema", include_raw=True, strict=True
        )
        answer = await self._answer(ask, task, lambda: asked.ainvoke(list(ask.prompt)))
        used = counted(answer["raw"])
        try:
            found = schema.model_validate(answer["parsed"])
        except ValidationError as error:
            self._note(ask, task, "unusable", used, "not of the shape asked for")
            raise DependencyDown("model", "an answer that is not of the shape asked for") from error
        self._note(ask, task, "answered", used)
        self._answers.put(key, found.model_dump_json())
        return found

    async def _answer(self, ask: Ask, task: TaskModel, invoke: Callable[[], Awaitable[Any]]) -> Any:
        """Ask within the task's time; who is told how long to wait, and has the time, asks once more."""
        # Imported here, for it costs over a second and most desks never use it.
        from openai import LengthFinishReasonError, OpenAIError

        try:
            # The library bounds each read, not the whole: an answer that drips in must not hold the turn.
            async with asyncio.timeout(task.timeout_seconds) as limit:
                try:
                    return await invoke()
                except OpenAIError as error:
                    wait, ends = retry_after(error), limit.when() or 0.0
                    if wait is None or asyncio.get_running_loop().time() + wait >= ends:
                        raise
                    await asyncio.sleep(wait)
                    return await invoke()
        except LengthFinishReasonError as error:
            self._note(ask, task, "unusable", counted(error.completion), "cut off at max_tokens")
            raise DependencyDown("model", "an answer that was cut off") from error
        except (OpenAIError, TimeoutError) as error:
            self._note(ask, task, "failed", Counted(), type(error).__name__)
            raise DependencyDown("model", type(error).__name__) from error
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            self._note(ask, task, "failed", Counted(), type(error).__name__)
            raise DependencyDown("model", "an answer that has not the shape of one") from error

    def _note(self, ask: Ask, task: TaskModel, outcome: Outcome, used: Counted, why: str = "") -> None:
        call = ModelCall(
            id=uuid.uuid4().hex,
            role=ask.role,
            task=ask.task,
            model=task.model,
            strength=task.strength,
            case_id=ask.case_id,
            provider_id=used.provider_id,
            input_tokens=used.input,
            cached_tokens=used.cached,
            output_tokens=used.output,
            cost=task.price.of(used.input, used.cached, used.output),
            outcome=outcome,
            why=why,
        )
        self._on_call(call)

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
