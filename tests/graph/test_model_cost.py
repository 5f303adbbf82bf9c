"""What models cost: every call in the table, to the token beside the endpoint's receipts; caps that end in people."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.settings import ModelConfig
from casefile.case import Case
from casefile.errors import DependencyDown
from casefile.events import Client, InboundMessage, MessageReceived
from casefile.records import Alias
from gateway.cards import Cards
from gateway.draining import Collecting
from gateway.turns import Turns
from graph.calls import CallLog
from ports.models import ModelCall
from ports.sources import DraftRequest
from sandbox.clock import SharedClock
from sandbox.faults import Fault
from sandbox.model import Mood, Temper
from sandbox.server import SandboxServer
from sandbox.settings import SandboxSettings, TelegramAccount, WhatsAppAccount
from store.model_calls import SqlSpending
from tests.graph.test_flow_school import folder
from tests.graph.whole import World, open_world, phone_of

__all__ = ["folder"]
RINA = "ct_rina"
COUNTS = ("input_tokens", "cached_tokens", "output_tokens")
TALK = (
    "halo",
    "jadwal les aku kapan ya?",
    "harga paket berapa?",
    "kalau refund boleh ga sih?",
    "mau pindah jadwal dong",
)


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[SandboxServer]:
    account = WhatsAppAccount(
        app_secret="s", verify_token="v", access_token="a", phone_number_id="1", display_number="62"
    )
    settings = SandboxSettings(
        wa=account,
        telegram=TelegramAccount(bot_token="7:t", lanes={}),
        state_dir=tmp_path,
        receipts=tmp_path / "receipts.jsonl",
    )
    server = SandboxServer(settings, SharedClock(tmp_path / "clock.json"))
    await server.start()
    yield server
    await server.stop()


def config(sandbox: SandboxServer) -> ModelConfig:
    """Reading by a cheap model, writing by a strong one."""
    return ModelConfig.model_validate(
        {
            "provider": "openai",
            "base_url": f"{sandbox.url}/v1",
            "models": {
                "small": {"strength": "cheap", "input": 2_500, "cached": 1_250, "output": 10_000},
                "large": {"strength": "strong", "input": 40_000, "output": 160_000},
            },
            "tasks": {"understand": {"model": "small"}, "draft": {"model": "large"}},
        }
    )


async def opened(folder: Path, sandbox: SandboxServer, **desk: Any) -> World:
    return await open_world(folder, desk=desk, model=config(sandbox))


async def closed(world: World) -> None:
    assert world.wired.model is not None
    await world.wired.model.close()
    world.wired.database.close()


def receipts(sandbox: SandboxServer) -> list[dict[str, Any]]:
    return [r for r in sandbox.sandbox.receipts.after(0) if r["kind"] == "model.call"]


def kept(world: World) -> list[dict[str, Any]]:
    return [dict(row) for row in world.rows("SELECT * FROM model_calls ORDER BY at, provider_id")]


@pytest.mark.parametrize("mood", ["honest", "sloppy", "hostile", "wrong_schema", "empty"])
async def test_every_call_stands_in_the_table_as_the_endpoint_counted_it(
    folder: Path, sandbox: SandboxServer, mood: Mood
) -> None:
    sandbox.sandbox.model.become(Temper(mood=mood))
    world = await opened(folder, sandbox)
    for text in TALK:
        await world.hears(phone_of(RINA), text)
        world.clock.advance(timedelta(minutes=1))
    told, mine = receipts(sandbox), {row["provider_id"]: row for row in kept(world)}
    assert len(told) == len(mine) > 2
    for receipt in told:
        row = mine[receipt["id"]]
        assert [row[name] for name in COUNTS] == [receipt[name] for name in COUNTS]
        price = config(sandbox).models[row["model"]].price
        assert row["cost"] == price.of(*(receipt[name] for name in COUNTS))
        assert row["strength"] == {"small": "cheap", "large": "strong"}[row["model"]]
        assert (row["desk"], row["day"], row["role"]) == ("school", "2026-11-23", "frontline_b")
    spent: dict[str, int] = {}
    for row in mine.values():
        spent[row["case_id"]] = spent.get(row["case_id"], 0) + row["cost"]
    for row in world.rows("SELECT id FROM cases"):
        case = await case_of(world, row["id"])
        assert case.spent == spent.get(case.id, 0)
    await closed(world)


async def case_of(world: World, case_id: str) -> Case:
    (row,) = world.rows("SELECT body FROM cases WHERE id = ?", case_id)
    return Case.model_validate_json(row["body"])


async def test_a_status_question_is_drafted_by_one_call_and_none_of_it_is_anybody_elses(
    folder: Path, sandbox: SandboxServer
) -> None:
    model = config(sandbox)
    world = await open_world(
        folder, model=model.model_copy(update={"tasks": {"draft": model.tasks["draft"]}})
    )
    await world.hears(phone_of(RINA), "jadwal les aku kapan ya?")
    (told,) = receipts(sandbox)
    assert "Budi" not in str(told["messages"]) and "+62" not in str(told["messages"])
    await closed(world)


async def test_a_case_that_has_cost_what_it_may_goes_to_a_person_with_words(
    folder: Path, sandbox: SandboxServer
) -> None:
    world = await opened(folder, sandbox, limits={"model_rupiah_per_case": 1})
    await world.hears(phone_of(RINA), "harga paket berapa?")
    asked = len(receipts(sandbox))
    assert world.said[-1].effect.template.startswith("faq_answer") and asked == 2
    await world.hears(phone_of(RINA), "harga paket berapa ya kak?")
    assert world.said[-1].record.verdict.rules[0].id == "CASE.cost"
    assert world.said[-1].effect.template.startswith("handed_to_person")
    assert any(e.type == "post_to_lane" and e.lane == "ops" for _, e in world.effects)
    # Nothing more is spent on it: not even on reading.
    assert len(receipts(sandbox)) == asked
    await closed(world)


async def test_a_day_over_its_cap_is_served_from_templates_and_the_lane_hears_once(
    folder: Path, sandbox: SandboxServer
) -> None:
    world = await opened(folder, sandbox, limits={"model_rupiah_per_day": 1, "model_rupiah_per_case": 10_000})
    await world.hears(phone_of(RINA), "halo")
    asked = len(receipts(sandbox))
    for text in ("harga paket berapa?", "jadwal les aku kapan ya?"):
        await world.hears(phone_of(RINA), text)
    assert len(receipts(sandbox)) == asked == 2
    assert "next_session" in world.said[-1].effect.template
    posts = world.rows("SELECT body FROM outbox WHERE key LIKE 'model_cap:%'")
    assert len(posts) == 1 and "Rp 1" in posts[0]["body"] and "2026-11-23" in posts[0]["body"]
    world.clock.advance(timedelta(days=1))
    await world.hears(phone_of(RINA), "halo, selamat pagi")
    assert len(receipts(sandbox)) > asked
    await closed(world)


async def test_a_model_that_is_out_of_order_costs_nothing_and_the_customer_is_served(
    folder: Path, sandbox: SandboxServer
) -> None:
    sandbox.sandbox.faults.add(Fault(target="model", mode="down"))
    world = await opened(folder, sandbox)
    await world.hears(phone_of(RINA), "jadwal les aku kapan ya?")
    assert "next_session" in world.said[-1].effect.template
    assert {(row["outcome"], row["cost"]) for row in kept(world)} == {("failed", 0)}
    await closed(world)


def call(call_id: str = "c1", **changes: Any) -> ModelCall:
    base = ModelCall(
        id=call_id, role="frontline_b", task="draft", model="small", strength="cheap", input_tokens=7, cost=70
    )
    return base.model_copy(update=changes)


def test_a_call_is_its_turns_and_what_a_lost_turn_spent_is_taken_once() -> None:
    log = CallLog()
    with log.turn() as made:
        log.note(call("a"))
    assert [c.id for c in made] == ["a"] and log.take_lost() == ()
    with pytest.raises(DependencyDown), log.turn():
        log.note(call("b"))
        raise DependencyDown("schedule", "gone")
    log.note(call("outside"))
    assert [c.id for c in log.take_lost()] == ["b", "outside"]
    assert log.take_lost() == ()


class Spends:
    """A drafter that costs, and in the middle of whose work something happens."""

    def __init__(self, log: CallLog, then: Any) -> None:
        self._log, self._then, self.asked = log, then, 0

    async def draft(self, request: DraftRequest) -> str | None:
        self.asked += 1
        self._log.note(call(f"call{self.asked}"))
        await self._then(self.asked)
        return None


async def worked_on(world: World, then: Any) -> Spends:
    """Let one message be worked on as the engine does, `then` happening as its model is asked."""
    runner = world.wired.runner
    spends = Spends(runner.calls, then)
    at = world.clock.now()
    phone = phone_of(RINA)
    event = MessageReceived(
        account="school",
        received_at=at,
        sent_at=at,
        client=Client(phone=phone, aliases=(Alias(kind="phone", value=phone),)),
        message=InboundMessage(id="wamid.1", kind="text", text="jadwal les aku kapan ya?"),
    )
    (received,) = await world.wired.journal.receive([event])
    turns = Turns(
        world.wired.journal,
        {"school": replace(runner, sources=replace(runner.sources, drafter=spends))},
        world.wired.stored,
        Cards(world.wired.journal),
        world.clock,
        Collecting(timedelta(0), timedelta(0)),
        messages_per_minute=100,
        quarantine_after=2,
        worker="",
        on_commit=lambda: None,
    )
    await turns._turn(received.conversation_id, await world.wired.journal.unread(received.conversation_id))
    return spends


async def test_what_a_turn_spent_that_was_run_again_is_kept_beside_what_it_spent_then(folder: Path) -> None:
    world = await open_world(folder)

    async def moves(times: int) -> None:
        if times == 1:
            sql = "UPDATE contacts SET rev = rev + 1 WHERE id = 'ct_rina'"
            await world.wired.database.submit(lambda tx: tx.execute(sql))

    spends = await worked_on(world, moves)
    assert spends.asked == 2
    (case,) = world.rows("SELECT id FROM cases")
    assert [(r["id"], r["case_id"], r["day"]) for r in kept(world)] == [
        ("call1", "", "2026-11-23"),
        ("call2", case["id"], "2026-11-23"),
    ]
    world.wired.database.close()


async def test_what_a_turn_spent_that_failed_is_kept(folder: Path) -> None:
    world = await open_world(folder)

    async def breaks(times: int) -> None:
        raise RuntimeError("in the middle of it")

    await worked_on(world, breaks)
    assert [(r["id"], r["case_id"], r["cost"]) for r in kept(world)] == [("call1", "", 70)]
    assert world.rows("SELECT 1 FROM cases") == []
    world.wired.database.close()


async def test_sums_are_by_whatever_people_ask_for(folder: Path) -> None:
    world = await open_world(folder)
    calls = [
        call("a", case_id="S1", desk="school", day="2026-11-23", tier="R1"),
        call("b", case_id="S1", desk="school", day="2026-11-24", tier="R3", strength="strong", cost=900),
        call("c", case_id="S2", desk="shop", day="2026-11-24", tier="R1", cached_tokens=2, output_tokens=3),
    ]
    await world.wired.journal.spent(calls, world.clock.now())
    await world.wired.journal.spent(calls[:1], world.clock.now())
    spending = SqlSpending(world.wired.database)
    assert await spending.spent_on("school", "2026-11-24") == 900
    assert await spending.spent_on("school", "2026-11-25") == 0
    assert [(r["case_id"], r["calls"], r["strong"], r["cost"]) for r in spending.sums("case_id")] == [
        ("S1", 2, 1, 970),
        ("S2", 1, 0, 70),
    ]
    assert [(r["day"], r["cost"]) for r in spending.sums("day", since="2026-11-24")] == [("2026-11-24", 970)]
    assert [r["tier"] for r in spending.sums("tier", desk="school")] == ["R3", "R1"]
    assert [r["id"] for r in spending.calls(case_id="S2")] == ["c"]
    with pytest.raises(ValueError, match="is none of"):
        spending.sums("id")
    world.wired.database.close()
