"""Every row of the gate's table: one request that fires it, and one that just misses it."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from casefile.reading import Slots, WhenSlot
from casefile.verdict import Decision, Tier
from policies.booking_rules import BOOKING_RULES
from policies.conditions import asks_only_about_policy
from policies.enrol_rules import ENROL_RULES
from policies.gate import admit
from policies.lead_rules import LEAD_RULES
from policies.limits import Cutoff, Limits
from policies.reschedule import Proof
from policies.rules import NO_MATCH, RULES, matching
from policies.shop_rules import SHOP_RULES
from tests.policies.builders import NOW, contact, schedule, session, slot
from tests.policies.worlds import (
    STUDENTS,
    World,
    astray,
    at,
    case,
    confirmed,
    identity,
    invoice,
    page,
    reading,
    request,
    rules,
    snapshot,
    told,
    world,
)

SEEN_ON = page("refund_policy")
WAITING, YES = confirmed()
LOCKED = identity("WA_MATCH", locked=True)
TWO: dict[str, Any] = {"students": STUDENTS, "student": None}
DOWN = frozenset({"schedule", "payments"})
VIP = contact(vip=True)
FULL = schedule(reschedules_this_month=2)
EMPTY = schedule(sessions=())
FULL_HOUSE = schedule(reschedules_this_month=2, free_slots=())
GIVEN = schedule(sessions=(session(NOW - timedelta(hours=2), id="s0", status="done"), session()))
TODAY = Slots(when=(WhenSlot(text="hari ini", date=date(2026, 2, 10)),))
AT_NIGHT = Slots(when=(WhenSlot(text="jam 3 pagi", time=time(3)),))
TIME_ASKED = case(intent="reschedule", waiting_for="slot", session_id="s1", offered=(slot(),))
BILLED = snapshot(invoices=(invoice(student_id="st1"), invoice(number="INV-2", student_id="st2")))


def at_noon(**changes: Any) -> World:
    return world("reschedule", slots=at(slot()), **changes)


def about_refund(*more: str) -> World:
    return world("faq.refund_policy", "refund", *more, is_question=True, excerpt=SEEN_ON)


ROWS: tuple[tuple[str, World, World], ...] = (
    ("R3.nothing_open", world("withdrawal", "withdrawal", "cancel"), world("withdrawal", "withdrawal")),
    ("R3.safety", world("greeting", "minors_safety"), world("faq.kids", "policy_question")),
    ("R3.safety", world("abuse_report"), world("complaint")),
    ("R3.safety", world("harassment_report"), world("complaint")),
    ("R3.legal", world("chargeback_threat"), world("payment_status")),
    ("R3.legal", world("next_session", "legal"), world("next_session")),
    ("R3.refund", world("refund_request"), about_refund()),
    ("R3.refund", about_refund("complaint"), about_refund("policy_question")),
    ("R3.privacy", world("privacy_delete"), world("third_party_data")),
    ("R3.privacy", world("thanks", "privacy_export"), world("thanks")),
    ("R3.privacy", world("privacy_correct"), world("thanks")),
    ("R3.third_party", world("next_session", "third_party"), world("next_session")),
    ("R3.cancel", world("cancel_request"), world("deny")),
    ("R3.attack", world("next_session", "injection", "payment_claim"), world("injection")),
    ("R3.attack", world("next_session", "injection"), world("thanks", "injection")),
    ("R3.attack", world("injection", "payment_claim"), world("injection", "human_request")),
    ("R3.exception", world("exception_request"), world("thanks")),
    ("R3.exception", world("greeting", "vip_pressure"), world("greeting")),
    ("R3.complaint", world("complaint"), world("chitchat")),
    ("R3.unsure", world("unclear", "unsure"), world("unclear")),
    ("R3.reschedule_words", world("next_session", "reschedule"), world("reschedule")),
    ("R3.insists", world("reschedule", identity=LOCKED), world("trial_request", identity=LOCKED)),
    ("R3.insists", world("payment_claim", identity=LOCKED), world("payment_claim")),
    ("R3.unverified", world("reschedule", identity=identity("UNKNOWN")), world("reschedule")),
    ("R3.unverified", world("reschedule", identity=identity("NEW")), world("reschedule", identity=LOCKED)),
    ("R3.schedule_down", world("reschedule", down=DOWN), world("reschedule", down=frozenset({"payments"}))),
    ("R3.child", world("reschedule", **TWO), world("reschedule", students=STUDENTS)),
    ("R3.time", world("reschedule", schedule=FULL), world("reschedule")),
    ("R3.time", world("reschedule", "exception", schedule=FULL), world("reschedule", "exception")),
    ("R3.time", world("reschedule", schedule=FULL), world("reschedule", "complaint", schedule=FULL)),
    ("R3.time", world("reschedule", schedule=FULL), world("reschedule", schedule=FULL, slots=at(slot()))),
    ("R3.time", world("reschedule", schedule=FULL), world("unclear", on=TIME_ASKED, schedule=FULL)),
    ("R3.time", world("give_time", on=TIME_ASKED, schedule=FULL, slots=AT_NIGHT), world("reschedule")),
    ("R3.predicate", world("reschedule", schedule=FULL, slots=at(slot())), world("reschedule")),
    ("R3.predicate", world("unclear", on=TIME_ASKED, schedule=FULL), world("unclear", on=TIME_ASKED)),
    ("R3.predicate", world("reschedule", schedule=FULL_HOUSE), world("reschedule")),
    ("R3.predicate", world("reschedule", schedule=GIVEN, slots=TODAY), world("reschedule", schedule=GIVEN)),
    ("R3.predicate", at_noon(contact=VIP), at_noon(contact=contact())),
    ("R3.predicate", at_noon(contact=None), at_noon()),
    ("R3.predicate", world("reschedule", schedule=None), world("reschedule", schedule=EMPTY)),
    ("R3.predicate", world("reschedule", students=(), student=None), world("reschedule")),
    ("R3.predicate", world("reschedule", on=case(session_id="gone")), world("reschedule")),
    ("R3.vip", world("renewal_request", contact=VIP), world("renewal_request")),
    ("R3.vip", world("payment_claim", contact=VIP), world("opt_out", contact=VIP)),
    ("R3.stranger", world("trial_request", identity=identity("UNKNOWN")), world("trial_request")),
    ("R3.stranger", world("enrol_request", identity=LOCKED), world("enrol_request")),
    ("R2.no_session", world("reschedule", schedule=EMPTY), world("reschedule", schedule=None)),
    ("R2.session_day", astray(), world("reschedule")),
    ("R3.time", astray(schedule=schedule(reschedules_this_month=2)), astray()),
    ("R2.time", world("reschedule"), world("reschedule", slots=at(slot()))),
    ("R2.confirm", world("reschedule", slots=at(slot())), world("reschedule")),
    ("R2.reschedule", world("affirm", on=WAITING, slots=YES), world("affirm", slots=YES)),
    ("R2.claim", world("payment_claim"), world("payment_status")),
    ("R2.claim", world("attachment", "payment_claim"), world("attachment")),
    ("R2.enrol", world("trial_request", identity=identity("NEW")), world("trial_request", identity=LOCKED)),
    ("R2.opt_out", world("opt_out"), world("thanks")),
    ("R2.opt_in", world("opt_in"), world("opt_in", identity=identity("UNKNOWN"))),
    ("R1.late", world("running_late"), world("next_session")),
    ("R1.late", world("running_late"), world("running_late", snapshot=snapshot(181))),
    ("R0.told", told("belum daftar"), told("mau daftar")),
    ("R0.offer", world("accepted_offer"), world("affirm")),
    ("R0.news", world("case_status"), world("thanks")),
    ("R1.locked", world("next_session", identity=LOCKED), world("next_session")),
    ("R1.unverified", world("sessions_left", identity=identity("NEW")), world("sessions_left")),
    ("R1.unverified", world("quota_left", identity=identity("MISMATCH")), world("quota_left")),
    ("R1.down", world("next_session", down=DOWN), world("next_session")),
    ("R1.down", world("payment_status", down=DOWN), world("payment_status", down=frozenset({"schedule"}))),
    ("R1.child", world("next_session", **TWO), world("payment_status", **TWO)),
    ("R1.child", world("payment_status", snapshot=BILLED, **TWO), world("payment_status", snapshot=BILLED)),
    (
        "R1.fresh",
        world("next_session", snapshot=snapshot(180)),
        world("next_session", snapshot=snapshot(181)),
    ),
    ("R1.fresh", world("invoice_resend"), world("invoice_resend", snapshot=snapshot(contact_id="c2"))),
    ("R1.stale", world("package_expiry", snapshot=None), world("package_expiry")),
    ("R0.policy_question", about_refund(), about_refund("cancel")),
    ("R0.attack", world("injection"), world("thanks")),
    ("R0.person", world("human_request"), world("bot_question")),
    ("R0.person", world("chitchat", "human_request"), world("chitchat")),
    ("R0.attachment", world("attachment"), world("thanks")),
    ("R0.page", world("faq.price_list", excerpt=page("price_list")), world("faq.price_list")),
    ("R0.no_page", world("faq.price_list"), world("faq.price_list", excerpt=page("price_list"))),
    ("R0.small_talk", world("greeting"), world("unclear")),
)


@pytest.mark.parametrize(("rule", "fires", "misses"), ROWS)
def test_a_row_fires_and_its_near_miss_does_not(rule: str, fires: World, misses: World) -> None:
    assert matching(fires.matter())[0].id == rule
    assert rule not in {hit.id for hit in matching(misses.matter())}


def test_every_row_has_an_example_a_unique_name_and_words_in_both_languages() -> None:
    # Those of a shop, on prospects, bookings and enrolments that are billed have tests of their own.
    apart = (*SHOP_RULES, *LEAD_RULES, *BOOKING_RULES, *ENROL_RULES)
    assert {row[0] for row in ROWS} == {rule.id for rule in RULES if rule not in apart}
    assert len({rule.id for rule in RULES}) == len(RULES)
    for rule in (*RULES, NO_MATCH):
        assert rule.words != rule.words_id and rule.words and rule.words_id
        assert rule is NO_MATCH or rule.id.startswith(rule.tier)


@pytest.mark.parametrize("intent", ["unclear", "nonsense", "give_identity", "give_time", "choose_child"])
def test_what_nothing_matches_is_asked_about_never_guessed(intent: str) -> None:
    w = world(intent)
    verdict = admit(w.case, w.facts, w.request, w.rules)
    assert (verdict.tier, verdict.decision, verdict.missing) == ("R0", "ASK", "meaning")


def test_the_strictest_row_wins_and_all_that_fired_are_named() -> None:
    w = world("reschedule", "refund", "legal", "human_request")
    assert [rule.id for rule in matching(w.matter())] == ["R3.legal", "R3.refund", "R2.time", "R0.person"]


@pytest.mark.parametrize(
    ("minutes", "tier", "decision"), [(59, "R3", "ESCALATE_COACH"), (60, "R2", "ASK"), (61, "R2", "ASK")]
)
def test_the_cut_off_to_the_minute(minutes: int, tier: Tier, decision: Decision) -> None:
    plan = schedule(sessions=(session(NOW + timedelta(minutes=minutes)),))
    w = world("reschedule", schedule=plan, slots=at(slot()))
    verdict = admit(w.case, w.facts, w.request, w.rules)
    assert (verdict.tier, verdict.decision) == (tier, decision)


def test_the_day_before_is_another_cut_off() -> None:
    by_day = rules(limits=Limits(cutoff=Cutoff(calendar_days=1)))
    tonight, tomorrow = NOW + timedelta(hours=9), NOW + timedelta(hours=14)
    for start, tier in ((tonight, "R3"), (tomorrow, "R2")):
        w = world("reschedule", by=by_day, schedule=schedule(sessions=(session(start),)))
        assert admit(w.case, w.facts, w.request, w.rules).tier == tier


@pytest.mark.parametrize(("used", "tier"), [(0, "R2"), (1, "R2"), (2, "R3"), (3, "R3")])
def test_the_third_change_of_a_month_is_an_exception(used: int, tier: Tier) -> None:
    w = world("affirm", on=WAITING, slots=YES, schedule=schedule(reschedules_this_month=used))
    verdict = admit(w.case, w.facts, w.request, w.rules)
    assert verdict.tier == tier
    assert verdict.approval_kind == ("RESCHEDULE_EXCEPTION" if tier == "R3" else None)


def test_a_chosen_slot_that_was_changed_meanwhile_is_not_executed() -> None:
    moved = slot(NOW + timedelta(days=4, hours=2))
    w = world("affirm", on=WAITING, slots=YES, schedule=schedule(free_slots=(moved,)))
    assert matching(w.matter())[0].id == "R2.time"


@pytest.mark.parametrize(
    ("w", "only_asks"),
    [
        (about_refund(), True),
        (
            world("faq.cancellation_policy", "refund", is_question=True, excerpt=page("cancellation_policy")),
            True,
        ),
        (
            world("faq.privacy_policy", "privacy_export", is_question=True, excerpt=page("privacy_policy")),
            True,
        ),
        (world("refund_request", "refund", is_question=True, excerpt=SEEN_ON), True),
        (world("unclear", "refund", is_question=True, excerpt=SEEN_ON), True),
        (world("faq.refund_policy", "refund", excerpt=SEEN_ON), False),
        (about_refund("withdrawal"), False),
        (about_refund("human_request"), False),
        (about_refund("reschedule"), False),
        (world("faq.refund_policy", "chargeback", is_question=True, excerpt=SEEN_ON), False),
        (world("faq.price_list", "refund", is_question=True, excerpt=page("price_list")), False),
        (world("faq.refund_policy", "refund", is_question=True), False),
        (world("faq.refund_policy", "refund", is_question=True, excerpt=page("price_list")), False),
        (world("faq.refund_policy", "refund", is_question=True, excerpt=page(status="Draft")), False),
        (
            world(
                "faq.refund_policy",
                "refund",
                is_question=True,
                excerpt=page(effective_date=date(2026, 2, 11)),
            ),
            False,
        ),
        (world("next_session", "refund", is_question=True, excerpt=SEEN_ON), False),
    ],
)
def test_the_closed_reading_as_a_question_about_policy(w: World, only_asks: bool) -> None:
    assert asks_only_about_policy(w.matter()) is only_asks
    assert (admit(w.case, w.facts, w.request, w.rules).tier == "R0") is only_asks


def test_a_question_about_policy_beside_another_signal_in_the_message_stays_high() -> None:
    w = about_refund()
    other = request("privacy_delete", "privacy_delete")
    both = w.with_facts(reading=reading(w.request, other))
    assert matching(both.matter())[0].id == "R3.refund"


def test_a_session_that_is_gone_is_unknown_not_absent() -> None:
    w = world("reschedule", on=case(session_id="gone"))
    matter = w.matter()
    assert matter.session is None and matter.proof("session_known") == "unknown"
    assert matter.proof("nobody looked") == "unknown"
    assert all(isinstance(proof, Proof) for proof in matter.proofs)


def test_a_vip_asks_like_anyone() -> None:
    w = world("faq.price_list", excerpt=page("price_list"), contact=VIP)
    assert admit(w.case, w.facts, w.request, w.rules).tier == "R0"
