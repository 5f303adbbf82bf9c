"""The auditor finds what it is there to find: every planted loss, repeat, reordering and stuck row."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.chaos.auditor.audit import CHECKS, audit
from tests.chaos.auditor.evidence import Evidence
from tests.chaos.auditor.story import differences

Row = dict[str, Any]
T0, NOW = "2026-11-23T03:00:00.000000Z", "2026-11-23T09:00:00.000000Z"
CONVERSATION = "wa-school-ct_a"


def _at(seq: int) -> str:
    return f"2026-11-23T03:{seq:02d}:00+00:00"


def _inbox(number: int, external_id: str, channel: str, turn: str, body: Row) -> Row:
    return {
        "id": number,
        "channel": channel,
        "external_id": external_id,
        "conversation_id": CONVERSATION,
        "state": "read",
        "turn_id": turn,
        "why": None,
        "body": json.dumps(body),
    }


def _outbox(key: str, kind: str, state: str, turn: str, body: Row) -> Row:
    sent = {"pending": 0, "attempts": 1, "provider_id": f"p-{key}", "error": None}
    place = {"key": key, "kind": kind, "state": state, "turn_id": turn, "conversation_id": CONVERSATION}
    return {**place, **sent, "body": json.dumps(body)}


def _sent(seq: int, key: str, text: str) -> Row:
    receipt = {"seq": seq, "sandbox_now": _at(seq), "kind": "whatsapp.send", "id": f"w-{key}-{seq}"}
    return {**receipt, "key": key, "chat": "ct_a", "to": "62811", "text": text}


def _hook(seq: int, carried: str) -> Row:
    receipt = {"seq": seq, "sandbox_now": _at(seq), "kind": "whatsapp.webhook"}
    return {**receipt, "result": 200, "carries": [carried]}


def _arrival(seq: int, message_id: str) -> list[Row]:
    came = {"seq": seq, "kind": "whatsapp.inbound", "id": message_id, "chat": "ct_a"}
    return [{**came, "text": f"words {message_id}"}, _hook(seq + 1, message_id)]


def _operation(key: str, action: str, subject: str, case_id: str = "C-1") -> Row:
    return {"key": key, "action": action, "subject": subject, "case_id": case_id, "status": "SUCCESS"}


def _asked(key: str, turn: str, approval: str | None = None) -> Row:
    task = {"idempotency_key": key, "approval_id": approval}
    return _outbox(key, "run_operation", "accepted", turn, {"task": task})


def _lesson(name: str, coach: str, start: str, status: str = "scheduled", moved_to: str | None = None) -> Row:
    row = {"id": name, "student_id": "st_a", "coach": coach, "start_at": start}
    return {**row, "status": status, "moved_to": moved_to}


def _bill(number: str, state: str, by: str | None = None) -> Row:
    row = {"number": number, "contact_id": "ct_a", "amount": 100, "payment_state": state}
    return {**row, "confirmed_by": by, "evidence": by and "bank line"}


def _free(name: str, taken: str | None = None) -> Row:
    return {"id": name, "coach": "Bela", "start_at": "15", "session_id": taken}


def _sound() -> Evidence:
    """Two messages; one moves a lesson, the other's refund is approved; a payment is confirmed by command."""
    inbox = [
        _inbox(1, "m1", "whatsapp", "t1", {"type": "message_received"}),
        _inbox(2, "m2", "whatsapp", "t2", {"type": "message_received"}),
        _inbox(3, "approval:C-1-1", "loket", "t3", {"type": "approval_given", "approval_id": "C-1-1"}),
        _inbox(4, "C-1:refund", "ops", "t4", {"type": "operation_done"}),
        _inbox(5, "C-1:move", "ops", "t5", {"type": "operation_done"}),
    ]
    thread = {"html": "<b>decide</b> &amp; tell", "lane": "coach", "thread": "approval:C-1-1"}
    outbox = [
        _outbox("C-1:1:say", "send_message", "delivered", "t1", {"text": "one"}),
        _outbox("C-1:2:say", "send_message", "read", "t2", {"text": "two"}),
        {**_outbox("C-1:2:lane", "post_to_lane", "accepted", "t2", thread), "provider_id": "8"},
        _asked("C-1:refund", "t3", "C-1-1"),
        _asked("C-1:move", "t2"),
        _outbox("C-1:4:say", "send_message", "accepted", "t4", {"text": "three"}),
    ]
    said = [("in", "m1"), ("out", "C-1:1:say"), ("in", "m2"), ("out", "C-1:2:say"), ("out", "C-1:4:say")]
    old = [_lesson("ss_1", "Bela", "10"), _lesson("ss_2", "Bela", "11")]
    case = {"id": "C-1", "state": "answered", "owner": "B", "conversation_id": CONVERSATION}
    tables = {
        "inbox": inbox,
        "turns": [{"id": f"t{n}", "conversation_id": CONVERSATION} for n in (1, 2, 3, 4, 5)],
        "outbox": outbox,
        "approvals": [{"id": "C-1-1", "case_id": "C-1", "state": "approved"}],
        "operations": [
            _operation("C-1:refund", "REFUND", "INV-1"),
            _operation("C-1:move", "RESCHEDULE", "st_a"),
            _operation("cli:paid", "PAYMENT_CONFIRM_MANUAL", "INV-2", ""),
        ],
        "cases": [case],
        "conversations": [{"id": CONVERSATION, "contact_id": "ct_a", "channel_address": "+62811"}],
        "turn_records": [{"case_id": "C-1", "turn": n} for n in (1, 2, 3, 4, 5)],
        "transcript": [
            {"direction": d, "external_id": external_id, "conversation_id": CONVERSATION}
            for d, external_id in said
        ],
        "timers": [
            {"key": "C-1:close", "case_id": "C-1", "state": "armed", "armed": 1, "due_at": "2026-12-01"},
        ],
        "audit": [],
        "sessions": [
            _lesson("ss_1", "Bela", "10", "moved", "ss_1-r1"),
            old[1],
            _lesson("ss_1-r1", "Bela", "15"),
        ],
        "slots": [_free("sl_1", "ss_1-r1")],
        "reschedules": [
            {"id": "C-1:move", "student_id": "st_a", "request_month": "11", "source": "customer",
             "approval_id": None}
        ],
        "invoices": [_bill("INV-1", "CONFIRMED", "sf_agus"), _bill("INV-2", "CONFIRMED", "sf_tari")],
        "refunds": [{"id": "C-1:refund", "approval_id": "C-1-1"}],
        "due_tasks": [{"id": "C-1:refund"}],
        "contacts": [{"id": "ct_a", "rev": 3}],
        "snapshots": [{"contact_id": "ct_a", "rev": 3, "body": json.dumps({"rev": 3})}],
        "staff": [{"id": "sf_agus", "telegram_user_id": 11}, {"id": "sf_tari", "telegram_user_id": 12}],
    }  # fmt: skip
    receipts = [
        *_arrival(1, "m1"),
        _sent(3, "C-1:1:say", "one"),
        *_arrival(4, "m2"),
        _sent(6, "C-1:2:say", "two"),
        {"seq": 8, "kind": "telegram.send", "text": "decide & tell", "lane": "coach", "message": 8},
        {"seq": 9, "kind": "telegram.press", "message": 8, "user": 11, "button": "Approve"},
        {"seq": 10, "kind": "telegram.update", "update": 77},
        {"seq": 11, "kind": "telegram.acknowledged", "updates": [77]},
        _sent(12, "C-1:4:say", "three"),
    ]
    before = {
        "sessions": old,
        "slots": [_free("sl_1")],
        "reschedules": [],
        "invoices": [_bill("INV-1", "CONFIRMED", "sf_agus"), _bill("INV-2", "PENDING")],
    }
    typed = [{"words": ["confirm-payment", "INV-2", "--by", "sf_tari"], "code": 0}]
    return Evidence(tables, receipts, before, typed, NOW)


