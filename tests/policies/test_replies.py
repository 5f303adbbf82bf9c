"""Who may answer a case in words of their own, and when."""

import pytest

from policies.replies import answerable, may_handle
from policies.window import FREE_WRITING
from tests.policies.builders import NOW, staff
from tests.policies.worlds import case

THEIRS = case(state="with_person", tier="R1", owner="person:ops")


@pytest.mark.parametrize(
    ("roles", "tier", "owner", "may"),
    [
        (("operator",), "R1", "person:ops", True),
        (("operator",), "R3", "person:ops", True),
        (("coach",), "R1", "person:ops", False),
        (("coach",), "R3", "person:ops", True),
        (("coach",), "R2", "person:maya", True),
        (("oncall",), "R3", "person:ops", False),
        ((), "R0", "person:ops", False),
    ],
)
def test_an_operator_handles_any_case_a_coach_what_is_r3_or_theirs(
    roles: tuple[str, ...], tier: str, owner: str, may: bool
) -> None:
    on = THEIRS.with_(tier=tier, owner=owner)
    assert may_handle(on, staff(*roles)) is may
    assert (answerable(on, staff(*roles), NOW, NOW) == "ok") is may


def test_a_stranger_answers_nothing() -> None:
    assert not may_handle(THEIRS, None)
    assert answerable(THEIRS, None, NOW, NOW) == "not_allowed"
    assert answerable(None, staff("operator"), NOW, NOW) == "unknown"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("with_person", "ok"),
        ("answered", "ok"),
        ("executing", "not_with_person"),
        ("awaiting_customer", "not_with_person"),
        ("resolved", "not_with_person"),
        ("closed", "not_with_person"),
    ],
)
def test_only_a_case_that_is_a_persons_or_answered_is_answered(state: str, said: str) -> None:
    assert answerable(THEIRS.with_(state=state), staff("operator"), NOW, NOW) == said


def test_what_waits_for_a_decision_is_decided_and_not_answered() -> None:
    waiting = THEIRS.with_(state="awaiting_approval", approval_id="a1", tier="R3")
    for roles in (("operator",), ("coach",)):
        assert answerable(waiting, staff(*roles), NOW, NOW) == "to_decide"


def test_after_the_window_nothing_is_taken_that_would_not_arrive() -> None:
    assert answerable(THEIRS, staff("operator"), NOW - FREE_WRITING, NOW) == "window_closed"
    assert answerable(THEIRS, staff("operator"), None, NOW) == "ok"
