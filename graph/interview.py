"""A prospect's interview across messages: what of a message belongs to it, and how it goes on after a question."""

import datetime as dt
from dataclasses import dataclass

from casefile.case import Case
from casefile.lead import Answer, Lead
from casefile.reading import Reading, Request
from graph.meanings import as_said
from policies.booking_intents import BOOKABLE
from policies.intents import spec
from policies.lead_answers import answers, told
from policies.leads import LEADS, Leads
from policies.matter import CONTEXT_INTENTS

WAITS = frozenset({"awaiting_customer", "resolved"})
AFTER = WAITS | {"answered", "with_person"}
# Said in the middle of it these begin no matter of their own: who comes back is asked on.
GOES_ON = frozenset({"greeting", "chitchat", "other_topic", "acknowledge_wait", "case_status"})


@dataclass(frozen=True, slots=True)
class Part:
    """What of a message is an interview's, and what is left of it for others."""

    case_id: str
    reading: Reading
    rest: tuple[Request, ...]


def interview(reading: Reading, cases: tuple[Case, ...], words: str, leads: Leads | None) -> Part | None:
    """Return the part of a message that an interview takes; None where there is none, or it says nothing to it.

    A question put in between is answered by its page, and the interview goes on; what a person has to decide stands
    alone. Once it is noted only what changes an answer goes back to it: who wants something new begins anew.
    """
    case = max((c for c in cases if _open(c)), key=lambda c: c.updated_at, default=None)
    if leads is None or case is None or case.lead is None or set(reading.signals) - {"unsure"}:
        return None
    given = answers(told(words), leads, case.lead, reading.language, case.updated_at.date())
    if reading.signals and not given:
        # What may need a person is asked about, whatever stands open.
        return None
    intents = {request.intent for request in reading.requests}
    if case.lead.noted:
        return _after(case, case.lead, given, reading)
    own = (
        CONTEXT_INTENTS
        | LEADS
        | BOOKABLE.keys()
        | (GOES_ON if given or intents == {"greeting"} else frozenset())
    )
    rest = tuple(request for request in reading.requests if request.intent not in own)
    if rest and not given and not all(spec(request.intent).kind == "faq" for request in rest):
        return None
    if "lead_request" in intents:
        return Part(case.id, as_said(reading, "lead_request"), rest)
    if rest and not given and case.state == "resolved":
        return None
    elsewhere = not given and (bool(rest) or intents == {"greeting"})
    return Part(case.id, as_said(reading, "lead_resume" if elsewhere else "lead_answer"), rest)


def _after(case: Case, lead: Lead, given: dict[str, Answer], reading: Reading) -> Part | None:
    """Return what is a prospect's after the note: what changes it, and what picks an hour, whatever it looks like."""
    intents = {request.intent for request in reading.requests}
    changed = any(not answer.same(lead.answers.get(name)) for name, answer in given.items())
    if changed and intents <= CONTEXT_INTENTS | {"lead_answer"}:
        return Part(case.id, as_said(reading, "lead_answer"), ())
    picks = case.waiting_for in {"slot", "confirm"} and intents == {"lead_answer"}
    return Part(case.id, as_said(reading, "give_time"), ()) if picks else None


def _open(case: Case) -> bool:
    return case.lead is not None and case.state in (AFTER if case.lead.noted else WAITS)


def begins(reading: Reading, cases: tuple[Case, ...], words: str, leads: Leads | None) -> Reading:
    """Read who answers several of our questions before one is put as the prospect they are.

    And so whoever wants to meet and is not known as one yet.
    """
    intents = {request.intent for request in reading.requests}
    if leads is None or reading.signals or not intents <= CONTEXT_INTENTS | BOOKABLE.keys():
        return reading
    known = any(case.lead is not None and case.lead.noted for case in cases)
    if "booking_request" in intents and leads.service is not None and not known:
        return as_said(reading, "lead_request")
    given = answers(words, leads, Lead(), reading.language, dt.date(2000, 1, 1))
    several = sum(not answer.unknown for answer in given.values()) > 1
    return as_said(reading, "lead_request") if several else reading
