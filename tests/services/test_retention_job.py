"""Retention: what is past its limit goes, the rest stays, and what an open case needs is never touched."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from casefile.case import Case
from casefile.effects import AttachEvidence
from graph.record import unpacked
from graph.replay import replay
from policies.retention import Retention
from ports.journal import TurnCommit
from services.retention import BATCH, PORTION, RetentionJob
from store.times import iso
from store.transaction import Tx
from tests.graph.flows import Flow
from tests.graph.whole import MONDAY, World, open_world

LIMITS = Retention()
YEARS = timedelta(days=366 * 6)
BY_CASE = {
    "checkpoints": "thread_id",
    "turn_records": "case_id",
    "outbox": "case_id",
    "evidence": "case_id",
    "transcript": "case_id",
    "gaps": "case_id",
}


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    opened = await open_world(tmp_path)
    yield opened
    opened.wired.database.close()


def job(world: World, folder: Path, limits: Retention = LIMITS) -> RetentionJob:
    return RetentionJob(world.wired.database, limits, folder)


async def sent(world: World) -> None:
    """Let everything in the ledger have arrived."""
    await world.wired.database.submit(
        lambda tx: tx.execute("UPDATE outbox SET state = 'read', pending = 0, changed_at = created_at")
    )


async def closed_case(world: World, who: str = "ct_rina", text: str = "harga paket berapa ya?") -> Case:
    """Hold a conversation that is answered, resolves and closes."""
    flow = Flow(world, who)
    await flow.says(text)
    await flow.waits(hours=12)
    await flow.waits(hours=7 * 24)
    await sent(world)
    case = flow.case()
    assert case.state == "closed"
    return case


def counts(world: World, case_id: str) -> dict[str, int]:
    return {
        table: world.rows(f"SELECT COUNT(*) AS n FROM {table} WHERE {column} = ?", case_id)[0]["n"]
        for table, column in BY_CASE.items()
    }


async def gone_after(world: World, folder: Path, days: float) -> None:
    """Let so many days go by since the last case closed, and the job run to its end."""
    (row,) = world.rows("SELECT MAX(updated_at) AS at FROM cases WHERE state = 'closed'")
    world.clock.advance(timedelta(days=days, seconds=1))
    assert row["at"] < iso(world.clock.now())
    while not await job(world, folder).retire(world.clock.now()):
        pass


async def test_each_part_of_a_closed_case_goes_at_its_own_limit(world: World, tmp_path: Path) -> None:
    case = await closed_case(world)
    full = counts(world, case.id)
    assert full["checkpoints"] and full["turn_records"] and full["outbox"] and full["transcript"]
    await gone_after(world, tmp_path, LIMITS.checkpoints_days)
    assert counts(world, case.id) == {**full, "checkpoints": 0}
    await gone_after(world, tmp_path, LIMITS.turn_records_days - LIMITS.checkpoints_days)
    assert counts(world, case.id) == {**full, "checkpoints": 0, "turn_records": 0, "outbox": 0}
    await gone_after(world, tmp_path, LIMITS.transcript_days - LIMITS.turn_records_days)
    assert set(counts(world, case.id).values()) == {0}
    (row,) = world.rows("SELECT * FROM cases")
    kept = Case.model_validate_json(row["body"])
    assert (kept.id, kept.state, kept.disposition, kept.cause) == (case.id, "closed", "answered", case.cause)
    assert (kept.window, kept.request) == ((), "")
    assert "harga paket" not in " ".join(str(tuple(row)) for row in everything(world))


def everything(world: World, audited: str | None = None) -> list[tuple[object, ...]]:
    """Return every row there is; of the audit, which ages whatever is open, that of one case where it is named."""
    tables = {row["name"] for row in world.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
    kept = [] if audited is None else world.rows("SELECT * FROM audit WHERE case_id = ?", audited)
    apart = set() if audited is None else {"audit", "sqlite_sequence"}
    return [
        *map(tuple, kept),
        *(
            tuple(row)
            for name in sorted(tables - apart)
            if not name.startswith("kb_")
            for row in world.rows(f"SELECT * FROM {name}")
        ),
    ]


async def test_a_limit_that_is_not_reached_keeps_everything(world: World, tmp_path: Path) -> None:
    case = await closed_case(world)
    full = counts(world, case.id)
    world.clock.advance(timedelta(days=LIMITS.checkpoints_days) - timedelta(seconds=1))
    await job(world, tmp_path).retire(world.clock.now())
    assert counts(world, case.id) == full


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("saya mau refund", "awaiting_approval"),
        ("mau bicara sama orang aja dong kak", "with_person"),
        ("mau pindah jadwal dong", "awaiting_customer"),
        ("harga paket berapa ya?", "answered"),
    ],
)
async def test_an_open_case_of_any_age_stays_whole_and_can_be_replayed(
    world: World, tmp_path: Path, text: str, state: str
) -> None:
    flow = Flow(world, "ct_rina")
    await flow.says(text)
    await sent(world)
    case = flow.case()
    assert case.state == state
    before = everything(world, case.id)
    world.clock.advance(YEARS)
    assert await job(world, tmp_path).retire(world.clock.now())
    assert everything(world, case.id) == before
    rows = world.rows("SELECT body FROM turn_records WHERE case_id = ? ORDER BY turn", case.id)
    turns = await replay([unpacked(row["body"]) for row in rows], world.wired.desk)
    assert [turn.differences for turn in turns] == [()]


async def test_beside_a_case_that_is_open_the_closed_ones_of_its_conversation_go(
    world: World, tmp_path: Path
) -> None:
    old = await closed_case(world)
    flow = Flow(world, "ct_rina")
    await flow.says("saya mau refund")
    await sent(world)
    case = flow.case()
    full = counts(world, case.id)
    unread = "SELECT COUNT(*) AS n FROM inbox WHERE conversation_id = ? AND received_at >= ?"
    world.clock.advance(timedelta(days=400))
    while not await job(world, tmp_path).retire(world.clock.now()):
        pass
    assert set(counts(world, old.id).values()) == {0}
    assert counts(world, case.id) == full
    assert world.rows(unread, case.conversation_id, iso(case.opened_at))[0]["n"] > 0
    assert (
        world.rows(unread, case.conversation_id, iso(MONDAY))[0]["n"]
        == world.rows(unread, case.conversation_id, iso(case.opened_at))[0]["n"]
    )
    # Nothing is missing for the coach to decide, and for what follows from it.
    assert "run REFUND" in await flow.decided("APPROVE")


async def test_what_is_on_its_way_or_in_doubt_keeps_its_case_in_the_ledger(
    world: World, tmp_path: Path
) -> None:
    case = await closed_case(world)
    for state, pending in (("queued", 1), ("attempting", 1), ("unknown", 0)):
        await world.wired.database.submit(
            lambda tx, s=state, p=pending: tx.execute("UPDATE outbox SET state = ?, pending = ?", (s, p))
        )
        world.clock.advance(timedelta(days=100))
        await job(world, tmp_path).retire(world.clock.now())
        assert counts(world, case.id)["outbox"] > 0
    await sent(world)
    await job(world, tmp_path).retire(world.clock.now())
    assert counts(world, case.id)["outbox"] == 0


async def test_events_are_remembered_for_as_long_as_whatsapp_may_repeat_them(
    world: World, tmp_path: Path
) -> None:
    await closed_case(world)
    held = world.rows("SELECT COUNT(*) AS n FROM inbox")[0]["n"]
    world.clock.advance(timedelta(days=LIMITS.inbox_days - 8))
    await job(world, tmp_path).retire(world.clock.now())
    assert world.rows("SELECT COUNT(*) AS n FROM inbox")[0]["n"] == held
    world.clock.advance(timedelta(days=9))
    await job(world, tmp_path).retire(world.clock.now())
    assert world.rows("SELECT COUNT(*) AS n FROM inbox")[0]["n"] == 0
    with pytest.raises(ValueError, match="inbox_days"):
        Retention(inbox_days=7)


async def test_unread_events_stay_however_old(world: World, tmp_path: Path) -> None:
    await world.wired.journal.receive([])
    await world.wired.database.submit(
        lambda tx: tx.execute(
            "INSERT INTO inbox (channel, account, external_id, conversation_id, body, received_at)"
            " VALUES ('x', '', 'x1', 'wa-school-nobody', '{}', ?)",
            (iso(MONDAY),),
        )
    )
    world.clock.advance(YEARS)
    await job(world, tmp_path).retire(world.clock.now())
    assert world.rows("SELECT COUNT(*) AS n FROM inbox WHERE state = 'unread'")[0]["n"] == 1


async def test_files_of_closed_cases_go_with_the_rows_that_name_them(world: World, tmp_path: Path) -> None:
    case = await closed_case(world)
    effect = AttachEvidence(key="e1", case_id=case.id, media_id="m1", kind="image")
    turn = TurnCommit("t1", case.conversation_id, world.clock.now(), (), (), ((case.id, effect),), (), (), ())
    await world.wired.journal.commit(turn)
    await world.wired.database.submit(lambda tx: tx.execute("UPDATE evidence SET file = 'e1.jpg'"))
    await sent(world)
    (tmp_path / "e1.jpg").write_bytes(b"slip")
    await gone_after(world, tmp_path, LIMITS.media_days - 1)
    assert (tmp_path / "e1.jpg").exists()
    await gone_after(world, tmp_path, 1)
    assert not (tmp_path / "e1.jpg").exists()
    assert world.rows("SELECT * FROM evidence") == []


async def test_the_audit_is_kept_longest_and_says_what_went(world: World, tmp_path: Path) -> None:
    case = await closed_case(world)
    await gone_after(world, tmp_path, LIMITS.transcript_days)
    lines = {
        row["action"]: json.loads(row["body"])
        for row in world.rows("SELECT action, body FROM audit WHERE service = 'retention'")
    }
    assert {"checkpoints", "turn_records", "inbox", "ledger", "transcript"} <= set(lines)
    assert lines["checkpoints"]["data_refs"][0] == "cases=1"
    assert lines["transcript"]["reason"] == "past 365 days"
    assert world.rows("SELECT COUNT(*) AS n FROM audit WHERE case_id = ?", case.id)[0]["n"] > 0
    await gone_after(world, tmp_path, LIMITS.audit_days)
    assert world.rows("SELECT COUNT(*) AS n FROM audit WHERE case_id = ?", case.id)[0]["n"] == 0
    assert [row["action"] for row in world.rows("SELECT action FROM audit")] == ["audit"]


async def test_what_would_go_is_counted_without_a_change(world: World, tmp_path: Path) -> None:
    await closed_case(world)
    world.clock.advance(timedelta(days=100))
    before = everything(world)
    past = {kind.name: kind.count for kind in await job(world, tmp_path).past(world.clock.now())}
    assert everything(world) == before
    assert (past["checkpoints"], past["turn_records"], past["transcript"], past["audit"]) == (1, 1, 0, 0)
    assert past["inbox"] > 0 and past["turns"] > 0
    assert await job(world, tmp_path).retire(world.clock.now())
    assert {kind.count for kind in await job(world, tmp_path).past(world.clock.now())} == {0}


async def test_lane_posts_of_no_case_go_once_their_whole_thread_is_old(world: World, tmp_path: Path) -> None:
    now = world.clock.now()
    rows = [("a1", "post:a", now), ("a2", "post:a", now + timedelta(days=95)), ("b1", "post:b", now)]

    def fill(tx: object) -> None:
        for key, queue, at in rows:
            tx.execute(  # type: ignore[attr-defined]
                "INSERT INTO outbox (key, turn_id, case_id, conversation_id, kind, queue, body, state, pending,"
                " created_at, due_at, changed_at)"
                " VALUES (?, '', '', '', 'post_to_lane', ?, '{}', 'accepted', 0, ?, ?, ?)",
                (key, queue, iso(at), iso(at), iso(at)),
            )

    await world.wired.database.submit(fill)
    world.clock.advance(timedelta(days=100))
    await job(world, tmp_path).retire(world.clock.now())
    assert [row["key"] for row in world.rows("SELECT key FROM outbox ORDER BY key")] == ["a1", "a2"]


async def test_a_night_of_much_to_do_is_done_in_portions_and_batches(world: World, tmp_path: Path) -> None:
    many, now = BATCH * (PORTION + 2), world.clock.now()
    await world.wired.database.submit(
        lambda tx: tx.insert_many(
            "INSERT INTO inbox (channel, account, external_id, conversation_id, state, body, received_at)"
            " VALUES ('x', '', ?, 'wa-school-nobody', 'read', '{}', ?)",
            [(str(number), iso(now)) for number in range(many)],
        )
    )
    world.clock.advance(timedelta(days=40))
    one = job(world, tmp_path)
    assert not await one.retire(world.clock.now())
    assert world.rows("SELECT COUNT(*) AS n FROM inbox")[0]["n"] == many - BATCH * PORTION
    assert await one.retire(world.clock.now())
    assert world.rows("SELECT COUNT(*) AS n FROM inbox")[0]["n"] == 0
    lines = world.rows("SELECT body FROM audit WHERE service = 'retention'")
    assert len(lines) == PORTION + 2
    assert all(json.loads(line["body"])["data_refs"] == ["rows=100", "rows=100"] for line in lines)


async def test_two_processes_at_it_at_once_remove_everything_once(world: World, tmp_path: Path) -> None:
    await closed_case(world)
    world.clock.advance(timedelta(days=400))
    both = [job(world, tmp_path) for _ in range(2)]
    assert all(await asyncio.gather(*(one.retire(world.clock.now()) for one in both)))
    assert {kind.count for kind in await both[0].past(world.clock.now())} == {0}


async def test_what_a_provider_said_goes_once_nothing_can_follow_from_it(
    world: World, tmp_path: Path
) -> None:
    now = world.clock.now()

    def fill(tx: Tx) -> None:
        links = (("p1", "CONFIRMED", 0), ("p2", "PENDING", 0), ("p3", "CONFIRMED", 1))
        for attempt, (reference, state, unseen) in enumerate(links, 1):
            tx.execute(
                "INSERT INTO payment_links (reference, invoice_number, attempt, provider, provider_id, amount, url,"
                " qr_string, case_id, conversation_id, created_at, expires_at, state, news)"
                " VALUES (?, 'INV-2026-1117-001', ?, 'xendit', ?, 1, '', '', '', '', ?, ?, ?, ?)",
                (reference, attempt, reference, iso(now), iso(now), state, unseen),
            )
        for reference, word in (
            ("p1", "PAID"),
            ("p1", "SETTLED"),
            ("p2", "PENDING"),
            ("p3", "PAID"),
            ("p4", "PAID"),
        ):
            tx.execute(
                "INSERT INTO payment_notices (provider, provider_id, word, reference, account, body, received_at)"
                " VALUES ('xendit', ?, ?, ?, '', '{}', ?)",
                (reference, word, reference, iso(now)),
            )

    await world.wired.database.submit(fill)
    world.clock.advance(timedelta(days=LIMITS.payment_notices_days - 1))
    assert await job(world, tmp_path).retire(world.clock.now())
    assert len(world.rows("SELECT * FROM payment_notices")) == 5
    world.clock.advance(timedelta(days=2))
    assert await job(world, tmp_path).retire(world.clock.now())
    left = [
        row["reference"] for row in world.rows("SELECT reference FROM payment_notices ORDER BY reference")
    ]
    assert left == ["p2", "p3"]
