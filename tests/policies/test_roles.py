from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from casefile.base import Role
from casefile.effects import EFFECT
from policies.roles import MAY_PROPOSE, may_propose

EFFECTS = set(EFFECT.json_schema()["discriminator"]["mapping"])
ROLES = get_args(Role)


# Written with a refund that a person has let go, in C's own transaction.
NOBODYS = {"refund_payment", "close_payment"}


def test_every_role_is_named_and_only_with_effects_that_exist() -> None:
    assert set(MAY_PROPOSE) == set(ROLES)
    assert set().union(*MAY_PROPOSE.values()) == EFFECTS - NOBODYS


def test_each_hand_has_one_owner() -> None:
    assert [role for role in ROLES if may_propose(role, "send_message")] == ["B"]
    assert [role for role in ROLES if may_propose(role, "run_operation")] == ["C"]
    assert [role for role in ROLES if may_propose(role, "post_to_lane")] == ["A"]
    assert [role for role in ROLES if may_propose(role, "open_approval")] == ["A"]
    assert [role for role in ROLES if may_propose(role, "close_approval")] == ["A"]


def test_reviewer_and_writer_propose_nothing() -> None:
    assert not MAY_PROPOSE["D"] and not MAY_PROPOSE["F"]


@given(st.sampled_from(ROLES), st.text())
def test_an_effect_nobody_knows_is_refused(role: Role, effect: str) -> None:
    assert may_propose(role, effect) == (effect in MAY_PROPOSE[role])
    assert not may_propose(role, effect + "?")
