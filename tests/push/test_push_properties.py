"""Whatever the order of C's writes, E's deltas, time and questions: B never states a stale fact as current."""

import asyncio
import sqlite3
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store import facts
from store.connection import Row
from tests.push.backbone import BUDI, Backbone, Subject, change, open_backbone

subjects = st.sampled_from(["lesson", "bill"])
steps = st.one_of(
    st.tuples(st.just("write"), st.tuples(subjects, st.booleans(), st.booleans())),
    # Which of what is in flight; what is not delivered any more was dropped, what is delivered again was duplicated.
    st.tuples(st.just("push"), st.integers(0, 5)),
    st.tuples(st.just("wait"), st.sampled_from([0, 1, 179, 181])),
    st.tuples(st.just("set back"), st.sampled_from([5, 400])),
    st.tuples(st.just("ask"), st.tuples(subjects, st.booleans())),
)
histories = st.lists(steps, min_size=2, max_size=12)


async def _play(backbone: Backbone, history: list[tuple[str, Any]]) -> None:
    for kind, value in history:
        if kind == "write":
            subject, through, partly = value
            await backbone.write(subject, through=through, partly=partly)
        elif kind == "push" and backbone.flying:
            await backbone.push(backbone.flying[value % len(backbone.flying)])
        elif kind == "wait":
            backbone.world.clock.advance(timedelta(minutes=value))
        elif kind == "set back":
            backbone.world.clock.set_back(timedelta(minutes=value))
        elif kind == "ask":
            await _asked(backbone, value[0], value[1])
    for subject in ("lesson", "bill"):
        await _asked(backbone, subject, False)


async def _asked(backbone: Backbone, subject: Subject, meanwhile: bool) -> None:
    said = await backbone.ask(subject, meanwhile=meanwhile)
    # The records at the moment of the answer: nothing is written between the commit and this.
    assert backbone.truth(subject) in said, (said, backbone.truth(subject))


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(history=histories)
def test_b_never_states_a_stale_fact_as_current(folder: Path, history: list[tuple[str, Any]]) -> None:
    async def go() -> None:
        backbone = await open_backbone(folder)
        try:
            await _play(backbone, history)
        finally:
            backbone.close()

    asyncio.run(go())


@pytest.mark.parametrize("at_query", range(1, 7))
async def test_a_read_that_c_writes_into_is_never_kept_under_the_new_rev(
    backbone: Backbone, at_query: int
) -> None:
    """The quick read asks several times; another process commits between any two of its questions."""
    database, queries = backbone.world.wired.database, 0

    def read(sql: str, params: Sequence[object]) -> list[Row]:
        nonlocal queries
        queries += 1
        if queries == at_query:
            with sqlite3.connect(database.path) as other:
                change(other.execute, BUDI, "lesson", 7)
                change(other.execute, BUDI, "bill", 7)
            other.close()
        return database.read(sql, params)

    taken = facts.snapshot(read, backbone.reading, BUDI, backbone.world.clock.now())
    now = facts.snapshot(database.read, backbone.reading, BUDI, backbone.world.clock.now())
    assert queries >= at_query
    assert taken.rev < now.rev or taken == now
