"""What the clocks look after, on both databases: slots, vitals, snapshots, reminders, retention, releases."""

import asyncio
from datetime import timedelta
from pathlib import Path

from services_scenes import NOW, READING, ZONE, School, first_message

from casefile.events import CASE_EVENT, Client, ReminderFellDue
from casefile.records import Alias
from casefile.vitals import KnowledgeChange
from policies.limits import Limits
from policies.retention import Retention
from services.knowledge import KnowledgeBase
from services.pages import Page, parse_page
from services.reminders import SessionReminders
from services.retention import RetentionJob
from services.snapshots import KeptSnapshots
from store.oversight import SqlOversight
from store.periodic import SqlSlots
from store.times import iso

THURSDAY = NOW + timedelta(days=2)
MOVING, RECONCILE = timedelta(minutes=10), timedelta(minutes=10)
RINA = "+6281200001001"


async def write(school: School, sql: str, *params: object) -> int:
    return await school.database.submit(lambda tx: tx.execute(sql, params))


def oversight(school: School) -> SqlOversight:
    return SqlOversight(school.database, "school", ZONE, MOVING, RECONCILE)


# --- slots ---------------------------------------------------------------------------------------------------


async def test_a_slot_only_moves_forwards(school: School) -> None:
    slots = SqlSlots(school.database)
    assert await slots.done() == {}
    for hours in (1, 3, 2):
        await slots.mark("heartbeat", NOW + timedelta(hours=hours), NOW)
    await slots.mark("readiness", NOW, NOW)
    assert await slots.done() == {"heartbeat": NOW + timedelta(hours=3), "readiness": NOW}


# --- vitals --------------------------------------------------------------------------------------------------


async def test_cases_that_wait_for_us_are_seen_with_their_clocks(school: School) -> None:
    await write(
        school,
        "UPDATE cases SET state = 'with_person', tier = 'R3', body = ? WHERE id = 'SCH-rina'",
        '{"sla":"urgent","order":{"key":"k","action":"REFUND","promised":false}}',
    )
    await write(
        school,
        "INSERT INTO transitions (case_id, turn_id, old, new, actor, at) VALUES ('SCH-rina', 't', 'triaged',"
        " 'with_person', 'A', ?)",
        iso(NOW + timedelta(hours=1)),
    )
    await write(school, "UPDATE cases SET state = 'answered' WHERE id = 'SCH-vina'")
    first, second = (await oversight(school).vitals(NOW)).cases
    assert (first.id, first.state, first.promised, first.urgent) == ("SCH-maya", "new", True, False)
    assert first.since == first.updated_at
    assert (second.id, second.promised, second.urgent) == ("SCH-rina", False, True)
    assert second.since == NOW + timedelta(hours=1)


async def test_what_stands_is_counted_with_the_oldest(school: School) -> None:
    looks = oversight(school)
    received = await school.journal.receive([first_message(RINA)])
    assert (await looks.vitals(NOW + MOVING)).unread.count == 0
    late = NOW + MOVING + timedelta(seconds=1)
    unread = (await looks.vitals(late)).unread
    assert (unread.count, unread.oldest) == (1, NOW)
    for key, state, pending in (
        ("q", "queued", 1),
        ("u", "unknown", 0),
        ("f", "failed", 0),
        ("r", "read", 0),
    ):
        await write(
            school,
            "INSERT INTO outbox (key, turn_id, case_id, conversation_id, kind, queue, body, state, pending,"
            " created_at, due_at, changed_at) VALUES (?, 't', 'c', ?, 'send_message', ?, '{}', ?, ?, ?, ?, ?)",
            key, received[0].conversation_id, key, state, pending, iso(NOW), iso(NOW), iso(NOW),
        )  # fmt: skip
    seen = await looks.vitals(late)
    assert (seen.late.count, seen.unknown.count) == (1, 0)
    assert (await looks.vitals(late + RECONCILE)).unknown.count == 1


# --- snapshots -----------------------------------------------------------------------------------------------


