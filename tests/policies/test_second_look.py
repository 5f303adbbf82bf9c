"""A second look can raise a doubt, and nothing else - whatever a model says."""

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.effects import SendMessage
from casefile.opinion import QaOpinion, ReviewOpinion
from casefile.packets import DReview
from casefile.verdict import TIERS, Decision, RuleHit, Tier, Verdict
from policies.limits import Limits
from policies.second_look import RISKS, doubt_of, joined, reason_of, wants_look

SAID = SendMessage(
    key="k", conversation_id="wa-1-c1", text="Halo", language="id", template="greeting@1", purpose="answer"
)
DRAFTED = SAID.model_copy(update={"plain": "Hai"})
FOUND = (RuleHit(id="QA.fact", words="x"),)


def verdict(decision: Decision, tier: Tier, approval: str = "none") -> Verdict:
    return Verdict.model_validate(
        {
            "intent": "x",
            "floor": tier,
            "tier": tier,
            "decision": decision,
            "rules": (),
            "a_approval": approval,
        }
    )


@pytest.mark.parametrize(
    ("decision", "tier", "approval", "said", "found", "wanted"),
    [
        ("EXECUTE", "R2", "role", (), (), True),
        ("EXECUTE", "R2", "none", (), (), False),
        ("ANSWER", "R1", "role", (SAID,), (), False),
        ("ANSWER", "R1", "role", (DRAFTED,), (), False),
        ("ANSWER", "R1", "role", (SAID,), FOUND, True),
        ("ANSWER", "R0", "none", (DRAFTED,), FOUND, False),
        ("ESCALATE_COACH", "R3", "none", (SAID,), (), False),
        ("ESCALATE_COACH", "R3", "none", (DRAFTED,), (), True),
        ("HAND_OVER", "R0", "none", (DRAFTED,), (), False),
    ],
)
def test_a_strong_model_is_asked_where_something_is_at_stake(
    decision: Decision, tier: Tier, approval: str, said: Any, found: Any, wanted: bool
) -> None:
    assert wants_look(verdict(decision, tier, approval), said, found) is wanted


@pytest.mark.parametrize(
    ("decision", "tier", "doubt"),
    [
        ("APPROVE", "R2", "none"),
        ("APPROVE", "R0", "none"),
        ("APPROVE", "R3", "person"),
        ("EDIT", "R2", "words"),
        ("EDIT", "R3", "person"),
        ("ESCALATE_COACH", "R0", "person"),
    ],
)
def test_an_opinion_is_read_for_its_doubt_only(decision: Any, tier: Tier, doubt: str) -> None:
    assert doubt_of(QaOpinion(decision=decision, tier=tier, reason=""), "R2") == doubt


def test_no_opinion_is_no_doubt_and_no_addition() -> None:
    assert doubt_of(None, "R2") == "none"
    assert joined(REVIEW, None, (), "id", Limits()) is REVIEW


def test_a_reason_is_one_short_line() -> None:
    long = QaOpinion(decision="EDIT", tier="R2", reason="satu\n\n dua " * 200)
    assert "\n" not in reason_of(long)
    assert len(reason_of(long)) <= 300


REVIEW = DReview(
    case_id="SCH-1",
    risk="MED",
    tier_recommendation="R2",
    recommended_outcome="tolak",
    allowed_options=("credit",),
    must_not_say=("pasti bisa",),
    notes_for_coach="kuota terpakai",
)
KNOWN = ("mau refund, uangku balikin", "refund tidak ada", "✗ kuota terpakai 2 kali")


def opinion(**changes: Any) -> ReviewOpinion:
    base: dict[str, Any] = {
        "risk": "LOW", "tier_recommendation": "R1", "must_not_say": (), "notes_for_coach": "",
    }  # fmt: skip
    return ReviewOpinion(**(base | changes))


def test_a_review_takes_what_warns_and_leaves_what_is_made_up() -> None:
    said = opinion(
        risk="HIGH",
        tier_recommendation="R3",
        must_not_say=("uangnya balik", "pasti bisa", " ", "a " * 100),
        notes_for_coach="Pelanggan terdengar kesal.\nRefund sudah disetujui.\nDia minta Rp 500.000.\n"
        "Kuotanya terpakai 2 kali.\nKata Budi boleh.",
    )
    made = joined(REVIEW, said, KNOWN, "id", Limits())
    assert (made.risk, made.tier_recommendation) == ("HIGH", "R3")
    assert made.must_not_say[:2] == ("pasti bisa", "uangnya balik")
    assert all(len(phrase) <= 60 for phrase in made.must_not_say)
    assert made.notes_for_coach == "kuota terpakai\nPelanggan terdengar kesal.\nKuotanya terpakai 2 kali."


@given(
    st.builds(
        ReviewOpinion,
        risk=st.sampled_from(RISKS),
        tier_recommendation=st.sampled_from(["R1", "R2", "R3"]),
        must_not_say=st.lists(st.text(max_size=90), max_size=9).map(tuple),
        notes_for_coach=st.text(max_size=400),
    ),
    st.builds(
        DReview,
        case_id=st.just("SCH-1"),
        risk=st.sampled_from(RISKS),
        tier_recommendation=st.sampled_from(["R1", "R2", "R3"]),
        recommended_outcome=st.text(max_size=20),
        allowed_options=st.lists(st.sampled_from(["credit", "pause"]), max_size=2).map(tuple),
        must_not_say=st.lists(st.text(max_size=20), max_size=3, unique=True).map(tuple),
        notes_for_coach=st.text(max_size=20),
    ),
)
def test_no_opinion_takes_anything_from_a_review(said: ReviewOpinion, review: DReview) -> None:
    made = joined(review, said, (), "id", Limits())
    assert RISKS.index(made.risk) >= RISKS.index(review.risk)
    assert TIERS.index(made.tier_recommendation) >= TIERS.index(review.tier_recommendation)
    assert made.must_not_say[: len(review.must_not_say)] == review.must_not_say
    assert len(made.must_not_say) <= len(review.must_not_say) + 5
    assert made.notes_for_coach.startswith(review.notes_for_coach)
    same = ("case_id", "recommended_outcome", "allowed_options")
    assert all(getattr(made, name) == getattr(review, name) for name in same)


@given(
    st.sampled_from(get_args(QaOpinion.model_fields["decision"].annotation)),
    st.sampled_from(TIERS),
    st.sampled_from(TIERS),
    st.text(max_size=50),
)
def test_no_opinion_does_more_than_doubt(decision: Any, tier: Tier, stands: Tier, reason: str) -> None:
    doubt = doubt_of(QaOpinion(decision=decision, tier=tier, reason=reason), stands)
    assert doubt in {"none", "words", "person"}
    assert doubt == "person" or TIERS.index(tier) <= TIERS.index(stands)
