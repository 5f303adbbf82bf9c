"""Students kept in Notion: what people change there is taken over, what we write there is written once."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from services_scenes import NOW, School, move
from sheet_scenes import SheetSchool, in_notion

from adapters.notion_sheet import NotionSheet
from casefile.errors import DependencyDown
from casefile.packets import CResult, CTask
from casefile.sheet import (
    PlannedMove,
    SheetListing,
    SheetMoved,
    SheetPages,
    SheetRefused,
    SheetSession,
    SheetStudent,
    WrittenSession,
    WrittenStudent,
)
from services.sheet_mirror import SheetMirror
from services.sheet_moves import SheetMover
from store import sheet as kept
from tests.support.postgres import Opener

LATER = NOW + timedelta(minutes=10)


@pytest.fixture
async def sheet(open_database: Opener, tmp_path: Path) -> AsyncIterator[SheetSchool]:
    school = await School(open_database()).open(tmp_path / "records")
    async with in_notion(school, tmp_path) as opened:
        await opened.mirror.look(NOW)
        yield opened
    school.database.close()


async def sessions(school: School, student: str = "st_rina") -> dict[str, str]:
    """A student's sessions as our store has them now: id -> day and hour, UTC."""
    found = await school.sources.schedule(student, school.clock.at)
    return {session.id: f"{session.start:%d %H:%M}" for session in found.sessions}


async def rev(school: School, contact: str) -> int:
    snapshot = await school.sources.snapshot(contact)
    assert snapshot is not None, "the snapshot is older than the records"
    return snapshot.rev


# --- what people change --------------------------------------------------------------------------------------


async def test_a_first_look_changes_nothing_that_is_the_same(sheet: SheetSchool) -> None:
    assert await rev(sheet.school, "ct_rina") == 1
    assert (await sheet.mirror.look(NOW)).problems == ()
    assert await rev(sheet.school, "ct_rina") == 1


async def test_a_session_people_move_is_heard_and_its_snapshot_renewed(sheet: SheetSchool) -> None:
    await sheet.edits("session", "ss_rina_1", Time="2026-02-12T10:00:00+07:00 - 2026-02-12T11:00:00+07:00")
    await sheet.mirror.look(LATER)
    assert (await sessions(sheet.school))["ss_rina_1"] == "12 03:00"
    # The hour it stands in now is nobody else's, and who answers for the student is told the news.
    assert "sl_1" not in {
        slot.id for slot in (await sheet.school.sources.schedule("st_rina", NOW)).free_slots
    }
    assert await rev(sheet.school, "ct_rina") == 2
    assert await rev(sheet.school, "ct_maya") == 1
    snapshot = await sheet.school.sources.snapshot("ct_rina")
    assert snapshot is not None
    assert snapshot.students[0].sessions[0].start.isoformat() == "2026-02-12T03:00:00+00:00"


async def test_whatever_people_add_or_throw_away_counts(sheet: SheetSchool) -> None:
    rina = (await sheet.row("st_rina"))["id"]
    await sheet.edits(
        "session",
        Lesson="Rina ekstra",
        Student=rina,
        Coach="Bima",
        Time="2026-02-14T09:00:00+07:00 - 2026-02-14T10:00:00+07:00",
        Status="scheduled",
    )
    await sheet.edits(
        "reschedule",
        Change="lewat telepon",
        Student=rina,
        Dicatat="2026-02-09T09:00:00+07:00",
        Source="customer",
    )
    await sheet.edits("session", "ss_rina_2", trash=True)
    await sheet.edits("student", "st_rina", **{"Sessions_left": "3", "Guardians": "0812 0000 9999"})
    await sheet.mirror.look(LATER)
    found = await sessions(sheet.school)
    (added,) = found.keys() - {"ss_rina_1", "ss_rina_3"}
    assert found[added] == "14 02:00"
    facts = await sheet.school.sources.schedule("st_rina", NOW)
    assert facts.reschedules_this_month == 1
    (student,) = await sheet.school.sources.students_of("ct_rina")
    assert student.package is not None and student.package.sessions_left == 3
    # A number nobody had is a registered contact now: the school itself wrote it.
    (guardian,) = student.guardians
    assert await sheet.school.sources.registered(guardian)
    contact = await sheet.school.sources.contact(guardian)
    assert contact is not None and contact.phone == "+6281200009999"


