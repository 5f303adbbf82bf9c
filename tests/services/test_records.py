"""Loading records, and reading them through the ports."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from services_scenes import FILES, NOW, READING, School, first_message, on_weekdays, write_files

from casefile.effects import Remember
from casefile.errors import DependencyDown
from casefile.records import Delta
from services.snapshots import KeptSnapshots, renew
from store.database import Database
from store.errors import BadRecords, NotFound
from store.records_load import load_records, read_records
from store.snapshots import push
from store.sources import SqlNumbers


async def test_dates_count_from_the_day_of_loading_in_the_desks_zone(school: School) -> None:
    facts = await school.sources.schedule("st_rina", NOW)
    assert facts.sessions[0].start == datetime(2026, 2, 13, 9, 0, tzinfo=UTC)
    [rina] = await school.sources.students_of("ct_rina")
    assert rina.package is not None
    assert rina.package.expires == date(2026, 2, 19)
    assert "sl_sunday" not in {slot.id for slot in facts.free_slots}
    assert "sl_past" not in {slot.id for slot in facts.free_slots}


async def test_a_bill_was_paid_on_its_own_day(school: School) -> None:
    snapshot = await school.sources.snapshot("ct_rina")
    assert snapshot is not None
    paid = {bill.number: bill.payment.at for bill in snapshot.invoices}
    loaded = NOW.astimezone(READING.zone).date()
    at = paid["INV-2026-0101-001"]
    assert at is not None and at.astimezone(READING.zone).date() == loaded - timedelta(days=31)
    assert paid["INV-2026-0201-001"] is None


async def test_a_parent_sees_the_children_and_nobody_elses(school: School) -> None:
    assert [s.name for s in await school.sources.students_of("ct_maya")] == ["Alya", "Kenzo"]
    snapshot = await school.sources.snapshot("ct_maya")
    assert snapshot is not None
    assert [s.student_id for s in snapshot.students] == ["st_alya", "st_kenzo"]
    assert snapshot.invoices == ()
    assert await school.sources.students_of("ct_nobody") == ()


async def test_invoice_and_email_must_belong_together(school: School) -> None:
    find = school.sources.find_by_invoice_and_email
    assert await find("inv-2026-0201-001", " rina@example.com ") == "ct_rina"
    assert await find("INV-2026-0201-001", "other@example.com") is None
    assert await find("INV-2026-0201-009", "rina@example.com") is None


async def test_a_number_that_only_wrote_to_us_has_no_records(school: School) -> None:
    assert await school.sources.registered("ct_rina")
    assert not await school.sources.registered("ct_nobody")
    with pytest.raises(NotFound):
        await school.sources.conversation("wa-1")
    with pytest.raises(NotFound):
        await school.sources.schedule("st_nobody", NOW)


async def test_a_conversation_is_read_back_as_it_was_remembered(school: School) -> None:
    await school.journal.receive([first_message("+6281200001001")])
    kept = {"language": "en", "failed_attempts": 2, "locked_until": "2026-02-10T04:00:00Z"}
    remember = Remember(key="r", conversation_id="wa-628001-ct_rina", changes=kept)
    await school.commit("SCH-rina", "ct_rina", remember)
    found = await school.sources.conversation("wa-628001-ct_rina")
    assert (found.contact_id, found.language, found.failed_attempts) == ("ct_rina", "en", 2)
    assert (found.locked_until, found.window_opened_at) == (NOW + timedelta(hours=1), NOW)
    assert (await school.sources.approval("ap-none"), await school.sources.snapshot("ct_none")) == (
        None,
        None,
    )
    assert [person.id for person in await school.sources.staff()] == ["sf_sinta", "sf_tari"]


async def test_records_that_cannot_be_read_are_a_dependency_that_is_down(school: School) -> None:
    await school.database.submit(lambda tx: tx.execute("ALTER TABLE sessions RENAME TO elsewhere"))
    with pytest.raises(DependencyDown) as caught:
        await school.sources.schedule("st_rina", NOW)
    assert caught.value.name == "schedule"


async def test_open_cases_are_the_unsettled_and_the_lately_resolved(school: School) -> None:
    cases = await school.sources.open_cases("wa-628001-ct_rina", NOW)
    assert [case.id for case in cases] == ["SCH-rina"]
    await school.database.submit(
        lambda tx: tx.execute("UPDATE cases SET state = 'resolved' WHERE id = 'SCH-rina'")
    )
    assert len(await school.sources.open_cases("wa-628001-ct_rina", NOW)) == 1
    assert await school.sources.open_cases("wa-628001-ct_rina", NOW + timedelta(days=7)) == ()


async def test_numbers_are_never_given_twice_and_cost_a_commit_in_fifty(school: School) -> None:
    numbers = SqlNumbers(school.database)
    before = school.database.stats.commits
    given = [await numbers.next_case_id("SCH", 2026) for _ in range(60)]
    assert (given[0], given[59]) == ("SCH-2026-0001", "SCH-2026-0060")
    assert school.database.stats.commits - before == 2
    restarted = SqlNumbers(school.database)
    more = await asyncio.gather(*(restarted.next_case_id("SCH", 2026) for _ in range(60)))
    assert len({*given, *more}) == 120
    await school.database.submit(lambda tx: tx.execute("UPDATE case_numbers SET next = 9999"))
    assert await SqlNumbers(school.database).next_case_id("SCH", 2026) == "SCH-2026-9999"
    assert await SqlNumbers(school.database).next_case_id("SCH", 2026) == "SCH-2026-10049"


async def test_a_snapshot_is_renewed_and_an_older_delta_is_ignored(school: School) -> None:
    later = NOW + timedelta(hours=5)
    assert (await renew(school.database, READING, "ct_rina", later)).rev == 1
    kept = await school.sources.snapshot("ct_rina")
    assert kept is not None
    assert kept.as_of == later
    for rev, as_of, taken in ((0, later + timedelta(hours=1), False), (1, NOW, False), (2, later, True)):
        delta = Delta(contact_id="ct_rina", rev=rev, as_of=as_of, invoices=())
        assert await school.database.submit(lambda tx, d=delta: push(tx, d, 180)) is taken
    kept = await school.sources.snapshot("ct_rina")
    assert kept is not None
    assert (kept.rev, kept.invoices, len(kept.students)) == (2, (), 1)
    assert await KeptSnapshots(school.database, READING).rebuild(
        later + timedelta(hours=1), later + timedelta(hours=1)
    )


async def test_records_are_loaded_once(school: School, tmp_path: Path) -> None:
    records = read_records(write_files(tmp_path / "again"))
    with pytest.raises(BadRecords, match="loaded"):
        await school.database.submit(lambda tx: load_records(tx, records, READING, NOW, on_weekdays))


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        (
            "contacts",
            FILES["contacts"] + "- {id: ct_x, aliases: [], vip: true}",
            "contacts.yaml row 4 (ct_x): aliases",
        ),
        ("contacts", FILES["contacts"].replace("vip: true", "vip: maybe"), "(ct_vina): vip = 'maybe'"),
        (
            "contacts",
            FILES["contacts"].replace("full_name: Maya", "fullname: Maya"),
            "(ct_maya): fullname = 'Maya'",
        ),
        (
            "students",
            FILES["students"].replace("[ct_maya]", "[ct_who]", 1),
            "guardians = 'ct_who': not in contacts",
        ),
        ("sessions", FILES["sessions"].replace("Bima", "Budi", 1), "coach = 'Budi': not in coaches.yaml"),
        ("sessions", FILES["sessions"].replace("16:00", "26:00"), "(ss_rina_1): at ="),
        ("slots", FILES["slots"].replace("sl_2", "sl_1"), "slots.yaml row 2: 'sl_1' is used twice"),
        (
            "reschedules",
            "- {student: st_rina, month_offset: 0, count: 1, source: me}",
            "source = 'me': Input should be",
        ),
        ("invoices", FILES["invoices"].replace("unpaid", "open"), "(INV-2026-0201-001): status = 'open'"),
        (
            "invoices",
            FILES["invoices"].replace(", paid_day_offset: -31", ""),
            "(INV-2026-0101-001): payment",
        ),
        ("invoices", "just words", "a list of rows"),
        ("staff", "- {", "not YAML"),
    ],
)
def test_a_bad_row_is_named_with_its_key_and_value(tmp_path: Path, file: str, text: str, words: str) -> None:
    with pytest.raises(BadRecords) as caught:
        read_records(write_files(tmp_path / "r", **{file: text}))
    assert words in str(caught.value)


def test_every_problem_is_said_at_once(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "r", produce="[]", invoices="- {number: X}", slots="- {id: a}")
    (folder / "coaches.yaml").unlink()
    (folder / "staff.yaml").unlink()
    with pytest.raises(BadRecords) as caught:
        read_records(folder)
    assert {"produce.yaml", "staff.yaml", "invoices.yaml", "slots.yaml", "sessions.yaml"} <= {
        problem.split(":")[0].split(" ")[0] for problem in caught.value.problems
    }


async def test_the_schools_own_records_load(tmp_path: Path) -> None:
    folder = Path(__file__).parents[2] / "desks" / "school" / "records"
    database = Database.open(tmp_path / "s.db")
    records = read_records(folder)
    await database.submit(lambda tx: load_records(tx, records, READING, NOW, on_weekdays))
    snapshots = database.read_one("SELECT COUNT(*) AS n FROM snapshots")
    assert snapshots is not None
    assert snapshots["n"] == len(records.rows["contacts"]) >= 14
    database.close()
