"""Which role may propose which effect (spec 1, "The six roles"). Only B can reach a customer."""

from casefile.base import Role

MAY_PROPOSE: dict[Role, frozenset[str]] = {
    "A": frozenset(
        {"post_to_lane", "open_approval", "close_approval", "start_timer", "stop_timer", "write_audit"}
    ),
    "B": frozenset({"send_message", "remember", "attach_evidence", "start_timer", "stop_timer", "note_gap"}),
    "C": frozenset({"run_operation", "request_payment", "push_delta"}),
    "D": frozenset(),
    "E": frozenset({"write_audit", "push_delta", "note_gap", "start_timer", "stop_timer", "forget_waiting"}),
    "F": frozenset(),
}


def may_propose(role: Role, effect: str) -> bool:
    """Say whether a role may propose an effect of this type (`casefile.effects`, field `type`)."""
    return effect in MAY_PROPOSE[role]
