"""Who may answer a case in words of their own, and when."""

import pytest

from policies.replies import answerable, may_handle
from policies.window import FREE_WRITING
from tests.policies.builders import NOW, conversation, staff
from tests.policies.worlds import case

THEIRS = case(state="with_person", tier="R1", owner="person:ops")
TALK = conversation(window_opened_at=NOW)


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
    assert (answerable(on, staff(*roles), TALK, NOW) == "ok") is may


def test_a_stranger_answers_nothing() -> None:
    assert not may_handle(THEIRS, None)
    assert answerable(THEIRS, None, TALK, NOW) == "not_allowed"
    assert answerable(None, staff("operator"), TALK, NOW) == "unknown"


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
    assert answerable(THEIRS.with_(state=state), staff("operator"), TALK, NOW) == said


def test_what_waits_for_a_decision_is_decided_and_not_answered() -> None:
    waiting = THEIRS.with_(state="awaiting_approval", approval_id="a1", tier="R3")
    for roles in (("operator",), ("coach",)):
        assert answerable(waiting, staff(*roles), TALK, NOW) == "to_decide"


def test_after_the_window_nothing_is_taken_that_would_not_arrive() -> None:
    old = conversation(window_opened_at=NOW - FREE_WRITING)
    assert answerable(THEIRS, staff("operator"), old, NOW) == "window_closed"
    assert answerable(THEIRS, staff("operator"), conversation(), NOW) == "ok"


@pytest.mark.parametrize("state", ["awaiting_customer", "awaiting_approval", "executing", "resolved"])
def test_who_has_the_conversation_speaks_wherever_the_case_stands(state: str) -> None:
    on = THEIRS.with_(state=state, approval_id="a1" if state == "awaiting_approval" else None)
    for holder in ("maya", "phone"):
        taken = conversation(window_opened_at=NOW, taken_by=holder)
        assert answerable(on, staff("operator"), taken, NOW) == "ok"
    assert answerable(on, staff("operator"), TALK, NOW) != "ok"


def test_nobody_else_speaks_in_a_conversation_that_a_person_has() -> None:
    taken = conversation(window_opened_at=NOW, taken_by="tari")
    assert answerable(THEIRS, staff("operator"), taken, NOW) == "taken"
    assert answerable(THEIRS.with_(state="closed"), staff("operator"), TALK, NOW) == "not_with_person"
    own = conversation(window_opened_at=NOW, taken_by="maya")
    assert answerable(THEIRS.with_(state="closed"), staff("operator"), own, NOW) == "not_with_person"
