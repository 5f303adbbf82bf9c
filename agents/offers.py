"""Offers in B's own words: kept in the case, so that a yes to one leads somewhere."""

from dataclasses import replace

from agents.work import Proposal, Work
from casefile.effects import SendMessage
from policies.offers import PAGES, TEMPLATES, WITHOUT_OPTIONS


def kept(work: Work, proposal: Proposal) -> Proposal:
    """Return the proposal with the case waiting for a yes to what the message offers, if it offers something."""
    offered = _offered(work, proposal)
    if offered is None or proposal.case.waiting_for is not None:
        return proposal
    if proposal.case.state not in {"answered", "awaiting_customer"}:
        return proposal
    return replace(proposal, case=proposal.case.with_(waiting_for="offer", meanings=(offered,)))


def _offered(work: Work, proposal: Proposal) -> str | None:
    said = next((e for e in proposal.effects if isinstance(e, SendMessage)), None)
    if said is None or said.by != "B":
        return None
    given = work.approval()
    if given is not None:
        if given.alternative == "credit":
            return "credit"
        refused = work.verdict.decision == "DECLINE"
        return "options" if refused and work.case.cause.split(" ")[0] not in WITHOUT_OPTIONS else None
    cited = next((PAGES[c.page_id] for c in said.citations if c.page_id in PAGES), None)
    return cited or TEMPLATES.get(said.template.partition("@")[0])
