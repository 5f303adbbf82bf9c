"""What enters a case beside a plain request: additions, withdrawals, decisions, deadlines, results."""

from datetime import time, timedelta
from typing import Literal, cast

import pytest

from casefile.approval import Alternative, ApprovalRecord, ApprovalRequest
from casefile.case import Case
from casefile.events import (
    ApprovalGiven,
    CaseEvent,
    Client,
    DeadlinePassed,
    DeliveryFailed,
    DependencyChanged,
    HumanSpoke,
    InboundMessage,
    Media,
    MessageReceived,
    OperationDone,
    OperatorCommand,
    WindowClosed,
)
from casefile.facts import Facts, PaymentFacts
from casefile.money import MICRO
from casefile.outside_events import OutsideReply
from casefile.packets import CResult
from casefile.payment_events import PaymentRequested, PaymentReturned, PaymentSettled
from casefile.reading import Request, Slots, WhenSlot
from casefile.records import Payment
from casefile.verdict import Verdict
from policies.approvals import digest
from policies.conditions import START_HIGH
from policies.desk import Rules
from policies.entering import admit_event
from policies.gate import request_of
from policies.grounds import done_now
from policies.matter import weigh
from tests.policies.builders import NOW, contact, conversation, schedule, slot, task
from tests.policies.test_charging import open_bill, way_to_pay
from tests.policies.test_window import REOPEN
from tests.policies.worlds import at, case, facts, identity, invoice, page, reading, request, rules

CASE = "SCH-2026-0001"
MESSAGE = MessageReceived(
    account="1", received_at=NOW, sent_at=NOW, client=Client(), message=InboundMessage(id="m1", kind="text")
)
CREDIT = Alternative(id="credit", label="Kredit", text="Kami ganti dengan kredit ya, Kak.")


def asked(**changes: object) -> ApprovalRequest:
    cited = ("refund_policy.id#h1",)
    base = ApprovalRequest(
        id="a1",
        case_id=CASE,
        kind="REFUND",
        token="t1",
        digest=digest(task(), "Disetujui ya, Kak.", "wa-1-c1", cited, (CREDIT,)),
        customer_masked="+62 *** 0001",
        language="id",
        asks="refund",
        policy="tidak ada refund",
        checked=(),
        suggested="tolak",
        operation=task(),
        text="Disetujui ya, Kak.",
        deny_text="Maaf belum bisa, Kak.",
        alternatives=(CREDIT,),
        cited=cited,
        requested_at=NOW,
        deadline=NOW,
    )
    return base.model_copy(update=changes)


def pending(**changes: object) -> ApprovalRecord:
    return ApprovalRecord(request=asked()).model_copy(update=changes)


WAITING = case(intent="refund_request", tier="R3", state="awaiting_approval", approval_id="a1")
ASKED = facts(approval=pending(), excerpt=page())


def enter(event: CaseEvent, on: Case = WAITING, seen: Facts = ASKED, by: Rules | None = None) -> Verdict:
    desk = by or rules()
    return admit_event(on, seen, event, weigh(on, seen, request_of(on, seen.reading), desk), desk)


def given(decision: Literal["APPROVE", "DENY", "EDIT"] = "APPROVE", **changes: object) -> ApprovalGiven:
    base = ApprovalGiven(at=NOW, case_id=CASE, approval_id="a1", decision=decision, by="maya")
    return base.model_copy(update=changes)


def says(intent: str, *signals: str) -> Facts:
    return ASKED.model_copy(update={"reading": reading(request(intent, *signals))})


def test_while_a_person_has_the_conversation_what_is_asked_is_put_before_them() -> None:
    theirs = conversation(taken_by="tari", hands=1)
    taken = says("greeting").model_copy(update={"conversation": theirs})
    assert fired(enter(MESSAGE, on=case(), seen=taken)) == ("HAND_OVER", "CASE.taken")
    assert fired(enter(MESSAGE, seen=taken))[0] == "WAIT"
    spoke = HumanSpoke(account="1", received_at=NOW, sent_at=NOW, client=Client(), message=MESSAGE.message)
    assert fired(enter(spoke, on=case(), seen=taken)) == ("RELAY", "PERSON.phone")


