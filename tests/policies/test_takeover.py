"""Whose a conversation is: who may take it, what silences the voice, what people write in a lane about it."""

from datetime import datetime, timedelta

import pytest

from casefile.events import (
    CaseEvent,
    Client,
    DeadlinePassed,
    DependencyChanged,
    HumanSpoke,
    InboundMessage,
    MessageReceived,
    OperatorCommand,
)
from casefile.payment_events import PaymentSettled
from policies.gate import request_of
from policies.matter import weigh
from policies.takeover import (
    Asked,
    a_persons_at,
    asked,
    asks_anew,
    left_to_a_person,
    may_take,
    persons_case,
    put_before,
    ready_for_a_person,
    silent,
)
from tests.policies.builders import NOW, conversation, staff
from tests.policies.worlds import case, facts, reading, request, rules

CASE = "SCH-2026-0001"
LATER = NOW + timedelta(minutes=1)
TAKEN = conversation(taken_by="tari", hands=1)
BACK = conversation(hands=2, handed_back_at=NOW)
REPLY = OperatorCommand(at=NOW, case_id=CASE, command="reply", by="tari", args={"text": "Halo Kak"})
PAID = PaymentSettled(at=NOW, case_id=CASE, invoice="INV-2026-0210-001")
CLOCK = DeadlinePassed(at=NOW, case_id=CASE, timer="sla", key="k")
ASKS = facts(reading=reading(request("refund_request", "refund")))
UP = DependencyChanged(at=NOW, case_id=CASE, name="schedule", up=True)


def written(at: datetime = NOW) -> MessageReceived:
    text = InboundMessage(id="m1", kind="text", text="halo")
    return MessageReceived(account="1", received_at=at, sent_at=at, client=Client(), message=text)


def spoken() -> HumanSpoke:
    text = InboundMessage(id="h1", kind="image")
    return HumanSpoke(account="1", received_at=NOW, sent_at=NOW, client=Client(), message=text)


@pytest.mark.parametrize("event", [written(), PAID, CLOCK, UP])
def test_b_is_silent_whatever_happens_while_a_person_has_the_conversation(event: CaseEvent) -> None:
    assert silent(TAKEN, (event,))
    assert not silent(conversation(), (event,))


@pytest.mark.parametrize("event", [REPLY, spoken()])
def test_a_persons_own_words_are_not_silenced(event: CaseEvent) -> None:
    assert not silent(TAKEN, (event,))


def test_what_was_written_to_a_person_stays_theirs_after_they_hand_back() -> None:
    assert silent(BACK, (written(NOW - timedelta(seconds=1)),))
    assert not silent(BACK, (written(NOW),))
    assert not silent(BACK, (written(LATER),))
    assert not silent(BACK, (CLOCK,))
    assert a_persons_at(BACK, NOW - timedelta(seconds=1)) and not a_persons_at(BACK, LATER)


def test_only_requests_are_put_before_a_person_and_only_what_came_to_an_end_is_ready_for_them() -> None:
    down = UP.model_copy(update={"up": False})
    assert [asks_anew((e,)) for e in (written(), UP, down, CLOCK, PAID)] == [True, True, False, False, False]
    assert [ready_for_a_person((e,)) for e in (written(), UP, CLOCK, PAID)] == [False, False, False, True]


def test_words_to_a_person_belong_to_the_open_case_that_moved_last() -> None:
    older, newer = case(id="SCH-2026-0001"), case(id="SCH-2026-0002", updated_at=LATER)
    done = case(id="SCH-2026-0003", state="resolved", updated_at=LATER + timedelta(hours=1))
    assert persons_case((older, newer, done)) == newer
    assert persons_case((done,)) is None


def test_what_a_customer_writes_is_put_before_the_person_priced_like_any_other() -> None:
    new, asked_for = case(), case(request="mau refund", intent="refund_request", tier="R3")
    matter = weigh(new, ASKS, request_of(new, ASKS.reading), rules())
    first = put_before(new, matter, rules())
    assert (first.decision, first.lane, first.tier) == ("HAND_OVER", "ops", "R3")
    assert [rule.id for rule in first.rules][:2] == ["CASE.taken", "R3.refund"]
    more = put_before(asked_for, matter, rules())
    assert (more.decision, [rule.id for rule in more.rules]) == ("HAND_OVER", ["CASE.taken"])


def test_only_what_was_written_to_a_person_and_not_answered_is_left_to_them() -> None:
    theirs = case(state="with_person", cause="CASE.taken faq.price_list")
    assert left_to_a_person(theirs)
    assert not left_to_a_person(theirs.with_(state="answered"))
    assert not left_to_a_person(theirs.with_(cause="R0.person human_request"))


@pytest.mark.parametrize(("roles", "may"), [(("operator",), True), (("coach", "oncall"), False)])
def test_only_an_operator_takes_conversations(roles: tuple[str, ...], may: bool) -> None:
    assert may_take(staff(*roles)) is may
    assert not may_take(None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/takeover SCH-2026-0001 pelanggan kesal", Asked("takeover", CASE, "pelanggan kesal")),
        ("/takeover@loket_bot sch-2026-0001", Asked("takeover", "sch-2026-0001")),
        ("/takeover wa-school-ct_rina", Asked("takeover", "wa-school-ct_rina")),
        ("/handback SCH-2026-0001", Asked("handback", CASE)),
        ("/takeover biar aku saja", Asked("takeover", "", "biar aku saja")),
        ("Takeover", Asked("takeover")),
        (" ambil  alih ", Asked("takeover")),
        ("handback", Asked("handback")),
        ("kembalikan", Asked("handback")),
    ],
)
def test_a_lane_takes_the_word_or_the_command(text: str, said: Asked) -> None:
    assert asked(text) == said


@pytest.mark.parametrize("text", ["", "halo", "kembalikan saja barangnya ya Kak", "takeovers", "takeover ya"])
def test_what_may_be_an_answer_to_a_customer_is_no_command(text: str) -> None:
    assert asked(text) is None
