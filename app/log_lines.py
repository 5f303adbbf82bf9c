"""What may stand in a log line: ids, numbers and names of our own making; nothing a person wrote or is called."""

import re
import traceback
from collections.abc import MutableMapping
from typing import Any

from casefile.errors import DependencyDown, SendLater, SendRefused, SendUnknown, UnknownEffect
from policies.privacy import HIDDEN, scrub
from store.errors import StoreFault, StoreTooNew, WriterStopped

# Errors whose messages are all ours; any other may quote what it stumbled over (pydantic quotes values).
OURS = (
    DependencyDown, SendLater, SendRefused, SendUnknown, StoreFault, StoreTooNew, UnknownEffect, WriterStopped,
)  # fmt: skip
ID = r"[\w:.|+=/-]*\d[\w:.|+=/-]*"
WORD = r"[a-z][a-z0-9_]*"
# A key that is not here, or a value of another shape, is hidden: what logs is not asked whether it is harmless.
SHAPES = {
    name: re.compile(shape)
    for name, shape in {
        "event": WORD,
        "level": WORD,
        "kind": WORD,
        "timestamp": r"\d{4}-\d\d-\d\dT[\d:.]+Z",
        "error": r"\w+(?: <- \w+)*",
        "why": r"[^\n]{1,300}",
        "frames": r"\S+:\d+:\S+",
        "at": r"\S+:\d+:\S+",
        "logger": r"[\w.]+",
        "conversation": r"wa-[a-z0-9-]+-[\w:]+",
        "key": ID,
        "message_id": ID,
        "case": ID,
        "code": r"\w*\d\w*|[A-Z_]+",
        "path": r"/[a-z0-9/_-]*",
        "task": r"[a-z]+(?: [\w:.-]+)?",
    }.items()
}
MOST = 40


def told(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace an exception by its type, our own words for it where they are ours, and its frames."""
    given = line.pop("exc_info", None)
    error = given[1] if isinstance(given, tuple) else given
    # Neither is given by a caller in text: they come from here, or not at all.
    line.pop("why", None)
    line.pop("frames", None)
    if isinstance(error, BaseException):
        line["error"] = " <- ".join(type(each).__name__ for each in _chain(error))
        if isinstance(error, OURS):
            line["why"] = " ".join(scrub(str(error)).split())[:300]
        frames = traceback.extract_tb(error.__traceback__)
        line["frames"] = [f"{f.filename}:{f.lineno}:{f.name}" for f in frames][-MOST:]
    return line


def shaped(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide every value that is not a number or of the shape its key has."""
    return {name: _value(name, value) for name, value in line.items() if re.fullmatch(WORD, name)}


def _value(name: str, value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        # A larger number may be somebody's.
        return value if value is None or abs(value) < 10**8 else HIDDEN
    shape = SHAPES.get(name)
    if isinstance(value, list):
        return [_value(name, each) for each in value]
    if shape is None or not isinstance(value, str) or not shape.fullmatch(value):
        return HIDDEN
    return value if name == "frames" else scrub(value)


def _chain(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    here: BaseException | None = error
    while here is not None and here not in found and len(found) < 5:
        found.append(here)
        here = here.__cause__ or (None if here.__suppress_context__ else here.__context__)
    return found
