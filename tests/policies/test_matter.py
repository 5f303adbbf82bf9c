from datetime import UTC, date, datetime, time

import pytest

from casefile.case import Moved
from casefile.reading import IntentGuess, Slots, WhenSlot
from policies.limits import Limits
from policies.matter import effective_intent
from tests.policies.builders import NOW, contact, conversation
from tests.policies.worlds import (
    STUDENTS,
    case,
    identity,
    invoice,
    page,
    reading,
    request,
    rules,
    snapshot,
    world,
)


@pytest.mark.parametrize("said", ["give_identity", "give_time", "choose_child", "affirm", "deny", "unclear"])
def test_an_answer_to_our_question_keeps_what_was_asked(said: str) -> None:
    asking = case(intent="reschedule", waiting_for="slot")
    assert effective_intent(asking, request(said)) == "reschedule"
    assert effective_intent(case(intent="reschedule"), request(said)) == said
    assert effective_intent(case(waiting_for="meaning"), request(said)) == said
    assert effective_intent(asking, request("next_session")) == "next_session"


def test_a_withdrawal_or_a_bare_time_after_a_move_is_about_that_move() -> None:
    done = case(intent="reschedule", moved=Moved(session_id="s1", old_start=NOW, old_coach="Maya"))
    assert effective_intent(done, request("withdrawal", "withdrawal", "cancel")) == "reschedule"
    assert effective_intent(done, request("withdrawal", "withdrawal", "refund")) == "withdrawal"
    assert effective_intent(done, request("give_time")) == "give_time"
    timed = reading(slots=Slots(when=(WhenSlot(text="jam 2", time=time(14)),)))
    assert effective_intent(done, request("give_time"), timed) == "reschedule"
    taken_back = world("withdrawal", "withdrawal", "cancel", on=done).matter()
    assert taken_back.signals == {"reschedule"}


def test_a_greeting_answers_when_a_time_was_asked_for() -> None:
    for asked in ("time", "slot"):
        assert (
            effective_intent(case(intent="reschedule", waiting_for=asked), request("greeting"))
            == "reschedule"
        )
    assert effective_intent(case(intent="reschedule", waiting_for="child"), request("greeting")) == "greeting"


def test_a_question_about_one_policy_is_answered_from_its_page() -> None:
    asked = request("refund_request", is_question=True)
    assert effective_intent(case(), asked) == "faq.refund_policy"
    both = request("unclear", "refund", "reschedule", is_question=True)
    assert effective_intent(case(), both) == "unclear"
    own = request("next_session", "refund", is_question=True)
    assert effective_intent(case(), own) == "next_session"
    named = request("faq.no_show", "cancel", is_question=True)
    assert effective_intent(case(), named) == "faq.no_show"


def test_signals_are_the_requests_own_its_intents_and_those_nobody_owns() -> None:
    refund, price = request("refund_request", "refund"), request("faq.price_list")
    w = world("faq.price_list").with_facts(reading=reading(refund, price, signals=("refund", "complaint")))
    assert w.matter().signals == {"complaint"}
    assert world("legal_threat").matter().signals == {"legal"}
    assert world("greeting").with_facts(reading=None).matter().signals == frozenset()


def test_the_cases_own_risk_stays_while_we_wait_for_its_details() -> None:
    tags = ("signal:refund", "vip")
    waiting = case(intent="payment_status", waiting_for="identity", tags=tags)
    assert world("give_identity", on=waiting).matter().signals == {"refund"}
    assert (
        world("payment_status", on=case(intent="payment_status", tags=tags)).matter().signals == frozenset()
    )


@pytest.mark.parametrize(
    ("status", "verified", "known"),
    [
        ("WA_MATCH", True, True),
        ("VERIFIED", True, True),
        ("NEW", False, True),
        ("UNKNOWN", False, False),
        ("MISMATCH", False, False),
    ],
)
def test_who_may_ask_and_who_may_book(status: str, verified: bool, known: bool) -> None:
    matter = world("greeting", identity=identity().model_copy(update={"status": status})).matter()
    assert (matter.verified, matter.known) == (verified, known)
    locked = identity().model_copy(update={"status": status, "locked": True})
    matter = world("greeting", identity=locked).matter()
    assert (matter.verified, matter.known, matter.locked) == (False, False, True)


