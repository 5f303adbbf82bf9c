"""The other peer: a fixed graph of five nodes doing the same work, its state in plain channels.

The shape of most examples: intake -> facts -> gate -> role -> reply, each passed by every message.
"""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, TypedDict

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime

from benchmarks.desk import NOW, OurDesk
from benchmarks.stock import StockDesk, open_stock
from casefile.case import Case
from casefile.effects import EFFECT, Effect, SendMessage
from casefile.events import CASE_EVENT, MessageReceived
from casefile.facts import Facts
from casefile.reading import Reading
from casefile.verdict import Verdict
from graph import step
from graph.admit import admitted
from graph.collect import Known, collect
from graph.nodes import gated
from graph.routes import B
from graph.sources import Recording
from graph.state import State, TurnContext
from graph.tape import Tape
from policies.matter import Matter


class Fields(TypedDict, total=False):
    """What the nodes hand on, as plain data; all of it is checkpointed."""

    case: dict[str, Any]
    event: dict[str, Any]
    reading: dict[str, Any]
    facts: dict[str, Any]
    matter: dict[str, Any]
    verdict: dict[str, Any]
    effects: list[dict[str, Any]]


@dataclass(slots=True)
class FiveContext:
    """What the five nodes are handed."""

    stock: "FiveNodeDesk"
    known: Known


class FiveNodeDesk(StockDesk):
    """A stock desk whose graph has five nodes in a row."""

    async def answered(
        self, case: Case, event: MessageReceived, known: Known, reading: Reading
    ) -> tuple[Effect, ...]:
        """Run the five nodes."""
        fields: Any = Fields(
            case=case.model_dump(mode="json"),
            event=event.model_dump(mode="json"),
            reading=reading.model_dump(mode="json"),
        )
        config: Any = {"configurable": {"thread_id": case.id}}
        context: Any = FiveContext(self, known)
        out = await self.graph.ainvoke(fields, config, context=context)
        return tuple(EFFECT.validate_python(effect) for effect in out["effects"])


async def open_five(ours: OurDesk, folder: Path) -> FiveNodeDesk:
    """Open a stock build whose graph has five nodes in a row."""
    stock = await open_stock(ours, folder)
    saver = AsyncSqliteSaver(stock.saver_connection)
    return FiveNodeDesk(
        stock.desk,
        stock.sources,
        stock.understander,
        _built(saver),
        stock.saver_connection,
        stock.tables,
        stock.counter,
    )


def _built(saver: BaseCheckpointSaver[Any]) -> Any:
    graph = StateGraph(Fields, context_schema=FiveContext)
    nodes = (_intake, _facts, _gate, _role, _reply)
    for node in nodes:
        graph.add_node(node.__name__, node)
    names = [START, *(node.__name__ for node in nodes), END]
    for name, following in pairwise(names):
        graph.add_edge(name, following)
    return graph.compile(checkpointer=saver)


async def _intake(state: Fields, *, runtime: Runtime[FiveContext]) -> Fields:
    reading = Reading.model_validate(state["reading"])
    event = CASE_EVENT.validate_python(state["event"])
    case = step.enters(Case.model_validate(state["case"]), (event,), reading, NOW)
    return Fields(case=case.model_dump(mode="json"))


async def _facts(state: Fields, *, runtime: Runtime[FiveContext]) -> Fields:
    stock, known = runtime.context.stock, runtime.context.known
    case, reading = Case.model_validate(state["case"]), Reading.model_validate(state["reading"])
    events = (CASE_EVENT.validate_python(state["event"]),)
    facts = await collect(case, events, known, reading, stock.sources, stock.desk.rules, NOW)
    return Fields(facts=facts.model_dump(mode="json"))


async def _gate(state: Fields, *, runtime: Runtime[FiveContext]) -> Fields:
    case, facts = Case.model_validate(state["case"]), Facts.model_validate(state["facts"])
    event = CASE_EVENT.validate_python(state["event"])
    entry = admitted(case, facts, (event,), runtime.context.stock.desk.rules)
    return Fields(
        case=entry.case.model_dump(mode="json"),
        matter=entry.matter.model_dump(mode="json"),
        verdict=entry.verdict.model_dump(mode="json"),
    )


async def _role(state: Fields, *, runtime: Runtime[FiveContext]) -> Fields:
    stock = runtime.context.stock
    sources = stock.sources.seen_through(Recording("role", Tape()))
    context: Any = TurnContext(
        desk=stock.desk,
        entry=None,  # type: ignore[arg-type]
        frontline=sources.for_frontline(),
        ops=sources.for_ops(),
        specialist=sources.for_specialist(),
        orchestrator=sources.for_orchestrator(),
        owners=sources.owners,
    )
    given = State(
        case=state["case"],
        events=(CASE_EVENT.validate_python(state["event"]),),
        facts=Facts.model_validate(state["facts"]),
        matter=Matter.model_validate(state["matter"]),
        verdict=Verdict.model_validate(state["verdict"]),
        effects=(),
        review=None,
        task=None,
        findings=(),
    )
    out = await gated(B)(given, runtime=Runtime(context=context))
    return Fields(case=out["case"], effects=[_plain(effect) for effect in out["effects"]])


async def _reply(state: Fields, *, runtime: Runtime[FiveContext]) -> Fields:
    case = Case.model_validate(state["case"])
    for plain in state["effects"]:
        effect = EFFECT.validate_python(plain)
        if isinstance(effect, SendMessage):
            case = case.said("B", effect.text, NOW)
    return Fields(case=case.model_dump(mode="json"))


def _plain(effect: Effect) -> dict[str, Any]:
    return effect.model_dump(mode="json") | {"type": effect.type}
