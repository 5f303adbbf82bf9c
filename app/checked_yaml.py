"""One YAML file read into one shape, with errors that a person can mend the file by."""

from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError

from app.yaml_lines import line_of
from casefile.errors import BadInput

M = TypeVar("M", bound=BaseModel)


def checked_yaml(shape: type[M], path: Path) -> M:
    """Read a file into `shape`; raises BadInput naming the file, each key, its bad value and what is allowed."""
    text = _text(path)
    try:
        raw = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise BadInput(f"{path}: is not YAML: {error}") from error
    try:
        return shape.model_validate(raw if raw is not None else {})
    except ValidationError as error:
        lines = [
            f"  {_problem(shape, item)} (line {line_of(text, item['loc']) or 1})" for item in error.errors()
        ]
        raise BadInput("\n".join((f"{path}:", *lines))) from error


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror}); give another with --config") from error


def _problem(shape: type[BaseModel], item: Any) -> str:
    """Say what is wrong with one value: the key, what it is, and what it may be."""
    key = ".".join(str(part) for part in item["loc"]) or "(the whole file)"
    if item["type"] == "extra_forbidden":
        allowed = ", ".join(sorted(_siblings(shape, item["loc"])))
        return f"{key}: there is no such key; allowed here: {allowed}"
    if item["type"] == "missing":
        return f"{key}: is missing and has to be set"
    if item["type"] in {"model_type", "dict_type"}:
        return f"{key}: {item['input']!r} is not allowed: keys with values have to stand here"
    words = item["msg"].removeprefix("Value error, ")
    if item["type"] == "value_error" and isinstance(item["input"], dict):
        # What is wrong is how its keys go together; all of them at once would only hide it.
        return f"{key}: {words}"
    return f"{key}: {item['input']!r} is not allowed: {words}"


def _siblings(shape: type[BaseModel], loc: tuple[Any, ...]) -> list[str]:
    here: Any = shape
    for part in loc[:-1]:
        if isinstance(here, type) and issubclass(here, BaseModel):
            here = here.model_fields[str(part)].annotation
            if isinstance(here, UnionType):
                # What may be left out has its keys all the same.
                here = get_args(here)[0]
        else:
            # One step into tuple[X, ...] or dict[key, X]: only X has keys of its own.
            here = next(a for a in get_args(here) if isinstance(a, type) and issubclass(a, BaseModel))
    return list(here.model_fields)