def test_whose_lessons_are_meant() -> None:
    assert world("greeting").matter().student == "known"
    assert world("greeting", students=STUDENTS, student=None).matter().student == "ask"
    assert world("greeting", students=(), student=None).matter().student == "none"


def test_a_page_answers_only_its_own_topic_published_and_in_effect() -> None:
    def answered(**changes: object) -> bool:
        return world("faq.price_list", excerpt=page("price_list", **changes)).matter().answered

    assert answered() and answered(effective_date=date(2026, 2, 10))
    assert not answered(status="Draft") and not answered(effective_date=date(2026, 2, 11))
    assert not world("faq.price_list", excerpt=page("location")).matter().answered
    assert not world("greeting", excerpt=page()).matter().answered


def test_only_the_contacts_own_fresh_snapshot_is_fresh() -> None:
    assert world("next_session").matter().fresh
    assert not world("next_session", snapshot=snapshot(contact_id="c2")).matter().fresh
    assert not world("next_session", snapshot=snapshot(rev=0)).matter().fresh
    turned = {"now": datetime(2026, 2, 28, 17, 1, tzinfo=UTC)}
    before = snapshot().model_copy(update={"as_of": datetime(2026, 2, 28, 16, 50, tzinfo=UTC)})
    assert world("next_session", snapshot=before, **turned).matter().fresh
    assert not world("quota_left", snapshot=before, **turned).matter().fresh
    assert world("quota_left").matter().fresh


def test_a_reschedule_is_proved_only_from_a_schedule_that_was_read() -> None:
    read = world("reschedule").matter()
    assert read.proof("before_cutoff") == "true" and read.session is not None
    unread = world("reschedule", schedule=None).matter()
    assert not unread.proofs and unread.choice is None
    assert not world("next_session").matter().proofs


def test_vip_outage_and_repeated_attacks_are_seen() -> None:
    assert world("greeting", contact=contact(vip=True)).matter().vip
    assert not world("greeting", contact=None).matter().vip
    assert world("next_session", down=frozenset({"schedule"})).matter().is_down
    assert not world("greeting", down=frozenset({"schedule"})).matter().is_down
    assert world("injection", conversation=conversation(injection_count=2)).matter().repeated_injection
    assert not world("injection", conversation=conversation(injection_count=1)).matter().repeated_injection


def test_bills_of_several_children_are_seen_only_while_none_is_named() -> None:
    two = snapshot(
        invoices=(invoice(student_id="st1"), invoice(number="INV-2026-0201-008", student_id="st2"))
    )
    unnamed = world("payment_status", students=STUDENTS, student=None, snapshot=two)
    assert unnamed.matter().several_billed
    assert not world("payment_status", students=STUDENTS, snapshot=two).matter().several_billed
    assert not world("payment_status", student=None, snapshot=None).matter().several_billed
    by_number = Slots(invoice_numbers=("INV-2026-0201-008",))
    named = world("payment_status", slots=by_number, students=STUDENTS, student=None, snapshot=two)
    assert not named.matter().several_billed
    unread = unnamed.with_facts(reading=None)
    assert unread.matter().several_billed


def test_it_is_known_whether_the_new_time_was_asked_for() -> None:
    assert world("unclear", on=case(intent="reschedule", waiting_for="slot")).matter().time_asked
    assert not world("reschedule").matter().time_asked


def test_how_likely_a_request_beside_an_attack_has_to_be_is_a_limit() -> None:
    heard = reading(request("injection", "injection"))
    guessed = heard.model_copy(update={"guesses": (IntentGuess(intent="refund_request", confidence=0.4),)})
    for least, beside in ((0.3, True), (0.4, True), (0.5, False)):
        by = rules(limits=Limits(beside_attack_likelihood=least))
        assert world("injection", "injection", by=by, reading=guessed).matter().asks_beside is beside


def test_an_invoice_that_was_not_asked_for_and_is_lost_is_wanted_again() -> None:
    lost = request("lost_invoice")
    assert effective_intent(case(), lost) == "invoice_resend"
    assert effective_intent(case(intent="next_session", waiting_for="identity"), lost) == "next_session"


def test_an_answer_to_an_offer_does_not_ask_again_what_was_asked() -> None:
    offered = case(intent="next_session", waiting_for="offer", meanings=("new_session",))
    assert effective_intent(offered, request("affirm")) == "affirm"
