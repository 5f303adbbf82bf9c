"""Every look at a customer's data is in the audit trail, in the commit of the turn that looked."""

from datetime import timedelta
from pathlib import Path

from casefile.packets import AuditEntry
from policies.privacy import hash_target
from tests.graph.whole import World, open_world, phone_of


def looked(world: World) -> list[AuditEntry]:
    rows = world.rows("SELECT body FROM audit WHERE action = 'read' ORDER BY id")
    return [AuditEntry.model_validate_json(row["body"]) for row in rows]


async def test_an_answer_from_the_snapshot_says_whose_data_was_read(tmp_path: Path) -> None:
    world = await open_world(tmp_path)
    await world.hears(phone_of("ct_rina"), "jadwal les aku kapan ya?")
    lines = looked(world)
    assert [(line.actor, line.service, line.result) for line in lines] == [
        ("gate", "contacts", "success"),
        ("gate", "snapshots", "success"),
    ]
    rina = hash_target("ct_rina", "local")
    assert {line.target_hash for line in lines} == {rina}
    assert {line.case_id for line in lines} == {"SCH-2026-0001"}
    assert lines[0].data_refs == (f"contact {rina}", f"registered {rina}", f"students_of {rina}")
    assert all(line.reason for line in lines)
    assert "ct_rina" not in str([line.model_dump() for line in lines])
    world.wired.database.close()


async def test_cs_quick_read_is_cs(tmp_path: Path) -> None:
    world = await open_world(tmp_path)
    world.clock.advance(timedelta(hours=4))
    await world.hears(phone_of("ct_rina"), "jadwal les aku kapan ya?")
    assert [(line.actor, line.service) for line in looked(world) if line.actor == "C"] == [("C", "records")]
    world.wired.database.close()


async def test_a_resent_invoice_leaves_the_look_and_the_operation(tmp_path: Path) -> None:
    world = await open_world(tmp_path)
    await world.hears(phone_of("ct_rina"), "kirim ulang invoice dong")
    services = {row["service"] for row in world.rows("SELECT service FROM audit")}
    assert {"contacts", "snapshots"} <= services
    world.wired.database.close()


async def test_a_schedule_that_did_not_answer_is_an_error(tmp_path: Path) -> None:
    world = await open_world(tmp_path)
    world.wired.database.close()
    world = await open_world(tmp_path)
    await world.wired.database.submit(lambda tx: tx.execute("ALTER TABLE slots RENAME TO gone"))
    await world.hears(phone_of("ct_rina"), "mau pindah jadwal ke besok jam 10")
    (line,) = [line for line in looked(world) if line.service == "schedule"]
    assert line.result == "error"
    world.wired.database.close()


async def test_a_tried_pair_is_hashed_as_one(tmp_path: Path) -> None:
    world = await open_world(tmp_path)
    await world.hears("+6281399990009", "jadwal les aku kapan?")
    await world.hears("+6281399990009", "INV-2026-1019-001 rina.anggraini@example.com")
    pair = hash_target("INV-2026-1019-001\nrina.anggraini@example.com", "local")
    tried = [ref for line in looked(world) for ref in line.data_refs]
    assert f"find_by_invoice_and_email {pair}" in tried
    assert f"students_of {hash_target('ct_rina', 'local')}" in tried
    world.wired.database.close()


async def test_two_requests_of_one_message_each_have_their_own_lines(tmp_path: Path) -> None:
    world = await open_world(tmp_path)
    await world.hears(phone_of("ct_rina"), "jadwal les aku kapan? terus mau refund dong, uangku balikin")
    keys = [row["key"] for row in world.rows("SELECT key FROM audit WHERE action = 'read'")]
    assert len({key.partition(":read:")[0] for key in keys}) == 2
    world.wired.database.close()
