"""Whatever the order and however often: the same inbox, a ledger that only rises, conversations in order."""

import asyncio
import shutil
import sys
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from langgraph.graph import END, START, StateGraph
from store_scenes import NOW, at, case, journal, message, operation, post, send, status, turn

from casefile.events import MessageReceived
from ports.ledger import OutboxState
from store.database import Database
from store.saver import StagingSaver

REPEATABLE = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
RANK = ["queued", "attempting", "unknown", "accepted", "failed", "delivered", "read"]


def _folder(factory: pytest.TempPathFactory) -> Path:
    return factory.mktemp("store") / "loket.db"


def _inbox(database: Database) -> list[tuple[str, str]]:
    rows = database.read("SELECT conversation_id, external_id FROM inbox ORDER BY conversation_id, id")
    return [(row[0], row[1]) for row in rows]


@REPEATABLE
@given(data=st.data())
async def test_repeated_and_interleaved_deliveries_leave_the_same_inbox(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Each event 1 to 5 times, conversations shuffled into one another, batches cut anywhere."""
    streams = [[message(f"{c}-{n}", phone=f"+62812000010{c}") for n in range(3)] for c in range(3)]
    deliveries: list[MessageReceived] = []
    seen: list[MessageReceived] = []
    left = [list(stream) for stream in streams]
    while any(left):
        stream = data.draw(st.sampled_from([s for s in left if s]))
        fresh = stream.pop(0)
        seen.append(fresh)
        repeats = data.draw(st.lists(st.sampled_from(seen), max_size=4))
        deliveries += [fresh, *repeats]
    once = Database.open(_folder(tmp_path_factory))
    many = Database.open(_folder(tmp_path_factory))
    await journal(once).receive([event for stream in streams for event in stream])
    told = journal(many)
    while deliveries:
        size = data.draw(st.integers(1, 4))
        await told.receive(deliveries[:size])
        deliveries = deliveries[size:]
    by_sender = [
        [external for _, external in _inbox(db) if external[0] == str(c)]
        for c in range(3)
        for db in (once, many)
    ]
    assert by_sender[0::2] == by_sender[1::2]
    assert len(_inbox(many)) == 9
    assert len({conversation for conversation, _ in _inbox(many)}) == 3
    once.close()
    many.close()


@REPEATABLE
@given(
    names=st.lists(st.sampled_from(["sent", "delivered", "read", "failed"]), max_size=8), lost=st.booleans()
)
async def test_the_ledger_only_rises_and_ends_at_its_maximum(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], lost: bool
) -> None:
    database = Database.open(_folder(tmp_path_factory))
    told = journal(database)
    await told.commit(turn("t1", effects=(send("k"),)))
    await told.attempting("k", NOW)
    if lost:
        await told.unknown("k", "no answer", NOW)
    else:
        await told.accepted("k", "wamid.1", NOW)
    states = [database.read("SELECT state FROM outbox")[0][0]]
    for name in names:
        await told.receive([status(name, key="k")])
        states.append(database.read("SELECT state FROM outbox")[0][0])
    ranks = [RANK.index(state) for state in states]
    assert ranks == sorted(ranks)
    wanted = [{"sent": "accepted"}.get(name, name) for name in names]
    assert ranks[-1] == max([ranks[0], *(RANK.index(name) for name in wanted)])
    database.close()


@REPEATABLE
@given(data=st.data())
async def test_sends_leave_in_order_whatever_happens_to_them(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Performers take what is due, at random refused, put back, lost or accepted, with restarts between."""
    path = _folder(tmp_path_factory)
    # An example that hypothesis gives up half way closes its database too.
    with ExitStack() as opened:
        database = opened.enter_context(closing(Database.open(path)))
        told = journal(database)
        keys = [f"{c}-{n}" for n in range(3) for c in "ab"]
        await told.commit(turn("t1", effects=tuple(send(k, f"wa-628001-{k[0]}") for k in keys)))
        taken: dict[str, list[str]] = {"a": [], "b": []}
        for step in range(60):
            due = await told.due(at(step), 5)
            if not due:
                break
            assert len({row.conversation_id for row in due}) == len(due)
            row = data.draw(st.sampled_from(due))
            assert await told.attempting(row.key, at(step))
            fate = data.draw(
                st.sampled_from(["accepted", "accepted", "failed", "unknown", "requeue", "crash"])
            )
            if fate == "requeue":
                await told.requeue(row.key, at(step), "later")
                continue
            taken[row.key[0]].append(row.key)
            if fate == "accepted":
                await told.accepted(row.key, f"id-{row.key}", at(step))
            elif fate == "failed":
                await told.failed(row.key, "no", at(step))
            elif fate == "unknown":
                await told.unknown(row.key, "no answer", at(step))
            else:
                opened.close()
                database = opened.enter_context(closing(Database.open(path)))
                told = journal(database)
                assert [r.key for r in await told.orphans(at(step))] == [row.key]
        for conversation, done in taken.items():
            assert done == [f"{conversation}-{n}" for n in range(len(done))]


def _checkpointed(saver: StagingSaver) -> Any:
    graph = StateGraph(dict)
    graph.add_node("step", lambda state: state)
    graph.add_edge(START, "step")
    graph.add_edge("step", END)
    return graph.compile(checkpointer=saver)


async def test_a_kill_at_any_commit_boundary_leaves_a_turn_whole_or_not_at_all(tmp_path: Path) -> None:
    """The files are copied around each commit, as a kill -9 there would leave them, and opened again."""
    path = tmp_path / "loket.db"
    copies: list[Path] = []

    def photograph(when: Literal["before", "after"], number: int) -> None:
        folder = tmp_path / f"{number:02d}-{when}"
        folder.mkdir()
        for file in tmp_path.glob("loket.db*"):
            shutil.copy(file, folder / file.name)
        copies.append(folder / "loket.db")

    database = Database.open(path, on_commit=photograph)
    told, saver = journal(database), StagingSaver(database)
    for number in range(1, 4):
        await told.receive([message(f"m{number}")])
        [row] = await told.unread("wa-628001-ct_000000000001")
        with saver.stage() as rows:
            config = {"configurable": {"thread_id": "SCH-2026-0001"}}
            await _checkpointed(saver).ainvoke({"n": number}, config, durability="exit")
        effects = (send(f"s{number}"), operation(f"o{number}"), post(f"p{number}"))
        await told.commit(
            turn(
                f"t{number}",
                inbox_ids=(row.id,),
                effects=effects,
                staged=tuple(rows),
                records=(("SCH-2026-0001", number, b"r"),),
            )
        )
    database.close()

    assert len(copies) == 12
    for position, copy in enumerate(copies):
        reopened = Database.open(copy)
        received = reopened.read("SELECT COUNT(*) FROM inbox")[0][0]
        turns = reopened.read("SELECT COUNT(*) FROM turns")[0][0]
        # Two commits a message, two copies a commit: what "after" shows is there, what "before" shows is not yet.
        commits = (position + 1) // 2
        assert (received, turns) == ((commits + 1) // 2, commits // 2), copy.parent.name
        assert reopened.read("SELECT COUNT(*) FROM inbox WHERE state = 'read'")[0][0] == turns
        assert reopened.read("SELECT COUNT(*) FROM turn_records")[0][0] == turns
        assert reopened.read("SELECT COUNT(*) FROM outbox")[0][0] == 3 * turns
        assert reopened.read("SELECT COUNT(*) FROM checkpoints")[0][0] == min(turns, 1)
        found = await StagingSaver(reopened).aget_tuple({"configurable": {"thread_id": "SCH-2026-0001"}})
        assert (found is None) == (turns == 0)
        reopened.close()


async def test_group_commit_of_thirty_two_conversations(database: Database) -> None:
    told = journal(database)

    async def conversation(number: int) -> None:
        for step in range(5):
            [got] = await told.receive([message(f"{number}-{step}", phone=f"+62812{number:08d}")])
            [row] = await told.unread(got.conversation_id)
            key = f"s{number}-{step}"
            own = case(f"SCH-2026-{number:04d}", got.conversation_id)
            await told.commit(
                turn(
                    f"t{number}-{step}",
                    inbox_ids=(row.id,),
                    cases=(own,),
                    conversation_id=got.conversation_id,
                    effects=(send(key, got.conversation_id),),
                )
            )

    await asyncio.gather(*(conversation(number) for number in range(32)))
    messages, commits = 160, database.stats.commits
    queued: list[OutboxState] = ["queued"]
    assert len(await told.outbox(queued)) == messages
    assert commits < 2 * messages
    sys.stdout.write(
        f"transactions per message at 32 conversations (inbox + turn): {commits / messages:.3f}\n"
    )