@pytest.mark.parametrize(
    ("database", "find", "told", "words"),
    [
        ("session", "ss_rina_1", {"Coach": ""}, "session · st_rina · Sinta: Coach is empty"),
        ("session", "ss_rina_1", {"Time": "2026-02-12"}, "Time is 2026-02-12; allowed: a day with an hour"),
        ("session", "ss_rina_1", {"Student": ""}, "Student points to 0 pages; allowed: exactly one"),
        ("session", "ss_rina_1", {"ID": "a b"}, "ID is 'a b'; allowed: letters"),
        ("session", "ss_rina_1", {"ID": "ss_rina_2"}, "ss_rina_2: 2 sessions have this ID"),
        ("student", "st_rina", {"Name": ""}, "Name is empty"),
        ("student", "st_rina", {"Package expires": ""}, "Package needs its sessions left and the day"),
        ("student", "st_rina", {"Sessions left": "2.5"}, "Sessions left is 2.5; allowed: a whole number"),
        ("student", "st_rina", {"Guardians": "ct_nobody"}, "there is no contact ct_nobody"),
        ("student", "st_rina", {"Guardians": "Rina"}, "is no phone number"),
    ],
)
async def test_a_row_not_in_order_is_named_stays_as_it_was_and_is_taken_once_mended(
    sheet: SheetSchool, database: Any, find: str, told: dict[str, str], words: str
) -> None:
    before, row = await sessions(sheet.school), await sheet.row(find)
    await sheet.edits(database, find, **told)
    (problem,) = (await sheet.mirror.look(LATER)).problems
    assert words in problem
    assert await sessions(sheet.school) == before
    assert (await sheet.school.sources.students_of("ct_rina"))[0].name == "Rina"
    (name,) = told
    sheet.clock.advance(3600)
    found = {"ID": find} if name != "ID" else {"Lesson": row["Lesson"], "Time": row["Time"]}
    mended = {"find": found, "properties": {name: row[name]}}
    await sheet.control("notion/row", database=database, **mended)
    assert (await sheet.mirror.look(LATER)).problems == ()


async def test_a_sheet_that_is_suddenly_empty_empties_nothing(sheet: SheetSchool) -> None:
    for row in await sheet.rows("student"):
        await sheet.edits("student", row["ID"], trash=True)
    (problem,) = (await sheet.mirror.look(LATER)).problems
    assert "nothing was taken away" in problem
    assert len(await sheet.school.sources.students_of("ct_maya")) == 2
    await sheet.edits("student", "st_alya", trash=False)
    await sheet.mirror.look(LATER)
    # Now it is known that the others were meant.
    assert [one.id for one in await sheet.school.sources.students_of("ct_maya")] == ["st_alya"]


async def test_a_property_that_is_not_there_is_said_with_its_database(sheet: SheetSchool) -> None:
    names = {**sheet.settings.names["session"], "coach": "Pengajar", "time": "Coach"}
    told = sheet.settings.model_copy(update={"names": {**sheet.settings.names, "session": names}})
    there = NotionSheet(told, sheet.school.clock)
    with pytest.raises(
        DependencyDown, match="session in Notion: Pengajar is missing: add a property"
    ) as down:
        await there.check()
    assert "Coach is of the type select; make it date" in down.value.why
    assert down.value.name == "schedule"
    await there.close()


# --- what we write -------------------------------------------------------------------------------------------


async def written(sheet: SheetSchool, key: str = "k1") -> tuple[list[str], int]:
    """The sessions that carry a key, and how many lines of the ledger do."""
    rows = [row["ID"] for row in await sheet.rows("session") if row["Loket key"] == key]
    lines = [row for row in await sheet.rows("reschedule") if row["Loket key"] == key]
    return sorted(rows), len(lines)


