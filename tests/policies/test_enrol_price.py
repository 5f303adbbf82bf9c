"""What signing somebody up costs."""

from datetime import date, timedelta

import pytest

from casefile.enrolments import Enrolment, EnrolmentKind, PackageOffer
from casefile.records import Package, Student
from policies.enrol_price import Price, price, same_person, trials_of
from tests.policies.builders import NOW
from tests.policies.enrol_worlds import (
    CHILDREN,
    LIMITS,
    OFFERS,
    PRIVATE_8,
    PRIVATE_12,
    RINA,
    TODAY,
    TRIAL,
    enrolment,
)


def priced(
    offer: PackageOffer,
    kind: EnrolmentKind,
    *,
    student: Student | None = None,
    name: str = "Tania",
    family: tuple[Student, ...] = (),
    mine: tuple[Enrolment, ...] = (),
) -> Price:
    return price(offer, kind, student, name, family, OFFERS, mine, LIMITS, NOW, TODAY)


def test_a_new_student_pays_the_registration_once() -> None:
    assert priced(PRIVATE_8, "enrol").total == 2_640_000 + 250_000
    assert priced(PRIVATE_8, "renew", student=RINA, family=(RINA,)).total == 2_640_000
    assert priced(TRIAL, "trial").total == 150_000


def with_package(student_id: str, name: str, left: int = 3, expires: date = date(2026, 4, 1)) -> Student:
    return Student(
        id=student_id, name="Adik", package=Package(name=name, sessions_left=left, expires=expires)
    )


@pytest.mark.parametrize(
    ("sibling", "off"),
    [
        (with_package("st0", "Privat 12 sesi"), 264_000),
        (with_package("st0", "Privat 8 sesi"), 264_000),
        # Of two alike the one who came first pays in full.
        (with_package("st9", "Privat 8 sesi"), 0),
        (with_package("st0", "Anak 4 sesi"), 0),
        (with_package("st0", "Privat 12 sesi", left=0), 0),
        (with_package("st0", "Privat 12 sesi", expires=TODAY - timedelta(days=1)), 0),
        (with_package("st0", "Paket lama"), 0),
        (Student(id="st0", name="Adik"), 0),
    ],
)
def test_the_less_dear_package_of_two_siblings_is_less(sibling: Student, off: int) -> None:
    assert priced(PRIVATE_8, "renew", student=RINA, family=(RINA, sibling)).sibling == off


def test_a_further_child_comes_after_those_on_record() -> None:
    assert priced(CHILDREN, "enrol", family=(RINA,)).sibling == 110_000
    assert priced(PRIVATE_8, "enrol", family=(RINA,)).sibling == 264_000
    assert priced(PRIVATE_12, "enrol", family=(RINA,)).sibling == 0


def test_a_trial_paid_lately_comes_off_the_first_package_only() -> None:
    paid = enrolment()
    assert priced(PRIVATE_8, "enrol", mine=(paid,)).trial == 150_000
    assert priced(PRIVATE_8, "enrol", name="Bayu", mine=(paid,)).trial == 0
    late = enrolment(paid_at=NOW - timedelta(days=8))
    assert priced(PRIVATE_8, "enrol", mine=(late,)).trial == 0
    assert priced(PRIVATE_8, "enrol", mine=(enrolment(state="billed", paid_at=None),)).trial == 0
    taken = enrolment(id="k2", kind="enrol", offer=PRIVATE_8, slot=None)
    assert priced(PRIVATE_8, "enrol", mine=(taken, paid)).trial == 0
    assert priced(PRIVATE_8, "renew", mine=(paid,)).trial == 0


def test_a_first_name_alone_is_the_same_person() -> None:
    assert same_person("Tania", "tania Putri") and same_person("Tania Putri", "Tania Putri")
    assert not same_person("Tania Putri", "Tania Sari") and not same_person("", "Tania")


def test_a_trial_that_ran_out_was_none() -> None:
    over = enrolment(state="expired")
    assert trials_of("Tania", (over, enrolment(id="k2", state="billed"))) == (
        enrolment(id="k2", state="billed"),
    )
