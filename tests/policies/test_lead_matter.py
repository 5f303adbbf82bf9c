"""The interview as the gate weighs it, its rows, its note, and what may be said of it."""

from typing import Any

import pytest

from casefile.effects import RunOperation
from casefile.lead import Answer, Lead
from casefile.packets import CResult, CTask
from policies.gate import admit
from policies.judge import judge
from policies.lead_matter import fields, is_the_note, lead_grounds, page_asked
from policies.lead_outcomes import after_note
from policies.lead_rules import LEAD_RULES
from policies.presend import Scene
from policies.rules import RULES, matching
from policies.slots import SlotChoice
from tests.policies.builders import slot
from tests.policies.lead_worlds import ALL, LEADS, prospect
from tests.policies.worlds import World, case, page, rules, world

ANSWERED = Lead(answers={q.id: Answer(said="x") for q in LEADS.questions})
BUDGET = Answer(said="10 juta", low=10_000_000, high=10_000_000)
ROWS = (
    ("R2.lead_ask", prospect("mau bikin website"), prospect(ALL)),
    ("R2.lead_note", prospect(ALL), prospect(lead=ANSWERED.model_copy(update={"noted": True}))),
)


@pytest.mark.parametrize(("rule", "fires", "misses"), ROWS)
def test_a_row_fires_and_its_near_miss_does_not(rule: str, fires: World, misses: World) -> None:
    assert matching(fires.matter())[0].id == rule
    assert rule not in {hit.id for hit in matching(misses.matter())}


def test_every_row_is_in_the_table_and_has_an_example() -> None:
    assert {row[0] for row in ROWS} == {rule.id for rule in LEAD_RULES}
    assert set(LEAD_RULES) <= set(RULES)


def test_nothing_is_noted_of_whom_nothing_says_who_they_are() -> None:
    unknown = prospect(ALL, status="UNKNOWN")
    verdict = admit(unknown.case, unknown.facts, unknown.request, unknown.rules)
    assert (verdict.tier, verdict.rules[0].id) == ("R3", "R3.stranger")


def test_a_desk_without_an_interview_asks_what_is_meant() -> None:
    w = world("lead_request")
    assert admit(w.case, w.facts, w.request, rules()).rules[0].id == "ASK.unclear"


def weighed(w: World) -> Lead:
    matter = w.matter().lead
    assert matter is not None
    return matter.lead


def test_what_is_put_twice_and_left_open_is_not_put_again() -> None:
    once = weighed(prospect("hmm", Lead(asked=("budget",)), "lead_answer"))
    assert (once.pressed, once.answers) == (("budget",), {})
    again = once.model_copy(update={"asked": ("budget",)})
    assert weighed(prospect("hmm", again, "lead_answer")).answers["budget"].unknown


def test_a_question_of_theirs_is_no_refusal_and_answers_nothing() -> None:
    asked = Lead(asked=("budget",), pressed=("budget",))
    left = weighed(prospect("website 5 halaman berapa?", asked, "lead_resume"))
    assert left == asked


def test_an_answer_that_changes_is_noted_anew() -> None:
    noted = ANSWERED.model_copy(update={"noted": True})
    assert weighed(prospect("oke", noted)).noted
    changed = weighed(prospect("budgetnya jadi 10 juta", noted, "lead_answer"))
    assert (changed.noted, changed.answers["budget"]) == (False, BUDGET)


def test_what_comes_back_is_weighed_without_words() -> None:
    w = prospect(lead=ANSWERED).with_facts(reading=None)
    assert weighed(w) == ANSWERED


def test_only_what_was_told_is_noted() -> None:
    w = prospect(ALL)
    matter = w.matter().lead
    assert matter is not None and matter.outcome == "slot"
    note = CTask(
        case_id=w.case.id,
        action="LEAD_NOTE",
        subject="c1",
        params={"fields": fields(matter.lead), "outcome": "slot", "summary": ""},
        verification_status="OK",
        idempotency_key="k",
    )
    verdict = admit(w.case, w.facts, w.request, w.rules)
    scene = Scene("C", w.case, w.facts, verdict, (), w.matter(), w.rules)
    assert judge(RunOperation(key="k", task=note), scene).allowed
    for wrong in (
        note.model_copy(update={"subject": "c2"}),
        note.model_copy(update={"params": note.params | {"outcome": "page"}}),
        note.model_copy(update={"params": note.params | {"fields": {}}}),
    ):
        ruling = judge(RunOperation(key="k", task=wrong), scene)
        assert not ruling.allowed and ruling.rules[0].id == "JUDGE.other"
    assert not is_the_note(note, None, w.facts)


def test_the_page_is_read_for_who_is_pointed_to_it() -> None:
    by = rules(leads=LEADS)
    pointed = case(lead=Lead(outcome="page"))
    assert page_asked(pointed, "lead_request", by) == "starter"
    assert page_asked(case(lead=Lead(outcome="slot")), "lead_request", by) is None
    assert page_asked(pointed, "faq.nda", by) == "nda"


def test_what_was_told_may_be_said_back() -> None:
    lead = Lead(
        answers={"budget": BUDGET, "users": Answer(said="20", low=20, high=20), "start": Answer(said="Q1")}
    )
    said = " ".join(lead_grounds(lead, LEADS, "id"))
    assert "Rp 10.000.000" in said and "20" in said and "Q1" in said and "Aplikasi HP" in said


def noted(outcome: str, action: Any = "LEAD_NOTE") -> CResult:
    """What C brings back of a note."""
    state: dict[str, Any] = {"outcome": outcome}
    return CResult(case_id="SCH-2026-0001", status="SUCCESS", action=action, details="", new_state=state)


def follows(result: CResult, choice: SlotChoice | None = None, **facts: object) -> str | None:
    w = prospect(lead=ANSWERED).with_facts(**facts)
    matter = w.matter().model_copy(update={"choice": choice})
    verdict = after_note(w.case, w.facts, matter, result)
    return f"{verdict.decision} {verdict.rules[0].id}" if verdict else None


def test_a_lead_is_offered_an_hour_or_a_person_finds_one() -> None:
    free = SlotChoice(state="none", offers=(slot(),))
    assert follows(noted("slot"), free) == "ASK LEAD.noted"
    assert follows(noted("slot"), SlotChoice(state="none")) == "HAND_OVER LEAD.no_slot"
    assert follows(noted("slot")) == "HAND_OVER LEAD.no_slot"


def test_who_has_an_hour_already_is_offered_no_other() -> None:
    booked = ANSWERED.model_copy(update={"booked": True})
    w = prospect(lead=booked)
    assert after_note(w.case, w.facts, w.matter(), noted("slot")) is None


def test_who_would_be_pointed_to_a_page_that_is_gone_is_a_persons() -> None:
    assert follows(noted("page")) == "HAND_OVER LEAD.no_page"
    assert follows(noted("page"), excerpt=page("starter")) is None


def test_what_follows_a_note_follows_nothing_else() -> None:
    assert follows(noted("person")) is None
    assert follows(noted("slot", "BOOKING_CREATE")) is None