async def test_a_move_stands_there_with_its_key_and_rev_before_it_is_said(sheet: SheetSchool) -> None:
    first = await sheet.school.operations.execute(move())
    second = await sheet.school.operations.execute(move("k2", "ss_rina_2", "sl_2"))
    assert (first.status, second.status) == ("SUCCESS", "SUCCESS")
    old, new = await sheet.row("ss_rina_1"), await sheet.row("ss_rina_1-r1")
    assert (old["Status"], old["Moved to"], old["Loket key"]) == ("moved", "ss_rina_1-r1", "k1")
    assert (new["Status"], new["Coach"], new["Lesson"]) == ("scheduled", "Sinta", old["Lesson"])
    assert new["Time"] == "2026-02-12T03:00:00.000+00:00 - 2026-02-12T04:00:00.000+00:00"
    assert await written(sheet) == (["ss_rina_1", "ss_rina_1-r1"], 1)
    revs = [int((await sheet.row(one))["Loket rev"]) for one in ("ss_rina_1-r1", "ss_rina_2-r1")]
    assert revs == sorted(set(revs))
    # What we wrote ourselves is no news.
    before = await rev(sheet.school, "ct_rina")
    sheet.clock.advance(3600)
    assert (await sheet.mirror.look(LATER)).problems == ()
    assert await rev(sheet.school, "ct_rina") == before


@pytest.mark.parametrize(
    ("op", "mode"),
    [
        ("create", "half_body"),
        ("create", "bad_json"),
        ("create", "5xx"),
        ("update", "down"),
        ("query", "down"),
        ("page", "down"),
    ],
)
async def test_an_answer_that_is_lost_at_any_step_leaves_one_move(
    sheet: SheetSchool, op: str, mode: str
) -> None:
    class Failing(SheetMover):
        """Lets what comes after the rules were asked go wrong."""

        async def moved(self, task: CTask, done: Any) -> CResult | None:
            await sheet.control("faults", target="notion", mode=mode, op=op, **lasting)
            return await super().moved(task, done)

    lasting: dict[str, Any] = {} if mode == "down" else {"count": 1}
    school = sheet.school
    sheet.moved_by(Failing(school.database, sheet.there, sheet.mirror))
    with pytest.raises(DependencyDown) as down:
        await school.operations.execute(move())
    assert down.value.name == "schedule"
    # Nothing is said of it yet: neither the old hour nor the new one can be answered from the snapshot.
    assert await school.sources.snapshot("ct_rina") is None
    assert (await sessions(school))["ss_rina_1"] == "13 09:00"
    await sheet.http.delete("/sandbox/faults")
    sheet.moved_by(SheetMover(school.database, sheet.there, sheet.mirror))
    # A look in between does not take half a move for people's work.
    await sheet.mirror.look(LATER)
    assert "ss_rina_1-r1" not in await sessions(school)
    assert (await school.operations.execute(move())).status == "SUCCESS"
    assert await written(sheet) == (["ss_rina_1", "ss_rina_1-r1"], 1)
    assert (await sessions(school))["ss_rina_1-r1"] == "12 03:00"


async def test_a_process_that_dies_between_their_write_and_our_commit_writes_nothing_twice(
    sheet: SheetSchool,
) -> None:
    class Dies(SheetMover):
        """Is gone before what it wrote there is known here."""

        async def moved(self, task: CTask, done: Any) -> CResult | None:
            def gone(tx: Any) -> CResult | None:
                done(tx)
                raise InterruptedError

            return await super().moved(task, gone)

    school = sheet.school
    sheet.moved_by(Dies(school.database, sheet.there, sheet.mirror))
    with pytest.raises(InterruptedError):
        await school.operations.execute(move())
    assert await written(sheet) == (["ss_rina_1", "ss_rina_1-r1"], 1)
    sheet.moved_by(SheetMover(school.database, sheet.there, sheet.mirror))
    first = await school.operations.execute(move())
    again = await school.operations.execute(move())
    assert (first.status, again) == ("SUCCESS", first)
    assert await written(sheet) == (["ss_rina_1", "ss_rina_1-r1"], 1)


async def test_a_move_nobody_comes_back_for_is_brought_to_its_end(sheet: SheetSchool) -> None:
    school = sheet.school
    await sheet.control("faults", target="notion", mode="down", op="create")
    asked = move(case="").model_copy(update={"case_id": ""})
    with pytest.raises(DependencyDown):
        await school.operations.execute(asked, frozenset({"ct_rina"}))
    await sheet.http.delete("/sandbox/faults")
    await school.operations.finish(LATER)
    assert (await sessions(school))["ss_rina_1"] == "13 09:00"
    await school.operations.finish(LATER + timedelta(seconds=1))
    assert (await sessions(school))["ss_rina_1-r1"] == "12 03:00"
    assert await written(sheet) == (["ss_rina_1", "ss_rina_1-r1"], 1)


