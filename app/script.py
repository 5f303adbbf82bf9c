"""Scripted conversations: the format docs/scripts.md describes, read and checked whole before anything plays."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from pydantic import Field, JsonValue, ValidationError, field_validator, model_validator

from app.script_expect import QUOTES, Part, Words
from app.script_steps import Step
from casefile.base import Language
from casefile.errors import BadInput

CLOCK = "%Y-%m-%d %H:%M"
SUFFIXES = (".yaml", ".yml")


class Script(Part):
    """One conversation with what has to come of it; `as` is who writes unless a step says `from`.

    `topic`, `intents` and `author` say what it is about and in whose manner; `pages` and `records` change what is
    published and on file before it starts (app/script_world.py).
    """

    name: str | None = Field(default=None, pattern=r"^[a-z0-9-]+$")
    title: str
    language: Language
    sender: str = Field(alias="as")
    clock: str = "2026-11-23 10:00"
    desk: dict[str, JsonValue] = {}
    topic: str = ""
    intents: Words = ()
    author: str = ""
    forbid: Words = ()
    pages: dict[str, str] = {}
    records: dict[str, dict[str, dict[str, JsonValue]]] = {}
    steps: tuple[Step, ...] = Field(min_length=1)

    @field_validator("clock", mode="before")
    @classmethod
    def _local_time(cls, value: object) -> str:
        text = value.strftime(CLOCK) if isinstance(value, datetime) else str(value)
        try:
            datetime.strptime(text, CLOCK)
        except ValueError as error:
            raise ValueError(f"{text!r} is not a local time such as '2026-11-23 10:00'") from error
        return text

    @model_validator(mode="after")
    def _expects_something(self) -> "Script":
        if not any(step.expect for step in self.steps):
            raise ValueError("no step expects anything, so this script could never fail")
        return self

    def starts(self, zone: ZoneInfo) -> datetime:
        """Return the instant the clock starts at, in the desk's zone."""
        return datetime.strptime(self.clock, CLOCK).replace(tzinfo=zone)


class Named(Part):
    """A script and what it is called: its file's name, with its own, or its language, where the file holds several."""

    name: str
    path: Path
    script: Script


def find_scripts(folder: Path, asked: str) -> tuple[Path, ...]:
    """Return the files meant by `all`, by a name in the folder, or by a path (a file or a folder of them)."""
    if asked == "all":
        return _files(folder)
    path = Path(asked)
    if path.is_dir():
        return _files(path)
    named = folder / f"{asked}.yaml"
    for found in (path, named):
        if found.is_file():
            return (found,)
    known = ", ".join(file.stem for file in _files(folder))
    raise BadInput(f"there is no script {asked!r}; give a path, all, or one of: {known}")


def load_scripts(paths: Iterable[Path]) -> tuple[Named, ...]:
    """Read every script in these files; raises BadInput with everything that is wrong, file and step named."""
    found: list[Named] = []
    problems: list[str] = []
    for path in paths:
        documents = _documents(path)
        for number, raw in enumerate(documents, 1):
            place = str(path) if len(documents) == 1 else f"{path}, script {number}"
            try:
                script = Script.model_validate(raw)
            except ValidationError as error:
                problems += [f"{place}: {_problem(raw, item)}" for item in error.errors()]
                continue
            found.append(Named(name=_name(path, script, len(documents)), path=path, script=script))
    problems += [f"two scripts are called {name}" for name in _twice(named.name for named in found)]
    if problems:
        raise BadInput("\n".join(problems))
    return tuple(found)


def _files(folder: Path) -> tuple[Path, ...]:
    files = tuple(sorted(file for file in folder.iterdir() if file.suffix in SUFFIXES))
    if not files:
        raise BadInput(f"{folder}: there is no script in this folder (*.yaml)")
    return files


def _documents(path: Path) -> Sequence[Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: cannot be read: {error}") from error
    try:
        documents = [raw for raw in yaml.safe_load_all(text) if raw is not None]
    except yaml.YAMLError as error:
        raise BadInput(f"{path}: is not YAML: {error}") from error
    if not documents:
        raise BadInput(f"{path}: is empty; a script has title, language, as and steps")
    return documents


def _name(path: Path, script: Script, documents: int) -> str:
    return path.stem if documents == 1 else f"{path.stem}.{script.name or script.language}"


def _twice(names: Iterable[str]) -> list[str]:
    return sorted(name for name, times in Counter(names).items() if times > 1)


def _problem(raw: Any, item: Any) -> str:
    """Say what is wrong in the script's own terms: the step by its number, the key by its path."""
    loc = [part for part in item["loc"] if not _a_type(part)]
    where: list[str] = []
    if len(loc) > 1 and loc[0] == "steps" and isinstance(loc[1], int):
        where.append(f"step {loc[1] + 1}{_hint(raw, loc[1])}")
        loc = loc[2:]
    if loc:
        where.append(".".join(str(part) for part in loc))
    said = str(item["msg"]).removeprefix("Value error, ")
    if item["type"] == "missing":
        said = "is missing and has to be there"
    elif item["type"] in {"literal_error", "string_type", "int_type", "bool_type"}:
        said = f"{item['input']!r} is not allowed: {said}"
    if isinstance(item.get("input"), bool) and item["type"] == "string_type":
        said += f"; {QUOTES}"
    return ": ".join([*where, said])


def _a_type(part: object) -> bool:
    """Say whether a part of a place names one of several shapes a value may have, and no key."""
    return isinstance(part, str) and ("[" in part or part in {"str", "int", "bool"})


def _hint(raw: Any, index: int) -> str:
    step = raw["steps"][index] if isinstance(raw, dict) else None
    said = step.get("say") if isinstance(step, dict) else None
    return f" ({said!r})" if isinstance(said, str) else ""
