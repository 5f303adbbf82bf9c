"""The sample records fit together and hold every situation the scripts need."""

import itertools
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

RECORDS = Path(__file__).parents[2] / "desks" / "school" / "records"


def load_records(name: str) -> list[dict[str, Any]]:
    """Read one file of sample records."""
    rows: list[dict[str, Any]] = yaml.safe_load((RECORDS / f"{name}.yaml").read_text(encoding="utf-8"))
    return rows


CONTACTS = load_records("contacts")
STUDENTS = load_records("students")
SESSIONS = load_records("sessions")
SLOTS = load_records("slots")
RESCHEDULES = load_records("reschedules")
INVOICES = load_records("invoices")
STAFF = load_records("staff")
COACHES = load_records("coaches")

CONTACT_IDS = {contact["id"] for contact in CONTACTS}
STUDENT_IDS = {student["id"] for student in STUDENTS}


def answers_for(contact_id: str) -> list[dict[str, Any]]:
    """List the students a contact answers for."""
    return [s for s in STUDENTS if s["own_contact"] == contact_id or contact_id in s["guardians"]]


def interval(row: dict[str, Any]) -> tuple[int, int]:
    """Give a row's start and end in minutes from the start of the day the records are loaded."""
    hours, minutes = row["at"].split(":")
    start = row["day_offset"] * 1440 + int(hours) * 60 + int(minutes)
    return start, start + row["minutes"]


def counted(student_id: str) -> int:
    """Count this month's reschedules that use the student's own quota."""
    return sum(
        r["count"]
        for r in RESCHEDULES
        if r["student"] == student_id and r["source"] == "customer" and r["month_offset"] == 0
    )


@pytest.mark.parametrize(
    ("rows", "key", "shape"),
    [
        (CONTACTS, "id", r"ct_[a-z]+"),
        (STUDENTS, "id", r"st_[a-z]+"),
        (SESSIONS, "id", r"ss_[a-z]+_\d+"),
        (SLOTS, "id", r"sl_\d{3}"),
        (STAFF, "id", r"sf_[a-z]+"),
        (COACHES, "id", r"co_[a-z]+"),
        (INVOICES, "number", r"INV-\d{4}-\d{4}-\d{3,}"),
    ],
)
def test_ids_are_unique_and_shaped(rows: list[dict[str, Any]], key: str, shape: str) -> None:
    assert all(re.fullmatch(shape, row[key]) for row in rows)
    assert max(Counter(row[key] for row in rows).values()) == 1


def test_references_lead_somewhere() -> None:
    for student in STUDENTS:
        people = {*student["guardians"], student["own_contact"]} - {None}
        assert people and people <= CONTACT_IDS, student["id"]
    for row in (*SESSIONS, *RESCHEDULES, *INVOICES):
        assert row["student"] in STUDENT_IDS
    for invoice in INVOICES:
        assert invoice["student"] in {s["id"] for s in answers_for(invoice["contact"])}, invoice["number"]
        confirmed_by = invoice["payment"]["confirmed_by"]
        assert confirmed_by is None or confirmed_by in {member["id"] for member in STAFF}
    coaches = {coach["name"] for coach in COACHES}
    assert {row["coach"] for row in (*SESSIONS, *SLOTS)} == coaches
    assert all(answers_for(contact_id) for contact_id in CONTACT_IDS)


def test_aliases_are_unique_and_repeat_the_phone() -> None:
    aliases = [(alias["kind"], alias["value"]) for contact in CONTACTS for alias in contact["aliases"]]
    assert len(aliases) == len(set(aliases))
    assert {kind for kind, _ in aliases} == {"phone", "lid", "user_id", "username"}
    for contact in CONTACTS:
        phones = [alias["value"] for alias in contact["aliases"] if alias["kind"] == "phone"]
        assert phones == ([contact["phone"]] if contact["phone"] else [])
        assert contact["phone"] is None or re.fullmatch(r"\+628\d{8,11}", contact["phone"])
        assert contact["email"].endswith("@example.com")
    emails = [contact["email"] for contact in CONTACTS]
    assert len(emails) == len(set(emails))


