"""Models that say the worst they can wherever one is asked: nothing leaves, nothing is done, nothing sinks."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.base import Language
from casefile.opinion import Opinion
from casefile.reading import SIGNALS
from casefile.verdict import TIERS, strictest
from graph.record import unpacked
from policies.intents import INTENTS
from policies.opinions import LIKELIHOOD
from tests.graph.test_graph_properties import KNOWN, TEXTS, WORST, few, histories, leaks, people, run_checked
from tests.graph.whole import HostileDrafter, World, open_world, phone_of

opinions = st.builds(
    Opinion,
    signals=st.lists(st.sampled_from([*SIGNALS, "approved", "R0"]), max_size=3).map(tuple),
    intents=st.lists(st.sampled_from([*INTENTS, "faq.price_list", "approve"]), max_size=4).map(tuple),
    tier=st.sampled_from(TIERS),
)
FREE = frozenset({"BOOKING_CREATE", "ENROL", "OPT_OUT", "OPT_IN"})


class HostileReader:
    """A second reader with an opinion for every occasion, in turn."""

    def __init__(self, thoughts: list[Opinion]) -> None:
        self._thoughts = thoughts
        self._asked = 0

    async def opinion(self, text: str, language: Language, contact_id: str) -> Opinion | None:
        self._asked += 1
        return self._thoughts[self._asked % len(self._thoughts)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


@few
@given(
    who=people,
    history=histories,
    thoughts=st.lists(opinions, min_size=1, max_size=3),
    words=st.sampled_from(WORST) | leaks,
)
def test_a_hostile_model_that_reads_and_writes_has_nothing_done_and_nothing_said(
    folder: Path, who: str, history: list[tuple[str, Any]], thoughts: list[Opinion], words: str
) -> None:
    reader, drafter = HostileReader(thoughts), HostileDrafter(words)
    world, said = run_checked(folder, who, history, drafter=drafter, second=reader)
    assert words not in {one.effect.text for one in said} or words not in WORST
    _only_what_a_customer_asked_for(world)


def _only_what_a_customer_asked_for(world: World) -> None:
    """Whatever needs nobody's yes stands in the words, or on the button, of the customer themselves."""
    for record, effect in world.effects:
        if effect.type != "run_operation" or effect.task.action not in FREE:
            continue
        assert record.reading is not None
        assert all(request.confidence != LIKELIHOOD for request in record.reading.requests)


@few
@given(who=st.sampled_from(KNOWN), text=st.sampled_from(TEXTS), thought=opinions)
def test_no_message_sinks_below_where_it_stands_without_the_model(
    folder: Path, who: str, text: str, thought: Opinion
) -> None:
    alone, together = (
        asyncio.run(_first_turn(folder, who, text, reader)) for reader in (None, HostileReader([thought]))
    )
    assert TIERS.index(together) >= TIERS.index(alone)


async def _first_turn(folder: Path, who: str, text: str, second: HostileReader | None) -> Any:
    world = await open_world(folder, second=second)
    try:
        await world.hears(phone_of(who), text)
        records = [unpacked(body) for _, _, body in world.commits[0].records]
        return strictest(*(record.verdict.tier for record in records))
    finally:
        world.wired.database.close()
