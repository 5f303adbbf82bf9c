"""A model that reads after the rules have: what its opinion changes in a turn, and that replay needs no model."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from app.desk import desk_for
from casefile.base import Language
from casefile.opinion import Opinion
from graph.record import TurnRecord, unpacked
from graph.replay import replay
from tests.graph.flows import Flow
from tests.graph.test_flow_school import folder
from tests.graph.whole import MONDAY, open_world, settings

__all__ = ["folder"]


class Reader:
    """A second reader of one opinion, which remembers what it was asked."""

    def __init__(self, opinion: Opinion | None) -> None:
        self._opinion = opinion
        self.asked: list[tuple[str, str, str]] = []

    async def opinion(self, text: str, language: Language, contact_id: str) -> Opinion | None:
        self.asked.append((text, language, contact_id))
        return self._opinion


Opens = Callable[[Opinion | None], Awaitable[tuple[Flow, Reader]]]


@pytest.fixture
async def opens(folder: Path) -> AsyncIterator[Opens]:
    """Open the desk with Rina writing to it, and a model of this opinion reading along."""
    async with AsyncExitStack() as closing:

        async def opened(opinion: Opinion | None) -> tuple[Flow, Reader]:
            reader = Reader(opinion)
            world = await open_world(folder, second=reader)
            closing.callback(world.wired.database.close)
            return Flow(world, "ct_rina"), reader

        yield opened


def record(flow: Flow) -> TurnRecord:
    ((_, _, body),) = flow.world.commits[-1].records
    return unpacked(body)


async def test_a_risk_no_rule_has_heard_puts_the_message_before_a_person(opens: Opens) -> None:
    flow, reader = await opens(Opinion(signals=("refund",)))
    out = await flow.says("harga paket berapa?")
    assert "ask REFUND" in out and flow.case().tier == "R3"
    assert reader.asked == [("harga paket berapa?", "id", "ct_rina")]


async def test_a_higher_tier_alone_does_too_and_the_rule_is_named(opens: Opens) -> None:
    flow, _ = await opens(Opinion(tier="R3"))
    await flow.says("harga paket berapa?")
    assert "MODEL.raise" in {hit.id for hit in record(flow).verdict.rules}
    assert flow.case().state == "awaiting_approval"


async def test_what_the_rules_could_not_make_out_is_answered(opens: Opens) -> None:
    flow, _ = await opens(Opinion(intents=("next_session",), tier="R1"))
    assert "say next_session" in await flow.says("asdf qwer")


async def test_an_order_is_asked_about_and_not_carried_out(opens: Opens) -> None:
    flow, _ = await opens(Opinion(intents=("opt_out",)))
    out = await flow.says("asdf qwer")
    assert not [line for line in out if line.startswith("run ")]
    assert flow.case().waiting_for == "meaning"


async def test_a_model_with_nothing_to_say_changes_nothing(opens: Opens) -> None:
    flow, reader = await opens(None)
    assert "say faq_answer" in await flow.says("harga paket berapa?")
    assert len(reader.asked) == 1 and record(flow).reading is not None


async def test_a_pressed_button_needs_no_second_reading(opens: Opens) -> None:
    flow, reader = await opens(Opinion(tier="R3"))
    await flow.presses("intent:next_session")
    assert reader.asked == [] and flow.case().tier == "R1"


async def test_a_long_story_is_not_sent_whole(opens: Opens) -> None:
    flow, reader = await opens(None)
    await flow.says("harga paket berapa? " + "cerita panjang " * 400)
    assert len(reader.asked[0][0]) == 4_000


async def test_where_the_model_differs_is_kept_with_the_turn_and_measured(opens: Opens) -> None:
    flow, _ = await opens(Opinion(intents=("faq.location",), signals=("complaint",), tier="R3"))
    await flow.says("harga paket berapa?")
    reading = record(flow).reading
    assert reading is not None
    told = ("+complaint", f"{reading.requests[0].intent} -> faq.location", "R3")
    assert reading.model_differs == told
    (row,) = flow.world.rows("SELECT detail, case_id FROM measures WHERE name = 'model_differs'")
    assert (row["detail"], row["case_id"]) == ("; ".join(told), flow.case().id)


async def test_a_turn_runs_again_without_the_model(opens: Opens) -> None:
    flow, _ = await opens(Opinion(signals=("refund",), tier="R3"))
    await flow.says("harga paket berapa?")
    (was,) = [record(flow)]
    assert [read.port for read in was.reads if read.node == "understand"] == ["SecondReader.opinion"]
    home, config = settings().desks[0]
    (turn,) = await replay([was], desk_for(home, config, MONDAY.year))
    assert (turn.differences, turn.why) == ((), "")