class Meanwhile(SheetMover):
    """Lets people change something after the rules were asked and before it is written there."""

    def __init__(self, sheet: SheetSchool, change: Any) -> None:
        super().__init__(sheet.school.database, sheet.there, sheet.mirror)
        self._change = change

    async def moved(self, task: CTask, done: Any) -> CResult | None:
        await self._change()
        return await super().moved(task, done)


async def test_an_hour_people_gave_away_meanwhile_is_theirs(sheet: SheetSchool) -> None:
    alya = (await sheet.row("st_alya"))["id"]

    async def booked() -> None:
        time = "2026-02-12T10:30:00+07:00 - 2026-02-12T11:30:00+07:00"
        await sheet.edits(
            "session", Lesson="Alya", Student=alya, Coach="Sinta", Time=time, Status="scheduled"
        )

    school = sheet.school
    sheet.moved_by(Meanwhile(sheet, booked))
    result = await school.operations.execute(move())
    assert (result.status, result.refs["blocked_by"]) == ("BLOCKED_POLICY", "slot_free")
    assert await written(sheet) == ([], 0)
    facts = await school.book.schedule("st_rina", NOW)
    assert "ss_rina_1" in {session.id for session in facts.sessions}
    assert facts.reschedules_this_month == 0
    await sheet.mirror.look(LATER)
    assert "sl_1" not in {slot.id for slot in (await school.sources.schedule("st_rina", NOW)).free_slots}


async def test_a_session_people_changed_meanwhile_stays_as_they_want_it(sheet: SheetSchool) -> None:
    async def cancelled() -> None:
        await sheet.edits("session", "ss_rina_1", Status="cancelled")

    school = sheet.school
    sheet.moved_by(Meanwhile(sheet, cancelled))
    result = await school.operations.execute(move())
    assert (result.status, "changed by somebody" in result.details) == ("BLOCKED_POLICY", True)
    assert (await sheet.row("ss_rina_1"))["Status"] == "cancelled"
    assert await written(sheet) == ([], 0)
    facts = await school.book.schedule("st_rina", NOW)
    assert (facts.reschedules_this_month, "sl_1" in {slot.id for slot in facts.free_slots}) == (0, True)
    assert "ss_rina_1" not in {session.id for session in facts.sessions}


async def test_the_rules_are_asked_of_what_stands_there_now(sheet: SheetSchool) -> None:
    rina = (await sheet.row("st_rina"))["id"]
    for number in ("1", "2"):
        await sheet.edits("reschedule", Change=number, Student=rina, Dicatat="2026-02-09", Source="customer")
    refused = await sheet.school.operations.execute(move())
    # A day without an hour is not in order, so these two do not count; with one they do.
    assert refused.status == "SUCCESS"
    for row in [row for row in await sheet.rows("reschedule") if row["Change"] in {"1", "2"}]:
        await sheet.control(
            "notion/row",
            database="reschedule",
            find={"Change": row["Change"]},
            properties={"Dicatat": "2026-02-09T09:00:00+07:00"},
        )
    again = await sheet.school.operations.execute(move("k2", "ss_rina_2", "sl_2"))
    assert (again.status, "within_quota" in again.details) == ("BLOCKED_POLICY", True)


# --- what follows from money ---------------------------------------------------------------------------------


async def here(sheet: SheetSchool, sql: str, *values: object) -> None:
    """Let something change in our store, as a payment or a booking does."""
    await sheet.school.database.submit(lambda tx: tx.execute(sql, values))


PACKAGE = "UPDATE students SET package_name = ?, sessions_left = ?, package_expires = ? WHERE id = 'st_rina'"