def test_nobody_is_in_two_places_at_once() -> None:
    for key in ("coach", "student"):
        rows = [row for row in (*SESSIONS, *SLOTS) if key in row]
        for one, other in itertools.combinations(rows, 2):
            if one[key] != other[key]:
                continue
            (start, end), (begin, finish) = interval(one), interval(other)
            assert end <= begin or finish <= start, (one["id"], other["id"])


def test_lessons_and_slots_lie_in_opening_hours() -> None:
    for row in (*SESSIONS, *SLOTS):
        start, end = (minute - row["day_offset"] * 1440 for minute in interval(row))
        assert 9 * 60 <= start < end <= 20 * 60, row["id"]
    assert len(SLOTS) >= 40
    assert {slot["day_offset"] for slot in SLOTS} == set(range(1, 15))


def test_sessions_agree_with_their_package() -> None:
    for student in STUDENTS:
        booked = [s for s in SESSIONS if s["student"] == student["id"] and s["status"] == "scheduled"]
        package = student["package"]
        assert len(booked) <= package["sessions_left"], student["id"]
        assert all(0 <= s["day_offset"] <= package["expires_day_offset"] for s in booked), student["id"]
    assert all((s["status"] == "done") == (s["day_offset"] < 0) for s in SESSIONS)


def test_payment_is_true_to_its_status() -> None:
    for invoice in INVOICES:
        payment = invoice["payment"]
        assert isinstance(invoice["amount"], int) and invoice["amount"] > 0
        assert (invoice["status"] == "paid") == (payment["state"] == "CONFIRMED"), invoice["number"]
        named = payment["confirmed_by"] is not None and bool(payment.get("evidence"))
        if payment["state"] == "CONFIRMED":
            assert payment["source"] == ("staff" if named else "provider"), invoice["number"]
            assert payment["paid_day_offset"] < invoice["due_day_offset"], invoice["number"]
        else:
            assert not named


def test_staff_can_approve_and_operate() -> None:
    ids = [member["telegram_user_id"] for member in STAFF]
    assert len(ids) == len(set(ids))
    roles = Counter(role for member in STAFF for role in member["roles"])
    assert set(roles) == {"coach", "operator", "oncall"}
    assert roles["coach"] >= 2
    assert len(COACHES) == 5


def test_every_situation_the_scripts_need_is_there() -> None:
    children = Counter(len(answers_for(contact_id)) for contact_id in CONTACT_IDS)
    assert children[2] >= 1 and children[3] >= 1
    assert len(CONTACTS) >= 14
    assert {counted(student["id"]) for student in STUDENTS} == {0, 1, 2}
    assert {r["source"] for r in RESCHEDULES} == {"customer", "exception", "school"}
    assert {i["payment"]["state"] for i in INVOICES} == {
        "CONFIRMED",
        "PENDING",
        "FAILED",
        "EXPIRED",
        "REVERSED",
    }
    assert any(i["due_day_offset"] < 0 and i["status"] == "unpaid" for i in INVOICES)
    assert any(s["day_offset"] == 0 and s["at"] == "16:00" for s in SESSIONS)
    assert any(contact["vip"] for contact in CONTACTS)
    assert any(contact["opt_out"] for contact in CONTACTS)
    assert any([a["kind"] for a in contact["aliases"]] == ["lid"] for contact in CONTACTS)
    assert any("english" in contact["tags"] for contact in CONTACTS)
    assert any(student["package"]["sessions_left"] == 1 for student in STUDENTS)
    assert any(student["package"]["expires_day_offset"] == 5 for student in STUDENTS)
    ahead = {s["student"] for s in SESSIONS if s["status"] == "scheduled"}
    assert STUDENT_IDS - ahead == {"st_tono"}
    shared = Counter((s["coach"], s["day_offset"]) for s in SESSIONS if s["status"] == "scheduled")
    assert max(shared.values()) >= 2
