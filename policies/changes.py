"""Has the customer changed their mind about what a person is deciding on?"""

import re

from casefile.approval import ApprovalRequest
from casefile.case import Case
from casefile.reading import Reading, Request
from policies.conditions import TAKEN_BACK
from policies.matter import Matter

# Any other risk in the same words is for the person who decides, not a new time.
_QUIET = frozenset({"reschedule", "withdrawal"})
_INSTEAD = re.compile(
    r"(?<!\w)(?:maksud\w*|bukan|jangan|mending\w*|ganti|saja|aja|instead|actually|rather|i meant?|make it|just)(?!\w)"
)
# A day given as a reason is no day wanted.
_REASON = re.compile(r"(?<!\w)(?:soalnya|karena|karna|krn|sebab|because|since|as i)(?!\w)")


def says_instead(words: str) -> bool:
    """Say whether canonical words put something in the place of what was said before."""
    return _INSTEAD.search(words) is not None and _REASON.search(words) is None


def wants_another_time(asked: ApprovalRequest, matter: Matter, reading: Reading | None) -> bool:
    """Say whether a message names another hour than the move that is being decided on."""
    operation, choice = asked.operation, matter.choice
    if operation is None or operation.action != "RESCHEDULE" or choice is None or reading is None:
        return False
    if choice.wish is None or not set(reading.signals) <= _QUIET or not says_instead(reading.normalized):
        return False
    return choice.slot is None or choice.slot.id != operation.params["slot_id"]


def replaces(case: Case, request: Request, reading: Reading) -> bool:
    """Say whether a request to move a lesson takes the place of one to cancel it, still undecided."""
    undecided = case.state == "awaiting_approval" and case.intent == "cancel_request"
    quiet = set(reading.signals) <= _QUIET
    return undecided and request.intent == "reschedule" and quiet and says_instead(reading.normalized)


def keeps(case: Case, matter: Matter, reading: Reading | None) -> bool:
    """Say whether a message is only a no to a move that was to be confirmed, naming no other time."""
    said = reading.slots if reading else None
    no = said is not None and said.yes_no == "no" and not said.when and said.choice is None
    asked = case.waiting_for in {"confirm", "session"} and matter.intent in {"reschedule", "booking_cancel"}
    return no and asked and matter.signals <= TAKEN_BACK