def test_a_yes_to_what_is_not_proved_yet_releases_nothing() -> None:
    unproved = asked(operation=None, wants="REFUND", text="")
    bound = digest(None, "", "wa-1-c1", unproved.cited, (CREDIT,))
    seen = facts(approval=pending(request=unproved.model_copy(update={"digest": bound})), excerpt=page())
    assert fired(enter(given(), seen=seen)) == ("WAIT", "APPROVAL.unproved")
    assert fired(enter(given("DENY"), seen=seen)) == ("DECLINE", "COACH.denied")
    assert fired(enter(given("EDIT", text="Kami telepon ya, Kak."), seen=seen))[0] == "RELEASE"
    assert fired(enter(given(alternative="credit"), seen=seen))[0] == "RELEASE"


def fired(verdict: Verdict) -> tuple[str, str]:
    return verdict.decision, verdict.rules[0].id


def timer(name: str) -> DeadlinePassed:
    return DeadlinePassed(at=NOW, case_id=CASE, timer=name, key="k")


@pytest.mark.parametrize(
    ("event", "decision"),
    [
        (given(), "RELEASE"),
        (given("EDIT", text="Bulan depan ya, Kak."), "RELEASE"),
        (given(conditions="hanya sekali"), "RELEASE"),
        (given(alternative="credit"), "RELEASE"),
        (given("DENY", alternative="credit"), "RELEASE"),
        (given("DENY"), "DECLINE"),
    ],
)
def test_a_decision_on_what_is_asked_does_what_it_says(event: ApprovalGiven, decision: str) -> None:
    verdict = enter(event)
    assert (verdict.decision, verdict.tier) == (decision, "R3")


@pytest.mark.parametrize(
    "event",
    [given(approval_id="a0"), given(alternative="nobody offered this"), given("DENY", approval_id="a0")],
)
def test_a_decision_on_something_else_releases_nothing(event: ApprovalGiven) -> None:
    assert fired(enter(event)) == ("WAIT", "APPROVAL.stale")


@pytest.mark.parametrize("state", ["approved", "denied", "edited", "void"])
def test_an_approval_settled_meanwhile_is_not_used_again(state: str) -> None:
    seen = ASKED.model_copy(update={"approval": pending(state=state)})
    assert fired(enter(given(), seen=seen)) == ("SETTLE", "APPROVAL.stale")


def test_a_decision_that_comes_after_a_withdrawal_releases_nothing() -> None:
    withdrawn = case(intent="refund_request", tier="R3", state="answered")
    assert fired(enter(given(), on=withdrawn, seen=facts())) == ("SETTLE", "APPROVAL.stale")
    assert fired(enter(given(), on=withdrawn)) == ("SETTLE", "APPROVAL.stale")


@pytest.mark.parametrize("now_reads", [None, page(content_hash="h2")])
def test_a_cited_page_that_changed_is_asked_about_anew(now_reads: object) -> None:
    verdict = enter(given(), seen=ASKED.model_copy(update={"excerpt": now_reads}))
    assert fired(verdict) == ("ESCALATE_COACH", "APPROVAL.changed")
    assert (verdict.approval_kind, verdict.lane) == ("REFUND", "coach")


@pytest.mark.parametrize(
    "changes",
    [{"text": "Uang langsung cair."}, {"operation": task(params={"amount": 9})}, {"operation": None}],
)
def test_anything_bound_that_changed_voids_the_approval(changes: dict[str, object]) -> None:
    seen = ASKED.model_copy(update={"approval": pending(request=asked(**changes))})
    assert enter(given(), seen=seen).decision == "ESCALATE_COACH"


