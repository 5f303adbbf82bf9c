"""Admit: floors, what brings a request down, what a model may do, and spec 1's rollout table."""

import pytest

from casefile.facts import RolloutMode
from casefile.verdict import Decision, Tier
from policies.gate import admit, came_down_by, floor, request_of
from tests.policies.worlds import World, case, confirmed, identity, page, reading, request, rules, world

WAITING, YES = confirmed()
FAQ = world("faq.price_list", excerpt=page("price_list"))
STATUS = world("next_session")
MOVE = world("affirm", on=WAITING, slots=YES)
REFUND = world("refund_request")
QUESTION = world("faq.refund_policy", "refund", is_question=True, excerpt=page())


@pytest.mark.parametrize(
    ("w", "starts", "ends", "by"),
    [
        (FAQ, "R0", "R0", None),
        (STATUS, "R1", "R1", None),
        (MOVE, "R3", "R2", "records"),
        (QUESTION, "R3", "R0", "page"),
        (REFUND, "R3", "R3", None),
        (world("complaint"), "R3", "R3", None),
    ],
)
def test_where_a_message_starts_and_what_brings_it_down(
    w: World, starts: Tier, ends: Tier, by: str | None
) -> None:
    verdict = admit(w.case, w.facts, w.request, w.rules)
    assert (verdict.floor, verdict.tier) == (starts, ends)
    assert floor(w.matter()) == starts and came_down_by(w.matter()) == by


# Spec 1's rollout table: who passes what is about to be done, when role A's own QA is the approval.
ROLLOUT: tuple[tuple[RolloutMode, World, Decision, str], ...] = (
    ("pilot", FAQ, "ANSWER", "none"),
    ("pilot", STATUS, "ANSWER", "role"),
    ("pilot", MOVE, "EXECUTE", "role"),
    ("pilot", REFUND, "ESCALATE_COACH", "none"),
    ("hardening", FAQ, "ANSWER", "none"),
    ("hardening", STATUS, "ANSWER", "none"),
    ("hardening", MOVE, "EXECUTE", "role"),
    ("hardening", REFUND, "ESCALATE_COACH", "none"),
    ("production", FAQ, "ANSWER", "none"),
    ("production", STATUS, "ANSWER", "none"),
    ("production", MOVE, "EXECUTE", "none"),
    ("production", REFUND, "ESCALATE_COACH", "none"),
)


@pytest.mark.parametrize(("mode", "w", "decision", "passes"), ROLLOUT)
@pytest.mark.parametrize("a_approval", ["role", "human"])
def test_the_rollout_modes_differ_exactly_as_the_table(
    mode: RolloutMode, w: World, decision: Decision, passes: str, a_approval: str
) -> None:
    verdict = admit(w.case, w.facts, w.request, rules(mode, a_approval=a_approval))
    assert (verdict.decision, verdict.a_approval) == (decision, a_approval if passes == "role" else "none")
    assert verdict.lane == ("coach" if decision == "ESCALATE_COACH" else None)


@pytest.mark.parametrize("mode", ["pilot", "hardening", "production"])
def test_questions_back_wait_for_nobody_in_any_mode(mode: RolloutMode) -> None:
    w = world("next_session", identity=identity("UNKNOWN"))
    verdict = admit(w.case, w.facts, w.request, rules(mode))
    assert (verdict.decision, verdict.a_approval, verdict.missing) == (
        "NEED_VERIFICATION",
        "none",
        "identity",
    )


@pytest.mark.parametrize(
    ("w", "model", "tier", "decision", "kind"),
    [
        (FAQ, "R0", "R0", "ANSWER", None),
        (FAQ, "R2", "R2", "ANSWER", None),
        (FAQ, "R3", "R3", "ESCALATE_COACH", "OTHER_EXCEPTION"),
        (MOVE, "R3", "R3", "ESCALATE_COACH", "RESCHEDULE_EXCEPTION"),
        (world("reschedule"), "R3", "R3", "ESCALATE_COACH", "RESCHEDULE_EXCEPTION"),
        (REFUND, "R0", "R3", "ESCALATE_COACH", "REFUND"),
    ],
)
def test_a_model_may_raise_and_never_lower(
    w: World, model: Tier, tier: Tier, decision: Decision, kind: str | None
) -> None:
    w = w.thought(model)
    verdict = admit(w.case, w.facts, w.request, w.rules)
    assert (verdict.tier, verdict.decision, verdict.approval_kind) == (tier, decision, kind)
    assert verdict.missing is None


def test_what_is_down_is_named_and_urgent_is_said() -> None:
    w = world("next_session", down=frozenset({"schedule"}))
    assert admit(w.case, w.facts, w.request, w.rules).dependency == "schedule"
    assert admit(STATUS.case, STATUS.facts, STATUS.request, STATUS.rules).dependency is None
    threat = world("next_session", "legal")
    assert admit(threat.case, threat.facts, threat.request, threat.rules).urgent
    assert not admit(REFUND.case, REFUND.facts, REFUND.request, REFUND.rules).urgent


def test_the_request_is_the_cases_own_else_the_first_else_unclear() -> None:
    first, second = request("greeting"), request("next_session")
    both = reading(first, second)
    assert request_of(case(intent="next_session"), both) == second
    assert request_of(case(intent="quota_left"), both) == first
    nothing = request_of(case(), reading(signals=("refund",)))
    assert (nothing.intent, nothing.signals) == ("unclear", ("refund",))
    assert request_of(case(), None).signals == ()
