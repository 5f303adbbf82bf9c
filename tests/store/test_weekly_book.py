"""What a week is counted from, on both databases; and that retention takes nothing from its figures."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from store_scenes import NOW, case, journal, message, send, turn

from casefile.weekly import CallSum, Faults, RawWeek, TierCases
from policies.retention import Retention
from policies.weekly import pack_of
from ports.journal import Measure
from ports.models import ModelCall
from services.retention import RetentionJob
from store.database import Database
from store.model_calls import SqlSpending
from store.weekly import SqlWeekBook

ZONE = ZoneInfo("Asia/Jakarta")
# The ISO week of NOW where the desk is: Monday the 9th to Sunday the 15th of February.
BEGINS, ENDS = NOW - timedelta(hours=34), NOW - timedelta(hours=34) + timedelta(days=7)


def measured(name: str, detail: str = "", case_id: str = "SCH-2026-0001", days: float = 0) -> Measure:
    return Measure(name, case_id, NOW + timedelta(days=days), detail=detail)


def call(call_id: str, **changes: Any) -> ModelCall:
    base = ModelCall(
        id=call_id, role="frontline_b", task="draft", model="small", strength="cheap", case_id="SCH-2026-0001",
        desk="school", day="2026-02-10", tier="R1", input_tokens=1_000, cached_tokens=400, output_tokens=100, cost=7,
    )  # fmt: skip
    return base.model_copy(update=changes)


async def week_of(database: Database) -> RawWeek:
    return await SqlWeekBook(database, ZONE).raw(BEGINS, ENDS)


async def held(database: Database, measures: tuple[Measure, ...] = (), **rest: Any) -> None:
    """Commit one turn with two messages, one of which arrived, at the second try."""
    kept = journal(database)
    await kept.receive([message("wamid.1")])
    said = (send("SCH-2026-0001:1:a"), send("SCH-2026-0001:1:b", "wa-628001-ct_2"))
    await kept.commit(turn("t1", inbox_ids=(1,), effects=said, measures=measures, **rest))
    await kept.attempting(said[0].key, NOW)
    await kept.requeue(said[0].key, NOW, "busy")
    await kept.attempting(said[0].key, NOW)
    await kept.accepted(said[0].key, "wamid.out", NOW)
    await kept.attempting(said[1].key, NOW)
    await kept.unknown(said[1].key, "the line was cut", NOW)


async def test_a_case_counts_once_with_its_strictest_turn_and_by_whether_people_had_it(
    database: Database,
) -> None:
    turns = [
        ("SCH-2026-0001", "R0 ANSWER faq"), ("SCH-2026-0001", "R3 ESCALATE_COACH R3.refund"),
        ("SCH-2026-0002", "R0 ANSWER faq"), ("SCH-2026-0003", "R0 HAND_OVER low"),
        ("SCH-2026-0003", "R0 RELAY person"),
    ]  # fmt: skip
    outside = measured("turn", "R3 ESCALATE_COACH R3.refund", "SCH-2026-0004", days=6)
    await held(database, (*(measured("turn", said, one) for one, said in turns), outside))
    assert (await week_of(database)).tiers == (
        TierCases(tier="R0", cases=2, escalated=1),
        TierCases(tier="R3", cases=1, escalated=1),
    )


async def test_events_of_the_week_and_what_was_opened_again_a_week_later(database: Database) -> None:
    late, too_late = measured("reopened", days=12), measured("reopened", days=13)
    other = (measured("turn", "R0 ANSWER faq"), measured("draft", "sent"), measured("first_response", days=6))
    await held(database, (measured("first_response"), late, too_late, *other))
    week = await week_of(database)
    assert [event.name for event in week.events] == ["first_response", "ledger_unknown", "reopened"]
    assert (week.messages, week.retries) == (1, 1)


async def test_lessons_nobody_came_to_are_told_from_those_that_were_held(database: Database) -> None:
    rows = [("s1", "done", 1), ("s2", "consumed", 2), ("s3", "scheduled", 1), ("s4", "consumed", 8)]

    def work(tx: Any) -> None:
        tx.execute("INSERT INTO students (id, name) VALUES ('st', 'Ani')")
        for name, status, days in rows:
            start = f"2026-02-{10 + days:02}T03:00:00.000000Z"
            tx.execute(
                "INSERT INTO sessions (id, student_id, coach, start_at, end_at, status) VALUES (?, 'st', 'x', ?, ?, ?)",
                (name, start, start, status),
            )

    await database.submit(work)
    week = await week_of(database)
    assert (week.consumed, week.sessions) == (1, 2)


async def test_calls_are_summed_by_the_desks_days_whether_kept_singly_or_as_sums(
    database: Database, tmp_path: Path
) -> None:
    strong = call("b", task="review", strength="strong", model="large", tier="R3", cost=900)
    calls = [
        call("a"),
        strong,
        call("c"),
        call("sunday", day="2026-02-08"),
        call("lost", case_id="", tier=""),
    ]
    await journal(database).spent(calls, NOW)
    before, sums = await week_of(database), SqlSpending(database).sums("day")
    assert before.calls == (
        CallSum(tier="", task="draft", calls=1, strong=0, tokens=1_100, cost=7),
        CallSum(tier="R1", task="draft", calls=2, strong=0, tokens=2_200, cost=14),
        CallSum(tier="R3", task="review", calls=1, strong=1, tokens=1_100, cost=900),
    )
    job = RetentionJob(database, Retention(), tmp_path)
    assert await job.retire(NOW + timedelta(days=400))
    assert len(SqlSpending(database).calls()) == 5
    assert await job.retire(NOW + timedelta(days=400, seconds=1))
    assert SqlSpending(database).calls() == []
    # Those of a second night join the sums that are there.
    await journal(database).spent([call("late")], NOW)
    assert await job.retire(NOW + timedelta(days=401))
    after = await week_of(database)
    assert after.calls[1] == CallSum(tier="R1", task="draft", calls=3, strong=0, tokens=3_300, cost=21)
    assert (after.calls[0], after.calls[2]) == (before.calls[0], before.calls[2])
    assert [row["calls"] for row in SqlSpending(database).sums("day")] == [1, 5]
    assert [row["calls"] for row in sums] == [1, 4]
    for by in ("case_id", "tier", "strength"):
        assert sum(row["calls"] for row in SqlSpending(database).sums(by)) == 6


async def test_calls_of_a_case_that_is_open_are_kept_singly_whatever_their_age(
    database: Database, tmp_path: Path
) -> None:
    await held(database)
    await journal(database).spent([call("a")], NOW)
    await RetentionJob(database, Retention(), tmp_path).retire(NOW + timedelta(days=2000))
    assert [row["id"] for row in SqlSpending(database).calls()] == ["a"]


async def test_a_week_says_the_same_once_its_ledger_is_gone(database: Database, tmp_path: Path) -> None:
    closed = case(state="closed")
    kept = journal(database)
    await kept.receive([message("wamid.1")])
    said = send("SCH-2026-0001:1:a")
    await kept.commit(turn("t1", inbox_ids=(1,), cases=(closed,), effects=(said,)))
    await kept.attempting(said.key, NOW)
    await kept.requeue(said.key, NOW, "busy")
    await kept.attempting(said.key, NOW)
    await kept.accepted(said.key, "wamid.out", NOW)
    before = pack_of("2026-W07", await week_of(database), (), Faults())
    assert (before.messages, before.retries) == (1, 1)
    await RetentionJob(database, Retention(), tmp_path).retire(NOW + timedelta(days=91))
    assert database.read("SELECT 1 FROM outbox WHERE case_id <> ''") == []
    assert pack_of("2026-W07", await week_of(database), (), Faults()) == before
