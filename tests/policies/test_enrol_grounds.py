"""What texts about packages, trials and enrolments may state."""

from datetime import timedelta

from policies.enrol_grounds import brought, enrol_grounds
from policies.grounds import done_now, grounds
from tests.policies.builders import NOW, WIB
from tests.policies.enrol_worlds import (
    OFFERS,
    PRIVATE_8,
    RINA,
    enrolling,
    enrolment,
    seen,
)
from tests.policies.worlds import case, facts


def test_published_packages_hours_and_sums_may_be_said() -> None:
    read = seen("daftar privat 8 sesi, nama Tania, 25 tahun", offers=(*OFFERS, PRIVATE_8.model_copy(
        update={"id": "pk_draft", "name": "Rahasia 9 sesi", "published": False}
    )))  # fmt: skip
    made = enrolling("enrol_request", read=read).matter().enrol
    values = " | ".join(enrol_grounds(read, made, WIB, "id"))
    assert "Privat 8 sesi 8 60 12 Rp 2.640.000" in values and "Rp 2.890.000" in values
    assert "Sabtu, 14 Februari 2026 pukul 10.00 WIB Bima" in values and "Tania" in values
    assert "Rahasia" not in values


def test_a_message_about_signing_up_may_name_what_is_published_and_any_other_may_not() -> None:
    asked = enrolling("enrol_request", "privat 8 sesi")
    assert "Rp 2.640.000" in "\n".join(grounds(asked.case, asked.facts, (), asked.rules, "id"))
    other = asked.facts.model_copy(update={"enrolling": None})
    assert "Rp 2.640.000" not in "\n".join(grounds(asked.case, other, (), asked.rules, "id"))


def test_what_is_done_may_be_said_with_its_own_hour_and_package() -> None:
    done = enrolment(hold_until=NOW + timedelta(days=1), standing=RINA.package)
    values = " | ".join(enrol_grounds(seen(done=done, offers=()), None, WIB, "en"))
    assert "Saturday, 14 February 2026 at 10:00 AM WIB Bima" in values
    assert "Wednesday, 11 February 2026" in values and "Privat 8 sesi 1 Sunday, 1 March 2026" in values
    bare = enrolment(slot=None, standing=None)
    assert len(list(enrol_grounds(seen(done=bare, offers=(), openings=()), None, WIB, "id"))) == 1


def test_enrolled_is_said_only_of_the_bill_that_is_paid() -> None:
    number = "INV-2026-0210-001"
    assert brought(seen(done=enrolment()), f"{number} lunas")
    assert not brought(seen(done=enrolment()), "lunas")
    assert not brought(seen(done=enrolment(state="billed")), number)
    assert not brought(None, number)
    told = facts(None, enrolling=seen(done=enrolment()))
    assert "enrolled" in done_now(case(), told, (), number)
