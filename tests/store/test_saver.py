"""The saver: LangGraph's public conformance suite, and what staging adds to it."""

import sys
from collections.abc import AsyncGenerator
from operator import add
from pathlib import Path
from typing import Annotated, Any, TypedDict

import pytest
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.conformance import checkpointer_test, validate
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, interrupt

from store.checkpoint_rows import write_rows
from store.database import Database
from store.saver import StagingSaver
from tests.support.postgres import Opener


async def test_every_capability_of_the_public_conformance_suite(open_database: Opener) -> None:
    count = 0

    @checkpointer_test(name="loket")
    async def fresh() -> AsyncGenerator[BaseCheckpointSaver[Any], None]:
        nonlocal count
        count += 1
        database = open_database(f"{count}")
        yield StagingSaver(database)
        database.close()

    report = await validate(fresh)
    assert {name: result.failures for name, result in report.results.items() if result.failures} == {}
    assert report.passed_all()
    assert all(result.detected for result in report.results.values())
    passed = sum(result.tests_passed for result in report.results.values())
    sys.stdout.write(f"conformance checks passed on {open_database.kind}: {passed}\n")
    assert passed >= 58


class State(TypedDict):
    case: dict[str, Any]
    log: Annotated[list[str], add]


def _graph(saver: StagingSaver) -> Any:
    def prepare(state: State) -> dict[str, Any]:
        return {"log": ["prepared"], "case": {**state["case"], "turn": state["case"]["turn"] + 1}}

    def coach(state: State) -> dict[str, Any]:
        return {"log": [interrupt("may we?")]}

    graph = StateGraph(State)
    graph.add_node("prepare", prepare)
    graph.add_node("coach", coach)
    graph.add_edge(START, "prepare")
    graph.add_edge("prepare", "coach")
    graph.add_edge("coach", END)
    return graph.compile(checkpointer=saver)


def _thread(name: str) -> Any:
    return {"configurable": {"thread_id": name}}


async def _turn(database: Database, saver: StagingSaver, entry: Any, thread: str) -> Any:
    with saver.stage() as rows:
        out = await _graph(saver).ainvoke(entry, _thread(thread), durability="exit")
    await database.submit(lambda tx: write_rows(tx, list(rows), prune=True))  # type: ignore[arg-type]
    return out


async def test_a_staged_interrupt_survives_a_new_process_and_resumes_by_id_in_two_commits(
    tmp_path: Path,
) -> None:
    path = tmp_path / "loket.db"
    database = Database.open(path)
    saver = StagingSaver(database)
    out = await _turn(database, saver, {"case": {"turn": 0}, "log": []}, "SCH-2026-0001")
    assert [i.value for i in out["__interrupt__"]] == ["may we?"]
    assert database.stats.commits == 1
    database.close()

    database = Database.open(path)
    saver = StagingSaver(database)
    state = await _graph(saver).aget_state(_thread("SCH-2026-0001"))
    wanted = state.interrupts[0].id
    out = await _turn(database, saver, Command(resume={wanted: "yes"}), "SCH-2026-0001")
    assert out["log"] == ["prepared", "yes"]
    assert database.stats.commits == 1
    assert database.read_one("SELECT COUNT(*) AS n FROM checkpoints")["n"] == 1  # type: ignore[index]
    assert database.read_one("SELECT COUNT(*) AS n FROM checkpoint_writes")["n"] == 0  # type: ignore[index]
    database.close()


async def test_rows_staged_by_a_failed_turn_are_dropped(database: Database) -> None:
    saver = StagingSaver(database)
    with pytest.raises(RuntimeError), saver.stage():
        await _graph(saver).ainvoke({"case": {"turn": 0}, "log": []}, _thread("t"), durability="exit")
        raise RuntimeError("the turn failed")
    assert database.stats.commits == 0
    assert await saver.aget_tuple(_thread("t")) is None
    await saver.aput(
        {"configurable": {"thread_id": "t", "checkpoint_ns": ""}},
        {
            "v": 1,
            "id": "1",
            "ts": "",
            "channel_values": {},
            "channel_versions": {},
            "versions_seen": {},
            "updated_channels": None,
        },
        {"source": "input", "step": -1},
        {},
    )
    assert await saver.aget_tuple(_thread("t")) is not None


async def test_an_unlisted_type_comes_back_as_plain_data(database: Database) -> None:
    saver = StagingSaver(database)
    from casefile.records import Slot

    slot = {"id": "s", "coach": "c", "start": "2026-02-10T03:00:00Z", "end": "2026-02-10T04:00:00Z"}
    encoded = saver.serde.dumps_typed(Slot.model_validate(slot))
    assert not isinstance(saver.serde.loads_typed(encoded), Slot)


async def test_a_long_thread_keeps_one_checkpoint_and_few_bytes(database: Database) -> None:
    saver = StagingSaver(database)
    case = {"turn": 0, "window": [{"who": "customer", "text": f"pesan {i} " * 20} for i in range(8)]}
    written: list[int] = []
    for _ in range(40):
        before = database.stats.bytes
        await _turn(database, saver, {"case": case, "log": []}, "long")
        written.append(database.stats.bytes - before)
    size = len(saver.serde.dumps_typed(case)[1])
    kept = database.read_one(
        "SELECT COUNT(*) AS n, SUM(LENGTH(body) + LENGTH(metadata)) AS size FROM checkpoints"
    )
    assert kept is not None
    sys.stdout.write(
        f"case {size} bytes; kept {kept['size'] / size:.2f}x; written in a turn {written[-1] / size:.2f}x"
        + "\n"
    )
    assert kept["n"] == 1
    assert kept["size"] <= 2 * size


async def test_pruning_knows_two_strategies(database: Database) -> None:
    with pytest.raises(ValueError, match="keep_latest, delete"):
        await StagingSaver(database).aprune(["t"], strategy="sometimes")
