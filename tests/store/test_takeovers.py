"""Conversations in people's hands, on both databases: what a change of hands silences, and what it does not."""

import asyncio
from datetime import timedelta

import pytest
import store_scenes as scenes
from store_scenes import ACCOUNT, at, message, send, turn

from casefile.errors import FactsMoved
from casefile.events import HumanSpoke
from casefile.records import PHONE
from store.database import Database
from store.journal import SqlJournal
from store.takeovers import SqlTakeovers
from tests.support.postgres import Opener

QUIET = timedelta(minutes=30)


def book(database: Database) -> SqlTakeovers:
    return SqlTakeovers(database, QUIET)


async def open_talk(journal: SqlJournal) -> str:
    (received,) = await journal.receive([message("m1")])
    return received.conversation_id


def spoken(external_id: str = "h1", seconds: float = 10) -> HumanSpoke:
    said = message(external_id, "dari HP", seconds=seconds)
    return HumanSpoke.model_validate(said.model_dump(exclude={"type"}))


def states(database: Database) -> dict[str, str]:
    return {row["key"]: row["state"] for row in database.read("SELECT key, state FROM outbox")}


async def test_taking_over_drops_what_b_has_queued_and_leaves_a_persons_words(database: Database) -> None:
    journal = scenes.journal(database)
    talk = await open_talk(journal)
    theirs = send("theirs", talk).model_copy(update={"by": "tari"})
    other = send("other", "wa-628001-ct_2")
    await journal.commit(turn("t1", conversation_id=talk, effects=(send("b", talk), theirs, other)))
    assert await book(database).begin(talk, "tari", "kesal", at(5))
    assert states(database) == {"b": "dropped", "theirs": "queued", "other": "queued"}
    assert [row.key for row in await journal.untold()] == ["b"]
    assert not await book(database).begin(talk, "tari", "lagi", at(6))


async def test_a_turn_that_began_before_a_takeover_is_not_written(database: Database) -> None:
    journal = scenes.journal(database)
    talk = await open_talk(journal)
    await book(database).begin(talk, "tari", "", at(5))
    with pytest.raises(FactsMoved, match="changed hands"):
        await journal.commit(turn("t1", conversation_id=talk, effects=(send("b", talk),), hands=0))
    assert states(database) == {}
    await journal.commit(turn("t1", conversation_id=talk, hands=1))


async def test_what_was_on_its_way_as_a_person_came_is_not_tried_again_even_after_they_have_gone(
    database: Database,
) -> None:
    journal = scenes.journal(database)
    talk = await open_talk(journal)
    await journal.commit(turn("t1", conversation_id=talk, effects=(send("b", talk),)))
    assert await journal.attempting("b", at(1))
    await book(database).begin(talk, "tari", "", at(2))
    await journal.requeue("b", at(3), "no answer")
    await book(database).end(talk, "tari", at(4))
    assert not await journal.attempting("b", at(5))
    assert states(database) == {"b": "dropped"}
    await journal.commit(turn("t2", conversation_id=talk, effects=(send("new", talk),), seconds=6))
    assert await journal.attempting("new", at(7))


async def test_words_that_wait_for_the_customer_are_dropped_as_well(database: Database) -> None:
    journal = scenes.journal(database)
    talk = await open_talk(journal)
    await journal.commit(turn("t1", conversation_id=talk, effects=(send("b", talk),)))
    await journal.attempting("b", at(1))
    await journal.failed("b", "131047 closed", at(2))
    await database.submit(lambda tx: tx.execute("UPDATE outbox SET state = 'queued', pending = 0"))
    await book(database).begin(talk, "tari", "", at(3))
    assert states(database) == {"b": "dropped"}


async def test_the_quiet_time_gives_a_conversation_back_and_a_word_begins_it_anew(database: Database) -> None:
    journal = scenes.journal(database)
    talk = await open_talk(journal)
    await book(database).begin(talk, "tari", "", at(0))
    await journal.receive([spoken(seconds=600)])
    taken = await book(database).takeover(talk)
    assert taken is not None and (taken.person, taken.hands, taken.held) == ("tari", 1, True)
    assert await journal.fire_timers(at(1801), 10) == ()
    assert (await book(database).held())[0].conversation_id == talk
    await journal.fire_timers(at(600 + 1800), 10)
    taken = await book(database).takeover(talk)
    assert taken is not None and (taken.held, taken.ended_by, taken.hands) == (False, "quiet", 2)
    assert await book(database).held() == ()


