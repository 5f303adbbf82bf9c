"""What a shopper means, compared by an endpoint outside: paid for once, run again from its record, never waited for."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.clock import ManualClock
from app.chores import chores_for
from app.stage_sandbox import SANDBOX_SECRETS
from app.vendor_settings import EmbeddingConfig
from app.watch import checks_for
from app.wire import wire
from casefile.errors import DependencyDown
from graph.replay import replay
from sandbox.faults import Fault, Mode
from sandbox.server import SandboxServer
from tests.graph.test_model_cost import sandbox
from tests.graph.test_shop_trip import goods, records, says, shop
from tests.graph.whole import MONDAY, Board, World

__all__ = ["sandbox"]
# No name of anything sold: what search finds is what is offered.
ASKED = "ada yang cocok buat kondangan ga kak?"


@pytest.fixture
async def desk(sandbox: SandboxServer, tmp_path: Path) -> AsyncIterator[World]:
    told = EmbeddingConfig(
        provider="openai",
        base_url=f"{sandbox.url}/v1",
        model="pieces",
        dimensions=256,
        price=300,
        timeout_seconds=0.5,
    )
    shared = shop().shared.model_copy(update={"embedding": told})
    changed = shop().model_copy(update={"shared": shared, "secrets": SANDBOX_SECRETS})
    clock = ManualClock(MONDAY)
    wired = await wire(changed, clock=clock, database=tmp_path / "shop.db", loaded=goods())
    yield World(wired, clock, Board())
    assert wired.embedding is not None
    await wired.embedding.embedder.close()
    wired.database.close()


async def embedded(desk: World) -> None:
    """Let the job look for the first time, and then run until everything is embedded."""
    chores = chores_for(desk.wired, desk.wired.board)
    await chores.run_due(desk.clock.now())
    desk.clock.advance(timedelta(minutes=5))
    for _ in range(4):
        await chores.run_due(desk.clock.now())


def asked(sandbox: SandboxServer) -> list[dict[str, Any]]:
    return [r for r in sandbox.sandbox.receipts.after(0) if r["kind"] == "embedding.call"]


def calls(desk: World) -> list[dict[str, Any]]:
    rows = desk.rows("SELECT * FROM model_calls WHERE task = 'embed' ORDER BY at, role, input_tokens")
    return [dict(row) for row in rows]


async def test_everything_is_embedded_ahead_and_paid_for_by_the_desk(
    desk: World, sandbox: SandboxServer
) -> None:
    await embedded(desk)
    texts = [text for one in asked(sandbox) for text in one["texts"]]
    assert len(texts) == len(set(texts)) == desk.rows("SELECT COUNT(*) AS n FROM embeddings")[0]["n"] > 130
    assert not [text for text in texts if "diwarnai ulang" in text]
    told = calls(desk)
    assert sum(c["cost"] for c in told) == sum(one["input_tokens"] for one in asked(sandbox)) * 300
    assert {(c["role"], c["desk"], c["case_id"]) for c in told} == {("data_e", "shop", "")}
    # Nothing changed: nothing is asked again.
    await embedded(desk)
    assert len(asked(sandbox)) == len(told)


async def test_a_turn_asks_once_and_is_run_again_without_asking(desk: World, sandbox: SandboxServer) -> None:
    await embedded(desk)
    before = len(asked(sandbox))
    assert await says(desk, ASKED) == ["shop_list"]
    (told,) = asked(sandbox)[before:]
    (call,) = [c for c in calls(desk) if c["role"] == "frontline_b"]
    case = desk.rows("SELECT id FROM cases")[0]["id"]
    assert (call["case_id"], call["cost"]) == (case, told["input_tokens"] * 300)
    sandbox.sandbox.faults.add(Fault(target="embeddings", mode="down"))
    (turn,) = await replay(records(desk), desk.wired.desk)
    assert turn.differences == ()
    assert len(asked(sandbox)) == before + 1


async def test_an_outage_costs_the_answer_nothing_and_after_three_failures_nobody_is_asked(
    desk: World, sandbox: SandboxServer
) -> None:
    await embedded(desk)
    sandbox.sandbox.faults.add(Fault(target="embeddings", mode="down"))
    board = desk.wired.board
    for number in range(4):
        desk.clock.advance(timedelta(minutes=1))
        assert await says(desk, f"{ASKED} {'dong' * number}") == ["shop_list"]
    met = [r for r in sandbox.sandbox.receipts.after(0) if r["kind"] == "fault.met"]
    assert (len(met), await board.down()) == (3, frozenset({"embeddings"}))
    assert [c["outcome"] for c in calls(desk) if c["role"] == "frontline_b"] == ["failed"] * 3


async def test_whatever_the_endpoint_does_the_turn_goes_by_words(desk: World, sandbox: SandboxServer) -> None:
    await embedded(desk)
    modes: tuple[Mode, ...] = ("slow", "429", "5xx", "cut", "bad_json", "half_body", "timeout_after_effect")
    for number, mode in enumerate(modes):
        sandbox.sandbox.faults.add(Fault(target="embeddings", mode=mode, seconds=30, count=1))
        desk.clock.advance(timedelta(minutes=1))
        assert await says(desk, f"{ASKED} {'dong' * number}") == ["shop_list"]
        # The next question finds the endpoint well again.
        assert await says(desk, f"{ASKED} {'deh' * number}") == ["shop_list"]
    outcomes = [c["outcome"] for c in calls(desk) if c["role"] == "frontline_b"]
    assert outcomes.count("failed") == len(modes) and outcomes.count("answered") == len(modes)


async def test_a_look_is_taken_at_the_endpoint_and_the_job_survives_its_outage(
    desk: World, sandbox: SandboxServer
) -> None:
    async def fine() -> None:
        return None

    check = checks_for(desk.wired, fine, fine, None)["embeddings"]
    await check()
    sandbox.sandbox.faults.add(Fault(target="model", mode="down"))
    sandbox.sandbox.faults.add(Fault(target="embeddings", mode="down"))
    with pytest.raises(DependencyDown, match="embeddings"):
        await check()
    await embedded(desk)
    assert desk.rows("SELECT COUNT(*) AS n FROM embeddings")[0]["n"] == 0
    sandbox.sandbox.faults.clear()
    desk.wired.board.flag(frozenset())
    await embedded(desk)
    assert desk.rows("SELECT COUNT(*) AS n FROM embeddings")[0]["n"] > 130
