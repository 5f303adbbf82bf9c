"""Break a copy of the tree, run the tests that should notice, put it back."""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Literal

from tests.sabotage.plan import Sabotage

Outcome = Literal["noticed", "SURVIVED", "NOT FOUND", "ERROR"]
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "var", ".hypothesis", "__pycache__", ".*_cache", "screenshots", "node_modules"
)
TESTS_FAILED, HUNG_AFTER_SECONDS = 1, 180
# Loading these takes as long as most of the tests.
PLUGINS_LEFT_OUT = tuple(
    f"-pno:{name}" for name in ("cacheprovider", "langsmith_plugin", "xdist", "xdist.looponfail")
)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one sabotage; `detail` is the test that noticed, or what went wrong."""

    sabotage: Sabotage
    outcome: Outcome
    seconds: float
    detail: str


class Copy:
    """A copy of the tree that is broken and mended again and again, one sabotage at a time."""

    def __init__(self, root: Path, folder: Path) -> None:
        self._folder = folder
        # A file broken twice in one second and to the same length would be taken for the compiled earlier one.
        self._stamps = count(int(time.monotonic()))
        shutil.copytree(root, folder, ignore=LEFT_OUT)
        trained = root / "var" / "understanding"
        if trained.is_dir():
            shutil.copytree(trained, folder / "var" / "understanding")

    def baseline(self, tests: Sequence[str]) -> str:
        """Run tests on the unbroken copy; return what failed, nothing when all pass."""
        code, said = self._pytest(tests)
        return "" if code == 0 else said

    def attempt(self, sabotage: Sabotage) -> Result:
        """Break the copy, see who notices, mend it."""
        started = time.monotonic()
        file = self._folder / sabotage.file
        whole = file.read_text(encoding="utf-8")
        broken = whole
        for old, new in sabotage.changes:
            if broken.count(old) != 1:
                found = f"{broken.count(old)} times in {sabotage.file}: {old.strip()[:60]}"
                return Result(sabotage, "NOT FOUND", 0.0, found)
            broken = broken.replace(old, new)
        self._write(file, broken)
        try:
            code, said = self._pytest(sabotage.tests)
        finally:
            self._write(file, whole)
        seconds = time.monotonic() - started
        if code == TESTS_FAILED:
            return Result(sabotage, "noticed", seconds, _first_failure(said))
        if code == 0:
            return Result(sabotage, "SURVIVED", seconds, " ".join(sabotage.tests))
        return Result(sabotage, "ERROR", seconds, said[-400:])

    def _write(self, file: Path, text: str) -> None:
        file.write_text(text, encoding="utf-8")
        stamp = next(self._stamps)
        os.utime(file, (stamp, stamp))

    def _pytest(self, tests: Sequence[str]) -> tuple[int, str]:
        command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=line", *PLUGINS_LEFT_OUT, *tests]
        environment = {**os.environ, "PYTHONPATH": str(self._folder)}
        try:
            done = subprocess.run(
                command,
                cwd=self._folder,
                env=environment,
                capture_output=True,
                text=True,
                timeout=HUNG_AFTER_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return -1, f"no end after {HUNG_AFTER_SECONDS} s"
        return done.returncode, done.stdout + done.stderr


class Bench:
    """Copies that take turns, one per job."""

    def __init__(self, root: Path, folder: Path, jobs: int) -> None:
        self._free = [Copy(root, folder / str(number)) for number in range(jobs)]
        self._lock = threading.Lock()

    def attempt(self, sabotage: Sabotage) -> Result:
        """Take a free copy and try one sabotage on it."""
        with self._lock:
            copy = self._free.pop()
        result = copy.attempt(sabotage)
        with self._lock:
            self._free.append(copy)
        return result

    def baseline(self, tests: Sequence[str]) -> str:
        """Run tests on an unbroken copy."""
        return self._free[0].baseline(tests)


def _first_failure(said: str) -> str:
    lines = (line for line in said.splitlines() if line.startswith(("FAILED tests", "ERROR tests")))
    return next(lines, "").split(" ", 1)[-1].split(" - ")[0].removeprefix("tests/")
