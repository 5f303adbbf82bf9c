"""What follows once C has noted a lead."""

from casefile.case import Case
from casefile.facts import Facts
from casefile.packets import CResult
from casefile.verdict import Verdict
from policies.gate import plain
from policies.matter import Matter

# The rule by which a lead is offered an hour to meet.
NOTED = "LEAD.noted"


def after_note(case: Case, facts: Facts, matter: Matter, result: CResult) -> Verdict | None:
    """Offer an hour to meet; hand over where none is free, or the page to point to is not published any more.

    None for any other result, and where B only has to say what follows.
    """
    if result.action != "LEAD_NOTE":
        return None
    outcome = result.new_state.get("outcome")
    if case.lead is not None and case.lead.booked and outcome == "slot":
        return None
    if outcome == "slot" and matter.choice is not None and matter.choice.offers:
        asked = plain(case, "ASK", NOTED, "The lead is noted, and hours to meet are offered")
        return asked.model_copy(update={"missing": "time"})
    if outcome == "slot":
        return _handed(
            case, "LEAD.no_slot", "No hour is free that the lead could be offered: a person finds one"
        )
    if outcome == "page" and facts.excerpt is None:
        return _handed(
            case, "LEAD.no_page", "The page to point to is not published any more: a person answers"
        )
    return None


def _handed(case: Case, rule: str, words: str) -> Verdict:
    return plain(case, "HAND_OVER", rule, words).model_copy(update={"lane": "ops"})
