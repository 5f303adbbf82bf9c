"""A status question: how many model calls and how much CPU, beside agents with a model that takes no time."""

import shutil
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

import aiosqlite
from langchain.agents import create_agent
from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.tools import BaseTool, tool
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.graph import END, START, MessagesState, StateGraph

from benchmarks.desk import STATUS_QUESTION, open_desk, scratch, settled
from benchmarks.report import Line, median

ANSWER = "Sesi berikutnya hari Kamis, 26 November 2026 pukul 16.00 WIB dengan Coach Sinta."
EACH = 20


class ScriptedModel(BaseChatModel):
    """Answers at once: with a tool call first where it has tools, then with words; `calls` is a list of one count."""

    calls: Any
    tools: tuple[str, ...] = ()

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Any:
        """Return the same model knowing its tools."""
        return self.model_copy(update={"tools": tuple(each.name for each in tools)})

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        self.calls[0] += 1
        if self.tools and messages[-1].type != "tool":
            call = {"name": self.tools[0], "args": {}, "id": f"call_{self.calls[0]}"}
            message = AIMessage(content="", tool_calls=[call])
        else:
            message = AIMessage(content=ANSWER)
        return ChatResult(generations=[ChatGeneration(message=message)])

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return self._generate(messages)


async def measure(rounds: int) -> list[Line]:
    """Ask the same question of our desk, of one agent with tools, and of a supervisor with three workers."""
    ours = await open_desk(EACH)
    # Understanding is part of the answer here: the agents' models would do it.
    ours.runner = replace(ours.runner, understander=ours.fixed.real)
    folder = scratch()
    connection = await aiosqlite.connect(folder / "agents.db")
    saver = AsyncSqliteSaver(connection)
    calls = [0]
    threads = count()
    agent, hub = _agent(calls, saver), _supervisor(calls, saver)

    async def ask(graph: Any) -> None:
        # A fresh thread for each: an agent that finds its own answer in the history asks nobody again.
        config = {"configurable": {"thread_id": f"thread-{next(threads)}"}}
        await graph.ainvoke({"messages": [("user", STATUS_QUESTION)]}, config)

    ways: tuple[Callable[[int], Awaitable[object]], ...] = (
        ours.message,
        lambda number: ask(agent),
        lambda number: ask(hub),
    )
    cpu: tuple[list[float], ...] = ([], [], [])
    used: list[float] = []
    for way in ways:
        calls[0] = 0
        await way(0)
        used.append(calls[0])
    settled()
    for _ in range(rounds):
        for way, times in zip(ways, cpu, strict=True):
            began = time.process_time()
            for number in range(EACH):
                await way(number)
            times.append((time.process_time() - began) / EACH * 1000)
    await connection.close()
    ours.close()
    shutil.rmtree(folder)
    own, single, supervised = (median(times) for times in cpu)
    return [
        Line("model calls, status question", used[0], "", 0, peer=used[1], peer_name="one agent"),
        Line("  the same", used[0], "", 0, peer=used[2], peer_name="supervisor"),
        Line("CPU, status question", own, "ms", 0.3, compared="ratio", peer=single, peer_name="ms one agent"),
        Line("  the same", own, "ms", 0.04, compared="ratio", peer=supervised, peer_name="ms supervisor"),
    ]


@tool
def next_session() -> str:
    """Look up the customer's next session."""
    return "2026-11-26T16:00+07:00, coach Sinta"


@tool
def policy() -> str:
    """Read the published policy."""
    return "Reschedule at least 60 minutes before the session."


def _agent(
    calls: list[int], saver: Any, tools: Sequence[BaseTool] = (next_session,), name: str = "agent"
) -> Any:
    return create_agent(ScriptedModel(calls=calls), list(tools), checkpointer=saver, name=name)


def _supervisor(calls: list[int], saver: Any) -> Any:
    """Build hub and spoke: the supervisor's model picks the next worker each time, and closes at the end."""
    model = ScriptedModel(calls=calls)
    workers = ("ops", "frontline", "checker")

    async def supervisor(state: MessagesState) -> dict[str, Any]:
        return {"messages": [await model.ainvoke(state["messages"])]}

    def pick(state: MessagesState) -> str:
        done = {message.name for message in state["messages"] if message.name}
        return next((worker for worker in workers if worker not in done), END)

    graph = StateGraph(MessagesState)
    graph.add_node("supervisor", supervisor)
    graph.add_edge(START, "supervisor")
    graph.add_conditional_edges("supervisor", pick, [*workers, END])
    for worker, tools in zip(workers, ((next_session,), (policy,), ()), strict=True):
        graph.add_node(worker, _agent(calls, None, tools, worker))
        graph.add_edge(worker, "supervisor")
    return graph.compile(checkpointer=saver)
