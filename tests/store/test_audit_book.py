"""The book of the weekly samples, on both databases: picked once, judged once, documented."""

import asyncio
from datetime import timedelta

from store_scenes import NOW, approval, case, journal, message, send, turn

from casefile.auditing import Answer, Judgement
from casefile.effects import CloseApproval, OpenApproval
from casefile.packets import AuditEntry
from ports.journal import Measure
from store.auditing import SqlAuditBook
from store.database import Database

WEEK = "2026-W07"
HOUR = timedelta(hours=1)


def answer(number: int) -> Answer:
    return Answer(
        key=f"SCH-2026-0001:{number}:say",
        case_id="SCH-2026-0001",
        turn=number,
        tier="R1",
        language="id",
        drafted=number % 2 == 1,
    )


def wrong(by: str = "sf_sinta") -> Judgement:
    return Judgement(label="incorrect", flaw="no_source", reason="harga lama", by=by, at=NOW)


async def test_a_week_is_picked_once_and_read_back_as_it_was(database: Database) -> None:
    book = SqlAuditBook(database, "school")
    assert await book.sample(WEEK) is None
    assert await book.keep(WEEK, 40, (answer(2), answer(1)), NOW)
    assert not await book.keep(WEEK, 41, (answer(3),), NOW)
    sample = await book.sample(WEEK)
    assert sample is not None
    assert (sample.week, sample.sent, sample.answers) == (WEEK, 40, (answer(2), answer(1)))
    assert await SqlAuditBook(database, "shop").sample(WEEK) is None


async def test_of_two_who_pick_at_once_one_does(database: Database) -> None:
    books = [SqlAuditBook(database, "school") for _ in range(2)]
    kept = await asyncio.gather(*(b.keep(WEEK, 1, (answer(n),), NOW) for n, b in enumerate(books, 1)))
    sample = await books[0].sample(WEEK)
    assert sorted(kept) == [False, True]
    assert sample is not None and len(sample.answers) == 1


async def test_an_answer_is_judged_once_in_somebodys_name_and_documented(database: Database) -> None:
    book = SqlAuditBook(database, "school")
    await book.keep(WEEK, 2, (answer(1), answer(2)), NOW)
    key = answer(1).key
    assert await book.judge(key, wrong())
    assert not await book.judge(key, wrong("sf_bima"))
    assert not await book.judge("SCH-2026-0009:1:say", wrong())
    sample = await book.sample(WEEK)
    assert sample is not None
    assert [a.judgement for a in sample.answers] == [wrong(), None]
    (row,) = database.read("SELECT body FROM audit WHERE service = 'audit'")
    line = AuditEntry.model_validate_json(row["body"])
    assert (line.actor, line.action, line.reason) == ("sf_sinta", "judge", "incorrect no_source")
    assert line.data_refs == (key,)


async def test_only_what_arrived_in_the_span_counts(database: Database) -> None:
    book, kept = SqlAuditBook(database, "school"), journal(database)
    await kept.receive([message("wamid.1")])
    said = [send(f"SCH-2026-0001:1:{name}") for name in ("one", "two")]
    records = (("SCH-2026-0001", 1, b"the record"),)
    await kept.commit(turn("t1", inbox_ids=(1,), effects=tuple(said), records=records))
    await kept.attempting(said[0].key, NOW)
    await kept.accepted(said[0].key, "wamid.out", NOW)
    assert await book.arrived(NOW - HOUR, NOW + HOUR) == {said[0].key}
    assert await book.arrived(NOW + HOUR, NOW + 2 * HOUR) == frozenset()
    assert await book.records(NOW - HOUR, NOW + HOUR) == (b"the record",)
    assert await book.records(NOW - HOUR, NOW) == ()
    assert await SqlAuditBook(database, "shop").records(NOW - HOUR, NOW + HOUR) == ()


async def test_what_was_stopped_is_counted_by_its_reason(database: Database) -> None:
    book, kept = SqlAuditBook(database, "school"), journal(database)
    await kept.receive([message(f"wamid.{n}") for n in (1, 2)])
    held = [
        Measure("held", "SCH-2026-0001", NOW, detail=f"send_message QA.{why}")
        for why in ("fact", "fact", "paid")
    ]
    asked = OpenApproval(key="SCH-2026-0001:1:open", request=approval())
    cased = case(cause="R3.refund refund")
    await kept.commit(turn("t1", inbox_ids=(1,), cases=(cased,), effects=(asked,), measures=tuple(held)))
    denied = CloseApproval(key="k", approval_id="ap1", state="denied", by="sf_sinta", why="sudah lewat")
    second = turn("t2", inbox_ids=(2,), cases=(cased,), effects=(denied,))
    await kept.commit(second)
    found = [(c.what, c.why, c.count) for c in await book.stopped(NOW - HOUR, NOW + HOUR)]
    assert found == [
        ("denied", "REFUND R3.refund refund", 1),
        ("held", "send_message QA.fact", 2),
        ("held", "send_message QA.paid", 1),
    ]
    assert await book.stopped(NOW + HOUR, NOW + 2 * HOUR) == ()