def test_another_conversation_is_another_recipient() -> None:
    moved = WAITING.model_copy(update={"conversation_id": "wa-1-c2"})
    assert enter(given(), on=moved).decision == "ESCALATE_COACH"


def test_while_a_person_decides_a_message_is_an_addition() -> None:
    verdict = enter(MESSAGE, seen=says("payment_claim", "payment_claim"))
    assert fired(verdict) == ("WAIT", "CASE.addition")
    assert (verdict.signals, verdict.urgent, verdict.tier) == (("payment_claim",), False, "R3")
    assert enter(MESSAGE, seen=says("legal_threat", "legal")).urgent
    assert enter(MESSAGE).decision == "WAIT"


def test_a_withdrawal_voids_what_was_asked() -> None:
    assert fired(enter(MESSAGE, seen=says("withdrawal", "withdrawal", "cancel"))) == (
        "WITHDRAW",
        "CASE.withdrawn",
    )


def test_another_time_voids_what_is_decided_on() -> None:
    move = task(action="RESCHEDULE", params={"slot_id": "elsewhere"})
    record = pending(request=asked(kind="RESCHEDULE_EXCEPTION", operation=move))
    waits = WAITING.model_copy(update={"intent": "reschedule", "session_id": "s1"})
    heard = reading(request("give_time"), slots=at(slot())).model_copy(update={"normalized": "itu saja"})
    used_up = schedule(reschedules_this_month=2)
    verdict = enter(MESSAGE, on=waits, seen=facts(heard, approval=record, schedule=used_up))
    assert fired(verdict) == ("WAIT", "CASE.changed")
    # What is inside policy, or has no free hour yet, is first settled with the customer.
    verdict = enter(MESSAGE, on=waits, seen=facts(heard, approval=record))
    assert (*fired(verdict), verdict.rules[-1].id) == ("ASK", "R2.confirm", "CASE.changed")
    none_free = schedule(reschedules_this_month=2, free_slots=(slot(NOW + timedelta(days=9), id="f9"),))
    verdict = enter(MESSAGE, on=waits, seen=facts(heard, approval=record, schedule=none_free))
    assert (*fired(verdict), verdict.rules[-1].id) == ("ASK", "R3.time", "CASE.changed")


def test_a_withdrawal_does_not_swallow_a_new_risk() -> None:
    both = says("withdrawal", "withdrawal", "refund")
    assert enter(MESSAGE, seen=both).decision == "WAIT"
    about_refund = WAITING.model_copy(update={"tags": ("signal:refund",)})
    assert enter(MESSAGE, on=about_refund, seen=both).decision == "WITHDRAW"


def test_taking_back_what_was_still_being_asked_about_ends_it() -> None:
    asking = case(intent="reschedule", tier="R2", state="awaiting_customer", waiting_for="slot")
    dropped = facts(reading(request("withdrawal", "withdrawal", "reschedule")))
    assert fired(enter(MESSAGE, on=asking, seen=dropped)) == ("WITHDRAW", "CASE.dropped")
    instead = facts(reading(request("withdrawal", "withdrawal", "refund")))
    verdict = enter(MESSAGE, on=asking, seen=instead)
    assert (verdict.decision, verdict.tier) == ("ASK", "R3")
    assert set(verdict.signals) & START_HIGH


def test_a_no_to_a_move_that_was_to_be_confirmed_keeps_the_session() -> None:
    asking = case(intent="reschedule", tier="R2", waiting_for="confirm", chosen=slot())

    def said(*requests: Request, **slots: object) -> Facts:
        return facts(reading(*requests, slots=Slots().model_copy(update=slots)))

    kept = ("WITHDRAW", "CASE.kept")
    assert fired(enter(MESSAGE, on=asking, seen=said(request("deny"), yes_no="no"))) == kept
    other = WhenSlot(text="jam 2", time=time(14))
    for seen in (
        said(request("deny"), yes_no="no", when=(other,)),
        said(request("deny"), yes_no="no", choice=2),
        said(request("refund_request", "refund"), yes_no="no"),
        said(request("affirm"), yes_no="yes"),
        facts(),
    ):
        assert fired(enter(MESSAGE, on=asking, seen=seen)) != kept
    at_offer = asking.model_copy(update={"waiting_for": "slot"})
    assert fired(enter(MESSAGE, on=at_offer, seen=said(request("deny"), yes_no="no"))) != kept


