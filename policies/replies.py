"""Words of people: who may answer a case in words of their own, and when."""

from datetime import datetime
from typing import Literal

from casefile.case import Case
from casefile.records import PHONE, Conversation, StaffMember
from policies.window import has_closed

Answerable = Literal["ok", "unknown", "not_allowed", "taken", "to_decide", "not_with_person", "window_closed"]
# Whoever it was answered by, a person who handles a case may add to it until it resolves.
ANSWERED_BY_PEOPLE = frozenset({"with_person", "answered"})


def may_handle(case: Case, staff: StaffMember | None) -> bool:
    """Say whether a case is this person's to work on: an operator's, and a coach's what is R3 or theirs."""
    if staff is None:
        return False
    own = case.owner == f"person:{staff.id}"
    return own or "operator" in staff.roles or ("coach" in staff.roles and case.tier == "R3")


def answerable(
    case: Case | None, staff: StaffMember | None, conversation: Conversation, now: datetime
) -> Answerable:
    """Say whether this person's words may go to the customer of this case now.

    What waits for a decision is decided, not answered, unless the conversation is in a person's hands: then it is
    theirs to speak, and nobody else's. After WhatsApp's window nothing would arrive.
    """
    if case is None:
        return "unknown"
    if not may_handle(case, staff):
        return "not_allowed"
    if conversation.taken_by is None:
        if case.approval_id is not None:
            return "to_decide"
        if case.state not in ANSWERED_BY_PEOPLE:
            return "not_with_person"
    elif staff is not None and conversation.taken_by not in {staff.id, PHONE}:
        return "taken"
    elif case.state == "closed":
        return "not_with_person"
    return "window_closed" if has_closed(conversation.window_opened_at, now) else "ok"
