"""What follows when an enrolment could not be recorded as it was agreed to."""

from casefile.case import Case
from casefile.packets import CResult
from casefile.verdict import Verdict
from policies.gate import plain
from policies.matter import Matter

MISSING = {"slot": "enrol_slot", "confirm": "enrol_confirm", "package": "package", "who": "who"}


def enrol_again(case: Case, matter: Matter, result: CResult) -> Verdict | None:
    """Ask again where the hour was taken in the same moment or the sum has changed; None leaves it to a person."""
    enrol = matter.enrol
    if enrol is None or result.status != "BLOCKED_POLICY":
        return None
    if result.refs.get("blocked_by") in {"review", "trial_once"}:
        words = "As it was written a person has to look: over the limit, or a second trial"
        raised = plain(case, "ESCALATE_COACH", "R3.enrol_review", words)
        return raised.model_copy(update={"tier": "R3", "approval_kind": "ORDER_REVIEW", "lane": "coach"})
    missing = MISSING.get(enrol.open or "")
    if missing is None:
        return None
    words = "The hour was taken in the same moment, or the sum has changed: asked again"
    return plain(case, "ASK", "C.enrol_changed", words).model_copy(update={"missing": missing})