def _lose_a_message(found: Evidence) -> None:
    found.tables["inbox"][0:1] = []
    found.tables["turns"][0:1] = []


def _leave_a_message_unread(found: Evidence) -> None:
    found.tables["inbox"][1].update(state="unread", turn_id=None)


def _take_a_message_twice(found: Evidence) -> None:
    found.tables["inbox"].append(_inbox(9, "m1", "whatsapp", "t4", {"type": "message_received"}))


def _take_what_nobody_sent(found: Evidence) -> None:
    found.tables["inbox"].append(_inbox(9, "m9", "whatsapp", "t4", {"type": "message_received"}))


def _forget_what_was_heard(found: Evidence) -> None:
    found.tables["transcript"][0:1] = []


def _apply_a_turn_twice(found: Evidence) -> None:
    found.tables["turns"].append({"id": "t2-again", "conversation_id": CONVERSATION})


def _skip_a_turn(found: Evidence) -> None:
    found.tables["turn_records"][1:2] = []


def _swap_the_turns(found: Evidence) -> None:
    turns = found.tables["turns"]
    turns[0], turns[1] = turns[1], turns[0]


def _let_the_second_overtake(found: Evidence) -> None:
    first, second = found.tables["inbox"][:2]
    first["external_id"], second["external_id"] = second["external_id"], first["external_id"]


