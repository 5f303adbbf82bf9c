"""B's part of a prospect's turns: what is asked, what C is to note, and what follows from it."""

from agents.lead_words import of, summary
from agents.work import BUTTON_CHARS, BUTTONS, Proposal, Work
from casefile.case import Case
from casefile.effects import Button, Citation, SendMessage
from casefile.lead import Lead
from casefile.packets import CResult, CTask
from policies.lead_matter import LeadMatter, fields
from policies.lead_outcomes import NOTED
from prompts.render import Rendered


def _matter(work: Work) -> LeadMatter:
    if work.matter.lead is None:
        raise AssertionError("the gate asks a prospect only where an interview was weighed")
    return work.matter.lead


def ask(work: Work) -> tuple[Case, SendMessage]:
    """Ask what is still open, at most two questions at once; a choice that is short has buttons."""
    found = _matter(work)
    questions = [q for q in of(work).questions if q.id in found.ask]
    asked = "\n\n".join(work.render(q.template).text for q in questions)
    buttons = [
        Button(label=option.name[work.language][:BUTTON_CHARS], value=f"say:{option.id}")
        for question in questions
        for option in question.options
    ]
    lead = found.lead.model_copy(update={"asked": found.ask})
    message = work.say(
        work.render(_opening(work, found.lead), questions=asked),
        "ask",
        buttons=buttons if len(buttons) <= BUTTONS else (),
    )
    return work.case.with_(waiting_for="lead", lead=lead), message


def _opening(work: Work, lead: Lead) -> str:
    """Choose how the questions begin: for the first time, after something was told, or put once more."""
    before = work.case.lead
    if before is None:
        return "lead_start"
    return "lead_again" if lead.answers == before.answers else "lead_next"


def execute(work: Work, key: str) -> Proposal:
    """Hand C the note: the answers by name, what they lead to, and all of it in one line for people."""
    found, language = _matter(work), work.desk.lanes.language
    task = CTask(
        case_id=work.case.id,
        action="LEAD_NOTE",
        subject=work.facts.identity.contact_id or work.case.contact_id,
        params={
            "fields": fields(found.lead),
            "outcome": found.outcome,
            "summary": summary(work, found.lead, language, for_staff=True),
        },
        verification_status="OK",
        idempotency_key=key,
    )
    lead = found.lead.model_copy(update={"asked": (), "outcome": found.outcome})
    case = work.case.with_(waiting_for=None, lead=lead)
    if found.outcome == "slot" and not lead.booked:
        # From here on it is a booking like any other.
        case = case.with_(intent="booking_request", service=of(work).service)
    return Proposal("B", case, task=task)


def with_note(work: Work, asked: tuple[Case, SendMessage] | None) -> tuple[Case, SendMessage] | None:
    """Say what was noted before the hours that are offered next."""
    if asked is None or work.verdict.rules[0].id != NOTED:
        return asked
    case, offer = asked
    told = summary(work, case.lead or Lead(), work.language, for_staff=False)
    text = f"{work.render('lead_noted', summary=told).text}\n\n{offer.text}"
    lead = case.lead and case.lead.model_copy(update={"noted": True})
    return case.with_(lead=lead, task=None), offer.model_copy(update={"text": text})


def noted(case: Case, result: CResult) -> Lead | None:
    """Return a case's lead once C has written it down, or booked an hour for it."""
    lead = case.lead
    booked = result.action == "BOOKING_CREATE"
    return lead and lead.model_copy(update={"noted": True, "booked": booked or lead.booked})


def reported(work: Work) -> Rendered:
    """Word what follows: what is to be met for is changed, a page serves them better, or a person gets in touch."""
    lead = work.case.lead or Lead()
    told = summary(work, lead, work.language, for_staff=False)
    page = work.facts.excerpt
    if lead.outcome == "slot":
        return work.render("lead_noted", summary=told)
    if lead.outcome == "page" and page is not None:
        return work.render("lead_page", summary=told, answer=page.excerpt)
    return work.render("lead_person", summary=told, time_window=work.window())


def cited(work: Work) -> tuple[Citation, ...]:
    """Return the page that a report on a lead rests on."""
    page = work.facts.excerpt
    pointed = work.case.lead is not None and work.case.lead.outcome == "page" and page is not None
    if not pointed or page is None:
        return ()
    return (Citation(page_id=page.page_id, release=page.release, content_hash=page.content_hash),)
