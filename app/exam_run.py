"""Runs a whole exam: several conversations side by side, in several processes where there are several cores."""

import asyncio
import multiprocessing
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from app.exam import Exam
from app.script import Named
from evals.outcome import Outcome
from evals.run import FILE, Run
from ports.clock import Clock

# While one conversation waits for its servers, others play.
PER_CORE = 2
MOST = 8


def jobs_here() -> int:
    """Return how many conversations this machine plays side by side."""
    return min(MOST, PER_CORE * (os.cpu_count() or 1))


def run_exam(
    name: str,
    exam: Exam,
    *,
    clock: Clock,
    into: Path,
    epochs: int = 1,
    jobs: int = 1,
    variant: dict[str, str] | None = None,
    on_done: Callable[[Outcome], None] = lambda outcome: None,
) -> tuple[Run, Path]:
    """Play every script of the exam so many times; returns the run and the folder that keeps it."""
    with _Players(exam, jobs) as players:
        # Not before the players are there: they are forked from a process that is still small.
        from evals.harness import examine

        run = Run(exam=name, at=clock.now(), variant=variant or {}, epochs=epochs)
        home = into / run.id

        async def play(script: str) -> Outcome:
            outcome = await players.play(script)
            on_done(outcome)
            return outcome

        began = time.perf_counter()
        outcomes, _ = examine(
            name,
            [(named.name, opening(named)) for named in exam.scripts.values()],
            play,
            epochs=epochs,
            at_once=max(jobs, PER_CORE),
            logs=home,
            about=run.variant,
        )
    run = run.model_copy(update={"outcomes": outcomes, "seconds": round(time.perf_counter() - began, 1)})
    run.save(home / FILE)
    return run, home


def opening(named: Named) -> str:
    """Return what a conversation opens with, for who looks through the log."""
    spoken: Sequence[str] = next((step.say for step in named.script.steps if step.say), ())
    return " / ".join(spoken) or named.script.title


class _Players:
    """Who plays: this process, or several forked from it that have the desk in memory already."""

    def __init__(self, exam: Exam, jobs: int) -> None:
        global _EXAM  # noqa: PLW0603  (a forked process has nothing else to find its exam by)
        _EXAM = exam
        self._exam = exam
        self._pool: ProcessPoolExecutor | None = None
        if jobs > 1 and "fork" in multiprocessing.get_all_start_methods():
            self._pool = ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("fork"))
            self._pool.submit(_ready).result()

    def __enter__(self) -> "_Players":
        return self

    def __exit__(self, *failed: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    async def play(self, script: str) -> Outcome:
        if self._pool is None:
            return await self._exam.play(script)
        return await asyncio.get_running_loop().run_in_executor(self._pool, _play, script)


_EXAM: Exam | None = None


def _ready() -> None:
    """Let the pool start its processes."""


def _play(script: str) -> Outcome:
    assert _EXAM is not None
    return asyncio.run(_EXAM.play(script))
