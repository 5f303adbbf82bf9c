"""An emulated language model: its mood decides what it answers, and every token is counted the same way each time."""

import json
import re
from collections import deque
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from sandbox.model_schema import BEST, WORST, filled
from sandbox.model_words import answer_to, understood
from sandbox.receipts import ReceiptLog

Mood = Literal["honest", "sloppy", "hostile", "empty", "wrong_schema"]
Json = dict[str, Any]
_TOKEN = re.compile(r"\w+|[^\w\s]")
# Every message costs a little beside its words, as it does at the real ones.
PER_MESSAGE = 3


class Temper(BaseModel):
    """How the model is disposed; `answers` are said word for word first, one a call.

    `slip` pins what a sloppy or hostile model does (docs/sandbox.md names them); without it each is had in turn.
    """

    model_config = ConfigDict(extra="forbid")

    mood: Mood = "honest"
    slip: str | None = None
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Completion:
    """One answer with what it cost."""

    id: str
    model: str
    text: str
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    cut: bool

    @property
    def usage(self) -> Json:
        """The usage as the endpoint tells it."""
        return {
            "prompt_tokens": self.input_tokens,
            "completion_tokens": self.output_tokens,
            "total_tokens": self.input_tokens + self.output_tokens,
            "prompt_tokens_details": {"cached_tokens": self.cached_tokens},
        }


class Model:
    """Answers requests in its mood and writes a receipt for each; `others` are names it must never say, and may."""

    def __init__(self, receipts: ReceiptLog, others: tuple[str, ...] = ()) -> None:
        self._receipts = receipts
        self._others = others
        self._turn = 0
        self._answers: deque[str] = deque()
        self._seen: set[str] = set()
        self.temper = Temper()

    def become(self, temper: Temper) -> None:
        """Change its mood; slips begin anew."""
        self.temper, self._turn = temper, 0
        self._answers = deque(temper.answers)

    def complete(self, asked: Json) -> Completion:
        """Answer one request of the chat completions kind; raises ValueError where it is none."""
        messages, schema = _messages(asked), _schema(asked)
        said = self._answers.popleft() if self._answers else self._say(messages, schema)
        most = asked.get("max_completion_tokens") or asked.get("max_tokens")
        text = said if most is None else _cut(said, int(most))
        told = sum(tokens(m["content"]) + PER_MESSAGE for m in messages)
        told += tokens(json.dumps(schema)) if schema else 0
        completion = Completion(
            id=f"chatcmpl-sandbox-{self._receipts.last + 1}",
            model=str(asked.get("model", "")),
            text=text,
            input_tokens=told,
            cached_tokens=self._cached(messages),
            output_tokens=tokens(text),
            cut=text != said,
        )
        self._receipts.write(
            "model.call",
            id=completion.id,
            model=completion.model,
            mood=self.temper.mood,
            schema=(asked.get("response_format") or {}).get("json_schema", {}).get("name"),
            messages=messages,
            text=text,
            input_tokens=completion.input_tokens,
            cached_tokens=completion.cached_tokens,
            output_tokens=completion.output_tokens,
        )
        return completion

    def _say(self, messages: list[Json], schema: Json | None) -> str:
        mood, slip = self.temper.mood, self.temper.slip
        self._turn += 1
        if mood == "empty":
            return ""
        if mood == "wrong_schema":
            return json.dumps({"weather": "fine"}) if schema else "{}"
        if schema is None:
            return answer_to(messages, mood, slip, self._turn, self._others)
        if mood == "honest":
            return json.dumps(filled(schema, BEST, understood(messages)), ensure_ascii=False)
        if mood == "hostile":
            return json.dumps(filled(schema, WORST, {}), ensure_ascii=False)
        return _careless(filled(schema, BEST, understood(messages)), slip, self._turn)

    def _cached(self, messages: list[Json]) -> int:
        """Count the instructions as cached when they have been seen before, as endpoints do with a repeated prefix."""
        first = messages[0]["content"] if messages and messages[0]["role"] == "system" else ""
        known = first in self._seen
        self._seen.add(first)
        return tokens(first) if known and first else 0


SLIPS = ("missing_field", "unknown_word", "extra_field", "fenced", "wrong_type")


def _careless(answer: Any, slip: str | None, turn: int) -> str:
    """Get a structured answer nearly right."""
    kind = slip if slip in SLIPS else SLIPS[(turn - 1) % len(SLIPS)]
    if not isinstance(answer, dict) or not answer:
        return json.dumps(answer)
    first = next(iter(answer))
    match kind:
        case "missing_field":
            answer.pop(first)
        case "unknown_word":
            answer[first] = ["made_up"] if isinstance(answer[first], list) else "made_up"
        case "extra_field":
            answer["confidence_in_myself"] = "very high"
        case "wrong_type":
            answer[first] = 7
        case _:
            return f"Here you are:\n```json\n{json.dumps(answer, ensure_ascii=False)}\n```"
    return json.dumps(answer, ensure_ascii=False)


def tokens(text: str) -> int:
    """Count the tokens of a text: words and marks."""
    return len(_TOKEN.findall(text))


def _cut(text: str, most: int) -> str:
    found = list(_TOKEN.finditer(text))
    return text if len(found) <= most else text[: found[most - 1].end()]


def _messages(asked: Any) -> list[Json]:
    told = asked.get("messages") if isinstance(asked, dict) else None
    if not isinstance(told, list) or not told:
        raise ValueError("messages: at least one is needed")
    if not all(isinstance(m, dict) and isinstance(m.get("content"), str) for m in told):
        raise ValueError("messages: each has a role and a content of text")
    return [{"role": str(m.get("role")), "content": m["content"]} for m in told]


def _schema(asked: Json) -> Json | None:
    wanted = asked.get("response_format")
    if not isinstance(wanted, dict) or wanted.get("type") in (None, "text"):
        return None
    schema = (wanted.get("json_schema") or {}).get("schema")
    if wanted.get("type") != "json_schema" or not isinstance(schema, dict):
        raise ValueError("response_format: text, or json_schema with a schema")
    return schema
