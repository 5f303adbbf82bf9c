"""Trials, enrolments and renewals on both databases: billed whole, given once when paid, taken back when reversed."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from services_scenes import NOW, READING, ZONE, School, move, task

from casefile.events import CASE_EVENT, OperatorCommand
from casefile.packets import CResult, CTask
from casefile.payments import PaymentLink, ProviderState
from policies.limits import Limits
from services.books import apply
from services.contact_erase import erase
from services.contact_export import export
from services.ended import EndedTasks
from services.operations import GuardedOperations
from services.trials import TrialExpiry
from store.handed import SqlHandedOver
from store.payments import add_link
from store.person import person_of
from tests.support.postgres import Opener

LIMITS = Limits(order_review=2_000_000, registration_fee=250_000, sibling_percent=10, trial_credit_days=7)
PACKAGES = """
- {id: pk_trial, name: Trial, name_en: Trial, trial: true, sessions: 1, minutes: 45, price: 150000, page: p}
- {id: pk_4, name: Privat, name_en: Private, sessions: 4, minutes: 60, weeks: 6, price: 1400000, page: p}
- {id: pk_12, name: Privat 12, name_en: Private 12, sessions: 12, minutes: 60, weeks: 18, price: 3720000, page: p}
- {id: pk_old, name: Lama, name_en: Old, sessions: 4, minutes: 60, weeks: 6, price: 1, page: p, published: false}
- {id: pk_free, name: Coba, name_en: Try, trial: true, sessions: 1, minutes: 45, price: 0, page: p}
"""


@pytest.fixture
async def school(open_database: Opener, tmp_path: Path) -> AsyncIterator[School]:
    folder = tmp_path / "records"
    folder.mkdir()
    (folder / "packages.yaml").write_text(PACKAGES, encoding="utf-8")
    opened = await School(open_database(), LIMITS).open(folder)
    yield opened
    opened.database.close()


def enrol(kind: str, package: str, key: str = "k1", case: str = "rina", **params: Any) -> CTask:
    who = {"name": "Tania", "age": 25, "own": True, "student_id": None, "slot_id": None, **params}
    action = "BOOKING_CREATE" if kind == "trial" else "ENROL"
    return task(action, f"ct_{case}", key, case, kind=kind, package=package, **who)


def renew(key: str = "k1", case: str = "rina", student: str = "st_rina", name: str = "Rina") -> CTask:
    return enrol("renew", "pk_4", key, case, student_id=student, name=name)


async def paid(school: School, result: CResult, key: str = "") -> CResult:
    number = str(result.new_state["invoice_number"])
    confirmed = task(
        "PAYMENT_CONFIRM_MANUAL", number, key or f"pay-{number}", staff_id="sf_tari", evidence="SK-9"
    )
    return await school.operations.execute(confirmed)


def rows(school: School, sql: str, *params: object) -> list[dict[str, Any]]:
    found = school.database.read(sql, params)
    return [dict(zip(row.keys(), row, strict=True)) for row in found]


def package_of(school: School, student: str) -> tuple[object, ...]:
    (row,) = rows(school, "SELECT * FROM students WHERE id = ?", student)
    return row["package_name"], row["sessions_left"], row["package_expires"]


async def test_a_trial_keeps_its_hour_with_its_bill_and_is_a_lesson_once_paid(school: School) -> None:
    result = await school.operations.execute(enrol("trial", "pk_trial", slot_id="sl_b"))
    assert result.status == "SUCCESS", result.details
    (bill,) = rows(school, "SELECT * FROM invoices WHERE number = ?", result.new_state["invoice_number"])
    assert (bill["amount"], bill["status"], bill["due"]) == (150_000, "unpaid", "2026-02-11")
    assert rows(school, "SELECT id FROM students WHERE name = 'Tania'") == []
    await paid(school, result)
    (student,) = rows(school, "SELECT * FROM students WHERE name = 'Tania'")
    # Rina takes lessons herself, so a further student is somebody she answers for.
    assert student["own_contact"] is None
    (lesson,) = rows(school, "SELECT * FROM sessions WHERE student_id = ?", student["id"])
    assert (lesson["coach"], lesson["status"]) == ("Bima", "scheduled")
    assert lesson["end_at"] == "2026-02-12T03:45:00.000000Z"
    snapshot = await school.sources.snapshot("ct_rina")
    assert snapshot is not None and [one.name for one in snapshot.students] == ["Rina", "Tania"]


async def test_an_hour_has_one_taker_and_whoever_is_refused_holds_nothing(
    school: School, open_database: Opener
) -> None:
    other = open_database()
    processes = [school.operations, GuardedOperations(other, school.clock, LIMITS, ZONE, "salt")]
    asked = [
        enrol("trial", "pk_trial", f"k-{case}", case, slot_id="sl_b", name=f"Anak {case}")
        for case in ("rina", "maya")
    ]
    results = await asyncio.gather(*(p.execute(t) for p, t in zip(processes, asked, strict=True)))
    other.close()
    assert sorted(r.status for r in results) == ["BLOCKED_POLICY", "SUCCESS"]
    refused = next(r for r in results if r.status != "SUCCESS")
    assert refused.refs["blocked_by"] == "slot_free"
    assert len(rows(school, "SELECT id FROM enrolments")) == 1
    assert len(rows(school, "SELECT number FROM invoices WHERE amount = 150000")) == 1


async def test_a_trial_nobody_pays_gives_its_hour_back_once_and_is_told(school: School) -> None:
    await school.database.submit(
        lambda tx: tx.execute(
            "INSERT INTO conversations (id, desk, account, contact_id, channel_address) VALUES"
            " ('wa-628001-ct_rina', 'school', '628001', 'ct_rina', '1')"
        )
    )
    result = await school.operations.execute(enrol("trial", "pk_trial", slot_id="sl_b"))
    expiry = TrialExpiry(school.database, READING)
    assert await expiry.expire(NOW + timedelta(hours=23))
    assert rows(school, "SELECT session_id FROM slots WHERE id = 'sl_b'")[0]["session_id"] is not None
    for _ in range(2):
        assert await expiry.expire(NOW + timedelta(hours=25))
    assert rows(school, "SELECT session_id FROM slots WHERE id = 'sl_b'")[0]["session_id"] is None
    (bill,) = rows(school, "SELECT * FROM invoices WHERE number = ?", result.new_state["invoice_number"])
    assert bill["status"] == "void"
    told = rows(school, "SELECT body FROM inbox WHERE channel = 'trials'")
    (event,) = [CASE_EVENT.validate_json(row["body"]) for row in told]
    assert (event.type, getattr(event, "stage", "")) == ("bill_news", "lapsed")
    again = await school.operations.execute(enrol("trial", "pk_trial", "k2", slot_id="sl_b"))
    assert again.status == "SUCCESS"


async def test_a_trial_whose_way_to_pay_is_still_open_waits_until_its_hour(school: School) -> None:
    result = await school.operations.execute(enrol("trial", "pk_trial", slot_id="sl_b"))
    await linked(school, str(result.new_state["invoice_number"]), NOW + timedelta(days=3))
    expiry = TrialExpiry(school.database, READING)
    await expiry.expire(NOW + timedelta(hours=30))
    assert rows(school, "SELECT state FROM enrolments")[0]["state"] == "billed"
    await expiry.expire(NOW + timedelta(days=2, hours=1))
    assert rows(school, "SELECT state FROM enrolments")[0]["state"] == "expired"
    # Nobody can pay any more for an hour that is over.
    assert len(rows(school, "SELECT key FROM outbox WHERE kind = 'close_payment'")) == 1


async def test_a_trial_that_costs_nothing_is_a_lesson_at_once(school: School) -> None:
    result = await school.operations.execute(enrol("trial", "pk_free", slot_id="sl_b"))
    assert (result.new_state["state"], result.new_state["invoice_number"]) == ("paid", None)
    assert len(rows(school, "SELECT id FROM sessions WHERE student_id LIKE 'st_%' AND coach = 'Bima'")) == 3


async def test_a_new_student_is_entered_with_who_answers_for_them_once_paid(school: School) -> None:
    result = await school.operations.execute(
        enrol("enrol", "pk_4", case="maya", name="Sheila Ayu", age=6, own=False)
    )
    (bill,) = rows(school, "SELECT * FROM invoices WHERE number = ?", result.new_state["invoice_number"])
    assert (bill["amount"], bill["due"]) == (1_650_000, "2026-02-13")
    await paid(school, result)
    (student,) = rows(school, "SELECT * FROM students WHERE name = 'Sheila Ayu'")
    assert (student["sessions_left"], student["package_expires"]) == (4, "2026-03-24")
    assert rows(school, "SELECT contact_id FROM guardians WHERE student_id = ?", student["id"]) == [
        {"contact_id": "ct_maya"}
    ]
    (due,) = rows(school, "SELECT * FROM due_tasks")
    assert (due["assignee"], due["subject"], due["state"]) == ("sf_tari", student["id"], "due")
    (event,) = rows(school, "SELECT body FROM inbox WHERE channel = 'enrolments'")
    assert CASE_EVENT.validate_json(event["body"]).type == "operation_done"


async def test_a_student_on_record_gets_the_package_and_no_second_record(school: School) -> None:
    result = await school.operations.execute(
        enrol("enrol", "pk_4", case="maya", name="Alya", age=9, own=False)
    )
    await paid(school, result)
    assert package_of(school, "st_alya") == ("Privat", 4, "2026-03-24")
    assert len(rows(school, "SELECT id FROM students")) == 4


async def test_a_trial_and_a_package_of_one_person_paid_together_are_one_student_s(school: School) -> None:
    trial = await school.operations.execute(
        enrol("trial", "pk_trial", case="maya", name="Sheila", own=False, slot_id="sl_b")
    )
    package = await school.operations.execute(
        enrol("enrol", "pk_4", "k2", "maya", name="Sheila Ayu", age=6, own=False)
    )
    await paid(school, trial)
    await paid(school, package)
    (student,) = rows(school, "SELECT * FROM students WHERE name LIKE 'Sheila%'")
    assert student["sessions_left"] == 4
    assert len(rows(school, "SELECT id FROM sessions WHERE student_id = ?", student["id"])) == 1


async def test_sessions_and_validity_are_added_once_however_often_it_is_paid(school: School) -> None:
    result = await school.operations.execute(renew())
    assert package_of(school, "st_rina") == ("Privat", 5, "2026-02-19")
    assert (await paid(school, result)).status == "SUCCESS"
    assert (await paid(school, result)).status == "SUCCESS"
    assert (await paid(school, result, "another")).status == "BLOCKED_POLICY"
    assert package_of(school, "st_rina") == ("Privat", 9, "2026-04-02")


async def test_what_has_expired_counts_no_more(school: School) -> None:
    school.clock.at = NOW + timedelta(days=20)
    result = await school.operations.execute(renew())
    await paid(school, result)
    assert package_of(school, "st_rina") == ("Privat", 4, "2026-04-13")


async def test_two_who_answer_for_a_student_renew_at_once_and_each_payment_adds_once(
    school: School, open_database: Opener
) -> None:
    await school.database.submit(lambda tx: tx.execute("INSERT INTO guardians VALUES ('st_rina', 'ct_maya')"))
    other = open_database()
    elsewhere = GuardedOperations(other, school.clock, LIMITS, ZONE, "salt")
    first, second = await asyncio.gather(
        school.operations.execute(renew("k-rina")), elsewhere.execute(renew("k-maya", "maya"))
    )
    numbers = [str(r.new_state["invoice_number"]) for r in (first, second)]
    assert len(set(numbers)) == 2
    pay = [
        task("PAYMENT_CONFIRM_MANUAL", number, f"pay-{number}", staff_id="sf_tari", evidence="SK")
        for number in numbers
    ]
    done = await asyncio.gather(
        school.operations.execute(pay[0]), elsewhere.execute(pay[1]), elsewhere.execute(pay[0])
    )
    other.close()
    assert {r.status for r in done} == {"SUCCESS"}
    assert package_of(school, "st_rina") == ("Privat", 13, "2026-05-14")
    for contact in ("ct_rina", "ct_maya"):
        snapshot = await school.sources.snapshot(contact)
        assert snapshot is not None
        (mine,) = [one for one in snapshot.students if one.student_id == "st_rina"]
        assert mine.package is not None and mine.package.sessions_left == 13


async def test_asked_for_again_before_it_is_paid_it_is_the_same_bill(school: School) -> None:
    first = await school.operations.execute(renew())
    again = await school.operations.execute(renew("k2"))
    assert again.new_state["invoice_number"] == first.new_state["invoice_number"]
    await paid(school, first)
    third = await school.operations.execute(renew("k3"))
    assert third.new_state["invoice_number"] != first.new_state["invoice_number"]


@pytest.mark.parametrize(
    ("asked", "status", "by"),
    [
        (enrol("enrol", "pk_old"), "BLOCKED_POLICY", "package"),
        (enrol("enrol", "pk_none"), "BLOCKED_POLICY", "package"),
        (enrol("enrol", "pk_trial"), "BLOCKED_POLICY", "package"),
        (enrol("enrol", "pk_12"), "BLOCKED_POLICY", "review"),
        (enrol("enrol", "pk_4", case="vina", name="Tamu"), "BLOCKED_POLICY", "review"),
        (enrol("enrol", "pk_4", name="Rina"), "BLOCKED_POLICY", "package"),
        (renew(student="st_alya"), "BLOCKED_POLICY", "policy"),
        (renew(student="st_none"), "FAILED", ""),
        (enrol("renew", "pk_4"), "FAILED", ""),
        (enrol("trial", "pk_trial", slot_id="sl_none"), "FAILED", ""),
        (enrol("trial", "pk_trial", slot_id="sl_past"), "BLOCKED_POLICY", "slot_free"),
        (enrol("trial", "pk_trial", slot_id="sl_clash"), "BLOCKED_POLICY", "slot_free"),
        (enrol("sail", "pk_4"), "FAILED", ""),
        (enrol("enrol", "pk_4").model_copy(update={"subject": "ct_maya"}), "BLOCKED_POLICY", "policy"),
        (enrol("enrol", "pk_4").model_copy(update={"constraints": {"total": 1}}), "BLOCKED_POLICY", "price"),
    ],
)
async def test_what_the_records_do_not_prove_is_refused_and_leaves_nothing(
    school: School, asked: CTask, status: str, by: str
) -> None:
    before = len(rows(school, "SELECT number FROM invoices"))
    result = await school.operations.execute(asked)
    assert result.status == status, result.details
    assert not by or result.refs["blocked_by"] == by
    assert rows(school, "SELECT id FROM enrolments") == []
    assert len(rows(school, "SELECT number FROM invoices")) == before
    held = "SELECT id FROM slots WHERE session_id IS NOT NULL"
    assert rows(school, held) == []


async def test_a_coach_s_yes_bills_what_is_above_the_limit(school: School) -> None:
    asked = await school.approved(enrol("enrol", "pk_12"))
    result = await school.operations.execute(asked)
    assert result.status == "SUCCESS", result.details


async def test_a_trial_is_taken_once(school: School) -> None:
    result = await school.operations.execute(enrol("trial", "pk_trial", slot_id="sl_b"))
    await paid(school, result)
    again = await school.operations.execute(enrol("trial", "pk_trial", "k2", slot_id="sl_1"))
    assert again.refs["blocked_by"] == "trial_once"


async def linked(school: School, number: str, until: Any) -> None:
    (bill,) = rows(school, "SELECT amount FROM invoices WHERE number = ?", number)
    link = PaymentLink(
        reference=number,
        invoice=number,
        provider="midtrans",
        provider_id=f"tx-{number}",
        amount=bill["amount"],
        url="https://pay.example.com/1",
        expires_at=until,
    )
    await school.database.submit(lambda tx: add_link(tx, link, "SCH-rina", "wa-628001-ct_rina", NOW))


async def said(school: School, number: str, word: str, state: Any) -> None:
    (bill,) = rows(school, "SELECT amount FROM invoices WHERE number = ?", number)
    state_now = ProviderState(
        reference=number, provider_id=f"tx-{number}", amount=bill["amount"], word=word, state=state
    )
    await school.database.submit(lambda tx: apply(tx, READING, state_now, number, NOW))


async def test_money_taken_back_takes_the_sessions_back_and_a_person_hears(school: School) -> None:
    result = await school.operations.execute(renew())
    number = str(result.new_state["invoice_number"])
    await linked(school, number, NOW + timedelta(days=1))
    await said(school, number, "settlement", "CONFIRMED")
    assert package_of(school, "st_rina")[1] == 9
    for _ in range(2):
        await said(school, number, "chargeback", "REVERSED")
    assert package_of(school, "st_rina")[1] == 5
    assert rows(school, "SELECT state FROM enrolments") == [{"state": "reversed"}]
    assert [row["kind"] for row in rows(school, "SELECT kind FROM payment_doubts")] == ["reversed"]


async def test_a_trial_whose_money_is_taken_back_does_not_take_place(school: School) -> None:
    result = await school.operations.execute(enrol("trial", "pk_trial", slot_id="sl_b"))
    number = str(result.new_state["invoice_number"])
    await linked(school, number, NOW + timedelta(days=1))
    await said(school, number, "settlement", "CONFIRMED")
    await said(school, number, "deny", "REVERSED")
    (lesson,) = rows(school, "SELECT status FROM sessions WHERE start_at = '2026-02-12T03:00:00.000000Z'")
    assert lesson["status"] == "cancelled"
    assert rows(school, "SELECT session_id FROM slots WHERE id = 'sl_b'")[0]["session_id"] is None


async def test_what_was_asked_for_goes_into_an_export_and_is_nameless_once_erased(
    school: School, tmp_path: Path
) -> None:
    await school.operations.execute(enrol("enrol", "pk_4", case="maya", name="Sheila Ayu", age=6, own=False))
    database = school.database
    person = person_of(database.read, "ct_maya")
    held = export(database.read, person, tmp_path)
    assert [(row["name"], row["age"]) for row in held["enrolments"]] == [("Sheila Ayu", 6)]
    await database.submit(lambda tx: tx.execute("UPDATE inbox SET state = 'done'"))
    await database.submit(lambda tx: erase(tx, person))
    (row,) = rows(school, "SELECT name, age FROM enrolments")
    assert (row["name"], row["age"]) == ("[erased]", None)
    (bill,) = rows(school, "SELECT description FROM invoices WHERE amount = 1650000")
    assert "Sheila" not in bill["description"]


async def test_a_trial_that_was_moved_does_not_take_place_either(school: School) -> None:
    result = await school.operations.execute(enrol("trial", "pk_trial", slot_id="sl_b"))
    number = str(result.new_state["invoice_number"])
    await linked(school, number, NOW + timedelta(days=1))
    await said(school, number, "settlement", "CONFIRMED")
    (lesson,) = rows(school, "SELECT * FROM sessions WHERE start_at = '2026-02-12T03:00:00.000000Z'")
    asked = await school.approved(move("k-move", lesson["id"], "sl_4", subject=lesson["student_id"]))
    assert (await school.operations.execute(asked)).status == "SUCCESS"
    await said(school, number, "deny", "REVERSED")
    lessons = rows(
        school, "SELECT status FROM sessions WHERE student_id = ? ORDER BY start_at", lesson["student_id"]
    )
    assert [one["status"] for one in lessons] == ["moved", "cancelled"]
    assert rows(school, "SELECT session_id FROM slots WHERE id = 'sl_4'") == [{"session_id": None}]


async def test_a_refund_paid_out_by_hand_takes_the_sessions_back_as_well(school: School) -> None:
    result = await school.operations.execute(renew())
    number = str(result.new_state["invoice_number"])
    await paid(school, result)
    assert package_of(school, "st_rina")[1] == 9
    await school.operations.execute(await school.approved(task("REFUND", number, "k-refund")))
    handed = SqlHandedOver(school.database, EndedTasks(school.reading).follow)
    (due,) = await handed.tasks()
    event = OperatorCommand(at=NOW, case_id="SCH-rina", command="done", by="sf_sinta", args={"task": due.id})
    assert await handed.settle(due, "done", "sf_sinta", NOW, "wa-628001-ct_rina", event)
    assert package_of(school, "st_rina")[1] == 5
    snapshot = await school.sources.snapshot("ct_rina")
    assert snapshot is not None and snapshot.students[0].package is not None
    assert snapshot.students[0].package.sessions_left == 5
