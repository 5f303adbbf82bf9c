"""A shopping trip through the whole desk: it can be run again from its records, and is told what was sold meanwhile."""

from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path

import pytest

from adapters.clock import ManualClock
from app.desk import Loaded, load_desk
from app.settings import ROOT, Settings, load
from app.wire import wire
from casefile.effects import RunOperation
from casefile.events import Client, InboundMessage, MessageReceived
from casefile.records import Alias
from graph.record import TurnRecord, unpacked
from graph.replay import replay
from tests.graph.whole import MONDAY, Board, World

AYU = "+6281300002001"


@cache
def shop() -> Settings:
    return load(ROOT / "config.yaml", {}).alone("shop")


@cache
def goods() -> Loaded:
    return load_desk(shop(), ROOT / "var" / "understanding")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[World]:
    clock = ManualClock(MONDAY)
    wired = await wire(shop(), clock=clock, database=tmp_path / "shop.db", loaded=goods())
    yield World(wired, clock, Board())
    wired.database.close()


async def received(desk: World, text: str) -> str:
    """Let Ayu write, and run nothing yet; return her conversation."""
    desk.messages += 1
    event = MessageReceived(
        account="shop",
        received_at=desk.clock.now(),
        sent_at=desk.clock.now(),
        client=Client(phone=AYU, display_name="Ayu", aliases=(Alias(kind="phone", value=AYU),)),
        message=InboundMessage(id=f"wamid.{desk.messages}", kind="text", text=text),
    )
    return (await desk.wired.journal.receive([event]))[0].conversation_id


async def says(desk: World, text: str) -> list[str]:
    """Let Ayu write and run what follows; return the templates of what she heard."""
    before = len(desk.said)
    await desk.run(await received(desk, text))
    return [one.effect.template.partition("@")[0] for one in desk.said[before:]]


def records(desk: World) -> list[TurnRecord]:
    return [unpacked(body) for commit in desk.commits for _, _, body in commit.records]


async def test_a_trip_can_be_run_again_from_its_records_alone(desk: World) -> None:
    assert await says(desk, "kemeja linen bahari navy XXL masih ada kak?") == ["shop_out"]
    assert await says(desk, "ya udah yang sage L aja 1") == ["shop_confirm"]
    assert await says(desk, "pakai voucher PAGI25") == ["shop_confirm"]
    assert await says(desk, "oke pesan") == ["shop_ordered"]
    turns = await replay(records(desk), desk.wired.desk)
    assert [turn.differences for turn in turns] == [()] * 5
    read = desk.rows("SELECT DISTINCT body FROM audit WHERE action = 'read' AND body LIKE '%\"orders\"%'")
    assert read


async def test_what_is_sold_before_the_order_is_written_is_said_and_others_are_offered(desk: World) -> None:
    await says(desk, "mau pesan kemeja linen bahari sage L 1")
    conversation = await received(desk, "ya pesan")
    rows = await desk.wired.journal.unread(conversation)
    turn = await desk.wired.runner.run(conversation, rows, desk.clock.now())
    await desk.wired.journal.commit(turn)
    (task,) = [effect.task for _, effect in turn.effects if isinstance(effect, RunOperation)]
    # Somebody else is quicker by a moment.
    await desk.wired.database.submit(
        lambda tx: tx.execute("UPDATE variants SET free = 0 WHERE sku = ?", ("KLB-SGE-L",))
    )
    await desk.wired.operations.run(task)
    await desk.run(conversation)
    heard = desk.said[-1]
    assert (heard.effect.template.partition("@")[0], heard.record.verdict.rules[0].id) == (
        "shop_out",
        "C.stock_gone",
    )
    assert desk.rows("SELECT number FROM orders WHERE contact_id = 'ct_ayu' AND status = 'pending'") == []
    assert await says(desk, "yang putih L aja") == ["shop_confirm"]
