"""B's words on how a case stands: while a person has it, once it is decided, and what is added meanwhile."""

from agents.work import Work
from casefile.case import Case
from policies.enrolments import ENROLMENTS, gives_details
from policies.news import approved
from prompts.render import Rendered

# Said once in a case; what comes after is acknowledged in two words.
NOTED = "told:noted"
DECIDED = {
    "approved": "news_approved",
    "edited": "news_decided",
    "denied": "news_denied",
    "withdrawn": "news_withdrawn",
}


def news(work: Work) -> Rendered:
    """Say how the case stands: with whom it is and until when, or what was decided; else ask what is meant."""
    case = work.case
    if work.verdict.decision == "WAIT" and case.intent == "payment_claim":
        checked = "payment_proof_checked" if case.evidence else "payment_claim_checked"
        return work.render(checked, time_window=work.window())
    if work.verdict.decision == "WAIT":
        template = "news_open" if case.order is None else "news_order"
        if case.order is not None and approved(case):
            template = "news_approved_order"
        return work.render(template, time_window=work.window())
    told = DECIDED.get(case.disposition, "news_none")
    return work.render("news_decided" if told == "news_approved" and not approved(case) else told)


def noted(work: Work) -> Rendered:
    """Acknowledge what is added: in a sentence the first time, briefly after that."""
    reading, message = work.facts.reading, work.message()
    if work.case.intent == "payment_claim" and message is not None and message.message.media is not None:
        return work.render("payment_proof_checked", time_window=work.window())
    if work.case.intent in ENROLMENTS and reading is not None and gives_details(reading.normalized):
        return work.render("enrol_details_noted")
    return work.render("addition_more" if NOTED in work.case.tags else "addition_noted")


def kept(work: Work) -> Case:
    """Return the case with it kept that an addition has been acknowledged in full."""
    if work.verdict.rules[0].id != "CASE.addition" or NOTED in work.case.tags:
        return work.case
    return work.case.with_(tags=(*work.case.tags, NOTED))
