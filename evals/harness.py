"""Conversations as an evaluation of Inspect AI: its samples, epochs, scores and log, for what we play and judge."""

import os
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from inspect_ai import Epochs, Task
from inspect_ai import eval as inspect_eval
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.scorer import Score, Scorer, Target, mean, scorer
from inspect_ai.solver import Generate, Solver, TaskState, solver

from evals.outcome import DIMENSIONS, Outcome, scorecard

Play = Callable[[str], Awaitable[Outcome]]
OUTCOME = "outcome"
# Inspect wants a model to be named; what is examined asks its own, or none.
NO_MODEL = "none/none"


def examine(
    exam: str,
    conversations: Sequence[tuple[str, str]],
    play: Play,
    *,
    epochs: int,
    at_once: int,
    logs: Path,
    about: dict[str, str],
) -> tuple[tuple[Outcome, ...], Path]:
    """Play every conversation so many times; returns what came of each, and where Inspect's log of it is.

    `conversations` are names and what opens them. Runs in an event loop of its own, which `play` is called in.
    Raises RuntimeError when one could not be played at all.
    """
    logs.mkdir(parents=True, exist_ok=True)
    # What Inspect writes beside its log stays with the run.
    os.environ["INSPECT_TRACE_FILE"] = str(logs / "trace.log")

    samples = [Sample(id=name, input=opens) for name, opens in conversations]
    task = Task(name=exam, dataset=MemoryDataset(samples, name=exam), solver=_played(play), scorer=_marks())
    (log,) = inspect_eval(
        task,
        model=NO_MODEL,
        epochs=Epochs(epochs, "mean"),
        display="none",
        max_samples=at_once,
        log_dir=str(logs),
        log_realtime=False,
        fail_on_error=True,
        metadata=about,
        acp_server=False,
        ctl_server=False,
    )
    if log.status != "success":
        raise RuntimeError(log.error.message if log.error else log.status)
    found = [Outcome.model_validate(sample.store[OUTCOME]) for sample in log.samples or ()]
    return tuple(found), Path(log.location)


@solver
def _played(play: Play) -> Solver:
    async def solve(state: TaskState, generate: Generate) -> TaskState:
        outcome = await play(str(state.sample_id))
        state.store.set(OUTCOME, outcome.model_dump(mode="json"))
        state.output.completion = _transcript(outcome)
        return state

    return solve


@scorer(metrics={"*": [mean()]})
def _marks() -> Scorer:
    async def score(state: TaskState, target: Target) -> Score:
        outcome = Outcome.model_validate(state.store.get(OUTCOME))
        amiss = "\n".join(f"{one.dimension}: {one.words}" for one in outcome.found)
        marks = scorecard(outcome)
        return Score(
            value={"passed": int(outcome.ok)} | {name: marks[name] for name in DIMENSIONS},
            answer=state.output.completion,
            explanation=amiss or "as it has to be",
        )

    return score


def _transcript(outcome: Outcome) -> str:
    lines = []
    for step in outcome.steps:
        lines.append(f"{step.who or '·'}: {step.did}")
        lines += [f"    {turn.tier} {turn.decision} ({' '.join(turn.rules)})" for turn in step.judged]
        lines += [f"    {reply.by}: {reply.text}" for reply in step.heard]
    return "\n".join(lines)
