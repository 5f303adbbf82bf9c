"""The graph's channels: one is saved, the rest live for a turn only."""

from dataclasses import dataclass, field
from typing import Annotated, Any, TypedDict

from langgraph.channels.untracked_value import UntrackedValue

from agents.frontline_b import FrontlineSources
from agents.ops_c import OpsSources
from agents.orchestrator_a import OrchestratorSources
from agents.specialist_d import SpecialistSources
from agents.work import Desk
from casefile.case import Case
from casefile.effects import Effect
from casefile.events import CaseEvent
from casefile.facts import Facts
from casefile.packets import CTask, DReview, TemplateUpdate
from casefile.verdict import RuleHit, Verdict
from policies.matter import Matter
from ports.sources import Owners


class State(TypedDict, total=False):
    """`case` is plain JSON data and the only channel a checkpoint keeps."""

    case: dict[str, Any]
    events: Annotated[tuple[CaseEvent, ...], UntrackedValue]
    facts: Annotated[Facts, UntrackedValue]
    matter: Annotated[Matter, UntrackedValue]
    verdict: Annotated[Verdict, UntrackedValue]
    effects: Annotated[tuple[Effect, ...], UntrackedValue]
    review: Annotated[DReview | None, UntrackedValue]
    task: Annotated[CTask | None, UntrackedValue]
    findings: Annotated[tuple[RuleHit, ...], UntrackedValue]


@dataclass(frozen=True, slots=True)
class Entry:
    """What enters a case in one turn; an interrupted thread takes it from the context, never as new input."""

    case: Case
    events: tuple[CaseEvent, ...]
    facts: Facts
    matter: Matter
    verdict: Verdict

    def state(self) -> State:
        """Return the turn's channels, with nothing left over from an earlier turn."""
        return State(
            case=self.case.model_dump(mode="json"),
            events=self.events,
            facts=self.facts,
            matter=self.matter,
            verdict=self.verdict,
            effects=(),
            review=None,
            task=None,
            findings=(),
        )


@dataclass(frozen=True, slots=True)
class Held:
    """An effect that was refused, with the rules that refused it."""

    effect: Effect
    rules: tuple[RuleHit, ...]


@dataclass(frozen=True, slots=True)
class NodeStep:
    """What one node did: for the operator's view and for replay."""

    node: str
    decision: str
    effects: tuple[Effect, ...]
    held: tuple[Held, ...]
    case: Case


@dataclass(slots=True)
class TurnContext:
    """What the nodes of one turn are handed beside the state; `steps` and `holds` are written as they run."""

    desk: Desk
    entry: Entry
    frontline: FrontlineSources
    ops: OpsSources
    specialist: SpecialistSources
    orchestrator: OrchestratorSources
    owners: Owners
    steps: list[NodeStep] = field(default_factory=list)
    updates: list[TemplateUpdate] = field(default_factory=list)
