"""The clocks: the wall's, the sandbox's shared file, and one that tests move by hand."""

import asyncio
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from casefile.errors import LoketError

# A wall clock can be set while somebody waits; look again at least this often.
LONGEST_WAIT_SECONDS = 30.0
FILE_LOOK_SECONDS = 0.02
# Less than this is how clocks are trimmed all the time, and nobody waits noticeably longer for it.
SET_BACK = timedelta(seconds=1)


class SystemClock:
    """Real time; `wall` is the machine's own clock, in Unix seconds."""

    def __init__(self, wall: Callable[[], float] = time.time) -> None:
        self._wall = wall

    def now(self) -> datetime:
        """Return the current instant in UTC."""
        return datetime.fromtimestamp(self._wall(), UTC)

    async def wait_until(self, at: datetime, wake: asyncio.Event) -> None:
        """Return when the clock reaches `at`, `wake` is set, or the clock is set back, whichever comes first."""
        await _until(at, wake, self.now, LONGEST_WAIT_SECONDS)


class SharedFileClock:
    """The sandbox's time, read from the file docs/sandbox.md describes; real time while there is no file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._frozen = False
        self._virtual = 0.0
        self._real = 0.0

    def now(self) -> datetime:
        """Return the shared instant in UTC."""
        wall = time.time()
        if not self._look():
            return datetime.fromtimestamp(wall, UTC)
        passed = 0.0 if self._frozen else wall - self._real
        return datetime.fromtimestamp(self._virtual + passed, UTC)

    async def wait_until(self, at: datetime, wake: asyncio.Event) -> None:
        """Return when the clock reaches `at`, `wake` is set, or the clock is set back, whichever comes first."""
        # Another process moves this clock, and only the file tells.
        await _until(at, wake, self.now, FILE_LOOK_SECONDS)

    def _look(self) -> bool:
        try:
            stat = self._path.stat()
            seen = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
            if seen != self._seen:
                self._read(self._path.read_bytes())
                self._seen = seen
        except FileNotFoundError:
            return False
        return True

    def _read(self, raw: bytes) -> None:
        try:
            told = json.loads(raw)
            frozen = {"frozen": True, "flowing": False}[told["mode"]]
            virtual, real = float(told["virtual_epoch"]), float(told["real_epoch"])
        except (ValueError, KeyError, TypeError) as error:
            raise LoketError(f"the clock file {self._path.name} does not hold mode and epochs") from error
        self._frozen, self._virtual, self._real = frozen, virtual, real


class ManualClock:
    """The in-memory twin: stands still until it is moved, and then wakes whoever waited for that."""

    def __init__(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        """Return the instant it was last set to."""
        return self._now

    def advance(self, by: timedelta) -> None:
        """Move forward."""
        if by < timedelta(0):
            raise ValueError("to advance is to move forward; a clock that is set back is `set_back`")
        self._move(by)

    def set_back(self, by: timedelta) -> None:
        """Move back, as a machine's clock does when it was ahead and is set right."""
        self._move(-by)

    def _move(self, by: timedelta) -> None:
        self._now += by
        self._moved.set()
        self._moved = asyncio.Event()

    async def wait_until(self, at: datetime, wake: asyncio.Event) -> None:
        """Return when the clock reaches `at`, `wake` is set, or the clock is set back, whichever comes first."""
        latest = self._now
        while not wake.is_set() and latest <= self._now < at:
            latest = self._now
            waits = [asyncio.ensure_future(event.wait()) for event in (wake, self._moved)]
            try:
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for waiting in waits:
                    waiting.cancel()


async def _until(at: datetime, wake: asyncio.Event, now: Callable[[], datetime], longest: float) -> None:
    latest = now()
    while not wake.is_set() and (left := (at - now()).total_seconds()) > 0:
        await _woken(wake, min(left, longest))
        if now() < latest - SET_BACK:
            return
        latest = max(latest, now())


async def _woken(wake: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(wake.wait(), seconds)
    except TimeoutError:
        return
