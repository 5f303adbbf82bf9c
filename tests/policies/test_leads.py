"""What a desk asks of prospects, and what their answers lead to."""

from typing import Any

import pytest
from pydantic import ValidationError

from casefile.lead import Answer, Lead
from policies.grounds import grounds
from policies.leads import Leads, Option, Question
from tests.policies.lead_worlds import LEADS, prospect

NAME: Any = {"id": "Anggaran", "en": "Budget"}


def lead(**answers: Answer) -> Lead:
    return Lead(answers=answers)


def test_two_questions_are_asked_at_once_and_none_twice() -> None:
    assert [q.id for q in LEADS.to_ask(lead())] == ["need", "users"]
    assert [q.id for q in LEADS.to_ask(lead(users=Answer(said="", unknown=True)))] == ["need", "budget"]


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ({"budget": Answer(said="", unknown=True)}, "slot"),
        ({"budget": Answer(said="$5000")}, "slot"),
        ({"budget": Answer(said="", low=4_000_000, high=6_000_000)}, "slot"),
        ({"budget": Answer(said="", low=None, high=4_999_999)}, "page"),
        ({"budget": Answer(said="", low=300_000_000, high=None)}, "person"),
        ({"users": Answer(said="", low=500, high=500), "budget": Answer(said="", high=1)}, "person"),
        ({"need": Answer(said="", options=("website", "else"))}, "person"),
    ],
)
def test_answers_lead_somewhere(answers: dict[str, Answer], outcome: str) -> None:
    assert LEADS.outcome(Lead(answers=answers)) == outcome


def test_without_a_service_a_person_arranges_when_to_meet() -> None:
    assert LEADS.model_copy(update={"service": None}).outcome(lead()) == "person"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": "choice"}, "a choice needs at least one"),
        ({"options": (Option(id="a", name=NAME),)}, "options belong to a choice"),
        ({"kind": "time", "at_least": 1}, "belong to money and count only"),
        ({"kind": "words"}, "needs cues"),
        ({"name": {"id": "Anggaran"}}, "both languages"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Question.model_validate({"id": "budget", "kind": "money", "template": "t", "name": NAME, **changes})


def test_an_interview_is_whole() -> None:
    money = Question(id="budget", kind="money", template="t", name=NAME, at_least=5)
    with pytest.raises(ValidationError, match="two questions are called budget"):
        Leads(questions=(money, money), page="x")
    with pytest.raises(ValidationError, match="page is missing"):
        Leads(questions=(money,))


def test_a_prospects_own_answers_may_be_said_back_and_nobody_elses() -> None:
    told = prospect(lead=lead(budget=Answer(said="30 juta", low=30_000_000, high=30_000_000)))
    asked = "\n".join(grounds(told.case, told.facts, (), told.rules, "id"))
    bare = prospect()
    assert "30.000.000" in asked
    assert "30.000.000" not in "\n".join(grounds(bare.case, bare.facts, (), bare.rules, "id"))
