"""What the console reads from: the store's views, as far as a window needs them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

Plain = dict[str, Any]


class Line(Protocol):
    """One case in a list; `customer` is masked unless it was asked for plainly."""

    @property
    def id(self) -> str: ...
    @property
    def desk(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def owner(self) -> str: ...
    @property
    def intent(self) -> str: ...
    @property
    def tier(self) -> str: ...
    @property
    def customer(self) -> str: ...
    @property
    def opened_at(self) -> datetime: ...
    @property
    def updated_at(self) -> datetime: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def turns(self) -> int: ...


class File(Protocol):
    """One case with everything stored about it, oldest first; times are ISO 8601 in UTC."""

    @property
    def case(self) -> Plain: ...
    @property
    def conversation(self) -> Plain: ...
    @property
    def turns(self) -> list[Plain]: ...
    @property
    def transitions(self) -> list[Plain]: ...
    @property
    def effects(self) -> list[Plain]: ...
    @property
    def operations(self) -> list[Plain]: ...
    @property
    def approvals(self) -> list[Plain]: ...
    @property
    def evidence(self) -> list[Plain]: ...
    @property
    def audit(self) -> list[Plain]: ...
    @property
    def timers(self) -> list[Plain]: ...


class ConsoleSource(Protocol):
    """The reads of the console; each is quick, and none waits for a writer."""

    def cases(
        self,
        *,
        state: str | None = None,
        conversation_id: str | None = None,
        limit: int = 50,
        plain: bool = False,
    ) -> Sequence[Line]:
        """List cases, the latest changed first."""
        ...

    def case(self, case_id: str, *, plain: bool = False) -> File | None:
        """Return one case with everything stored about it, or None."""
        ...

    def records(self, case_id: str, first: int = 1) -> Sequence[tuple[int, str, bytes]]:
        """Return a case's turn records from a turn on as (turn, turn id, body)."""
        ...

    def incidents(self) -> list[Plain]:
        """List what is down now: id, name, since, level, why, manual (0 or 1) and how many cases it touches."""
        ...

    def staff_names(self) -> dict[str, str]:
        """Return staff id -> name."""
        ...