def _mix_the_transcript(found: Evidence) -> None:
    found.tables["transcript"].reverse()


def _operate_twice(found: Evidence) -> None:
    found.tables["operations"].append({**found.tables["operations"][0], "key": "C-1:refund-again"})


def _forget_an_operation(found: Evidence) -> None:
    found.tables["operations"].clear()


def _type_what_a_case_asked(found: Evidence) -> None:
    found.tables["outbox"].append(_asked("cli:paid", "t3"))


def _report_nothing(found: Evidence) -> None:
    found.tables["inbox"][3]["state"] = "unread"


def _use_an_approval_twice(found: Evidence) -> None:
    found.tables["outbox"].append(_asked("C-1:other", "t3", "C-1-1"))


def _decide_without_a_decision(found: Evidence) -> None:
    found.tables["inbox"][2]["body"] = json.dumps({"type": "deadline_passed"})


def _use_what_is_void(found: Evidence) -> None:
    found.tables["approvals"][0]["state"] = "void"


def _lose_a_press(found: Evidence) -> None:
    found.tables["approvals"][0]["state"] = "pending"


def _lose_a_command(found: Evidence) -> None:
    found.tables["invoices"][1] = _bill("INV-2", "PENDING")


def _lose_a_typed_decision(found: Evidence) -> None:
    found.commands.append({"words": ["deny", "C-9", "--by", "sf_tari"], "code": 0})


def _say_twice(found: Evidence) -> None:
    found.receipts.append(_sent(13, "C-1:2:say", "two"))


def _repeat_what_was_proved(found: Evidence) -> None:
    _say_twice(found)
    found.receipts.append(_hook(7, "w-C-1:2:say-6/delivered"))
    found.tables["audit"].append(
        {"service": "ledger", "action": "resend", "at": "2026-11-23T03:12:30.000000Z",
         "body": json.dumps({"data_refs": ["C-1:2:say"]})}
    )  # fmt: skip


def _never_say(found: Evidence) -> None:
    found.receipts[:] = [r for r in found.receipts if r.get("key") != "C-1:2:say"]


def _say_something_else(found: Evidence) -> None:
    found.receipts[2]["text"] = "another customer's words"


def _tell_somebody_else(found: Evidence) -> None:
    found.receipts[2]["to"] = "62899"


def _arrive_unbeknownst(found: Evidence) -> None:
    found.tables["outbox"][0]["state"] = "failed"


def _fail_in_silence(found: Evidence) -> None:
    _arrive_unbeknownst(found)
    found.receipts.append(_hook(14, "w-C-1:1:say-3/failed"))


def _forget_what_was_said(found: Evidence) -> None:
    del found.tables["transcript"][1]


def _post_twice(found: Evidence) -> None:
    found.receipts.append({**found.receipts[6], "seq": 13})


def _never_post(found: Evidence) -> None:
    found.receipts[:] = [r for r in found.receipts if r["kind"] != "telegram.send"]


def _post_elsewhere(found: Evidence) -> None:
    found.tables["outbox"][2]["provider_id"] = "99"


def _show_what_was(found: Evidence) -> None:
    found.receipts.append({**found.receipts[6], "seq": 13, "kind": "telegram.edit", "text": "as it was"})


def _send_without_a_turn(found: Evidence) -> None:
    found.tables["outbox"][0]["turn_id"] = "t9"


def _send_without_an_attempt(found: Evidence) -> None:
    found.tables["outbox"][0]["attempts"] = 0


def _accept_without_a_number(found: Evidence) -> None:
    found.tables["outbox"][0]["provider_id"] = None


def _lose_a_lesson(found: Evidence) -> None:
    del found.tables["sessions"][1]


