"""BOOKING_CREATE and BOOKING_CANCEL: one taker per slot, a first booking makes a customer, nothing of another's."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from services_scenes import NOW, ZONE, School, task

from casefile.packets import CTask
from services.operations import GuardedOperations
from tests.support.postgres import Opener

NEW = "ct_new"


async def newcomer(school: School, name: str = "new") -> None:
    """Let a number that nobody knows write for the first time."""
    at = "2026-02-10T03:00:00.000000Z"
    await school.database.submit(
        lambda tx: tx.execute(
            "INSERT INTO contacts (id, wa_name, first_seen) VALUES (?, ?, ?)", (f"ct_{name}", "Ani", at)
        )
    )
    await school.commit(f"SCH-{name}", f"ct_{name}")


def book(slot: str = "sl_1", case: str = "rina", key: str = "b1", **rest: Any) -> CTask:
    most, people = rest.pop("most_ahead", 9), rest.pop("people", [])
    asked = task("BOOKING_CREATE", f"ct_{case}", key, case, slot_id=slot, service="cut", **rest)
    limits = {"people": people, "minutes": 60, "most_ahead": most}
    return asked.model_copy(update={"constraints": limits})


def end(session: str = "ss_rina_1", subject: str = "st_rina", case: str = "rina", key: str = "c1") -> CTask:
    return task("BOOKING_CANCEL", subject, key, case, session_id=session)


async def test_a_booking_takes_its_slot_and_is_the_customers(school: School) -> None:
    result = await school.operations.execute(book())
    assert result.status == "SUCCESS", result.details
    facts = await school.sources.schedule("st_rina", NOW)
    booked = next(s for s in facts.sessions if s.id == result.refs["session"])
    assert (booked.service, booked.coach, booked.status) == ("cut", "Sinta", "scheduled")
    assert "sl_1" not in {slot.id for slot in await school.sources.free_slots(NOW)}
    snapshot = await school.sources.snapshot("ct_rina")
    assert snapshot is not None and snapshot.rev == result.rev
    assert booked in snapshot.students[0].sessions


async def test_the_first_booking_makes_a_number_a_customer_and_the_second_does_not_again(
    school: School,
) -> None:
    await newcomer(school)
    assert not await school.sources.registered(NEW)
    for key, slot in (("b1", "sl_1"), ("b2", "sl_3")):
        result = await school.operations.execute(book(slot, "new", key))
        assert result.status == "SUCCESS", result.details
    assert await school.sources.registered(NEW)
    (student,) = await school.sources.students_of(NEW)
    assert (student.name, student.own_contact) == ("Ani", NEW)
    assert len((await school.sources.schedule(student.id, NOW)).sessions) == 2


async def test_a_repeat_books_nothing_more(school: School) -> None:
    first = await school.operations.execute(book())
    assert await school.operations.execute(book()) == first
    assert len((await school.sources.schedule("st_rina", NOW)).sessions) == 4


@pytest.mark.parametrize(
    ("asked", "why", "by"),
    [
        (book("sl_clash", "maya", student_id="st_kenzo"), "overlaps", "slot_free"),
        (book("sl_past"), "past", "slot_free"),
        (book("sl_1", people=["Bima"]), "Sinta does not give this", "policy"),
        (book("sl_1", most_ahead=3), "ahead already", "most_ahead"),
        (book("sl_1", "maya", student_id="st_rina"), "does not answer for", "policy"),
        (book("sl_1", "maya"), "does not answer for", "policy"),
        (book("sl_1").model_copy(update={"subject": "ct_maya"}), "does not speak for", "policy"),
        (
            book("sl_1").model_copy(update={"constraints": {"minutes": 90, "most_ahead": 9}}),
            "too short",
            "policy",
        ),
    ],
    ids=["clash", "past", "person", "limit", "another", "whose", "subject", "length"],
)
async def test_what_does_not_hold_books_nothing(school: School, asked: CTask, why: str, by: str) -> None:
    result = await school.operations.execute(asked)
    assert (result.status, result.refs["blocked_by"]) == ("BLOCKED_POLICY", by)
    assert why in result.details
    assert {"sl_1", "sl_2"} <= {slot.id for slot in await school.sources.free_slots(NOW)}


async def test_who_is_turned_away_is_no_customer_yet(school: School) -> None:
    await newcomer(school)
    result = await school.operations.execute(book("sl_past", "new"))
    assert result.status == "BLOCKED_POLICY"
    assert await school.sources.students_of(NEW) == () and not await school.sources.registered(NEW)


async def test_what_is_not_there_is_said(school: School) -> None:
    assert (await school.operations.execute(book("sl_none"))).status == "FAILED"
    assert (await school.operations.execute(end("ss_none"))).status == "FAILED"


async def test_a_request_without_a_slot_is_a_persons_to_arrange(school: School) -> None:
    asked = task("BOOKING_CREATE", "ct_rina", "k", intent="trial_request")
    result = await school.operations.execute(asked)
    assert result.due_from == "sf_tari"


async def test_a_slot_has_one_taker_however_many_ask_at_once(school: School, open_database: Opener) -> None:
    other = open_database()
    processes = [
        school.operations,
        GuardedOperations(other, school.clock, school.limits, ZONE, "salt"),
    ]
    for number in range(8):
        await newcomer(school, f"n{number}")
    asked = [book("sl_1", f"n{number}", f"b{number}") for number in range(8)]
    results = await asyncio.gather(*(processes[number % 2].execute(one) for number, one in enumerate(asked)))
    other.close()
    assert sorted(r.status for r in results) == ["BLOCKED_POLICY"] * 7 + ["SUCCESS"]
    assert {r.refs["blocked_by"] for r in results if r.status != "SUCCESS"} == {"slot_free"}
    rows = school.database.read("SELECT student_id FROM sessions WHERE service = 'cut'", ())
    assert len(rows) == 1


async def test_two_first_bookings_at_once_make_one_customer(school: School, open_database: Opener) -> None:
    await newcomer(school)
    other = open_database()
    elsewhere = GuardedOperations(other, school.clock, school.limits, ZONE, "salt")
    results = await asyncio.gather(
        school.operations.execute(book("sl_1", "new", "b1")),
        elsewhere.execute(book("sl_3", "new", "b2")),
    )
    other.close()
    assert {r.status for r in results} == {"SUCCESS"}
    assert len(await school.sources.students_of(NEW)) == 1


async def test_given_back_it_is_free_again(school: School) -> None:
    result = await school.operations.execute(end())
    assert result.status == "SUCCESS", result.details
    assert "ss_rina_1" not in {s.id for s in (await school.sources.schedule("st_rina", NOW)).sessions}
    assert "sl_ss_rina_1" in {slot.id for slot in await school.sources.free_slots(NOW)}
    again = await school.operations.execute(end(key="c2"))
    assert (again.status, again.details) == ("BLOCKED_POLICY", "the appointment is cancelled")


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (end("ss_rina_1", "st_rina", "maya"), "another customer's"),
        (end("ss_kenzo", "st_alya", "maya"), "another customer's"),
        (end("ss_vina", "st_vina", "vina"), "VIP"),
    ],
    ids=["stranger", "sibling", "vip"],
)
async def test_what_is_not_theirs_or_a_persons_to_decide_stays(
    school: School, asked: CTask, why: str
) -> None:
    result = await school.operations.execute(asked)
    assert result.status == "BLOCKED_POLICY" and why in result.details


async def test_past_the_cut_off_only_a_coachs_yes_ends_it(school: School) -> None:
    late = end("ss_today", "st_alya", "maya")
    school.clock.at = NOW + timedelta(minutes=30)
    refused = await school.operations.execute(late)
    assert (refused.status, refused.details) == ("BLOCKED_POLICY", "past the cut-off")
    released = await school.operations.execute(
        await school.approved(end("ss_today", "st_alya", "maya", "c2"))
    )
    assert released.status == "SUCCESS", released.details
