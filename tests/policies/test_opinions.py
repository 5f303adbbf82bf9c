"""What a model's opinion may change, by example and for any opinion at all."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.opinion import Opinion
from casefile.reading import SIGNALS, IntentGuess, Reading, Request
from casefile.verdict import TIERS, Verdict
from policies.gate import admit, request_of
from policies.intents import INTENTS, spec
from policies.opinions import ADDABLE, NOT_A_MODELS, differs, signals_of, with_opinion
from tests.policies.worlds import UNHURRIED, World, case, reading, request, world, worlds

UNCLEAR = Reading(
    language="id",
    normalized="kata",
    requests=(),
    abstained=True,
    guesses=(
        IntentGuess(intent="faq.price_list", confidence=0.2),
        IntentGuess(intent="schedule_list", confidence=0.1),
        IntentGuess(intent="trial_request", confidence=0.1),
    ),
)
OPINIONS = st.builds(
    Opinion,
    signals=st.lists(st.sampled_from([*SIGNALS, "made_up", ""]), max_size=4).map(tuple),
    intents=st.lists(
        st.sampled_from([*INTENTS, "faq.price_list", "faq.nonsense", "made_up", ""]), max_size=5
    ).map(tuple),
    tier=st.sampled_from(TIERS),
)


def intents(found: Reading) -> list[str]:
    return [r.intent for r in found.requests]


def test_a_risk_is_added_and_none_is_taken_away() -> None:
    heard = reading(request("faq.price_list", "cancel"))
    found = with_opinion(heard, Opinion(signals=("refund", "nonsense")), ())
    assert found.signals == ("refund", "cancel")
    assert found.requests == heard.requests


@pytest.mark.parametrize("signal", sorted(NOT_A_MODELS))
def test_what_would_explain_a_risk_away_is_no_models_to_add(signal: str) -> None:
    assert with_opinion(reading(request()), Opinion(signals=(signal,)), ()).signals == ()


@pytest.mark.parametrize(
    ("intent", "signal"),
    [("refund_request", "refund"), ("human_request", "human_request"), ("payment_claim", "payment_claim")],
)
def test_an_intent_that_stands_for_a_risk_adds_the_risk_and_is_no_request(intent: str, signal: str) -> None:
    found = with_opinion(UNCLEAR, Opinion(intents=(intent,)), ())
    assert (found.signals, found.requests, found.abstained) == ((signal,), (), True)


def test_the_tier_is_kept_at_its_highest() -> None:
    first = with_opinion(reading(request()), Opinion(tier="R2"), ())
    assert with_opinion(first, Opinion(tier="R1"), ()).model_tier == "R2"


def test_what_was_unclear_may_be_a_question_but_never_an_order() -> None:
    asked = with_opinion(UNCLEAR, Opinion(intents=("payment_status",)), ())
    assert (intents(asked), asked.abstained, asked.requests[0].text) == (["payment_status"], False, "kata")
    moved = with_opinion(UNCLEAR, Opinion(intents=("reschedule",)), ())
    assert (intents(moved), moved.requests[0].signals) == (["reschedule"], ("reschedule",))
    for order in ("opt_out", "enrol_request", "affirm", "withdrawal", "accepted_offer", "give_identity"):
        assert with_opinion(UNCLEAR, Opinion(intents=(order,)), ()).requests == ()


def test_an_order_is_offered_first_among_the_choices() -> None:
    offered = with_opinion(UNCLEAR, Opinion(intents=("trial_request", "greeting")), ()).guesses
    assert [g.intent for g in offered] == ["trial_request", "faq.price_list", "schedule_list"]


@pytest.mark.parametrize("open_case", [case(waiting_for="confirm"), case(approval_id="ap1")])
def test_where_an_answer_is_due_only_risks_are_added(open_case: object) -> None:
    opinion = Opinion(intents=("faq.price_list",), signals=("refund",), tier="R1")
    found = with_opinion(UNCLEAR, opinion, (open_case,))  # type: ignore[arg-type]
    assert (found.requests, found.signals, found.model_tier) == ((), ("refund",), "R1")


def test_a_second_question_is_added_by_who_heard_the_first() -> None:
    heard = reading(request("faq.price_list"))
    both = Opinion(intents=("faq.price_list", "next_session", "faq.location"))
    assert intents(with_opinion(heard, both, ())) == ["faq.price_list", "next_session"]
    other = Opinion(intents=("next_session",))
    assert intents(with_opinion(heard, other, ())) == ["faq.price_list"]
    move = Opinion(intents=("faq.price_list", "reschedule"))
    assert intents(with_opinion(heard, move, ())) == ["faq.price_list"]
    assert with_opinion(heard, move, ()).signals == ("reschedule",)


@pytest.mark.parametrize(
    "first", [request("reschedule"), request("faq.price_list", "refund"), request("greeting")]
)
def test_nothing_is_added_beside_what_is_no_mere_question(first: Request) -> None:
    opinion = Opinion(intents=(first.intent, "next_session"))
    assert with_opinion(reading(first), opinion, ()).requests == (first,)


def test_what_differs_is_said_for_people() -> None:
    heard = reading(request("faq.price_list", "cancel"))
    assert differs(heard, Opinion(intents=("faq.price_list",), signals=("cancel",))) == ()
    assert differs(heard, Opinion(intents=("next_session",), signals=("refund",), tier="R3")) == (
        "+refund",
        "faq.price_list -> next_session",
        "R3",
    )
    assert differs(UNCLEAR, Opinion(intents=("faq.location",))) == ("unclear -> faq.location",)
    assert differs(heard, Opinion()) == ()


def verdicts(w: World, heard: Reading) -> list[Verdict]:
    """Admit each request of a reading by itself, as the turn does."""
    found = []
    for one in heard.requests or (None,):
        own = heard if one is None else heard.model_copy(update={"requests": (one,)})
        there = w.with_facts(reading=own)
        found.append(admit(there.case, there.facts, request_of(there.case, own), there.rules))
    return found


@UNHURRIED
@given(worlds(), OPINIONS, st.booleans())
def test_no_opinion_lowers_a_tier_drops_a_request_or_has_anything_carried_out(
    w: World, opinion: Opinion, unclear: bool
) -> None:
    heard = w.facts.reading
    assert heard is not None
    if unclear:
        heard = heard.model_copy(update={"requests": (), "abstained": True})
    merged = with_opinion(heard, opinion, (w.case,))
    before, after = verdicts(w, heard), verdicts(w, merged)
    assert merged.requests[: len(heard.requests)] == heard.requests
    assert set(merged.signals) - set(heard.signals) <= ADDABLE
    assert set(heard.signals) <= set(merged.signals)
    assert merged.slots == heard.slots and merged.language == heard.language
    assert TIERS.index(after[0].tier) >= TIERS.index(before[0].tier)
    executed = [v.intent for v in after if v.decision == "EXECUTE"]
    assert executed == [v.intent for v in before if v.decision == "EXECUTE"][: len(executed)]


@UNHURRIED
@given(worlds(), OPINIONS)
def test_an_opinion_is_taken_in_once_and_the_same_each_time(w: World, opinion: Opinion) -> None:
    heard = w.facts.reading
    assert heard is not None
    once = with_opinion(heard, opinion, (w.case,))
    assert once == with_opinion(heard, opinion, (w.case,))
    again = with_opinion(once, opinion, (w.case,))
    assert (again.signals, again.model_tier, again.requests) == (
        once.signals,
        once.model_tier,
        once.requests,
    )


@given(OPINIONS)
def test_what_an_opinion_adds_are_risks_there_are(opinion: Opinion) -> None:
    assert signals_of(opinion) <= ADDABLE
    grave = {spec(i).signal for i in opinion.intents if spec(i).kind == "sensitive"}
    assert grave <= signals_of(opinion)


def test_a_move_a_model_hears_is_confirmed_by_the_customer_before_anything_happens() -> None:
    w = world("unclear")
    merged = with_opinion(UNCLEAR, Opinion(intents=("reschedule",)), ())
    (verdict,) = verdicts(replace(w), merged)
    assert (verdict.floor, verdict.tier, verdict.decision, verdict.missing) == ("R3", "R2", "ASK", "slot")
