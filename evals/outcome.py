"""What came of one conversation, as plain data: enough to score it, to compare it, and to show it."""

from collections.abc import Sequence

from pydantic import Field

from casefile.base import Frozen

DIMENSIONS = ("correctness", "completeness", "safety", "tone", "efficiency", "tools")


class Heard(Frozen):
    """One message a customer got; `by` is B, or the staff member whose words it holds."""

    text: str
    template: str = ""
    buttons: tuple[str, ...] = ()
    language: str = ""
    by: str = "B"


class Judged(Frozen):
    """One turn of a case: what was understood and decided, and what followed."""

    case_id: str
    intent: str
    floor: str
    tier: str
    decision: str
    rules: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    state: str = ""
    owner: str = ""


class Amiss(Frozen):
    """One thing that is not as it has to be; a slight one costs a point, any other both."""

    dimension: str
    words: str
    slight: bool = False


class Step(Frozen):
    """One step: who did what, what the customer heard, what was decided, and what is amiss in it."""

    who: str
    did: str
    heard: tuple[Heard, ...] = ()
    judged: tuple[Judged, ...] = ()
    amiss: tuple[Amiss, ...] = ()


class Usage(Frozen):
    """What a model was asked for."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    rupiah: float = 0.0


class Outcome(Frozen):
    """One conversation, played once.

    `amiss` is what shows only at the end; `unplayed` counts the steps after the one that failed. `step_seconds` are
    real ones, until nothing was left to do.
    """

    name: str
    title: str
    language: str
    topic: str = ""
    steps: tuple[Step, ...] = ()
    amiss: tuple[Amiss, ...] = ()
    unplayed: int = Field(default=0, ge=0)
    usage: Usage = Usage()
    step_seconds: tuple[float, ...] = ()

    @property
    def found(self) -> tuple[Amiss, ...]:
        """Everything amiss, in order."""
        return (*(one for step in self.steps for one in step.amiss), *self.amiss)

    @property
    def ok(self) -> bool:
        """Say whether it ended as it has to; what is slight does not count."""
        return all(one.slight for one in self.found)

    @property
    def tier(self) -> str:
        """The highest tier any of its turns had."""
        return max((turn.tier for step in self.steps for turn in step.judged), default="-")

    @property
    def decisions(self) -> tuple[str, ...]:
        """What was decided, in order."""
        return tuple(turn.decision for step in self.steps for turn in step.judged)


def scorecard(outcome: Outcome) -> dict[str, int]:
    """Return 0-2 for each dimension: 2 with nothing amiss, 1 with only slight things, 0 otherwise."""
    marks = dict.fromkeys(DIMENSIONS, 2)
    for one in outcome.found:
        marks[one.dimension] = min(marks[one.dimension], 1 if one.slight else 0)
    return marks


def passed_every_time(outcomes: Sequence[Outcome]) -> bool:
    """Say whether a conversation ended as it has to in each of its repetitions."""
    return all(outcome.ok for outcome in outcomes)
