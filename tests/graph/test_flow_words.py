"""The words that leave, as scripts: how to pay, how a student is called, what a wait is told."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.graph.flows import Flow
from tests.graph.whole import open_world

Opens = Callable[..., Awaitable[Flow]]
PAY_TO = {"bank": "BNI", "account": "9988776655", "holder": "Suara Kita Bernyanyi"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("words")


@pytest.fixture
async def opens(folder: Path) -> AsyncIterator[Opens]:
    """Open the desk with one customer writing to it."""
    async with AsyncExitStack() as closing:

        async def opened(who: str = "ct_rina", **desk: Any) -> Flow:
            world = await open_world(folder, desk=desk)
            closing.callback(world.wired.database.close)
            return Flow(world, who)

        yield opened


# --- how to pay --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["minta invoice lagi dong", "pembayaranku udah masuk belum ya?"])
async def test_an_open_bill_says_where_to_pay_from_the_desks_settings(opens: Opens, asked: str) -> None:
    flow = await opens("ct_budi", pay_to=PAY_TO)
    await flow.says(asked)
    assert (
        "Cara bayar: transfer ke BNI 9988776655 a.n. Suara Kita Bernyanyi, atau QRIS di studio." in flow.last()
    )


async def test_a_paid_bill_does_not_say_how_to_pay(opens: Opens) -> None:
    flow = await opens("ct_rina")
    await flow.says("minta invoice lagi dong")
    assert "Status: lunas" in flow.last() and "Cara bayar" not in flow.last()


async def test_a_desk_without_an_account_says_nothing_of_one(opens: Opens) -> None:
    flow = await opens("ct_budi", pay_to=None)
    await flow.says("minta invoice lagi dong")
    assert "Status: menunggu pembayaran" in flow.last() and "Cara bayar" not in flow.last()


@pytest.mark.parametrize("asked", ["transfernya ke rekening mana ya?", "which account do I transfer to?"])
async def test_which_account_is_answered_from_the_same_settings(opens: Opens, asked: str) -> None:
    flow = await opens("ct_budi", pay_to=PAY_TO)
    assert (await flow.says(asked))[0] == "say faq_answer"
    assert "BNI 9988776655" in flow.last() and "Suara Kita Bernyanyi" in flow.last()
