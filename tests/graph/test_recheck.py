"""What was sent, judged again from its record: sound answers stand on their facts, forged ones do not."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from casefile.effects import SendMessage
from graph.recheck import Rechecked, recheck
from graph.record import TurnRecord
from tests.graph.whole import World, open_world, phone_of

NEXT = "jadwal les aku berikutnya kapan?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("recheck")


async def again(world: World, records: Sequence[TurnRecord], key: str) -> Rechecked:
    return await recheck(records, world.wired.desk, key)


def last(world: World) -> tuple[list[TurnRecord], SendMessage]:
    """Return the records of the case that spoke last, and what it said."""
    said = world.said[-1]
    records = {(s.case_id, s.record.turn): s.record for s in world.said}
    return [r for (case_id, _), r in sorted(records.items()) if case_id == said.case_id], said.effect


def forged(record: TurnRecord, **changes: object) -> TurnRecord:
    """Return a record in which something else was said."""
    effects = [e.model_copy(update=changes) if isinstance(e, SendMessage) else e for e in record.effects]
    return replace(record, effects=tuple(effects))


async def test_an_answer_stands_on_the_fewest_facts_that_hold_it(folder: Path) -> None:
    world = await open_world(folder)
    await world.hears(phone_of("ct_rina"), NEXT)
    records, sent = last(world)
    found = await again(world, records, sent.key)
    assert (found.comparable, found.found) == (True, ())
    (fact,) = found.stands_on
    assert fact.startswith("Kamis, 26 November 2026 pukul 16.00 WIB")
    world.wired.database.close()


async def test_what_c_had_to_read_first_counts_as_a_fact(folder: Path) -> None:
    world = await open_world(folder)
    await world.passes(minutes=181)
    await world.hears(phone_of("ct_rina"), NEXT)
    records, sent = last(world)
    assert records[-1].verdict.decision == "LOOK_UP"
    found = await again(world, [forged(r, text=sent.text + " Ya.") for r in records], sent.key)
    assert (found.comparable, found.found) == (True, ())
    assert "Kamis, 26 November 2026" in found.stands_on[0]
    world.wired.database.close()


@pytest.mark.parametrize(
    ("changes", "without_source", "invented"),
    [
        ({"text": "Sesinya Jumat, 27 November 2026 pukul 09.00 WIB, Kak."}, True, False),
        ({"text": "Sesinya sudah kami pindah dan pasti bisa, Kak."}, False, True),
        ({"done": ("rescheduled",)}, False, True),
        ({"text": "Siap, Kak."}, False, False),
    ],
)
async def test_what_nothing_holds_is_found(
    folder: Path, changes: dict[str, object], without_source: bool, invented: bool
) -> None:
    world = await open_world(folder)
    await world.hears(phone_of("ct_rina"), NEXT)
    records, sent = last(world)
    found = await again(world, [forged(record, **changes) for record in records], sent.key)
    assert (found.without_source, found.invented) == (without_source, invented)
    world.wired.database.close()


async def test_what_a_person_let_go_is_theirs_and_what_is_gone_cannot_be_compared(folder: Path) -> None:
    world = await open_world(folder)
    await world.hears(phone_of("ct_rina"), "mau refund, uangku balikin")
    await world.decides("DENY")
    records, sent = last(world)
    assert sent.purpose == "release"
    found = await again(world, records, sent.key)
    assert (found.comparable, found.found) == (True, ())
    assert not (await again(world, records[1:], sent.key)).comparable
    assert not (await again(world, records, "SCH-2026-0009:1:say")).comparable
    world.wired.database.close()
