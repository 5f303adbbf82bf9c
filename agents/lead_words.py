"""A prospect's answers in words: for the customer who reads them back, and for the staff."""

from agents.work import Work
from casefile.base import Language
from casefile.lead import Answer, Lead
from casefile.money import rupiah
from policies.leads import Leads, Question


def summary(work: Work, lead: Lead, language: Language, *, for_staff: bool) -> str:
    """Say what was told: in a row for the staff, for the customer on a line each and not in words of their own."""
    told = [(q, lead.answers[q.id]) for q in of(work).questions if q.id in lead.answers]
    parts = [
        f"{question.name[language]}: {_words(work, question, answer, language)}"
        for question, answer in told
        if for_staff or _echoed(question, answer)
    ]
    return " · ".join(parts) if for_staff else "\n".join(f"• {part}" for part in parts)


def of(work: Work) -> Leads:
    """Return the desk's interview."""
    if work.desk.rules.leads is None:
        raise AssertionError("the gate sees a prospect only at a desk that asks them something")
    return work.desk.rules.leads


def _echoed(question: Question, answer: Answer) -> bool:
    return question.kind != "words" and not answer.unknown


def _words(work: Work, question: Question, answer: Answer, language: Language) -> str:
    label = work.desk.templates.label
    if answer.unknown:
        return label("lead.unknown", language)
    match question.kind:
        case "choice":
            return ", ".join(o.name[language] for o in question.options if o.id in answer.options)
        case "money" | "count" if answer.low is not None or answer.high is not None:
            written = [_figure(question, n, language) for n in (answer.low, answer.high) if n is not None]
            if answer.low is None or answer.high is None:
                bound = "lead.at_least" if answer.high is None else "lead.at_most"
                return f"{label(bound, language)} {written[0]}"
            return " - ".join(dict.fromkeys(written))
        case _:
            return answer.said


def _figure(question: Question, figure: int, language: Language) -> str:
    return rupiah(figure, language) if question.kind == "money" else str(figure)
