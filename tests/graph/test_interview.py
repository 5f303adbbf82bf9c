"""What of a message belongs to a prospect's interview, and what stands beside it."""

import pytest

from casefile.case import Case
from casefile.lead import Answer, Lead
from casefile.reading import Reading
from graph.assign import assign
from tests.policies.builders import NOW
from tests.policies.lead_worlds import ALL, LEADS
from tests.policies.worlds import case, reading, request, rules

ASKED = Lead(answers={"need": Answer(said="Website", options=("website",))}, asked=("users", "budget"))
NOTED = ASKED.model_copy(update={"noted": True, "asked": ()})


def interviewed(lead: Lead = ASKED, **changes: object) -> Case:
    base = {"intent": "lead_request", "state": "awaiting_customer", "waiting_for": "lead", "lead": lead}
    return case(**{**base, **changes})


def noted(**changes: object) -> Case:
    return interviewed(NOTED, **{"state": "answered", "waiting_for": None, **changes})


def heard(*intents: str, signals: tuple[str, ...] = ()) -> Reading:
    asked = tuple(request(intent, *signals) for intent in intents)
    return reading(*asked) if asked else reading(signals=signals)


def goes(words: str, *intents: str, on: Case, signals: tuple[str, ...] = ()) -> list[tuple[bool, str]]:
    """Return what a message comes to: whether it is the interview's, and as what."""
    found = assign(heard(*intents, signals=signals), (on,), rules(leads=LEADS), NOW, words)
    return [(a.case_id == on.id, a.reading.requests[0].intent if a.reading.requests else "") for a in found]


@pytest.mark.parametrize(
    ("words", "intents", "becomes"),
    [
        ("20 orang", ("lead_answer",), "lead_answer"),
        ("10 juta", ("give_time",), "lead_answer"),
        ("yang modern gitu", (), "lead_answer"),
        ("budget 10 juta, hehe", ("chitchat",), "lead_answer"),
        ("mau aplikasi deh", ("lead_request",), "lead_request"),
        ("halo", ("greeting",), "lead_resume"),
    ],
)
def test_what_answers_is_the_interviews(words: str, intents: tuple[str, ...], becomes: str) -> None:
    assert goes(words, *intents, on=interviewed()) == [(True, becomes)]


def test_a_question_between_has_a_case_of_its_own_and_the_interview_goes_on() -> None:
    found = goes("garansinya berapa lama?", "faq.warranty", on=interviewed())
    assert found == [(False, "faq.warranty"), (True, "lead_resume")]
    found = goes("10 juta. ada garansi?", "lead_answer", "faq.warranty", on=interviewed())
    assert found == [(False, "faq.warranty"), (True, "lead_answer")]


@pytest.mark.parametrize(
    ("words", "intents", "signals"),
    [
        ("minta diskon dong, 10 juta ya", ("exception_request",), ("exception",)),
        ("mau ngomong sama orang", ("human_request",), ("human_request",)),
        ("makasih", ("thanks",), ()),
    ],
)
def test_what_a_person_decides_and_courtesies_stand_alone(
    words: str, intents: tuple[str, ...], signals: tuple[str, ...]
) -> None:
    [(own, intent)] = goes(words, *intents, on=interviewed(), signals=signals)
    assert not own and intent == intents[0]


def test_what_may_need_a_person_is_no_answer() -> None:
    assert goes("websiteku error", on=interviewed(), signals=("unsure",))[0][1] != "lead_answer"
    assert (
        goes("websiteku error, budget 10 juta", on=interviewed(), signals=("unsure",))[0][1] == "lead_answer"
    )


def test_who_comes_back_later_is_asked_on_but_a_question_then_only_answered() -> None:
    resolved = interviewed(state="resolved")
    assert goes("halo", "greeting", on=resolved) == [(True, "lead_resume")]
    assert goes("buka jam berapa?", "faq.opening_hours", on=resolved) == [(False, "faq.opening_hours")]


def test_after_the_note_only_a_change_goes_back_to_it() -> None:
    assert goes("budgetnya 20 juta", "lead_answer", on=noted()) == [(True, "lead_answer")]
    assert goes("budgetnya 20 juta", "lead_answer", on=noted(state="with_person")) == [(True, "lead_answer")]
    assert goes("website ya", "lead_answer", on=noted()) == [(False, "lead_answer")]
    assert goes("mau bikin aplikasi juga", "lead_request", on=noted()) == [(False, "lead_request")]


def test_while_an_hour_is_picked_what_looks_like_an_answer_picks_one() -> None:
    picking = noted(state="awaiting_customer", waiting_for="slot", intent="booking_request")
    assert goes("yang jumat aja", "lead_answer", on=picking) == [(True, "give_time")]
    assert goes("budgetnya 20 juta", "lead_answer", on=picking) == [(True, "lead_answer")]


def test_who_wants_to_meet_is_asked_first_and_only_once() -> None:
    calm = case(intent="greeting", state="answered")
    assert goes("mau booking demo", "booking_request", on=calm) == [(False, "lead_request")]
    assert goes("mau booking demo", "booking_request", on=interviewed()) == [(True, "lead_answer")]
    assert goes("mau booking demo lagi", "booking_request", on=noted()) == [(False, "booking_request")]


def test_several_answers_are_a_prospects_first_words() -> None:
    calm = case(intent="greeting", state="answered")
    assert goes(ALL, "give_time", on=calm) == [(False, "lead_request")]
    assert goes("besok jam 3", "give_time", on=calm)[0][1] == "give_time"
    assert goes(ALL, "complaint", on=calm, signals=("complaint",)) == [(False, "complaint")]


def test_a_desk_without_an_interview_has_none() -> None:
    (found,) = assign(heard("lead_answer"), (interviewed(),), rules(), NOW, "20 orang")
    assert found.reading.requests[0].intent == "lead_answer"
