"""The gate's rows for enrolments that are billed, and what follows where one could not be recorded."""

import pytest

from casefile.enrolments import Signup
from casefile.packets import CResult
from casefile.reading import Slots
from policies.enrol_outcomes import enrol_again
from policies.gate import admit
from policies.rules import matching
from tests.policies.builders import contact
from tests.policies.enrol_worlds import HOURS, LIMITS, RINA, enrolling, enrolment, seen, waiting
from tests.policies.worlds import World, identity, told

TANIA = Signup(name="Tania", age=25, package="pk_trial", shown=150_000)
OURS = {"identity": identity(), "students": (RINA,), "student": RINA}
CHOSEN = {"on": waiting("trial_request", "slot", TANIA, offered=HOURS), "slots": Slots(choice=1)}
TWO = (RINA, RINA.model_copy(update={"id": "st2"}))


@pytest.mark.parametrize(
    ("rule", "decision", "world"),
    [
        ("R2.enrol_who", "ASK", enrolling("trial_request", "mau trial")),
        ("R2.enrol_package", "ASK", enrolling("enrol_request", "Tania, 25")),
        ("R2.enrol_slot", "ASK", enrolling("trial_request", "Tania, 25")),
        ("R2.enrol_confirm", "ASK", enrolling("renewal_request", "perpanjang", **OURS)),
        ("R2.enrol_nothing", "HAND_OVER", enrolling("trial_request", read=seen("Tania, 25", openings=()))),
        ("R2.enrol_down", "DEGRADED_MODE", enrolling("trial_request").with_facts(enrolling=None)),
        (
            "R2.enrol_child",
            "ASK",
            enrolling("renewal_request", identity=identity(), students=TWO, student=None),
        ),
        ("R2.enrol", "EXECUTE", enrolling("trial_request", **CHOSEN)),
        ("R3.renewal_identity", "NEED_VERIFICATION", enrolling("renewal_request", "perpanjang")),
        (
            "R3.enrol_review",
            "ESCALATE_COACH",
            enrolling("trial_request", read=seen("Tania, 25", mine=(enrolment(),))),
        ),
        (
            "R3.enrol_review",
            "ESCALATE_COACH",
            enrolling("trial_request", **CHOSEN, limits=LIMITS.model_copy(update={"order_review": 1})),
        ),
        ("R3.vip", "ESCALATE_COACH", enrolling("trial_request", "trial", contact=contact(vip=True))),
        ("R3.stranger", "ESCALATE_COACH", enrolling("trial_request", identity=identity("UNKNOWN"))),
    ],
)
def test_each_row_is_seen_as_it_is_meant(rule: str, decision: str, world: World) -> None:
    verdict = admit(world.case, world.facts, world.request, world.rules)
    assert (verdict.rules[0].id, verdict.decision) == (rule, decision)


def test_down_names_what_it_waits_for() -> None:
    w = enrolling("trial_request").with_facts(enrolling=None)
    assert admit(w.case, w.facts, w.request, w.rules).dependency == "schedule"


def test_who_only_tells_is_asked_and_nobody_is_signed_up() -> None:
    w = told("belum daftar")
    w = World(w.case, w.facts.model_copy(update={"enrolling": seen()}), w.request, enrolling("x").rules)
    assert [rule.id for rule in matching(w.matter())] == ["R0.told"]


def result(by: str, status: str = "BLOCKED_POLICY") -> CResult:
    return CResult.model_validate(
        {
            "case_id": "SCH-2026-0001",
            "status": status,
            "action": "BOOKING_CREATE",
            "details": "-",
            "refs": {"blocked_by": by},
        }
    )


def test_what_was_taken_in_the_same_moment_is_offered_anew() -> None:
    on = waiting("trial_request", "slot", TANIA, offered=HOURS[:1], chosen=HOURS[0])
    w = enrolling("trial_request", on=on, read=seen(openings=HOURS[1:])).with_facts(reading=None)
    asked = enrol_again(w.case, w.matter(), result("slot_free"))
    assert asked is not None and (asked.decision, asked.missing) == ("ASK", "enrol_slot")
    raised = enrol_again(w.case, w.matter(), result("review"))
    assert raised is not None and (raised.tier, raised.approval_kind) == ("R3", "ORDER_REVIEW")
    assert enrol_again(w.case, w.matter(), result("slot_free", "FAILED")) is None
    none = w.with_facts(enrolling=seen(openings=()))
    assert enrol_again(none.case, none.matter(), result("slot_free")) is None
    assert enrol_again(w.case, enrolling("greeting").matter(), result("slot_free")) is None