def _teach_two_at_once(found: Evidence) -> None:
    found.tables["sessions"][1]["start_at"] = "15"


def _forget_the_ledger(found: Evidence) -> None:
    found.tables["reschedules"].clear()


def _move_without_an_order(found: Evidence) -> None:
    found.tables["sessions"][1]["status"] = "moved"


def _move_to_nowhere(found: Evidence) -> None:
    found.tables["sessions"][0]["moved_to"] = "ss_9"


def _give_an_hour_away(found: Evidence) -> None:
    found.tables["slots"][0]["session_id"] = "ss_2"


def _keep_an_hour_for_nobody(found: Evidence) -> None:
    found.tables["slots"][0]["session_id"] = "ss_1-r1"
    found.tables["sessions"][2]["status"] = "consumed"


def _take_no_hour(found: Evidence) -> None:
    found.tables["slots"][0]["session_id"] = None


def _lose_an_hour(found: Evidence) -> None:
    found.tables["slots"].clear()


def _move_too_often(found: Evidence) -> None:
    found.tables["reschedules"] *= 3


def _except_without_approval(found: Evidence) -> None:
    found.tables["reschedules"][0].update(source="exception", approval_id="C-1-2")


def _pay_twice(found: Evidence) -> None:
    found.tables["operations"].append(_operation("cli:again", "PAYMENT_CONFIRM_MANUAL", "INV-2", ""))


def _pay_by_nobody(found: Evidence) -> None:
    found.tables["invoices"][1]["confirmed_by"] = "somebody"


def _change_a_bill(found: Evidence) -> None:
    found.tables["invoices"][0]["amount"] = 1


def _lose_a_bill(found: Evidence) -> None:
    del found.tables["invoices"][0]


def _refund_without_an_order(found: Evidence) -> None:
    found.tables["refunds"][0]["id"] = "C-2:refund"


def _refund_twice(found: Evidence) -> None:
    found.tables["refunds"].append({"id": "C-1:other", "approval_id": "C-1-1"})


def _order_what_nobody_asked(found: Evidence) -> None:
    found.tables["due_tasks"][0]["id"] = "C-2:refund"


def _answer_from_what_was(found: Evidence) -> None:
    found.tables["contacts"][0]["rev"] = 4


def _stay_in_doubt(found: Evidence) -> None:
    found.tables["outbox"][2]["state"] = "unknown"


def _drop_words(found: Evidence) -> None:
    found.tables["outbox"][0]["state"] = "dropped"


def _stay_in_a_state(found: Evidence) -> None:
    found.tables["cases"][0]["state"] = "executing"


def _wait_for_nobody(found: Evidence) -> None:
    found.tables["cases"][0]["state"] = "awaiting_approval"


def _be_with_nobody(found: Evidence) -> None:
    found.tables["cases"][0]["state"] = "with_person"


def _wait_without_a_clock(found: Evidence) -> None:
    found.tables["timers"].clear()


def _sleep_through_a_deadline(found: Evidence) -> None:
    found.tables["timers"][0]["due_at"] = T0


def _fire_unheard(found: Evidence) -> None:
    found.tables["timers"][0]["state"] = "fired"


