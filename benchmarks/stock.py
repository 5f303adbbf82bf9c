"""The peer: the same nodes on LangGraph with its own async SQLite saver, an inbox and an outbox beside it.

Built as its documentation leads one to: a checkpoint after every step, tables of its own with commits of their own.
They have a file of their own as well, so that they never wait for the saver's lock. It keeps no turn record, no
audit, no case index and no measures, which is in its favour.
"""

import asyncio
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import aiosqlite
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.types import Command

from agents.work import Desk
from benchmarks.desk import NOW, FixedUnderstander, OurDesk, heard
from casefile.approval import ApprovalRecord
from casefile.case import Case
from casefile.effects import Effect
from casefile.events import ApprovalGiven, CaseEvent, MessageReceived
from casefile.reading import Reading
from graph import step
from graph.admit import blank
from graph.build import CaseGraph, build
from graph.collect import Known, who
from graph.intake import read_burst
from graph.sources import Recording, Sources
from graph.state import Entry, TurnContext
from graph.tape import Tape

TABLES = (
    "CREATE TABLE inbox (id TEXT PRIMARY KEY, body TEXT NOT NULL, done INTEGER NOT NULL DEFAULT 0)",
    "CREATE TABLE outbox (key TEXT PRIMARY KEY, body TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'queued')",
)


@dataclass(slots=True)
class Counter:
    """Counts COMMITs as SQLite sees them."""

    commits: int = 0

    def __call__(self, statement: str) -> None:
        """Take note of one statement."""
        if statement.startswith("COMMIT"):
            self.commits += 1


@dataclass(frozen=True, slots=True)
class Pending:
    """Knows the one approval that waits."""

    record: ApprovalRecord

    async def approval(self, approval_id: str) -> ApprovalRecord | None:
        """Return it when it is the one asked for."""
        return self.record if approval_id == self.record.request.id else None