def test_in_pilot_only_the_listed_numbers_are_served() -> None:
    asked_for = facts(reading(request("greeting")), contact=contact())
    listed = rules("pilot", pilot_allowlist=frozenset({"+6281200000001"}))
    others = rules("pilot", pilot_allowlist=frozenset({"+6281200000009"}))
    assert enter(MESSAGE, on=case(), seen=asked_for, by=listed).decision == "ANSWER"
    assert fired(enter(MESSAGE, on=case(), seen=asked_for, by=others)) == ("HAND_OVER", "PILOT.redirect")
    nobody = asked_for.model_copy(update={"contact": None})
    assert enter(MESSAGE, on=case(), seen=nobody, by=listed).decision == "HAND_OVER"
    assert enter(MESSAGE, on=case(), seen=asked_for, by=rules("pilot")).decision == "ANSWER"
    production = others.model_copy(update={"mode": "production"})
    assert enter(MESSAGE, on=case(), seen=asked_for, by=production).decision == "ANSWER"


def test_a_message_to_a_case_a_person_handles_reaches_that_person() -> None:
    theirs = case(state="with_person", intent="human_request")
    verdict = enter(MESSAGE, on=theirs, seen=facts(reading(request("abuse_report", "abuse"))))
    assert (*fired(verdict), verdict.urgent) == ("HAND_OVER", "CASE.addition", True)


@pytest.mark.parametrize(("clarifications", "decision"), [(2, "ASK"), (3, "HAND_OVER")])
def test_after_so_many_unclear_answers_a_person_takes_it(clarifications: int, decision: str) -> None:
    verdict = enter(MESSAGE, on=case(clarifications=clarifications), seen=facts(reading(request("unclear"))))
    assert verdict.decision == decision
    assert (verdict.missing is None) == (decision == "HAND_OVER")


@pytest.mark.parametrize(("turn", "decision"), [(14, "NEED_VERIFICATION"), (15, "HAND_OVER")])
def test_after_so_many_turns_a_person_takes_it(turn: int, decision: str) -> None:
    stuck = case(turn=turn, opened_turn=2)
    seen = facts(reading(request("next_session")), identity=identity("UNKNOWN"))
    verdict = enter(MESSAGE, on=stuck, seen=seen)
    assert verdict.decision == decision
    assert (verdict.rules[0].id == "CASE.stuck") == (decision == "HAND_OVER")
    answered = facts(reading(request("next_session")))
    assert enter(MESSAGE, on=stuck, seen=answered).decision == "ANSWER"


@pytest.mark.parametrize(("intent", "rule"), [("next_session", "CASE.cost"), ("refund_request", "R3.refund")])
def test_a_case_whose_money_is_spent_is_a_persons_who_is_asked_anyway_where_one_decides(
    intent: str, rule: str
) -> None:
    dear = case(spent=2_000 * MICRO)
    verdict = enter(MESSAGE, on=dear, seen=facts(reading(request(intent))))
    assert verdict.rules[0].id == rule
    assert verdict.decision == ("HAND_OVER" if rule == "CASE.cost" else "ESCALATE_COACH")
    assert verdict.lane in {"ops", "coach"} and verdict.missing is None
    cheaper = dear.with_(spent=2_000 * MICRO - 1)
    assert enter(MESSAGE, on=cheaper, seen=facts(reading(request("next_session")))).decision == "ANSWER"


