"""News of an order opens a small case, and B says it to whoever may hear it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from casefile.events import OrderMoved
from casefile.shop import Item, Order
from graph.record import unpacked
from graph.replay import replay
from store.inbox import put_event
from store.orders import put_order
from tests.graph.flows import Flow
from tests.graph.whole import MONDAY, open_world

Opens = Callable[..., Awaitable[Flow]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("order_news")


@pytest.fixture
async def opens(folder: Path) -> AsyncIterator[Opens]:
    async with AsyncExitStack() as closing:

        async def opened(who: str = "ct_budi") -> Flow:
            world = await open_world(folder, desk={"sells": True}, at=MONDAY)
            closing.callback(world.wired.database.close)
            flow = Flow(world, who)
            await flow.says("halo kak")
            return flow

        yield opened


async def news(flow: Flow, status: Any, tracking: str | None = None) -> list[str]:
    """Let an order get somewhere and run what follows; return what left."""
    world, at = flow.world, flow.world.clock.now()
    conversation = flow.case().conversation_id
    order = Order(
        number="ORD-2026-0007",
        contact_id=flow.case().contact_id,
        items=(Item(sku="KMJ-01-M", name="Kemeja", qty=1, unit_price=259_000),),
        subtotal=259_000,
        total=259_000,
        tracking=tracking,
        status=status,
        created_at=at,
    )
    await world.wired.database.submit(lambda tx: put_order(tx, order, conversation))
    event = OrderMoved(at=at, order_number="ORD-2026-0007", status=status, tracking=tracking)
    await world.wired.database.submit(
        lambda tx: put_event(tx, "orders", f"7:{status}", conversation, event, at)
    )
    await world.run(conversation)
    return flow.out()


@pytest.mark.parametrize(
    ("status", "tracking", "words"),
    [
        ("shipped", "JNE777", ["ORD-2026-0007", "JNE777"]),
        ("delivered", "JNE777", ["ORD-2026-0007", "sampai"]),
        ("expired", None, ["ORD-2026-0007", "batas waktunya"]),
    ],
)
async def test_the_buyer_hears_where_an_order_is(
    opens: Opens, status: str, tracking: str | None, words: list[str]
) -> None:
    flow = await opens()
    assert await news(flow, status, tracking) == [f"say order_{status}", "timer resolve"]
    assert flow.roles() == ["frontline_b"]
    assert all(word in flow.last() for word in words)
    assert (flow.case().state, flow.case().intent, flow.case().tier) == ("answered", "order_status", "R1")
    rows = flow.world.rows("SELECT body FROM turn_records WHERE case_id = ? ORDER BY turn", flow.case().id)
    turns = await replay([unpacked(row["body"]) for row in rows], flow.world.wired.desk)
    assert [turn.differences for turn in turns] == [()]


async def test_a_stranger_hears_nothing_of_it(opens: Opens) -> None:
    flow = await opens("+6281299990001")
    assert await news(flow, "shipped", "JNE777") == []