PLANTED = {
    "in the inbox 0 times": _lose_a_message,
    "was read by no turn": _leave_a_message_unread,
    "in the inbox 2 times": _take_a_message_twice,
    "a message nobody sent": _take_what_nobody_sent,
    "in the transcript 0 times": _forget_what_was_heard,
    "took nothing": _apply_a_turn_twice,
    "has turns": _skip_a_turn,
    "took what came before": _swap_the_turns,
    "was worked on before": _let_the_second_overtake,
    "out of order": _mix_the_transcript,
    "succeeded 2 times": _operate_twice,
    "done 0": _forget_an_operation,
    "was typed, yet asked for 1": _type_what_a_case_asked,
    "reported 0 times": _report_nothing,
    "was used 2 times": _use_an_approval_twice,
    "after 0 decisions": _decide_without_a_decision,
    "is void and was used": _use_what_is_void,
    "was pressed for C-1-1, which is pending": _lose_a_press,
    "by command, which is PENDING": _lose_a_command,
    "by command, which is undecided": _lose_a_typed_decision,
    "arrived 2 times": _say_twice,
    "proved since": _repeat_what_was_proved,
    "arrived 0 times": _never_say,
    "no ledger row says": _say_something_else,
    "went to somebody else": _tell_somebody_else,
    "though it arrived": _arrive_unbeknownst,
    "nobody was told": _fail_in_silence,
    "differ in what was said": _forget_what_was_said,
    "was seen 2 times": _post_twice,
    "was seen 0 times": _never_post,
    "never had its words": _post_elsewhere,
    "which came last": _show_what_was,
    "belongs to no turn": _send_without_a_turn,
    "was never attempted": _send_without_an_attempt,
    "own number for it": _accept_without_a_number,
    "lessons ahead and has 1": _lose_a_lesson,
    "teaches 2 lessons": _teach_two_at_once,
    "moves and their ledger differ": _forget_the_ledger,
    "1 moves succeeded and 2 lessons": _move_without_an_order,
    "which is not there": _move_to_nowhere,
    "which is not in it": _give_an_hour_away,
    "which is consumed": _keep_an_hour_for_nobody,
    "stands in 0 slots": _take_no_hour,
    "is gone": _lose_an_hour,
    "moved 3 lessons": _move_too_often,
    "rests on C-1-2, None": _except_without_approval,
    "after 2 confirmations": _pay_twice,
    "confirmed by nobody": _pay_by_nobody,
    "is not the one it was": _change_a_bill,
    "there were 2 invoices and are 1": _lose_a_bill,
    "refunds and their operations differ": _refund_without_an_order,
    "released 2 refunds": _refund_twice,
    "no operation put it there": _order_what_nobody_asked,
    "has rev 3, its records 4": _answer_from_what_was,
    "is unknown": _stay_in_doubt,
    "was dropped": _drop_words,
    "stuck in executing": _stay_in_a_state,
    "nobody is asked for": _wait_for_nobody,
    "who has no name": _be_with_nobody,
    "no clock runs for it": _wait_without_a_clock,
    "never fired": _sleep_through_a_deadline,
    "nobody heard of it": _fire_unheard,
}


def test_a_sound_run_has_nothing_to_object_to() -> None:
    assert audit(_sound()) == []


@pytest.mark.parametrize(
    ("words", "plant"), PLANTED.items(), ids=[p.__name__.strip("_") for p in PLANTED.values()]
)
def test_what_is_planted_is_found(words: str, plant: Callable[[Evidence], None]) -> None:
    found = copy.deepcopy(_sound())
    plant(found)
    assert any(words in problem for problem in audit(found)), audit(found)


def test_every_check_finds_something_that_is_planted() -> None:
    silent = set(CHECKS)
    for plant in PLANTED.values():
        found = copy.deepcopy(_sound())
        plant(found)
        silent -= {check for check in silent if any(check(found))}
    assert silent == set()


def test_what_went_again_without_a_proof_is_on_record_and_no_problem() -> None:
    found = copy.deepcopy(_sound())
    _repeat_what_was_proved(found)
    found.receipts.pop()
    assert audit(found) == []


def test_a_post_that_was_lost_and_replaced_need_not_be_seen() -> None:
    found = copy.deepcopy(_sound())
    lost = _outbox("C-1:1:lane", "post_to_lane", "dropped", "t1", {"html": "x", "thread": "approval:C-1-1"})
    found.tables["outbox"].insert(0, lost)
    assert audit(found) == []
    found.tables["outbox"].append(found.tables["outbox"].pop(0))
    assert any("was seen 0 times" in problem for problem in audit(found))


def test_a_decision_that_came_after_the_request_was_taken_back_settles_nothing() -> None:
    found = copy.deepcopy(_sound())
    found.tables["approvals"].append({"id": "C-1-2", "case_id": "C-1", "state": "void"})
    given = {"type": "approval_given", "approval_id": "C-1-2"}
    found.tables["inbox"].append(_inbox(6, "approval:C-1-2", "loket", "t5", given))
    assert audit(found) == []


def test_a_run_that_ends_otherwise_is_told_apart() -> None:
    wanted = {"replies": ["ct_a: one", "ct_a: two"], "refunds": ["INV-1"]}
    assert differences(wanted, copy.deepcopy(wanted)) == []
    assert differences(wanted, {"replies": ["ct_a: one"], "refunds": ["INV-1", "INV-1"]}) == [
        "replies missing: ct_a: two",
        "refunds too many: INV-1",
    ]
