from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from casefile.case import LEGAL, LINE_CHARS, WINDOW, Case, CaseState
from casefile.errors import IllegalTransition

NOW = datetime(2026, 2, 10, 3, 0, tzinfo=UTC)
STATES: tuple[CaseState, ...] = get_args(CaseState)


def case(state: CaseState = "new") -> Case:
    return Case(
        id="SCH-2026-0001", desk="school", conversation_id="wa-1-c1", contact_id="c1", language="id",
        state=state, opened_at=NOW, updated_at=NOW,
    )  # fmt: skip


@pytest.mark.parametrize(
    "way",
    [
        ("new", "triaged", "answered", "resolved", "closed"),
        ("new", "triaged", "awaiting_customer", "triaged", "executing", "answered"),
        ("new", "triaged", "awaiting_approval", "executing", "answered"),
        ("new", "triaged", "with_person", "answered", "resolved"),
        ("new", "triaged", "answered", "resolved", "triaged"),
    ],
)
def test_the_ways_of_spec_1(way: tuple[CaseState, ...]) -> None:
    walked = case(way[0])
    for minute, state in enumerate(way[1:], start=1):
        walked = walked.move(state, "A", NOW + timedelta(minutes=minute))
    assert tuple(step.new for step in walked.transitions) == way[1:]
    assert {step.actor for step in walked.transitions} == {"A"}
    assert walked.updated_at == NOW + timedelta(minutes=len(way) - 1)


@given(st.sampled_from(STATES), st.sampled_from(STATES))
def test_a_step_is_taken_exactly_when_it_is_legal(old: CaseState, new: CaseState) -> None:
    if old == new:
        assert case(old).move(new, "B", NOW) == case(old)
    elif new in LEGAL[old]:
        assert case(old).move(new, "B", NOW).state == new
    else:
        with pytest.raises(IllegalTransition, match=f"SCH-2026-0001 cannot go from {old} to {new}"):
            case(old).move(new, "B", NOW)


def test_every_state_has_its_steps_and_only_closed_ends() -> None:
    assert set(LEGAL) == set(STATES)
    assert [state for state, steps in LEGAL.items() if not steps] == ["closed"]


@given(st.lists(st.tuples(st.sampled_from(["customer", "B", "person"]), st.text(max_size=600)), max_size=20))
def test_the_window_stays_bounded_and_keeps_the_newest(lines: list[tuple[str, str]]) -> None:
    told = case()
    for who, text in lines:
        told = told.said(who, text, NOW)  # type: ignore[arg-type]
    assert [(line.who, line.text) for line in told.window] == [
        (who, text[:LINE_CHARS]) for who, text in lines[-WINDOW:]
    ]


@given(st.sampled_from(STATES), st.text(max_size=40), st.integers(0, 50))
def test_plain_data_comes_back_as_it_was(state: CaseState, request: str, turn: int) -> None:
    kept = case(state).with_(request=request, turn=turn)
    assert Case.model_validate(kept.model_dump(mode="json")) == kept


def test_a_case_cannot_be_changed_in_place_or_grow_fields() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        case().state = "closed"  # type: ignore[misc]
    with pytest.raises(ValidationError, match="mood"):
        Case.model_validate({**case().model_dump(), "mood": "good"})


@pytest.mark.parametrize(
    ("ended", "then"), [("answered", ""), ("no_answer", ""), ("approved", "approved"), ("", "")]
)
def test_reopened_it_is_counted_and_only_a_persons_decision_stands(ended: str, then: str) -> None:
    again = case("resolved").with_(turn=4, disposition=ended).reopen()
    assert (again.reopened, again.opened_turn, again.disposition) == (1, 4, then)