async def test_the_business_phone_takes_a_conversation_over_once_per_word(database: Database) -> None:
    journal = scenes.journal(database)
    talk = await open_talk(journal)
    await journal.commit(turn("t1", conversation_id=talk, effects=(send("b", talk),)))
    for _ in range(2):
        (received,) = await journal.receive([spoken()])
        assert (received.conversation_id, received.message) == (talk, False)
    taken = await book(database).takeover(talk)
    assert taken is not None and (taken.person, taken.hands) == (PHONE, 1)
    assert states(database) == {"b": "dropped"}
    assert [row.event.type for row in await journal.unread(talk)] == ["message_received", "human_spoke"]


async def test_the_phone_may_write_first_and_opens_no_window(database: Database) -> None:
    journal = scenes.journal(database)
    (received,) = await journal.receive([spoken()])
    (row,) = database.read("SELECT window_opened_at FROM conversations")
    assert row["window_opened_at"] is None and received.conversation_id.startswith(f"wa-{ACCOUNT}-")
    await journal.receive([message("m9", seconds=60)])
    (row,) = database.read("SELECT window_opened_at FROM conversations")
    assert row["window_opened_at"] is not None


async def test_every_change_of_hands_is_in_the_audit_and_counted(database: Database) -> None:
    journal = scenes.journal(database)
    talk = await open_talk(journal)
    await book(database).begin(talk, "tari", "kesal", at(1))
    await book(database).begin(talk, "bima", "", at(2))
    assert await book(database).end(talk, "bima", at(3))
    assert not await book(database).end(talk, "bima", at(4))
    audit = database.read("SELECT actor, action FROM audit WHERE service = 'conversations' ORDER BY at")
    assert [(r["actor"], r["action"]) for r in audit] == [
        ("tari", "takeover"),
        ("bima", "takeover"),
        ("bima", "handback"),
    ]
    counted = database.read("SELECT name FROM measures WHERE name LIKE 'conversation_%' ORDER BY at")
    assert [r["name"] for r in counted] == ["conversation_takeover"] * 2 + ["conversation_handback"]


async def test_each_change_of_hands_is_told_once(database: Database) -> None:
    journal = scenes.journal(database)
    talk = await open_talk(journal)
    await book(database).begin(talk, "tari", "", at(1))
    (taken,) = await book(database).unposted()
    told = scenes.post(f"takeover:{talk}:1", f"takeover:{talk}:1")
    for _ in range(2):
        await book(database).post(taken, "", told, at(2))
    assert await book(database).unposted() == ()
    await book(database).end(talk, "tari", at(3))
    assert [t.held for t in await book(database).unposted()] == [False]


@pytest.mark.parametrize("round_", range(5))
async def test_two_processes_never_let_both_a_takeover_and_bs_words_pass(
    open_database: Opener, round_: int
) -> None:
    here, there = open_database(), open_database()
    journal = scenes.journal(here)
    talk = await open_talk(journal)
    await journal.commit(turn("t0", conversation_id=talk, effects=(send("queued", talk),)))
    late = turn("t1", conversation_id=talk, effects=(send("late", talk),), hands=0, seconds=1)
    written, taken, sent = await asyncio.gather(
        journal.commit(late),
        book(there).begin(talk, "tari", "", at(2)),
        scenes.journal(here).attempting("queued", at(2)),
        return_exceptions=True,
    )
    assert taken is True and (written is None or isinstance(written, FactsMoved))
    assert states(here)["queued"] == ("attempting" if sent is True else "dropped")
    assert states(here).get("late", "dropped") == "dropped"
    here.close()
    there.close()


async def test_a_conversation_is_found_by_its_id_or_by_a_case_of_it(database: Database) -> None:
    journal = scenes.journal(database)
    talk = await open_talk(journal)
    await journal.commit(turn("t1", conversation_id=talk))
    assert await book(database).conversation(talk) == talk
    assert await book(database).conversation("SCH-2026-0001") == talk
    assert await book(database).conversation("nobody") is None
