"""The clock that sandbox and server share through one small file."""

import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict


class ClockState(BaseModel):
    """What the file holds; flowing time is `virtual_epoch` plus what has really passed since `real_epoch`.

    Both epochs are Unix seconds.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: Literal["frozen", "flowing"]
    virtual_epoch: float
    real_epoch: float


def _wall() -> float:
    return time.time()


class SharedClock:
    """A clock kept in `path`, so that every process that reads the file is told the same time.

    The file is looked at on every call: a stat costs about a microsecond, and a reader that
    trusted an older look could act on the time before an advance it has just been told of.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._state = ClockState(mode="flowing", virtual_epoch=0.0, real_epoch=0.0)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            wall = _wall()
            self._write(ClockState(mode="flowing", virtual_epoch=wall, real_epoch=wall))

    @property
    def mode(self) -> Literal["frozen", "flowing"]:
        """Whether time stands still or passes."""
        return self._read().mode

    def now(self) -> datetime:
        """The shared time, in UTC."""
        return datetime.fromtimestamp(self.timestamp(), UTC)

    def timestamp(self) -> float:
        """The shared time in Unix seconds."""
        state = self._read()
        passed = _wall() - state.real_epoch if state.mode == "flowing" else 0.0
        return state.virtual_epoch + passed

    def advance(self, seconds: float) -> None:
        """Move time forward; it never goes back, so a negative step is an error."""
        if seconds < 0:
            raise ValueError("the clock only moves forward")
        self._set(self._read().mode, self.timestamp() + seconds)

    def freeze(self, at: datetime | None = None) -> None:
        """Stop time, at `at` or where it is."""
        self._set("frozen", self.timestamp() if at is None else at.timestamp())

    def flow(self) -> None:
        """Let time pass from where it is."""
        self._set("flowing", self.timestamp())

    def wall(self) -> datetime:
        """Real time in UTC, whatever the shared clock says."""
        return datetime.fromtimestamp(_wall(), UTC)

    def _set(self, mode: Literal["frozen", "flowing"], virtual: float) -> None:
        self._write(ClockState(mode=mode, virtual_epoch=virtual, real_epoch=_wall()))

    def _write(self, state: ClockState) -> None:
        # A reader must see the old file or the new one, never half of either.
        fresh = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        fresh.write_text(json.dumps(state.model_dump()))
        fresh.replace(self._path)

    def _read(self) -> ClockState:
        stat = self._path.stat()
        seen = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
        if seen != self._seen:
            self._state = ClockState.model_validate_json(self._path.read_bytes())
            self._seen = seen
        return self._state
