"""One case's part in a turn: what enters it, what it may know, the gate's admission, and the run of the graph."""

from datetime import datetime
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.types import Command

from agents.work import Desk
from casefile.case import Case
from casefile.errors import LoketError
from casefile.events import CaseEvent, DependencyChanged, HumanSpoke, MessageReceived, OperatorCommand
from casefile.payment_events import Money
from casefile.reading import Reading
from graph.admit import admitted
from graph.build import CaseGraph
from graph.collect import Known, collect
from graph.hush import hushed
from graph.intake import entered
from graph.routes import first
from graph.run import Run
from graph.sources import Recording, Sources
from graph.state import Entry, State, TurnContext
from graph.tape import Tape
from policies.takeover import silent


def next_turn(case: Case) -> Case:
    """Return a stored case as its next turn finds it."""
    return case.with_(turn=case.turn + 1, transitions=())


def enters(case: Case, events: tuple[CaseEvent, ...], reading: Reading | None, now: datetime) -> Case:
    """Return a case with the turn's events in it, before anything is decided."""
    if reading is not None and isinstance(events[0], MessageReceived):
        spoken = [e.message for e in events if isinstance(e, MessageReceived)]
        texts = tuple(message.text or f"({message.kind})" for message in spoken)
        return entered(case.with_(language=reading.language), texts, now, reading)
    if isinstance(events[0], DependencyChanged) and events[0].up:
        return entered(case, (), now).with_(pending_dependency=None)
    if isinstance(events[0], HumanSpoke):
        case = case.said("person", events[0].words, now)
        case = case if case.first_reply_at is not None else case.with_(first_reply_at=now)
    if case.state == "resolved" and isinstance(events[0], HumanSpoke | OperatorCommand):
        return case.reopen().move("triaged", "A", now) if events[0].words else case
    # What becomes of a bill may come after its case has resolved, and is said in it all the same.
    again = case.state == "resolved" and isinstance(events[0], Money)
    return case.move("triaged", "C", now) if case.state == "executing" or again else case


async def admit(
    desk: Desk,
    sources: Sources,
    case: Case,
    events: tuple[CaseEvent, ...],
    known: Known,
    reading: Reading | None,
    tape: Tape,
    now: datetime,
) -> Entry:
    """Collect what this case's turn may know and let the gate admit it."""
    collecting = sources.seen_through(Recording("collect", tape))
    facts = await collect(case, events, known, reading, collecting, desk.rules, now)
    if desk.rules.leads is not None:
        spoken = (e.message.text for e in events if isinstance(e, MessageReceived) and e.message.text)
        facts = facts.model_copy(update={"words": "\n".join(spoken)})
    return admitted(case, facts, events, desk.rules)


async def work(
    desk: Desk,
    graph: CaseGraph,
    sources: Sources,
    before: Case,
    entry: Entry,
    reading: Reading | None,
    tape: Tape,
) -> Run:
    """Send an admitted case through the graph."""
    context = _context(desk, sources, entry, tape)
    out = await _invoke(graph, entry, context)
    run = Run(before, entry, Case.model_validate(out["case"]), out["effects"], context, tape, reading)
    return hushed(run) if silent(entry.facts.conversation, entry.events) else run


async def restore(graph: CaseGraph, desk: Desk, sources: Sources, entry: Entry) -> None:
    """Put a fresh thread where this case's own waits: before the coach. Nothing else happens."""
    config: RunnableConfig = {"configurable": {"thread_id": entry.case.id}}
    context = _context(desk, sources, entry, Tape())
    waiting = State(case=entry.case.model_dump(mode="json"))
    await graph.ainvoke(waiting, config, context=context, durability="exit")


def _context(desk: Desk, sources: Sources, entry: Entry, tape: Tape) -> TurnContext:
    return TurnContext(
        desk=desk,
        entry=entry,
        frontline=sources.seen_through(Recording("frontline_b", tape)).for_frontline(),
        ops=sources.seen_through(Recording("ops_c", tape)).for_ops(),
        specialist=sources.seen_through(Recording("specialist_d", tape)).for_specialist(),
        orchestrator=sources.seen_through(Recording("orchestrator_a", tape)).for_orchestrator(),
        owners=sources.seen_through(Recording("judge", tape)).owners,
    )


async def _invoke(graph: CaseGraph, entry: Entry, context: TurnContext) -> dict[str, Any]:
    """Enter a case: at the node its verdict names, or as the answer to its interrupt - never past one."""
    config: RunnableConfig = {"configurable": {"thread_id": entry.case.id}}
    if entry.case.approval_id is None:
        # As plain input the state would first pass a step of its own, only to find this same node.
        state = entry.state()
        start: Command[Any] = Command(update=state, goto=first(state, context.desk.rules))
        return await graph.ainvoke(start, config, context=context, durability="exit")
    waiting = await graph.aget_state(config)
    if not waiting.interrupts:
        raise LoketError(f"case {entry.case.id} waits for a decision, but its thread is not interrupted")
    resume: Command[Any] = Command(resume={waiting.interrupts[0].id: entry.case.turn})
    return await graph.ainvoke(resume, config, context=context, durability="exit")
