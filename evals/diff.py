"""What differs between two runs of an exam: conversations that broke, were mended, or went another way."""

from collections.abc import Sequence
from typing import Literal

from casefile.base import Frozen
from evals.outcome import Outcome, Step
from evals.run import Run

Kind = Literal["broken", "mended", "decided", "worded", "new", "gone"]
# How each is told, the gravest first.
KINDS: dict[Kind, str] = {
    "broken": "passed before and fails now",
    "mended": "failed before and passes now",
    "decided": "decided or done otherwise",
    "worded": "said in other words",
    "new": "not examined before",
    "gone": "not examined any more",
}


class StepChange(Frozen):
    """One step that went another way; a step that one of the runs did not reach is None there."""

    number: int
    before: Step | None
    after: Step | None


class Change(Frozen):
    """One conversation that differs; `steps` are the ones that do."""

    name: str
    title: str
    kind: Kind
    steps: tuple[StepChange, ...] = ()


def changes(before: Run, after: Run) -> tuple[Change, ...]:
    """Return every conversation that differs, the gravest first; of several repetitions the worst counts."""
    old, new = before.by_name, after.by_name
    found = [
        Change(name=name, title=outcomes[0].title, kind="gone")
        for name, outcomes in old.items()
        if name not in new
    ]
    for name, outcomes in new.items():
        worst = _worst(outcomes)
        if name not in old:
            found.append(Change(name=name, title=worst.title, kind="new"))
        elif (change := _change(_worst(old[name]), worst)) is not None:
            found.append(change)
    order = list(KINDS)
    return tuple(sorted(found, key=lambda change: (order.index(change.kind), change.name)))


def _worst(outcomes: Sequence[Outcome]) -> Outcome:
    return next((outcome for outcome in outcomes if not outcome.ok), outcomes[0])


def _change(before: Outcome, after: Outcome) -> Change | None:
    steps = []
    for number in range(max(len(before.steps), len(after.steps))):
        old, new = _at(before, number), _at(after, number)
        if old is None or new is None or (_way(old), _words(old)) != (_way(new), _words(new)):
            steps.append(StepChange(number=number + 1, before=old, after=new))
    kind = _kind(before, after, steps)
    return None if kind is None else Change(name=after.name, title=after.title, kind=kind, steps=tuple(steps))


def _kind(before: Outcome, after: Outcome, steps: Sequence[StepChange]) -> Kind | None:
    if before.ok != after.ok:
        return "broken" if before.ok else "mended"
    if not steps:
        return None
    both = [(step.before, step.after) for step in steps]
    only_words = all(old is not None and new is not None and _way(old) == _way(new) for old, new in both)
    return "worded" if only_words else "decided"


def _at(outcome: Outcome, number: int) -> Step | None:
    return outcome.steps[number] if number < len(outcome.steps) else None


def _way(step: Step) -> object:
    """What happened, apart from the wording: what was decided, by which rules, through whom, with what effects."""
    return (
        [
            (
                turn.intent,
                turn.floor,
                turn.tier,
                turn.decision,
                turn.rules,
                turn.roles,
                turn.effects,
                turn.state,
            )
            for turn in step.judged
        ],
        [(reply.template.partition("@")[0], reply.by) for reply in step.heard],
    )


def _words(step: Step) -> object:
    return [(reply.text, reply.buttons) for reply in step.heard]