async def test_everybodys_snapshot_is_built_anew_and_only_once_a_slot(school: School) -> None:
    kept = KeptSnapshots(school.database, READING)
    later = NOW + timedelta(hours=14)
    assert await kept.rebuild(later, later)
    assert {row["as_of"] for row in school.database.read("SELECT as_of FROM snapshots")} == {iso(later)}
    assert await kept.rebuild(later, later + timedelta(hours=1))
    assert {row["as_of"] for row in school.database.read("SELECT as_of FROM snapshots")} == {iso(later)}


async def test_missed_changes_are_healed_and_old_ones_renewed_where_a_case_is_open(school: School) -> None:
    kept = KeptSnapshots(school.database, READING)
    await write(school, "UPDATE contacts SET rev = rev + 1 WHERE id = 'ct_maya'")
    soon = NOW + timedelta(minutes=5)
    assert await kept.heal(soon)
    renewed = "SELECT contact_id FROM snapshots WHERE as_of = ? ORDER BY contact_id"
    assert [row["contact_id"] for row in school.database.read(renewed, (iso(soon),))] == ["ct_maya"]
    await school.journal.receive([first_message(RINA)])
    (talk,) = school.database.read("SELECT id FROM conversations")
    await write(school, "UPDATE cases SET conversation_id = ? WHERE id = 'SCH-rina'", talk["id"])
    old = NOW + timedelta(minutes=181)
    assert await kept.heal(old)
    assert [row["contact_id"] for row in school.database.read(renewed, (iso(old),))] == ["ct_rina"]


async def test_drift_is_found_once_and_mended(school: School) -> None:
    kept = KeptSnapshots(school.database, READING)
    assert await kept.drifted(NOW) == ()
    await write(school, "UPDATE sessions SET coach = 'Bima' WHERE id = 'ss_rina_1'")
    assert await kept.drifted(NOW + timedelta(minutes=1)) == ("ct_rina",)
    assert await kept.drifted(NOW + timedelta(minutes=2)) == ()
    # What has grown old is not answered from, so it need not be right.
    await write(school, "UPDATE sessions SET coach = 'Sinta' WHERE id = 'ss_rina_1'")
    assert await kept.drifted(NOW + timedelta(hours=4)) == ()


# --- reminders -----------------------------------------------------------------------------------------------


async def test_reminders_fall_due_once_for_whoever_can_be_written_to(school: School) -> None:
    client = Client(phone=RINA, aliases=(Alias(kind="phone", value=RINA),))
    at = {"received_at": THURSDAY, "sent_at": THURSDAY}
    event = first_message(RINA).model_copy(update={"client": client, **at})
    await school.journal.receive([event])
    jobs = [SessionReminders(school.database, "school", ZONE) for _ in range(2)]
    assert all(await asyncio.gather(*(job.remind(THURSDAY) for job in jobs)))
    stood = school.database.read("SELECT session_id, state FROM reminders ORDER BY session_id")
    assert [tuple(row) for row in stood] == [("ss_kenzo", "unreachable"), ("ss_rina_1", "due")]
    (row,) = school.database.read("SELECT body FROM inbox WHERE channel = 'reminder'")
    due = CASE_EVENT.validate_json(row["body"])
    assert isinstance(due, ReminderFellDue) and (due.session_id, due.student_id) == ("ss_rina_1", "st_rina")
    (listed,) = await oversight(school).unreminded(THURSDAY)
    assert (listed.student, listed.coach) == ("Kenzo", "Bima")
    assert await oversight(school).unreminded(THURSDAY + timedelta(days=2)) == ()


# --- retention -----------------------------------------------------------------------------------------------