def test_a_dependency_that_came_back_prices_the_request_anew() -> None:
    back = DependencyChanged(at=NOW, case_id=CASE, name="schedule", up=True)
    seen = facts(reading(request("next_session")))
    assert enter(back, on=case(intent="next_session"), seen=seen).decision == "ANSWER"


def test_an_outage_whose_customers_are_told_first_decides_nothing() -> None:
    down = DependencyChanged(at=NOW, case_id=CASE, name="schedule", up=False)
    assert fired(enter(down, on=case(intent="next_session"))) == ("WAIT", "INCIDENT.told")


@pytest.mark.parametrize("name", ["approval", "sla", "resolve", "close"])
def test_a_clock_never_takes_a_pending_decision_away(name: str) -> None:
    rule = "APPROVAL.deadline" if name == "approval" else "APPROVAL.clock"
    assert fired(enter(timer(name))) == ("WAIT", rule)


@pytest.mark.parametrize(
    ("name", "decision"),
    [("sla", "NUDGE"), ("approval", "NUDGE"), ("resolve", "SETTLE"), ("close", "SETTLE")],
)
def test_a_clock_nudges_or_settles(name: str, decision: str) -> None:
    assert enter(timer(name), on=case(tier="R1"), seen=facts()).decision == decision


@pytest.mark.parametrize("state", ["answered", "resolved", "closed"])
def test_a_clock_that_runs_out_after_the_answer_says_nothing(state: str) -> None:
    verdict = enter(timer("sla"), on=WAITING.with_(state=state, approval_id=None), seen=facts())
    assert fired(verdict) == ("SETTLE", "SLA.late")


def test_an_operator_settles_only_what_waits_for_nobody() -> None:
    command = OperatorCommand(at=NOW, case_id=CASE, command="resolve", by="op")
    assert fired(enter(command, on=case(), seen=facts())) == ("SETTLE", "OPERATOR.command")
    assert fired(enter(command)) == ("WAIT", "CASE.waiting")


@pytest.mark.parametrize("command", ["reply", "done"])
def test_a_persons_words_leave_unless_a_decision_is_waited_for(command: Literal["reply", "done"]) -> None:
    said = OperatorCommand(at=NOW, case_id=CASE, command=command, by="op", args={"text": "Sudah ya, Kak."})
    theirs = case(state="with_person")
    assert fired(enter(said, on=theirs, seen=facts())) == ("RELAY", "PERSON.words")
    assert fired(enter(said)) == ("WAIT", "CASE.waiting")


def test_another_system_s_words_leave_unless_a_decision_is_waited_for() -> None:
    said = OutsideReply(at=NOW, case_id=CASE, by="crm", text="Siap, Kak.")
    assert fired(enter(said, on=case(), seen=facts())) == ("RELAY", "OUTSIDE.words")
    assert fired(enter(said)) == ("WAIT", "CASE.waiting")


def test_a_task_that_is_done_without_words_only_settles() -> None:
    done = OperatorCommand(at=NOW, case_id=CASE, command="done", by="op", args={"task": "k", "text": ""})
    assert fired(enter(done, on=case(state="with_person"), seen=facts())) == ("SETTLE", "TASK.done")


def test_a_payment_is_told_only_as_the_books_have_it_and_only_to_whom_it_is_known() -> None:
    settled = PaymentSettled(at=NOW, case_id=CASE, invoice="INV-2026-0201-007")
    claim = case(intent="payment_claim", tier="R2", state="with_person")
    bill = invoice()
    paid = facts(payments=PaymentFacts(invoices=(bill,), read_at=NOW, rev=4))
    assert fired(enter(settled, on=claim, seen=paid)) == ("REPORT", "PAYMENT.settled")
    pending = bill.model_copy(update={"payment": Payment(state="PENDING", source="invoice")})
    unknown = paid.model_copy(update={"identity": identity("UNKNOWN")})
    open_bill = facts(payments=PaymentFacts(invoices=(pending,), read_at=NOW, rev=4))
    other = facts(payments=PaymentFacts(invoices=(invoice(number="INV-2026-0201-008"),), read_at=NOW, rev=4))
    for seen in (open_bill, other, unknown, facts()):
        assert fired(enter(settled, on=claim, seen=seen)) == ("NUDGE", "PAYMENT.unread")
    assert fired(enter(settled)) == ("WAIT", "CASE.waiting")


