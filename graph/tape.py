"""Recorded reads: what a turn asked the world and what it was told, so that it can be run again."""

import inspect
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, get_type_hints

from pydantic import JsonValue, TypeAdapter

from casefile.errors import DependencyDown, LoketError

P = TypeVar("P")
_ADAPTERS: dict[tuple[type, str], TypeAdapter[Any]] = {}
_QUESTIONS: TypeAdapter[Any] = TypeAdapter(Any)


@dataclass(frozen=True, slots=True)
class Read:
    """One question and its answer; `down` names the dependency that did not answer."""

    node: str
    port: str
    question: JsonValue
    answer: JsonValue
    down: str | None = None


@dataclass(slots=True)
class Tape:
    """The reads of one turn, in order."""

    reads: list[Read] = field(default_factory=list)


class Mismatch(LoketError):
    """A replayed turn asked something else than it asked then."""


class Recorder(Generic[P]):
    """Stands before a port, answers from it and writes every read down."""

    def __init__(self, protocol: type[P], target: P, node: str, tape: Tape) -> None:
        self._protocol = protocol
        self._target = target
        self._node = node
        self._tape = tape

    def __getattr__(self, name: str) -> Callable[..., Coroutine[Any, Any, Any]]:
        method = getattr(self._target, name)
        adapter = _adapter(self._protocol, name)
        port = f"{self._protocol.__name__}.{name}"

        async def read(*args: object) -> Any:
            question = _QUESTIONS.dump_python(list(args), mode="json")
            try:
                answer = await method(*args)
            except DependencyDown as error:
                self._tape.reads.append(Read(self._node, port, question, error.why, error.name))
                raise
            written = adapter.dump_python(answer, mode="json", exclude_defaults=True)
            self._tape.reads.append(Read(self._node, port, question, written))
            return answer

        return read


class Player(Generic[P]):
    """Answers from a tape, insisting that the same questions are asked in the same order."""

    def __init__(self, protocol: type[P], node: str, reads: list[Read]) -> None:
        self._protocol = protocol
        self._node = node
        self._reads = reads

    def __getattr__(self, name: str) -> Callable[..., Coroutine[Any, Any, Any]]:
        adapter = _adapter(self._protocol, name)
        port = f"{self._protocol.__name__}.{name}"

        async def read(*args: object) -> Any:
            question = _QUESTIONS.dump_python(list(args), mode="json")
            if not self._reads:
                raise Mismatch(f"{self._node} asks {port}{question}, where nothing was asked then")
            then = self._reads.pop(0)
            if (then.port, then.question) != (port, question):
                raise Mismatch(f"{self._node} asks {port}{question}, then it was {then.port}{then.question}")
            if then.down is not None:
                raise DependencyDown(then.down, str(then.answer))
            return adapter.validate_python(then.answer)

        return read


def _adapter(protocol: type, name: str) -> TypeAdapter[Any]:
    key = (protocol, name)
    if key not in _ADAPTERS:
        method = inspect.getattr_static(protocol, name)
        _ADAPTERS[key] = TypeAdapter(get_type_hints(method)["return"])
    return _ADAPTERS[key]