async def test_what_is_past_its_limit_goes_on_either_database(school: School, tmp_path: Path) -> None:
    job = RetentionJob(school.database, Retention(), tmp_path)
    old = iso(NOW)
    await write(school, "UPDATE cases SET state = 'closed', updated_at = ? WHERE id = 'SCH-rina'", old)
    for sql in (
        "INSERT INTO checkpoints (thread_id, ns, id, encoding, body, metadata)"
        " VALUES ('SCH-rina', '', '1', 'j', ?, '{}')",
        "INSERT INTO turn_records (case_id, turn, turn_id, body) VALUES ('SCH-rina', 1, 't1', ?)",
    ):
        await write(school, sql, b"{}")
    for sql in (
        "INSERT INTO evidence (key, case_id, media_id, kind, caption, at)"
        " VALUES ('e', 'SCH-rina', 'm', 'image', '', ?)",
        "INSERT INTO transcript (conversation_id, case_id, direction, author, text, at, external_id)"
        " VALUES ('x', 'SCH-rina', 'in', 'customer', 'halo', ?, 'm')",
        "INSERT INTO transcript (conversation_id, case_id, direction, author, text, at, external_id)"
        " VALUES ('x', '', 'in', 'customer', 'halo', ?, 'n')",
        "INSERT INTO inbox (channel, account, external_id, conversation_id, state, body, received_at)"
        " VALUES ('x', '', 'x', 'x', 'read', '{}', ?)",
    ):
        await write(school, sql, old)
    for key, case_id in (("o1", "SCH-rina"), ("o2", "")):
        await write(
            school,
            "INSERT INTO outbox (key, turn_id, case_id, conversation_id, kind, queue, body, state, pending,"
            " created_at, due_at, changed_at) VALUES (?, '', ?, '', 'post_to_lane', ?, '{}', 'read', 0, ?, ?, ?)",
            key, case_id, key, old, old, old,
        )  # fmt: skip
    await write(school, "DELETE FROM audit")
    await write(
        school,
        "INSERT INTO audit (key, at, case_id, actor, service, action, result, body)"
        " VALUES ('a', ?, NULL, 'E', 's', 'a', 'success', '{}')",
        old,
    )
    much_later = NOW + timedelta(days=2000)
    past = {kind.name: kind.count for kind in await job.past(much_later) if kind.count}
    assert past == {
        "checkpoints": 1, "turn_records": 1, "turns": 1, "inbox": 1, "ledger": 1, "posts": 1, "media": 1,
        "transcript": 1, "stray_lines": 1, "audit": 1,
    }  # fmt: skip
    assert all(await asyncio.gather(job.retire(much_later), job.retire(much_later)))
    assert {kind.count for kind in await job.past(much_later)} == {0}
    left = school.database.read("SELECT action FROM audit ORDER BY id")
    assert sorted(row["action"] for row in left) == sorted(past)


# --- knowledge -----------------------------------------------------------------------------------------------


def page(name: str, answer: str) -> Page:
    heads = {
        "Topic": name, "Title": "Harga", "Status": "Published", "Effective date": "2026-01-05", "Owner": "admin",
        "Last reviewed": "2026-01-20", "Applies to": "semua", "Language": "id",
    }  # fmt: skip
    front = "\n".join(f"{key}: {value}" for key, value in heads.items())
    return parse_page(f"{name}.md", f"---\n{front}\n---\n\n{answer}\n")


async def test_what_changed_since_a_moment_is_told_page_by_page(school: School) -> None:
    knowledge = KnowledgeBase(school.database, Limits(), ZONE)
    assert await knowledge.changed_since(NOW) is None
    await knowledge.publish([page("a", "Satu."), page("b", "Dua.")], "folder", NOW)
    first = await knowledge.changed_since(NOW - timedelta(days=1))
    assert first is not None and (first.added, first.changed, first.removed) == ((), (), ())
    later = NOW + timedelta(days=1)
    release = await knowledge.publish([page("b", "Tiga."), page("c", "Empat.")], "sf_tari", later)
    change = await knowledge.changed_since(NOW)
    assert change is not None and change.release == release
    assert (change.added, change.changed, change.removed) == (("c.id",), ("b.id",), ("a.id",))
    assert await knowledge.changed_since(later) == KnowledgeChange(release=release)
