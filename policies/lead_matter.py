"""What a message makes of a prospect's interview: the answers so far, what is asked next, and what follows."""

from collections.abc import Iterator

from pydantic import JsonValue

from casefile.base import Frozen, Language
from casefile.case import Case
from casefile.facts import Facts
from casefile.lead import Answer, Lead, Outcome
from casefile.money import rupiah
from casefile.packets import CTask
from casefile.reading import Request
from policies.desk import Rules
from policies.intents import topic_of
from policies.lead_answers import answers, told
from policies.leads import LEADS, Leads


class LeadMatter(Frozen):
    """What the gate's rows on leads look at.

    `lead` is the interview with this message in it; `ask` are the questions that are put next, none once all are
    answered; `outcome` is what the answers lead to.
    """

    lead: Lead
    ask: tuple[str, ...] = ()
    outcome: Outcome | None = None

    @property
    def to_note(self) -> bool:
        """Say whether everything is answered, and the note does not hold it yet."""
        return not self.ask and not self.lead.noted


def lead_intent(request: Request) -> str | None:
    """Return what a part of an interview asks for: to be taken as the prospect they are."""
    return "lead_request" if request.intent in LEADS else None


def page_asked(case: Case, intent: str, rules: Rules) -> str | None:
    """Return the topic of the page that an answer rests on: the one asked about, or the one a lead is pointed to."""
    pointed = intent in LEADS and rules.leads and case.lead and case.lead.outcome == "page"
    return rules.leads.page if pointed and rules.leads else topic_of(intent)


def weigh_lead(case: Case, facts: Facts, intent: str, said: str, rules: Rules) -> LeadMatter | None:
    """Weigh an interview; None at a desk without one. `said` is what the words alone read as."""
    if rules.leads is None or intent not in LEADS:
        return None
    lead = case.lead or Lead()
    reading = facts.reading
    if reading is not None and said in LEADS:
        words = facts.words if said == "lead_request" else told(facts.words)
        today = facts.now.astimezone(rules.zone).date()
        days = [when.date for when in reading.slots.when if when.date is not None]
        given = answers(words, rules.leads, lead, reading.language, today, days)
        lead = _with(lead, given, answered=said != "lead_resume")
    ask = tuple(question.id for question in rules.leads.to_ask(lead))
    return LeadMatter(lead=lead, ask=ask, outcome=None if ask else rules.leads.outcome(lead))


def _with(lead: Lead, given: dict[str, Answer], *, answered: bool) -> Lead:
    """Add what was given; what was put twice, and nothing answered both times, is not put a third time."""
    open_still = [name for name in lead.asked if name not in lead.answers]
    missed = open_still if answered and not given else []
    refused = {name: Answer(said="", unknown=True) for name in missed if name in lead.pressed}
    changed = any(not answer.same(lead.answers.get(name)) for name, answer in given.items())
    return lead.model_copy(
        update={
            "answers": {**lead.answers, **given, **refused},
            "pressed": tuple(dict.fromkeys((*lead.pressed, *missed))),
            "noted": lead.noted and not changed,
        }
    )


def fields(lead: Lead) -> dict[str, JsonValue]:
    """Return the answers as the note keeps them."""
    return {
        name: answer.model_dump(mode="json", exclude_defaults=True) for name, answer in lead.answers.items()
    }


def is_the_note(task: CTask, matter: LeadMatter | None, facts: Facts) -> bool:
    """Say whether a task notes exactly what its own prospect has told, and what that leads to."""
    return (
        matter is not None
        and matter.to_note
        and task.subject == facts.identity.contact_id
        and task.params.get("fields") == fields(matter.lead)
        and task.params.get("outcome") == matter.outcome
    )


def lead_grounds(lead: Lead, leads: Leads, language: Language) -> Iterator[str]:
    """Yield what may be said of what a prospect has told: their own words, and the figures those came to."""
    for question in leads.questions:
        yield f"{question.name[language]} {' '.join(option.name[language] for option in question.options)}"
        answer = lead.answers.get(question.id)
        figures = [n for n in (answer.low, answer.high) if n is not None] if answer else []
        yield " ".join(rupiah(n, language) if question.kind == "money" else str(n) for n in figures)
        yield answer.said if answer and question.kind == "time" else ""
