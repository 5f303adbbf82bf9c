"""What was decided about lessons, on both databases: once each, and where there are any."""

import asyncio

import pytest
from store_scenes import NOW, approval, case, journal, message, send, turn

from casefile.effects import CloseApproval, Effect, OpenApproval
from casefile.lessons import LessonDecision
from casefile.packets import AuditEntry
from ports.journal import Measure, TranscriptLine
from store.database import Database
from store.lessons import SqlLessons

CASE = "SCH-2026-0001"
RECORDS = ((CASE, 1, b"the record"),)


def decision(word: str = "accepted", by: str = "sf_sinta") -> LessonDecision:
    return LessonDecision.model_validate(
        {"lesson_id": f"{CASE}:2:edit", "decision": word, "by": by, "at": NOW, "why": "lebih ramah"}
    )


async def test_of_two_who_decide_at_once_one_does_and_it_is_documented(database: Database) -> None:
    lessons = SqlLessons(database, "school")
    both = (decision(), decision("rejected", "sf_bima"))
    kept = await asyncio.gather(*(lessons.decide(CASE, one) for one in both))
    assert sorted(kept) == [False, True]
    first = both[kept.index(True)]
    assert lessons.decided() == {first.lesson_id: first}
    assert SqlLessons(database, "shop").decided() == {}
    (row,) = database.read("SELECT body FROM audit WHERE service = 'lessons'")
    line = AuditEntry.model_validate_json(row["body"])
    assert (line.actor, line.action, line.case_id) == (first.by, first.decision, CASE)


async def asked(database: Database, **rest: object) -> SqlLessons:
    """A case with a record and a request that waits, besides what `rest` adds to its turn."""
    kept = journal(database)
    await kept.receive([message("wamid.1"), message("wamid.2")])
    effects: tuple[Effect, ...] = (
        send(f"{CASE}:1:say"),
        OpenApproval(key=f"{CASE}:1:open", request=approval()),
    )
    await kept.commit(turn("t1", inbox_ids=(1,), effects=effects, records=RECORDS, **rest))  # type: ignore[arg-type]
    return SqlLessons(database, "school")


async def settled(database: Database, state: str, why: str) -> None:
    close = CloseApproval.model_validate(
        {"key": f"{CASE}:2:close", "approval_id": "ap1", "state": state, "by": "sf_sinta", "why": why}
    )
    await journal(database).commit(turn("t2", inbox_ids=(2,), cases=(case(),), effects=(close,)))


async def test_a_case_nobody_put_right_holds_no_lesson(database: Database) -> None:
    lessons = await asked(database)
    assert lessons.cases() == ()
    await settled(database, "denied", "")
    assert lessons.cases() == ()


async def test_an_edit_or_a_no_with_its_reason_is_one(database: Database) -> None:
    lessons = await asked(database)
    await settled(database, "denied", "sudah lewat")
    assert lessons.cases() == (CASE,)
    assert SqlLessons(database, "shop").cases() == ()


@pytest.mark.parametrize(
    ("name", "detail", "found"),
    [
        ("held", "send_message QA.fact", True),
        ("held", "run_operation JUDGE.undone", False),
        ("draft", "replaced A.doubt", True),
        ("draft", "sent", False),
        ("takeover", "A.stopped", True),
    ],
)
async def test_where_words_did_not_leave_there_may_be_one(
    database: Database, name: str, detail: str, found: bool
) -> None:
    measured = Measure(name, CASE, NOW, detail=detail)
    assert bool((await asked(database, measures=(measured,))).cases()) is found


async def test_a_persons_own_words_are_one(database: Database) -> None:
    line = TranscriptLine(
        conversation_id="wa-628001-ct_1",
        case_id=CASE,
        direction="out",
        author="sf_tari",
        text="Halo Kak",
        at=NOW,
        external_id=f"{CASE}:1:say",
    )
    assert (await asked(database, transcript=(line,))).cases() == (CASE,)
