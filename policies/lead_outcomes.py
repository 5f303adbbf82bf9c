"""What follows once C has noted a lead."""

from casefile.case import Case
from casefile.facts import Facts
from casefile.packets import CResult
from casefile.verdict import Verdict
from policies.gate import plain


def after_note(case: Case, facts: Facts, result: CResult) -> Verdict | None:
    """Hand over a lead whose page is not published any more: they are pointed nowhere; None for any other result."""
    if result.action != "LEAD_NOTE" or result.new_state.get("outcome") != "page" or facts.excerpt is not None:
        return None
    handed = plain(
        case, "HAND_OVER", "LEAD.no_page", "The page they would be pointed to is not published: a person"
    )
    return handed.model_copy(update={"lane": "ops"})