def test_a_way_to_pay_is_told_while_it_is_open_and_only_to_whose_bill_it_is() -> None:
    link = way_to_pay()
    made = PaymentRequested(at=NOW, case_id=CASE, invoice=link.invoice, link=link)
    asking = case(intent="renewal_request", state="answered")
    seen = facts(payments=PaymentFacts(invoices=(open_bill(link=link),), read_at=NOW, rev=4))
    assert fired(enter(made, on=asking, seen=seen)) == ("REPORT", "PAYMENT.link")
    new = seen.model_copy(update={"identity": identity("NEW")})
    assert fired(enter(made, on=asking, seen=new)) == ("REPORT", "PAYMENT.link")
    over = way_to_pay(expires_at=NOW)
    for gone in (
        facts(snapshot=None),
        facts(payments=PaymentFacts(invoices=(open_bill(link=over),), read_at=NOW, rev=4)),
    ):
        assert fired(enter(made, on=asking, seen=gone)) == ("SETTLE", "PAYMENT.over")
    stranger = seen.model_copy(update={"identity": identity("UNKNOWN")})
    assert fired(enter(made, on=asking, seen=stranger)) == ("SETTLE", "PAYMENT.over")
    refused = PaymentRequested(at=NOW, case_id=CASE, invoice=link.invoice, why="the provider refused")
    assert fired(enter(refused, on=asking, seen=seen)) == ("NUDGE", "PAYMENT.no_link")
    assert fired(enter(made)) == ("WAIT", "CASE.waiting")


def test_money_that_went_back_is_told_and_what_could_not_is_a_persons() -> None:
    back = PaymentReturned(at=NOW, case_id=CASE, invoice="INV-2026-0201-007", amount=1_250_000)
    asking = case(intent="refund_request", state="answered")
    assert fired(enter(back, on=asking, seen=facts())) == ("REPORT", "PAYMENT.returned")
    stranger = facts().model_copy(update={"identity": identity("UNKNOWN")})
    refused = back.model_copy(update={"why": "the payment provider refused (412): too late"})
    for event, seen in ((back, stranger), (refused, facts())):
        assert fired(enter(event, on=asking, seen=seen)) == ("NUDGE", "PAYMENT.not_returned")
    assert fired(enter(back)) == ("WAIT", "CASE.waiting")
    assert "refunded" in done_now(asking, facts(), (back,), "")
    assert "refunded" not in done_now(asking, facts(), (refused,), "")


def test_words_that_did_not_arrive_make_the_case_a_persons_again() -> None:
    failed = DeliveryFailed(at=NOW, case_id=CASE, key="k", why="131047")
    assert fired(enter(failed, on=case(state="answered"), seen=facts())) == ("UNHEARD", "CASE.unheard")
    assert fired(enter(failed)) == ("WAIT", "CASE.waiting")


def test_words_the_closed_window_kept_back_wait_and_the_customer_is_invited() -> None:
    closed = WindowClosed(at=NOW, case_id=CASE, key="k")
    desk = rules().model_copy(update={"reopen": REOPEN})
    answered = case(state="answered")
    assert fired(enter(closed, on=answered, seen=facts(), by=desk)) == ("INVITE", "CASE.window")
    assert fired(enter(closed, on=answered, seen=facts())) == ("UNHEARD", "CASE.unheard")
    assert fired(enter(closed, by=desk)) == ("WAIT", "CASE.waiting")


