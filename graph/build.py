"""The graph itself: six role nodes, the coach, and pure routes between them."""

from collections.abc import Awaitable, Callable, Hashable
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from graph.nodes import coach, gated
from graph.routes import COACH, ROLE_NODES, after, first
from graph.state import State, TurnContext
from policies.desk import Rules

CaseGraph = CompiledStateGraph[State, TurnContext, State, State]


def build(rules: Rules, saver: BaseCheckpointSaver[Any]) -> CaseGraph:
    """Compile one desk's case graph."""
    graph = StateGraph(State, context_schema=TurnContext)
    for node in ROLE_NODES:
        graph.add_node(node, gated(node))
    graph.add_node(COACH, coach)
    everywhere: dict[Hashable, str] = {name: name for name in (*ROLE_NODES, COACH, END)}
    graph.add_conditional_edges(START, _first(rules), everywhere)
    for node in (*ROLE_NODES, COACH):
        graph.add_conditional_edges(node, _next(node, rules), everywhere)
    return graph.compile(checkpointer=saver)


# LangGraph sends a plain function to a thread; a coroutine is called where it is.
def _first(rules: Rules) -> Callable[[State], Awaitable[str]]:
    async def route(state: State) -> str:
        return first(state, rules)

    return route


def _next(node: str, rules: Rules) -> Callable[[State], Awaitable[str]]:
    async def route(state: State) -> str:
        return after(node, state, rules) or END

    return route
