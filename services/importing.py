"""Bringing a table in: every row checked by itself and against the records, then all of them written or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import ValidationError

from casefile.base import Frozen
from services.tables import Row
from store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row."""

    line: int
    words: str


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a table; `written` is False where a problem kept all of it out."""

    added: int = 0
    changed: int = 0
    problems: tuple[Problem, ...] = ()
    written: bool = True


class Refused(ValueError):
    """A row does not fit the records; the message says why and how to mend it."""


class Kind(Protocol):
    """What tables of one kind hold, and how a row of it is written."""

    @property
    def shape(self) -> type[Frozen]:
        """A row."""
        ...

    def put(self, tx: Tx, row: Any) -> bool:
        """Write one row; True when it is new. Raises Refused before anything is written."""
        ...


class Undone(Exception):
    """Nothing of the table is kept."""

    def __init__(self, report: Report) -> None:
        super().__init__("nothing was written")
        self.report = report


def bring_in(tx: Tx, kind: Kind, rows: Sequence[Row], *, skip_bad: bool) -> Report:
    """Write a table's rows in their order; raises Undone when one is bad and none may be skipped."""
    problems: list[Problem] = []
    counts = {True: 0, False: 0}
    for line, cells in rows:
        try:
            counts[kind.put(tx, kind.shape.model_validate(cells))] += 1
        except ValidationError as error:
            problems += [Problem(line, _said(one)) for one in error.errors()]
        except Refused as error:
            problems.append(Problem(line, str(error)))
    written = skip_bad or not problems
    report = Report(counts[True], counts[False], tuple(problems), written)
    if not written:
        raise Undone(report)
    return report


def _said(error: Any) -> str:
    where = ".".join(map(str, error["loc"])) or "row"
    message = str(error["msg"]).removeprefix("Value error, ")
    return f"{where}: {message}" if error["type"] == "missing" else f"{where} = {error['input']!r}: {message}"