def result(status: str, action: str = "RESCHEDULE", **refs: object) -> OperationDone:
    outcome = CResult.model_validate(
        {"case_id": CASE, "status": status, "action": action, "details": "", "refs": refs}
    )
    return OperationDone(at=NOW, case_id=CASE, key="k", result=outcome)


def test_what_c_brought_back_is_reported_or_goes_on() -> None:
    running = case(intent="reschedule", tier="R2", state="executing")
    seen = facts()
    assert enter(result("SUCCESS"), on=running, seen=seen).decision == "REPORT"
    taken = enter(result("BLOCKED_POLICY", blocked_by="slot_free"), on=running, seen=seen)
    assert (*fired(taken), taken.missing) == ("ASK", "C.slot_taken", "slot")
    late = enter(result("BLOCKED_POLICY", blocked_by="within_quota"), on=running, seen=seen)
    assert (late.decision, late.tier, late.approval_kind) == ("ESCALATE_COACH", "R3", "RESCHEDULE_EXCEPTION")


@pytest.mark.parametrize(
    ("event", "seen"),
    [
        (result("FAILED"), facts()),
        (result("NEED_VERIFICATION"), facts()),
        (result("BLOCKED_POLICY", "REFUND"), facts()),
        (result("BLOCKED_POLICY", blocked_by="slot_free"), facts(schedule=None)),
        # Moved from another number in the same moment: there is no session left to offer an hour for.
        (result("BLOCKED_POLICY", blocked_by="slot_free"), facts(schedule=schedule(sessions=()))),
    ],
)
def test_what_could_not_be_done_is_a_persons(event: OperationDone, seen: Facts) -> None:
    verdict = enter(event, on=case(intent="reschedule", tier="R2", state="executing"), seen=seen)
    assert (*fired(verdict), verdict.lane) == ("HAND_OVER", "C.failed", "ops")


def test_an_event_nobody_knows_is_a_fault_not_a_settled_case() -> None:
    with pytest.raises(AssertionError):
        enter(cast(CaseEvent, asked()))


def test_news_and_a_mere_i_will_wait_disturb_nobody_who_has_the_case() -> None:
    for on in (
        case(intent="human_request", state="with_person"),
        case(intent="refund_request", state="awaiting_approval"),
    ):
        news = enter(MESSAGE, on=on, seen=facts(reading(request("case_status"))))
        assert (news.decision, news.rules[0].id, news.tier) == ("WAIT", "CASE.news", on.tier)
        waits = enter(MESSAGE, on=on, seen=facts(reading(request("acknowledge_wait"))))
        assert (waits.decision, waits.rules[0].id) == ("WAIT", "CASE.courtesy")
        risky = enter(MESSAGE, on=on, seen=facts(reading(request("acknowledge_wait", "legal"))))
        assert risky.rules[0].id != "CASE.courtesy"


def test_a_file_beside_a_question_for_news_is_looked_at() -> None:
    photo = Media(id="m", mime="image/jpeg")
    shown = MESSAGE.model_copy(update={"message": MESSAGE.message.model_copy(update={"media": photo})})
    on = case(intent="human_request", state="with_person")
    assert enter(shown, on=on, seen=facts(reading(request("case_status")))).rules[0].id == "CASE.addition"


def test_who_has_twice_not_had_the_pair_is_a_persons_to_know() -> None:
    unknown = facts(reading(request("lost_invoice")), identity=identity("UNKNOWN"))
    once = case(intent="next_session", waiting_for="identity").said("customer", "lupa invoicenya", NOW)
    assert enter(MESSAGE, on=once, seen=unknown).decision == "NEED_VERIFICATION"
    twice = once.said("customer", "ga punya kak", NOW)
    verdict = enter(MESSAGE, on=twice, seen=unknown)
    assert (verdict.decision, verdict.lane, verdict.rules[0].id) == ("HAND_OVER", "ops", "CASE.lost")
