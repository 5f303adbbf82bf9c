"""What a desk asks of a prospect, and what follows from the answers: a time to meet, a page, or a person."""

from collections import Counter
from typing import Literal

from pydantic import Field, model_validator

from casefile.base import Frozen, Language
from casefile.lead import Answer, Lead, Outcome

AT_ONCE = 2
LEADS = frozenset({"lead_request", "lead_answer", "lead_resume"})


class Option(Frozen):
    """One thing that can be chosen; `words` mean it when they stand in a message (`toko*`: any word beginning so).

    `outcome`: choosing it leads there, whatever else is answered.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: dict[Language, str]
    words: tuple[str, ...] = ()
    outcome: Outcome | None = None


class Question(Frozen):
    """One question of the interview; `template` asks it, `name` is what its answer is called in the note.

    `cues` are words that tie an answer to it ("orang", "budget"). Below `at_least` (rupiah or a count) a lead is too
    small to meet for, from `person_from` on it is a person's.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    kind: Literal["money", "time", "count", "choice", "words"]
    template: str
    name: dict[Language, str]
    cues: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    at_least: int | None = Field(default=None, ge=1)
    person_from: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _fits_its_kind(self) -> "Question":
        if (self.kind == "choice") != bool(self.options):
            raise ValueError("options belong to a choice, and a choice needs at least one")
        if self.kind not in {"money", "count"} and (self.at_least or self.person_from):
            raise ValueError("at_least and person_from belong to money and count only")
        if self.kind in {"count", "words"} and not self.cues:
            raise ValueError(f"a question of kind {self.kind} needs cues: words that tie an answer to it")
        for named in (self.name, *(option.name for option in self.options)):
            if set(named) != {"id", "en"}:
                raise ValueError("a name is given in both languages, id and en")
        return self


class Leads(Frozen):
    """A desk's interview; `page` is the topic of the page that those are pointed to who are too small.

    `service` is what all others are offered an hour of; without it a person arranges one.
    """

    questions: tuple[Question, ...] = Field(min_length=1)
    page: str | None = None
    service: str | None = None

    @model_validator(mode="after")
    def _whole(self) -> "Leads":
        twice = [name for name, count in Counter(q.id for q in self.questions).items() if count > 1]
        if twice:
            raise ValueError(f"two questions are called {twice[0]}")
        small = any(q.at_least for q in self.questions)
        points = any(o.outcome == "page" for q in self.questions for o in q.options)
        if (small or points) and self.page is None:
            raise ValueError("page is missing: the topic of the page that who is too small is pointed to")
        return self

    def to_ask(self, lead: Lead) -> tuple[Question, ...]:
        """Return what is asked next: the first questions that are still open, at most two."""
        return tuple(q for q in self.questions if q.id not in lead.answers)[:AT_ONCE]

    def outcome(self, lead: Lead) -> Outcome:
        """Return what the answers lead to; a person outweighs a page, and what nobody knows holds nobody back."""
        found = {_leads_to(q, lead.answers[q.id]) for q in self.questions if q.id in lead.answers}
        found |= {o.outcome for q in self.questions for o in _chosen(q, lead.answers.get(q.id))}
        if "person" in found or "page" in found:
            return "person" if "person" in found else "page"
        return "slot" if self.service else "person"


def _leads_to(question: Question, answer: Answer) -> Outcome | None:
    least, most = answer.low, answer.high
    if question.person_from is not None and least is not None and least >= question.person_from:
        return "person"
    if question.at_least is not None and most is not None and most < question.at_least:
        return "page"
    return None


def _chosen(question: Question, answer: Answer | None) -> tuple[Option, ...]:
    return tuple(o for o in question.options if answer is not None and o.id in answer.options)