async def test_a_package_bought_and_a_trial_booked_here_are_written_there_once(sheet: SheetSchool) -> None:
    await here(sheet, PACKAGE, "Privat 8", 13, "2026-04-30")
    await here(sheet, "INSERT INTO students (id, name, own_contact) VALUES ('st_new', 'Vina', 'ct_vina')")
    await here(
        sheet,
        "INSERT INTO sessions (id, student_id, coach, start_at, end_at, status) VALUES ('ss_new', 'st_new', 'Sinta',"
        " '2026-02-12T03:00:00.000000Z', '2026-02-12T03:30:00.000000Z', 'scheduled')",
    )
    for _ in range(2):
        assert await sheet.push.push(LATER) == ()
    rina, new, trial = await sheet.row("st_rina"), await sheet.row("st_new"), await sheet.row("ss_new")
    assert (rina["Package"], rina["Sessions left"], rina["Package expires"]) == (
        "Privat 8",
        "13",
        "2026-04-30",
    )
    assert (new["Name"], new["Own number"]) == ("Vina", "+6281200001005")
    assert (trial["Student"], trial["Lesson"], trial["Status"]) == (new["id"], "Vina · Sinta", "scheduled")
    changes = await changed(sheet)
    assert await sheet.push.push(LATER) == ()
    sheet.clock.advance(3600)
    assert (await sheet.mirror.look(LATER)).problems == ()
    assert await changed(sheet) == changes
    await here(sheet, "UPDATE sessions SET status = 'cancelled' WHERE id = 'ss_new'")
    await sheet.push.push(LATER)
    assert (await sheet.row("ss_new"))["Status"] == "cancelled"


async def changed(sheet: SheetSchool) -> int:
    """How many changes Notion has seen."""
    answer = await sheet.http.get("/sandbox/events", params={"after": 0, "wait": 0})
    return sum(1 for event in answer.json()["events"] if event["kind"] == "notion.changed")


async def test_what_each_changed_of_a_student_is_kept_and_where_both_did_theirs_stands_and_is_told(
    sheet: SheetSchool,
) -> None:
    await here(sheet, PACKAGE, "Privat 8", 13, "2026-04-30")
    await sheet.edits("student", "st_rina", Name="Rina A.")
    await sheet.push.push(LATER)
    row = await sheet.row("st_rina")
    assert (row["Name"], row["Sessions left"]) == ("Rina A.", "13")
    assert [one.name for one in await sheet.school.sources.students_of("ct_rina")] == ["Rina A."]
    await here(sheet, PACKAGE, "Privat 8", 21, "2026-06-30")
    await sheet.edits("student", "st_rina", Sessions_left="12")
    await sheet.push.push(LATER)
    assert (await sheet.row("st_rina"))["Sessions left"] == "12"
    (told,) = (await sheet.mirror.look(LATER)).problems
    assert told.startswith("st_rina: package changed both here and there; theirs stands http")
    assert (await sheet.mirror.look(LATER)).problems == ()


async def test_an_hour_two_were_given_is_told(sheet: SheetSchool) -> None:
    await here(
        sheet,
        "INSERT INTO sessions (id, student_id, coach, start_at, end_at, status) VALUES ('ss_new', 'st_alya', 'Bima',"
        " '2026-02-12T03:00:00.000000Z', '2026-02-12T04:00:00.000000Z', 'scheduled')",
    )
    kenzo = (await sheet.row("st_kenzo"))["id"]
    time = "2026-02-12T10:30:00+07:00 - 2026-02-12T11:00:00+07:00"
    await sheet.edits("session", Lesson="Kenzo", Student=kenzo, Coach="Bima", Time=time, Status="scheduled")
    (told,) = await sheet.push.push(LATER)
    assert told.startswith("ss_new: Bima has another session at that hour http")


async def test_what_people_threw_away_or_what_was_here_before_the_sheet_is_not_written_there(
    open_database: Opener, tmp_path: Path
) -> None:
    school = await School(open_database()).open(tmp_path / "records")
    async with in_notion(school, tmp_path) as sheet:
        await here(sheet, "INSERT INTO students (id, name) VALUES ('st_old', 'Lama')")
        assert await sheet.push.push(NOW) == ()
        await sheet.mirror.look(NOW)
        await sheet.edits("student", "st_vina", trash=True)
        await sheet.edits("session", "ss_vina", trash=True)
        await sheet.mirror.look(LATER)
        before = await changed(sheet)
        await sheet.push.push(LATER)
        assert await changed(sheet) == before
        # Taken out of the bin it is theirs again.
        await sheet.edits("student", "st_vina", trash=False)
        await sheet.mirror.look(LATER)
        assert [one.id for one in await school.sources.students_of("ct_vina")] == ["st_vina"]
    school.database.close()


