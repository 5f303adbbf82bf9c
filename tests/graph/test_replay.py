"""Past turns run again from their records alone: the same outcome, or a difference that is named."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from agents.work import Desk
from app.desk import desk_for
from app.stage import overridden
from casefile.errors import LoketError
from casefile.reading import Reading
from graph.replay import replay, what_if
from tests.cli.cli_scenes import MONDAY, STRANGER, School, opened, settings


@pytest.fixture
async def school(tmp_path: Path) -> AsyncIterator[School]:
    found = await opened(tmp_path / "home")
    yield found
    found.wired.database.close()


def desk(**changes: object) -> Desk:
    """The school desk with some keys of desk.yaml changed."""
    home, config = settings().desks[0]
    return desk_for(home, overridden(config, changes), MONDAY.year)  # type: ignore[arg-type]


async def whole_conversation(school: School) -> None:
    await school.say("mau refund dong, uangku balikin")
    await school.say("tolong dipercepat ya kak")
    await school.say("jadwal les aku kapan ya?")
    await school.advance(2 * 3600 + 60)
    await school.decide("APPROVE", "dipotong biaya admin")
    await school.say("mau pindah jadwal les dong kak")
    await school.say("yang nomor 1")
    await school.say("iya")
    await school.say("cek jadwal les anak saya dong", STRANGER)
    await school.say("INV-2026-1019-001 salah@example.com", STRANGER)
    await school.say("hapus data saya")
    await school.decide("DENY")


async def test_every_turn_of_a_long_conversation_comes_out_as_it_did(school: School) -> None:
    await whole_conversation(school)
    nodes: set[str] = set()
    for case_id in school.cases():
        records = school.records(case_id)
        turns = await replay(records, desk())
        assert [(turn.record.turn, turn.differences, turn.why) for turn in turns] == [
            (record.turn, (), "") for record in records
        ]
        nodes |= {step["node"] for record in records for step in record.steps}
    assert nodes >= {"frontline_b", "ops_c", "orchestrator_a", "specialist_d", "data_e", "coach"}


async def test_a_case_that_waited_for_a_decision_can_be_taken_up_at_a_keyframe(school: School) -> None:
    await school.say("mau refund dong, uangku balikin")
    await school.say("tolong dipercepat ya kak")
    await school.decide("EDIT", "Halo Kak, kami cek dulu ya.")
    first, second, third, *_ = school.records(school.cases()[0])
    turns = await replay([first, second, third], desk())
    # The third turn starts in the middle of the interrupt, from nothing but its own record.
    (alone,) = await replay([replace(third, before=turns[2].before)], desk())
    assert alone.differences == ()
    assert alone.run is not None
    assert alone.run.context.steps[0].node == "coach"


async def test_what_differs_is_named_down_to_the_smallest_part(school: School) -> None:
    await school.say("jadwal les aku kapan ya?")
    (record,) = school.records(school.cases()[0])
    verdict = record.verdict.model_copy(update={"tier": "R0"})
    message = record.effects[0].model_copy(update={"text": "something else"})
    forged = replace(record, verdict=verdict, effects=(message, *record.effects[1:]), after_digest="0" * 16)
    (turn,) = await replay([forged], desk())
    found = {d.what: (d.then, d.now) for d in turn.differences}
    assert found.keys() == {"verdict tier", f"effect {message.key} text", "case file"}
    assert found["verdict tier"] == ("R0", "R1")


async def test_a_question_nobody_asked_then_stops_the_turn_and_says_so(school: School) -> None:
    await school.say("jadwal les aku kapan ya?")
    (record,) = school.records(school.cases()[0])
    (turn,) = await replay([replace(record, reads=record.reads[:-1])], desk())
    assert turn.run is None
    assert "where nothing was asked then" in turn.why
    assert turn.differences[-1].now == turn.why


async def test_a_question_not_asked_any_more_is_a_difference(school: School) -> None:
    await school.say("halo kak")
    (record,) = school.records(school.cases()[0])
    (turn,) = await replay([replace(record, reads=(*record.reads, record.reads[-1]))], desk())
    assert [d.what for d in turn.differences] == ["questions asked then and not now"]


async def test_a_turn_after_a_difference_says_what_it_stands_on(school: School) -> None:
    await school.say("mau refund dong, uangku balikin")
    await school.say("tolong dipercepat ya kak")
    first, second = school.records(school.cases()[0])
    assert first.reading is not None
    calm = Reading.model_validate(first.reading.model_dump() | {"language": "en"})
    turns = await replay([replace(first, reading=calm, after_digest="0" * 16), second], desk())
    assert [turn.carried for turn in turns] == [False, True]


async def test_another_limit_shows_which_verdicts_would_have_differed(school: School) -> None:
    await school.say("mau pindah jadwal les dong kak")
    await school.say("jadwal les aku kapan ya?")
    stricter = desk(limits={"free_reschedules": 0})
    tiers = {}
    for case_id in school.cases():
        turns = await replay(school.records(case_id), desk())
        (other,) = await what_if(turns, stricter)
        assert turns[0].verdict is not None and other.verdict is not None
        tiers[turns[0].verdict.intent] = (turns[0].verdict.tier, other.verdict.tier)
    assert tiers == {"reschedule": ("R2", "R3"), "next_session": ("R1", "R1")}


async def test_records_without_a_keyframe_are_refused(school: School) -> None:
    await school.say("halo kak")
    (record,) = school.records(school.cases()[0])
    with pytest.raises(LoketError, match="keyframe"):
        await replay([replace(record, before=None)], desk())