@dataclass(slots=True)
class StockDesk:
    """A desk on the stock parts; it reads the same records through the same sources."""

    desk: Desk
    sources: Sources
    understander: FixedUnderstander
    graph: CaseGraph
    saver_connection: aiosqlite.Connection
    tables: aiosqlite.Connection
    counter: Counter
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    written: int = 0

    async def message(self, customer: int, text: str) -> tuple[Effect, ...]:
        """Let one customer write, durably, and run the graph."""
        self.written += 1
        event = heard(customer, text, f"stock.{self.written}")
        conversation = f"wa-school-ct_b{customer}"
        event = event.model_copy(update={"conversation_id": conversation})
        await self.took_in(event.message.id, event)
        known, reading = await self.understood(event)
        case = step.enters(await self.case_of(customer, conversation), (event,), reading, NOW)
        effects = await self.answered(case, event, known, reading)
        await self.gave_out(event.message.id, effects)
        return effects

    async def answered(
        self, case: Case, event: MessageReceived, known: Known, reading: Reading
    ) -> tuple[Effect, ...]:
        """Admit and run the very graph of ours, in stock durability."""
        tape = Tape()
        entry = await step.admit(self.desk, self.sources, case, (event,), known, reading, tape, NOW)
        return await self._ran(entry.state(), entry, tape)

    async def decided(self, customer: int, approval: ApprovalRecord) -> None:
        """Resume an interrupted thread with a coach's yes."""
        conversation = f"wa-school-ct_b{customer}"
        event = ApprovalGiven.model_validate(
            {
                "at": NOW,
                "case_id": approval.request.case_id,
                "approval_id": approval.request.id,
                "decision": "APPROVE",
                "by": "sf_sinta",
                "text": "",
            }
        )
        self.written += 1
        message_id = f"stock.{self.written}"
        await self.took_in(message_id, event)
        tape = Tape()
        sources = replace(self.sources, approvals=Pending(approval))
        known = await who(conversation, sources, NOW)
        case = step.enters(await self.case_of(customer, conversation), (event,), None, NOW)
        entry = await step.admit(self.desk, sources, case, (event,), known, None, tape, NOW)
        state = await self.graph.aget_state(_config(case.id))
        resume: Command[Any] = Command(resume={state.interrupts[0].id: case.turn})
        await self.gave_out(message_id, await self._ran(resume, entry, tape))

    async def understood(self, event: MessageReceived) -> tuple[Known, Reading]:
        """Read who writes and what is said."""
        known = await who(event.conversation_id, self.sources, NOW)
        language = known.conversation.language
        rules = self.desk.rules
        return known, read_burst((event,), self.understander, language, known.students, rules, NOW)

    async def took_in(self, message_id: str, event: CaseEvent) -> None:
        """Keep an event before anything else."""
        async with self.lock:
            await self.tables.execute(
                "INSERT OR IGNORE INTO inbox (id, body) VALUES (?, ?)", (message_id, event.model_dump_json())
            )
            await self.tables.commit()

    async def gave_out(self, message_id: str, effects: tuple[Effect, ...]) -> None:
        """Queue what is to be done, and mark the event as done."""
        rows = [(effect.key, effect.model_dump_json()) for effect in effects]
        async with self.lock:
            await self.tables.executemany("INSERT OR REPLACE INTO outbox (key, body) VALUES (?, ?)", rows)
            await self.tables.execute("UPDATE inbox SET done = 1 WHERE id = ?", (message_id,))
            await self.tables.commit()

    async def case_of(self, customer: int, conversation: str) -> Case:
        """Return the thread's case as its next turn finds it."""
        case_id = f"STK-{customer:04d}"
        state = await self.graph.aget_state(_config(case_id))
        if state.values:
            return step.next_turn(Case.model_validate(state.values["case"]))
        contact = f"ct_b{customer}"
        return blank(case_id, self.desk.rules.desk, conversation, contact, "id", NOW).with_(turn=1)

    async def kept_bytes(self) -> int:
        """Return what the saver holds of all threads."""
        return await _sum(
            self.saver_connection,
            "SELECT (SELECT COALESCE(SUM(LENGTH(checkpoint) + LENGTH(metadata)), 0) FROM checkpoints)"
            " + (SELECT COALESCE(SUM(LENGTH(value)), 0) FROM writes)",
        )

    async def close(self) -> None:
        """Close both files."""
        await self.saver_connection.close()
        await self.tables.close()

    async def _ran(self, given: Any, entry: Entry, tape: Tape) -> tuple[Effect, ...]:
        context = TurnContext(
            desk=self.desk,
            entry=entry,
            frontline=self.sources.seen_through(Recording("frontline_b", tape)).for_frontline(),
            ops=self.sources.seen_through(Recording("ops_c", tape)).for_ops(),
            specialist=self.sources.seen_through(Recording("specialist_d", tape)).for_specialist(),
            orchestrator=self.sources.seen_through(Recording("orchestrator_a", tape)).for_orchestrator(),
            owners=self.sources.seen_through(Recording("judge", tape)).owners,
        )
        out = await self.graph.ainvoke(given, _config(entry.case.id), context=context)
        effects: tuple[Effect, ...] = out["effects"]
        return effects


async def open_stock(ours: OurDesk, folder: Path) -> StockDesk:
    """Open a stock build beside our desk, on the same records."""
    folder.mkdir(parents=True)
    counter = Counter()
    saver_connection = await _opened(folder / "checkpoints.db", counter)
    tables = await _opened(folder / "tables.db", counter)
    for table in TABLES:
        await tables.execute(table)
    await tables.commit()
    saver = AsyncSqliteSaver(saver_connection)
    await saver.setup()
    desk = ours.wired.desk
    return StockDesk(
        desk,
        ours.wired.sources,
        ours.fixed,
        build(desk.rules, saver),
        saver_connection,
        tables,
        counter,
    )


async def _opened(path: Path, counter: Counter) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(path)
    await connection.execute("PRAGMA journal_mode=WAL")
    await connection.execute("PRAGMA synchronous=FULL")
    await connection.set_trace_callback(counter)
    return connection


def _config(case_id: str) -> RunnableConfig:
    return {"configurable": {"thread_id": case_id}}


async def _sum(connection: aiosqlite.Connection, sql: str) -> int:
    async with connection.execute(sql) as found:
        row = await found.fetchone()
    return int(row[0]) if row else 0
