"""The journal: events in once, turns whole, the ledger only upwards, timers once."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
import store_scenes as scenes
from store_scenes import NOW, at, message, operation, post, send, status, turn

from casefile.channel_events import AliasChanged, ChannelFault
from casefile.effects import (
    AttachEvidence,
    CloseApproval,
    NoteGap,
    OpenApproval,
    PushDelta,
    Remember,
    StartTimer,
    StopTimer,
    WriteAudit,
)
from casefile.errors import BadInput, UnknownEffect
from casefile.events import DeadlinePassed, MessageReceived
from casefile.packets import AuditEntry
from casefile.records import Alias, Delta
from ports.journal import Measure, TranscriptLine
from ports.ledger import LEFT_TO_ITS_WORKER
from store.database import Database
from store.errors import AppliedTwice, ApprovalSettled


def _measures(database: Database) -> list[str]:
    return [row["name"] for row in database.read("SELECT name FROM measures ORDER BY id")]


async def test_a_repeated_delivery_is_one_event_and_keeps_its_conversation(database: Database) -> None:
    journal = scenes.journal(database)
    first = await journal.receive([message("m1"), message("m2")])
    again = await journal.receive([message("m2"), message("m1"), message("m3")])
    assert [r.new for r in first] == [True, True]
    assert [r.new for r in again] == [False, False, True]
    assert {r.conversation_id for r in (*first, *again)} == {"wa-628001-ct_000000000001"}
    waiting = await journal.unread("wa-628001-ct_000000000001")
    assert [row.event.message.id for row in waiting if isinstance(row.event, MessageReceived)] == [
        "m1",
        "m2",
        "m3",
    ]
    assert isinstance(waiting[0].event, MessageReceived)
    assert waiting[0].event.conversation_id == "wa-628001-ct_000000000001"


async def test_any_alias_finds_the_contact_and_new_ones_are_learned(database: Database) -> None:
    journal = scenes.journal(database)
    lid, user = Alias(kind="lid", value="99@lid"), Alias(kind="user_id", value="ID.abc")
    [first] = await journal.receive([message("m1", aliases=(lid,), name="Rina")])
    [second] = await journal.receive([message("m2", phone=None, aliases=(lid, user))])
    [third] = await journal.receive([message("m3", phone=None, aliases=(user,))])
    assert first.conversation_id == second.conversation_id == third.conversation_id
    row = database.read_one("SELECT * FROM conversations")
    assert row is not None
    assert row["channel_address"] == "ID.abc"
    assert database.read("SELECT wa_name FROM contacts")[0]["wa_name"] == "Rina"


async def test_two_contacts_hit_by_one_message_go_by_user_id_and_are_reported(database: Database) -> None:
    journal = scenes.journal(database)
    user = Alias(kind="user_id", value="ID.abc")
    [by_phone] = await journal.receive([message("m1")])
    [by_user] = await journal.receive([message("m2", phone=None, aliases=(user,))])
    [both] = await journal.receive([message("m3", aliases=(user,))])
    assert both.conversation_id == by_user.conversation_id != by_phone.conversation_id
    assert _measures(database) == ["contact_conflict"]


async def test_a_user_name_taken_over_by_a_stranger_does_not_open_the_old_file(database: Database) -> None:
    journal = scenes.journal(database)
    name = Alias(kind="username", value="@rina")
    [rina] = await journal.receive([message("m1", aliases=(name,))])
    [stranger] = await journal.receive([message("m2", phone="+6281299999999", aliases=(name,))])
    [later] = await journal.receive([message("m3", phone=None, aliases=(name,))])
    assert stranger.conversation_id != rina.conversation_id
    assert later.conversation_id == stranger.conversation_id


async def test_a_changed_number_keeps_the_conversation_and_frees_the_old_one(database: Database) -> None:
    journal = scenes.journal(database)
    old, new = Alias(kind="phone", value="+6281200001001"), Alias(kind="phone", value="+6281200007777")
    [first] = await journal.receive([message("m1")])
    change = AliasChanged(account=scenes.ACCOUNT, received_at=NOW, external_id="s1", old=old, new=(new,))
    assert [r.new for r in await journal.receive([change])] == [True]
    assert [r.new for r in await journal.receive([change])] == [False]
    [moved] = await journal.receive([message("m2", phone=new.value)])
    [successor] = await journal.receive([message("m3", phone=old.value)])
    assert moved.conversation_id == first.conversation_id
    assert successor.conversation_id != first.conversation_id
    await journal.receive([change])
    assert _measures(database) == []
    assert database.read("SELECT contact_id FROM aliases WHERE value = ?", (old.value,))


async def test_a_delivery_is_whole_an_unknown_account_refuses_all_of_it(database: Database) -> None:
    journal = scenes.journal(database)
    stray = message("m2").model_copy(update={"account": "nobody"})
    with pytest.raises(BadInput, match="nobody"):
        await journal.receive([message("m1"), stray])
    assert await journal.waiting() == ()


async def test_a_channel_fault_is_a_measure(database: Database) -> None:
    journal = scenes.journal(database)
    await journal.receive(
        [ChannelFault(account=scenes.ACCOUNT, received_at=NOW, code="131000", title="down")]
    )
    assert _measures(database) == ["channel_fault"]


async def test_waiting_tells_first_and_latest(database: Database) -> None:
    journal = scenes.journal(database)
    await journal.receive([message("m1"), message("m2", seconds=3)])
    assert await journal.waiting() == (("wa-628001-ct_000000000001", NOW, at(3)),)


async def test_the_window_opens_with_the_latest_message(database: Database) -> None:
    journal = scenes.journal(database)
    await journal.receive([message("m1", seconds=50)])
    await journal.receive([message("m2", seconds=10)])
    assert database.read("SELECT window_opened_at FROM conversations")[0][0] == "2026-02-10T03:00:49.000000Z"


async def test_a_turn_is_whole(database: Database) -> None:
    journal = scenes.journal(database)
    [got] = await journal.receive([message("m1")])
    row = (await journal.unread(got.conversation_id))[0]
    told = scenes.case(conversation_id=got.conversation_id).move("triaged", "B", NOW)
    line = TranscriptLine(got.conversation_id, told.id, "in", "customer", "halo", NOW, "m1")
    audit = WriteAudit(
        key="k2",
        entry=AuditEntry(at=NOW, case_id=told.id, actor="E", service="case", action="open", result="success"),
    )
    commit = turn(
        "t1",
        inbox_ids=(row.id,),
        cases=(told,),
        conversation_id=got.conversation_id,
        effects=(send("k1", got.conversation_id), audit),
        transcript=(line,),
        measures=(Measure("turn", told.id, NOW),),
        records=((told.id, 1, b"record"),),
    )
    await journal.commit(commit)
    assert await journal.unread(got.conversation_id) == ()
    assert [r.key for r in await journal.outbox(["queued"])] == ["k1"]
    for table in ("cases", "transitions", "transcript", "measures", "turn_records", "audit", "turns"):
        assert database.read_one(f"SELECT COUNT(*) AS n FROM {table}")["n"] == 1, table  # type: ignore[index]

    with pytest.raises(AppliedTwice):
        await journal.commit(turn("t2", inbox_ids=(row.id,), effects=(send("k9"),)))
    assert [r.key for r in await journal.outbox(["queued"])] == ["k1"]


async def test_an_approval_is_used_once_and_the_losing_turn_leaves_nothing(database: Database) -> None:
    journal = scenes.journal(database)
    await journal.commit(turn("t1", effects=(OpenApproval(key="o", request=scenes.approval()),)))
    assert (await journal.pending_approval_of("SCH-2026-0001")) is not None
    close = CloseApproval(key="c", approval_id="ap1", state="approved", by="sf_sinta")
    await journal.commit(turn("t2", effects=(close, send("yes"))))
    with pytest.raises(ApprovalSettled):
        await journal.commit(turn("t3", effects=(send("twice"), close.model_copy(update={"by": "sf_bima"}))))
    with pytest.raises(ApprovalSettled):
        await journal.commit(turn("t4", effects=(OpenApproval(key="o2", request=scenes.approval()),)))
    record = await journal.approval_by_token("tok-ap1")
    assert record is not None
    assert (record.state, record.decided_by, record.decided_at) == ("approved", "sf_sinta", NOW)
    assert [r.key for r in await journal.outbox(["queued"])] == ["yes"]
    assert await journal.pending_approval_of("SCH-2026-0001") is None


async def test_a_pending_approval_is_annotated_but_never_changed(database: Database) -> None:
    journal = scenes.journal(database)
    await journal.commit(turn("t1", effects=(OpenApproval(key="o", request=scenes.approval()),)))
    added = scenes.approval(additions=("anak sakit",))
    await journal.commit(turn("t2", effects=(OpenApproval(key="o", request=added),)))
    record = await journal.pending_approval_of("SCH-2026-0001")
    assert record is not None
    assert record.request.additions == ("anak sakit",)
    with pytest.raises(ApprovalSettled):
        other = scenes.approval(digest="something else")
        await journal.commit(turn("t3", effects=(OpenApproval(key="o", request=other),)))


async def test_what_is_remembered_is_a_closed_list(database: Database) -> None:
    journal = scenes.journal(database)
    [got] = await journal.receive([message("m1")])
    until = "2026-02-10T11:00:00+07:00"
    changes = Remember(
        key="r", conversation_id=got.conversation_id, changes={"failed_attempts": 3, "locked_until": until}
    )
    await journal.commit(turn("t1", conversation_id=got.conversation_id, effects=(changes,)))
    row = database.read("SELECT failed_attempts, locked_until FROM conversations")[0]
    assert tuple(row) == (3, "2026-02-10T04:00:00.000000Z")
    with pytest.raises(BadInput, match="contact_id"):
        bad = Remember(key="r", conversation_id=got.conversation_id, changes={"contact_id": "x"})
        await journal.commit(turn("t2", effects=(bad,)))


async def test_only_the_first_of_a_conversation_or_thread_is_due(database: Database) -> None:
    journal = scenes.journal(database)
    effects = (
        send("a1"),
        send("a2"),
        send("b1", "wa-628001-ct_2"),
        post("p1"),
        post("p2"),
        operation("o1"),
        operation("o2"),
    )
    await journal.commit(turn("t1", effects=effects))

    async def due(seconds: float = 1) -> list[str]:
        return [row.key for row in await journal.due(at(seconds), 10)]

    assert await due() == ["a1", "b1", "p1", "o1", "o2"]
    assert await journal.attempting("a1", at(1))
    assert not await journal.attempting("a1", at(1))
    assert await due() == ["b1", "p1", "o1", "o2"]
    await journal.requeue("a1", at(60), "asked to wait")
    assert await due() == ["b1", "p1", "o1", "o2"]
    assert (await due(61))[0] == "a1"
    await journal.attempting("a1", at(61))
    await journal.accepted("a1", "wamid.1", at(62))
    assert (await due(62))[0] == "a2"


async def test_what_a_worker_asked_for_is_its_own_at_first(database: Database) -> None:
    journal = scenes.journal(database)
    await journal.commit(replace(turn("t1", effects=(send("a1"), post("p1"))), worker="w1"))
    left = LEFT_TO_ITS_WORKER.total_seconds()

    async def due(worker: str, seconds: float = 1) -> list[str]:
        return [row.key for row in await journal.due(at(seconds), 10, worker)]

    assert await due("w1") == ["a1", "p1"]
    assert await due("w2") == []
    assert await due("w2", left) == ["a1", "p1"]
    # One that is gone asks for nothing any more, whatever the clock says.
    await journal.orphans(at(1), ["w1"])
    assert await due("w2") == ["a1", "p1"]


async def test_next_due_is_never_a_blocked_effect(database: Database) -> None:
    journal = scenes.journal(database)
    assert await journal.next_due() is None
    await journal.commit(turn("t1", effects=(send("a1"), send("a2"))))
    assert await journal.next_due() == NOW
    await journal.attempting("a1", at(1))
    assert await journal.next_due() is None
    await journal.requeue("a1", at(30), "later")
    assert await journal.next_due() == at(30)
    await journal.commit(turn("t2", effects=(StartTimer(key="tm", timer="sla", due_at=at(9)),)))
    assert await journal.next_due() == at(9)


async def test_what_a_dead_process_left_behind_is_settled(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "x.db")
    journal = scenes.journal(database)
    await journal.commit(
        turn("t1", effects=(send("a1"), post("p1"), operation("o1"), send("b1", "wa-628001-ct_2")))
    )
    for key in ("a1", "p1", "o1"):
        await journal.attempting(key, at(1))
    database.close()

    database = Database.open(tmp_path / "x.db")
    journal = scenes.journal(database)
    left = await journal.orphans(at(10))
    assert {row.key: row.state for row in left} == {"a1": "unknown", "p1": "unknown", "o1": "queued"}
    assert [row.key for row in await journal.due(at(10), 9)] == ["o1", "b1"]
    assert await journal.orphans(at(11)) == ()
    await journal.receive([status("sent", key="a1")])
    assert [row.key for row in await journal.outbox(["accepted"])] == ["a1"]
    assert await journal.settle("p1", "resend", "sf_tari", at(12))
    assert not await journal.settle("p1", "resend", "sf_tari", at(12))
    assert "p1" in [row.key for row in await journal.due(at(12), 9)]
    assert database.read("SELECT actor, action FROM audit")[0]["actor"] == "sf_tari"
    database.close()


async def test_an_unknown_can_be_dropped(database: Database) -> None:
    journal = scenes.journal(database)
    await journal.commit(turn("t1", effects=(send("a1"),)))
    await journal.attempting("a1", at(1))
    await journal.unknown("a1", "no answer", at(2))
    assert await journal.settle("a1", "drop", "sf_tari", at(3))
    assert [row.key for row in await journal.outbox(["dropped"])] == ["a1"]


async def test_a_post_that_was_replaced_never_goes_again(database: Database) -> None:
    """Posts of a thread are edits of one message: the older words would stand over the newer ones."""
    journal = scenes.journal(database)
    await journal.commit(turn("t1", effects=(post("p1"), post("p2"), post("q1", "SCH-2026-0002"))))
    for key in ("p1", "p2", "q1"):
        await journal.attempting(key, at(1))
        await journal.unknown(key, "no answer", at(2))
    for key in ("p1", "p2", "q1"):
        assert await journal.settle(key, "resend", "sf_tari", at(3))
    assert [row.key for row in await journal.outbox(["dropped"])] == ["p1"]
    assert [row.key for row in await journal.due(at(3), 9)] == ["p2", "q1"]
    done = database.read("SELECT key, action FROM audit ORDER BY id")
    assert [row["action"] for row in done] == ["drop", "resend", "resend"]


@pytest.mark.parametrize(
    ("statuses", "state"),
    [
        (["delivered", "sent"], "delivered"),
        (["read", "delivered", "sent"], "read"),
        (["sent", "failed"], "failed"),
        (["failed", "sent"], "failed"),
        (["delivered", "failed"], "delivered"),
        (["failed", "delivered"], "delivered"),
    ],
)
async def test_statuses_only_move_upwards(database: Database, statuses: list[str], state: str) -> None:
    journal = scenes.journal(database)
    await journal.commit(turn("t1", effects=(send("a1"),)))
    await journal.attempting("a1", at(1))
    await journal.accepted("a1", "wamid.1", at(2))
    for name in statuses:
        await journal.receive([status(name)])
    assert [row.key for row in await journal.outbox([state])] == ["a1"]  # type: ignore[list-item]


async def test_a_status_by_key_proves_a_send_whose_answer_was_lost(database: Database) -> None:
    journal = scenes.journal(database)
    await journal.commit(turn("t1", effects=(send("a1"), send("a2"))))
    await journal.attempting("a1", at(1))
    [got] = await journal.receive([status("sent", key="a1", provider_id="wamid.7")])
    assert got.new
    [row] = await journal.outbox(["accepted"])
    assert (row.key, row.provider_id) == ("a1", "wamid.7")
    await journal.accepted("a1", "wamid.7", at(3))
    [by_id] = await journal.receive([status("read", provider_id="wamid.7")])
    assert by_id.new
    assert [r.key for r in await journal.due(at(3), 9)] == ["a2"]


async def test_a_status_nobody_knows_is_kept_as_a_measure(database: Database) -> None:
    journal = scenes.journal(database)
    [got] = await journal.receive([status("sent", key="ghost")])
    assert not got.new
    assert _measures(database) == ["status_unknown"]


async def test_a_refused_send_frees_the_conversation(database: Database) -> None:
    journal = scenes.journal(database)
    await journal.commit(turn("t1", effects=(send("a1"), send("a2"))))
    await journal.attempting("a1", at(1))
    await journal.failed("a1", "131026", at(2))
    assert [r.key for r in await journal.due(at(2), 9)] == ["a2"]


async def test_a_timer_fires_once_and_again_only_when_set_again(database: Database) -> None:
    journal = scenes.journal(database)

    def start(due: float) -> StartTimer:
        return StartTimer(key="tm", timer="sla", due_at=at(due))

    await journal.commit(turn("t1", effects=(start(10),)))
    assert await journal.fire_timers(at(9), 5) == ()
    assert [t.key for t in await journal.fire_timers(at(10), 5)] == ["tm"]
    assert await journal.fire_timers(at(11), 5) == ()
    [row] = await journal.unread("wa-628001-ct_1")
    assert isinstance(row.event, DeadlinePassed)
    await journal.commit(turn("t2", inbox_ids=(row.id,), effects=(start(20), StopTimer(key="tm"))))
    assert await journal.fire_timers(at(30), 5) == ()
    await journal.commit(turn("t3", effects=(start(40), start(10))))
    assert len(await journal.fire_timers(at(40), 5)) == 1
    assert len(await journal.unread("wa-628001-ct_1")) == 1


async def test_events_of_our_own_enter_once(database: Database) -> None:
    journal = scenes.journal(database)
    event = DeadlinePassed(at=NOW, case_id="c", timer="t", key="k")
    assert await journal.submit("wa-1", event, "x", NOW)
    assert not await journal.submit("wa-1", event, "x", NOW)


async def test_an_event_that_keeps_failing_goes_to_quarantine(database: Database) -> None:
    journal = scenes.journal(database)
    await journal.receive([message("m1"), message("m2")])
    [first, _] = await journal.unread("wa-628001-ct_000000000001")
    assert not await journal.failed_turn([first.id], "boom", 2)
    assert (await journal.unread(first.conversation_id))[0].attempts == 1
    assert await journal.failed_turn([first.id], "boom", 2)
    assert [r.attempts for r in await journal.unread(first.conversation_id)] == [0]


async def test_sends_of_the_last_minute_are_counted(database: Database) -> None:
    journal = scenes.journal(database)
    await journal.commit(turn("t1", effects=(send("a1"), send("a2"), post("p1"))))
    await journal.attempting("a1", at(0))
    await journal.accepted("a1", "w1", at(1))
    await journal.attempting("a2", at(30))
    await journal.attempting("p1", at(30))
    assert await journal.sent_in_last_minute("wa-628001-ct_1", at(59)) == 2
    assert await journal.sent_in_last_minute("wa-628001-ct_1", at(60)) == 1


async def test_a_lane_thread_lives_in_its_post(database: Database) -> None:
    journal = scenes.journal(database)
    await journal.commit(turn("t1", effects=(post("p1"), post("p2"))))
    assert await journal.lane_message_id("SCH-2026-0001") is None
    await journal.attempting("p1", at(1))
    await journal.accepted("p1", "42", at(1))
    assert await journal.lane_message_id("SCH-2026-0001") == "42"


async def test_a_damaged_event_is_set_aside_and_the_conversation_goes_on(database: Database) -> None:
    journal = scenes.journal(database)
    [got, _] = await journal.receive([message("m1"), message("m2")])
    await database.submit(lambda tx: tx.execute("UPDATE inbox SET body = '{' WHERE external_id = 'm1'"))
    [row] = await journal.unread(got.conversation_id)
    assert isinstance(row.event, MessageReceived)
    assert row.event.message.id == "m2"
    assert _measures(database) == ["damaged_row"]
    assert len(await journal.unread(got.conversation_id)) == 1
    assert _measures(database) == ["damaged_row"]


async def test_a_damaged_effect_does_not_hold_the_ones_behind_it(database: Database) -> None:
    journal = scenes.journal(database)
    await journal.commit(turn("t1", effects=(send("a1"), send("a2"), post("p1"))))
    await database.submit(lambda tx: tx.execute("UPDATE outbox SET body = '{}' WHERE key = 'a1'"))
    assert [row.key for row in await journal.due(at(1), 5)] == ["p1"]
    assert [row.key for row in await journal.due(at(1), 5)] == ["a2", "p1"]
    assert _measures(database) == ["damaged_row"]
    assert await journal.outbox(["failed"]) == ()


async def test_what_runs_often_never_walks_through_the_whole_ledger(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "plans.db")
    journal = scenes.journal(database)
    await journal.commit(turn("t1", effects=tuple(send(f"a{n}") for n in range(50))))
    seen: list[str] = []
    database.read("SELECT 1")
    reader = database._local.connection._connection
    reader.set_trace_callback(seen.append)
    await journal.due(at(1), 5)
    await journal.next_due()
    await journal.waiting()
    await journal.unread("wa-628001-ct_1")
    await journal.sent_in_last_minute("wa-628001-ct_1", at(1))
    await journal.lane_message_id("x")
    reader.set_trace_callback(None)
    assert len(seen) == 6
    for sql in seen:
        plan = [row["detail"] for row in database.read(f"EXPLAIN QUERY PLAN {sql}")]
        assert not [step for step in plan if step in ("SCAN outbox", "SCAN inbox", "SCAN timers")], (
            sql,
            plan,
        )
    database.close()


async def test_evidence_gaps_and_audit_are_kept_once(database: Database) -> None:
    journal = scenes.journal(database)
    attach = AttachEvidence(key="e", case_id="SCH-2026-0001", media_id="m", kind="image")
    gap = NoteGap(key="g", case_id="SCH-2026-0001", question="ada kelas piano?", language="id")
    delta = PushDelta(
        key="d",
        delta=Delta(contact_id="ct_000000000001", rev=1, as_of=NOW, students=(), invoices=(), open_orders=()),
    )
    await journal.receive([message("m1")])
    await journal.commit(turn("t1", effects=(attach, gap, delta)))
    for table in ("evidence", "gaps", "snapshots"):
        assert database.read(f"SELECT COUNT(*) FROM {table}")[0][0] == 1
    with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError)):
        await journal.commit(turn("t2", effects=(gap,)))


async def test_what_nothing_knows_how_to_write_fails_the_turn(database: Database) -> None:
    journal = scenes.journal(database)
    with pytest.raises(UnknownEffect):
        await journal.commit(turn("t1", effects=("say hello",)))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="saver"):
        await journal.commit(turn("t1", staged=("a row of somebody else",)))
    assert database.read("SELECT COUNT(*) FROM turns")[0][0] == 0


async def test_a_message_from_nobody_is_refused(database: Database) -> None:
    with pytest.raises(BadInput, match="names nobody"):
        await scenes.journal(database).receive([message("m1", phone=None)])


async def test_a_change_of_an_unknown_number_or_to_a_taken_one_is_reported(database: Database) -> None:
    journal = scenes.journal(database)
    await journal.receive([message("m1"), message("m2", phone="+6281200001002")])

    def change(external_id: str, old: str, new: str) -> AliasChanged:
        return AliasChanged(
            account=scenes.ACCOUNT,
            received_at=NOW,
            external_id=external_id,
            old=Alias(kind="phone", value=old),
            new=(Alias(kind="phone", value=new),),
        )

    await journal.receive([change("s1", "+6299", "+6298")])
    await journal.receive([change("s2", "+6281200001001", "+6281200001002")])
    assert _measures(database) == ["alias_change_unknown", "contact_conflict"]
    [owner] = database.read("SELECT contact_id FROM aliases WHERE value = '+6281200001002'")
    assert owner["contact_id"] == "ct_000000000002"


async def test_a_queued_send_can_be_told_to_wait(database: Database) -> None:
    journal = scenes.journal(database)
    await journal.commit(turn("t1", effects=(send("a1"), send("a2"))))
    await journal.postpone("a1", at(60), "the pair rate")
    assert await journal.due(at(59), 5) == ()
    [row] = await journal.due(at(60), 5)
    assert (row.key, row.attempts, row.error) == ("a1", 0, "the pair rate")
    await journal.attempting("a1", at(60))
    await journal.postpone("a1", at(90), "too late for that")
    assert [r.state for r in await journal.outbox(["attempting"])] == ["attempting"]


async def test_what_no_turn_asked_for_is_posted_and_noted_once(database: Database) -> None:
    journal = scenes.journal(database)
    entry = AuditEntry(
        at=NOW, case_id=None, actor="sf_tari", service="ledger", action="look", result="success"
    )
    down = Measure("dependency_down_minutes", None, NOW, 3.5, "schedule")
    for _ in range(2):
        await journal.announce(post("p1", "incident"), "", "", NOW, down)
        await journal.note("n1", entry)
    assert [row.key for row in await journal.due(NOW, 5)] == ["p1"]
    assert database.read("SELECT COUNT(*) FROM audit")[0][0] == 1
    (noted,) = database.read("SELECT name, value, detail FROM measures")
    assert tuple(noted) == ("dependency_down_minutes", 3.5, "schedule")


async def test_cases_that_wait_for_a_dependency_are_found(database: Database) -> None:
    journal = scenes.journal(database)
    waiting = scenes.case("SCH-2026-0002", pending_dependency="schedule")
    await journal.commit(turn("t1", cases=(scenes.case(), waiting)))
    assert await journal.waiting_for_dependency("schedule") == (("wa-628001-ct_1", "SCH-2026-0002", 0),)
    assert await journal.waiting_for_dependency("payments") == ()
    assert await journal.waited_for() == {"schedule"}
    assert await journal.conversation_of("SCH-2026-0002") == "wa-628001-ct_1"
    assert await journal.conversation_of("SCH-2026-0009") is None


async def test_what_did_not_arrive_is_untold_until_it_has_a_card(database: Database) -> None:
    journal = scenes.journal(database)
    await journal.commit(turn("t1", effects=(send("k1"), post("p1", "approval:1"), operation("o1"))))
    assert await journal.untold() == ()
    for key in ("k1", "p1"):
        await journal.attempting(key, NOW)
    await journal.accepted("k1", "wamid.1", NOW)
    await journal.receive([status("failed", key="k1")])
    await journal.unknown("p1", "no answer", NOW)
    assert [(row.key, row.state) for row in await journal.untold()] == [("k1", "failed"), ("p1", "unknown")]
    for card in ("failed:k1:1", "unknown:p1:1"):
        await journal.announce(post(card, card), "", "", NOW)
        await journal.attempting(card, NOW)
        await journal.unknown(card, "no answer", NOW)
    assert await journal.untold() == ()


async def test_timers_are_asked_for_on_their_own(database: Database) -> None:
    journal = scenes.journal(database)
    assert await journal.next_timer() is None
    await journal.commit(turn("t1", effects=(send("a1"), StartTimer(key="tm", timer="sla", due_at=at(9)))))
    assert await journal.next_timer() == at(9)
