"""The gate, by property: total, deterministic, monotone, starting high - and which cells it can reach."""

from hypothesis import given
from hypothesis import strategies as st

from casefile.reading import SIGNALS
from casefile.records import IdentityStatus
from casefile.verdict import TIERS, Tier, Verdict, strictest
from policies.conditions import HARMLESS, RESCHEDULE_PREDICATES, START_HIGH
from policies.gate import admit, came_down_by, floor
from policies.intents import POLICY_PAGES, spec
from policies.judge import PROVED_BY_RECORDS
from tests.policies.builders import NOW, contact
from tests.policies.worlds import (
    IDENTITIES,
    UNHURRIED,
    World,
    identity,
    snapshot,
    worlds,
)

TIER = st.sampled_from(TIERS)
NOT_ASKED = frozenset({"REPORT", "RELEASE", "DECLINE", "WAIT", "WITHDRAW", "NUDGE", "SETTLE"})


def rank(tier: Tier) -> int:
    return TIERS.index(tier)


def tier_of(w: World, model: Tier = "R0") -> Tier:
    return told(w.thought(model)).tier


def told(w: World) -> Verdict:
    return admit(w.case, w.facts, w.request, w.rules)


@UNHURRIED
@given(worlds(), TIER)
def test_every_world_gets_exactly_one_verdict_and_always_the_same(w: World, model: Tier) -> None:
    verdict = told(w.thought(model))
    assert verdict == told(w.thought(model))
    assert verdict.decision not in NOT_ASKED
    assert verdict.rules
    assert (verdict.decision == "ESCALATE_COACH") == (verdict.approval_kind is not None)
    assert (verdict.lane is not None) == (verdict.decision in {"ESCALATE_COACH", "HAND_OVER"})
    assert (verdict.missing is None) or verdict.decision in {"ASK", "NEED_VERIFICATION", "REFUSE"}


@UNHURRIED
@given(worlds(), st.sampled_from(SIGNALS))
def test_another_signal_never_lowers_the_tier(w: World, more: str) -> None:
    said = w.request.signals
    assert rank(tier_of(w.saying(*said, more))) >= rank(tier_of(w.saying(*said)))


@UNHURRIED
@given(worlds(), st.sampled_from(SIGNALS))
def test_a_signal_elsewhere_in_the_message_never_lowers_the_tier(w: World, more: str) -> None:
    heard = w.facts.reading
    assert heard is not None
    louder = w.with_facts(reading=heard.model_copy(update={"signals": (*heard.signals, more)}))
    assert rank(tier_of(louder)) >= rank(tier_of(w))


@UNHURRIED
@given(worlds(), TIER, TIER)
def test_a_model_only_raises(w: World, one: Tier, other: Tier) -> None:
    low, high = sorted((one, other), key=rank)
    assert tier_of(w, one) == strictest(tier_of(w), one)
    assert rank(tier_of(w, high)) >= rank(tier_of(w, low)) >= rank(tier_of(w))


@UNHURRIED
@given(worlds(), TIER)
def test_a_raise_to_r3_is_always_a_persons(w: World, model: Tier) -> None:
    verdict, plain = told(w.thought(model)), told(w)
    if verdict.tier != plain.tier:
        assert "MODEL.raise" in {r.id for r in verdict.rules}
        assert verdict.tier != "R3" or (verdict.decision, verdict.lane) == ("ESCALATE_COACH", "coach")


@UNHURRIED
@given(worlds(), st.sampled_from(IDENTITIES), st.booleans())
def test_a_worse_identity_never_lowers_an_operation(w: World, status: IdentityStatus, locked: bool) -> None:
    order = {"VERIFIED": 0, "WA_MATCH": 0, "NEW": 1, "UNKNOWN": 2, "MISMATCH": 2}
    now = w.facts.identity
    if spec(w.matter().intent).kind != "operation" or order[status] < order[now.status]:
        return
    worse = w.with_facts(identity=identity(status, locked=locked or now.locked))
    assert rank(tier_of(worse)) >= rank(tier_of(w))


@UNHURRIED
@given(worlds(), st.sampled_from(["quota", "vip", "contact", "unread"]))
def test_one_more_false_or_unknown_proof_never_lowers_the_tier(w: World, broken: str) -> None:
    read = w.facts.schedule
    broken_by: dict[str, dict[str, object]] = {
        "quota": {"schedule": read and read.model_copy(update={"reschedules_this_month": 9})},
        "vip": {"contact": contact(vip=True)},
        "contact": {"contact": contact(vip=True) if w.matter().vip else None},
        "unread": {"schedule": None},
    }
    assert rank(tier_of(w.with_facts(**broken_by[broken]))) >= rank(tier_of(w))


@UNHURRIED
@given(worlds())
def test_what_starts_high_comes_down_only_by_a_page_or_by_records(w: World) -> None:
    matter, verdict = w.matter(), admit(w.case, w.facts, w.request, w.rules)
    if not matter.signals & START_HIGH:
        assert came_down_by(matter) is None
        return
    assert floor(matter) == verdict.floor == "R3"
    if verdict.tier == "R3":
        assert came_down_by(matter) is None
        return
    if came_down_by(matter) == "page":
        (about,) = matter.signals - HARMLESS
        read = w.facts.excerpt
        assert w.request.is_question and read is not None
        assert read.status == "Published" and read.effective_date <= NOW.date()
        assert read.topic in POLICY_PAGES[about]
        return
    if matter.intent == "quota_left":
        # Asking how many changes are left changes nothing and is answered from the record that proves it.
        assert matter.signals & START_HIGH == {"reschedule"} and verdict.tier == "R1"
        return
    assert came_down_by(matter) == "records" and matter.intent == "reschedule" and matter.verified
    proved = all(matter.proof(name) == "true" for name in RESCHEDULE_PREDICATES)
    assert proved or matter.proof("session_known") == "false"


@UNHURRIED
@given(worlds())
def test_an_operation_is_carried_out_only_on_proof(w: World) -> None:
    verdict, matter = admit(w.case, w.facts, w.request, w.rules), w.matter()
    if verdict.decision != "EXECUTE":
        return
    assert verdict.tier == "R2" and (not w.facts.identity.locked or verdict.intent == "opt_out")
    if verdict.intent == "reschedule":
        assert matter.verified and all(matter.proof(name) == "true" for name in PROVED_BY_RECORDS)


@UNHURRIED
@given(worlds())
def test_account_answers_need_identity_a_fresh_fact_and_a_source_that_is_up(w: World) -> None:
    verdict, matter = admit(w.case, w.facts, w.request, w.rules), w.matter()
    if verdict.decision == "ANSWER" and matter.kind == "account":
        assert w.facts.identity.status in ("WA_MATCH", "VERIFIED") and not w.facts.identity.locked
        assert w.facts.snapshot == snapshot() and not matter.is_down


@UNHURRIED
@given(worlds())
def test_role_a_is_asked_exactly_where_the_rollout_table_says(w: World) -> None:
    verdict = admit(w.case, w.facts, w.request, w.rules)
    auto_up_to = {"pilot": 0, "hardening": 1, "production": 2}[w.rules.mode]
    works = verdict.decision in {"ANSWER", "LOOK_UP", "EXECUTE"}
    wanted = works and auto_up_to < rank(verdict.tier) < 3
    assert verdict.a_approval == (w.rules.a_approval if wanted else "none")