async def test_of_several_processes_one_at_a_time_looks_after_the_sheet(sheet: SheetSchool) -> None:
    assert await sheet.mirror.claim(NOW)
    assert not await sheet.mirror.claim(NOW + timedelta(minutes=4))
    await sheet.mirror.release()
    assert await sheet.mirror.claim(NOW)
    # One that died with it has lost it.
    assert await sheet.mirror.claim(NOW + timedelta(minutes=5))


async def test_a_row_written_anew_under_its_id_is_the_same_record(sheet: SheetSchool) -> None:
    row = await sheet.row("ss_rina_1")
    await sheet.edits("session", "ss_rina_1", trash=True)
    told = {name: row[name] for name in ("Lesson", "Student", "Coach", "Time", "Status")}
    await sheet.edits("session", **told, ID="ss_rina_1")
    await sheet.mirror.look(LATER)
    assert (await sessions(sheet.school))["ss_rina_1"] == "13 09:00"
    await sheet.mirror.look(LATER)
    assert (await sessions(sheet.school))["ss_rina_1"] == "13 09:00"


async def test_an_answer_that_is_lost_makes_no_student_twice(sheet: SheetSchool) -> None:
    await here(sheet, "INSERT INTO students (id, name, own_contact) VALUES ('st_new', 'Vina', 'ct_vina')")
    await sheet.control("faults", target="notion", mode="half_body", op="create", count=1)
    with pytest.raises(DependencyDown):
        await sheet.push.push(LATER)
    await sheet.push.push(LATER)
    assert (await sheet.row("st_new"))["Name"] == "Vina"


class Slow:
    """The sheet, with something happening between its answer and whoever asked."""

    def __init__(self, sheet: SheetSchool) -> None:
        self._sheet = sheet

    async def check(self) -> None:
        await self._sheet.there.check()

    async def listing(self, since: datetime, student: str | None = None) -> SheetListing:
        told = await self._sheet.there.listing(since, student)
        assert (await self._sheet.school.operations.execute(move())).status == "SUCCESS"
        return told

    async def move(self, planned: PlannedMove, pages: SheetPages) -> SheetMoved | SheetRefused:
        return await self._sheet.there.move(planned, pages)

    async def put_student(self, written: WrittenStudent, page: str | None) -> SheetStudent:
        return await self._sheet.there.put_student(written, page)

    async def put_session(self, written: WrittenSession, page: str | None) -> tuple[SheetSession, bool]:
        return await self._sheet.there.put_session(written, page)

    async def close(self) -> None:
        await self._sheet.there.close()


async def test_a_look_that_began_before_a_move_does_not_take_it_back(sheet: SheetSchool) -> None:
    school = sheet.school
    await SheetMirror(school.database, Slow(sheet), school.reading, timedelta(minutes=5)).look(LATER)
    assert (await sessions(school))["ss_rina_1-r1"] == "12 03:00"
    assert "ss_rina_1" not in await sessions(school)
    await sheet.mirror.look(LATER)
    assert (await sessions(school))["ss_rina_1-r1"] == "12 03:00"


async def test_while_notion_is_down_nothing_is_read_or_written(sheet: SheetSchool) -> None:
    await sheet.control("faults", target="notion", mode="down")
    for ask in (
        sheet.school.book.schedule("st_rina", NOW),
        sheet.school.book.fresh_snapshot("ct_rina", NOW),
        sheet.school.book.fresh_snapshot("", NOW),
        sheet.school.operations.execute(move()),
        sheet.mirror.look(NOW),
    ):
        with pytest.raises(DependencyDown) as down:
            await ask
        assert down.value.name == "schedule"
    assert kept.move(sheet.school.database.read, "k1") is None
    # The snapshot as it was stays good for as long as it is fresh.
    assert await rev(sheet.school, "ct_rina") == 1


async def test_what_retry_after_asks_for_is_waited(sheet: SheetSchool) -> None:
    await sheet.control("faults", target="notion", mode="429", op="create", count=1, seconds=2)
    await sheet.control("faults", target="notion", mode="error", code=529, op="query", count=1)
    assert (await sheet.school.operations.execute(move())).status == "SUCCESS"
    assert sorted(sheet.waits) == [1.0, 2.0]
    assert await written(sheet) == (["ss_rina_1", "ss_rina_1-r1"], 1)
