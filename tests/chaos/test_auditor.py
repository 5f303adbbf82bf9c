"""The auditor finds what it is there to find: every planted loss, repeat, reordering and stuck row."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.chaos.audit import Evidence, audit, differences

Row = dict[str, Any]


def _inbox(number: int, external_id: str, channel: str, turn: str, body: Row) -> Row:
    return {
        "place": number,
        "id": number,
        "channel": channel,
        "external_id": external_id,
        "conversation_id": "wa-school-ct_a",
        "state": "read",
        "turn_id": turn,
        "why": None,
        "body": json.dumps(body),
    }


def _outbox(key: str, kind: str, state: str, body: Row) -> Row:
    return {"key": key, "kind": kind, "state": state, "pending": 0, "error": None, "body": json.dumps(body)}


def _sent(seq: int, key: str, text: str) -> Row:
    return {"seq": seq, "kind": "whatsapp.send", "key": key, "chat": "ct_a", "text": text}


def _arrival(seq: int, message_id: str) -> list[Row]:
    return [
        {
            "seq": seq,
            "kind": "whatsapp.inbound",
            "id": message_id,
            "chat": "ct_a",
            "text": f"words {message_id}",
        },
        {"seq": seq + 1, "kind": "whatsapp.webhook", "result": 200, "carries": [message_id]},
    ]


def _sound() -> Evidence:
    """Two messages; the second is approved by a coach, carried out once and reported."""
    task = {"idempotency_key": "C-1:refund", "approval_id": "C-1-1"}
    inbox = [
        _inbox(1, "m1", "whatsapp", "t1", {"type": "message_received"}),
        _inbox(2, "m2", "whatsapp", "t2", {"type": "message_received"}),
        _inbox(3, "approval:C-1-1", "loket", "t3", {"type": "approval_given", "approval_id": "C-1-1"}),
        _inbox(4, "C-1:refund", "ops", "t4", {"type": "operation_done"}),
    ]
    outbox = [
        _outbox("C-1:1:say", "send_message", "delivered", {"text": "one"}),
        _outbox("C-1:2:say", "send_message", "read", {"text": "two"}),
        _outbox(
            "C-1:2:lane", "post_to_lane", "accepted", {"html": "<b>decide</b> &amp; tell", "lane": "coach"}
        ),
        _outbox("C-1:refund", "run_operation", "accepted", {"task": task}),
        _outbox("C-1:4:say", "send_message", "accepted", {"text": "three"}),
    ]
    operation = {
        "key": "C-1:refund",
        "action": "REFUND",
        "subject": "INV-1",
        "case_id": "C-1",
        "status": "SUCCESS",
    }
    said = [("in", "m1"), ("out", "C-1:1:say"), ("in", "m2"), ("out", "C-1:2:say"), ("out", "C-1:4:say")]
    tables = {
        "inbox": inbox,
        "turns": [{"id": f"t{n}", "conversation_id": "wa-school-ct_a"} for n in (1, 2, 3, 4)],
        "outbox": outbox,
        "approvals": [{"id": "C-1-1", "state": "approved"}],
        "operations": [operation],
        "cases": [{"id": "C-1", "state": "answered"}],
        "turn_records": [{"case_id": "C-1", "turn": n} for n in (1, 2, 3, 4)],
        "transcript": [{"direction": d, "external_id": external_id} for d, external_id in said],
    }
    post = {"seq": 8, "kind": "telegram.send", "text": "decide & tell", "lane": "coach"}
    receipts = [
        *_arrival(1, "m1"),
        _sent(3, "C-1:1:say", "one"),
        *_arrival(4, "m2"),
        _sent(6, "C-1:2:say", "two"),
        post,
        _sent(9, "C-1:4:say", "three"),
    ]
    return Evidence(tables, receipts)


def _lose_a_message(found: Evidence) -> None:
    found.tables["inbox"][0:1] = []
    found.tables["turns"][0:1] = []


def _leave_a_message_unread(found: Evidence) -> None:
    found.tables["inbox"][1].update(state="unread", turn_id=None)


def _take_a_message_twice(found: Evidence) -> None:
    found.tables["inbox"].append(_inbox(9, "m1", "whatsapp", "t4", {"type": "message_received"}))


def _apply_a_turn_twice(found: Evidence) -> None:
    found.tables["turns"].append({"id": "t2-again", "conversation_id": "wa-school-ct_a"})


def _skip_a_turn(found: Evidence) -> None:
    found.tables["turn_records"][1:2] = []


def _swap_the_turns(found: Evidence) -> None:
    turns = found.tables["turns"]
    turns[0], turns[1] = turns[1], turns[0]


def _let_the_second_overtake(found: Evidence) -> None:
    first, second = found.tables["inbox"][:2]
    first["external_id"], second["external_id"] = second["external_id"], first["external_id"]


def _operate_twice(found: Evidence) -> None:
    found.tables["operations"].append({**found.tables["operations"][0], "key": "C-1:refund-again"})


def _forget_an_operation(found: Evidence) -> None:
    found.tables["operations"].clear()


def _report_nothing(found: Evidence) -> None:
    found.tables["inbox"][3]["state"] = "unread"


def _use_an_approval_twice(found: Evidence) -> None:
    task = {"idempotency_key": "C-1:other", "approval_id": "C-1-1"}
    found.tables["outbox"].append(_outbox("C-1:other", "run_operation", "accepted", {"task": task}))


def _decide_without_a_decision(found: Evidence) -> None:
    found.tables["inbox"][2]["body"] = json.dumps({"type": "deadline_passed"})


def _say_twice(found: Evidence) -> None:
    found.receipts.append(_sent(10, "C-1:2:say", "two"))


def _never_say(found: Evidence) -> None:
    found.receipts[:] = [r for r in found.receipts if r.get("key") != "C-1:2:say"]


def _say_something_else(found: Evidence) -> None:
    found.receipts[2]["text"] = "another customer's words"


def _arrive_unbeknownst(found: Evidence) -> None:
    found.tables["outbox"][0]["state"] = "failed"


def _post_twice(found: Evidence) -> None:
    found.receipts.append({"seq": 11, "kind": "telegram.send", "text": "decide & tell", "lane": "coach"})


def _never_post(found: Evidence) -> None:
    found.receipts[:] = [r for r in found.receipts if r["kind"] != "telegram.send"]


def _stay_in_doubt(found: Evidence) -> None:
    found.tables["outbox"][2]["state"] = "unknown"


def _stay_in_a_state(found: Evidence) -> None:
    found.tables["cases"][0]["state"] = "executing"


PLANTED = {
    "in the inbox 0 times": _lose_a_message,
    "was read by no turn": _leave_a_message_unread,
    "in the inbox 2 times": _take_a_message_twice,
    "took nothing": _apply_a_turn_twice,
    "has turns": _skip_a_turn,
    "took what came before": _swap_the_turns,
    "was worked on before": _let_the_second_overtake,
    "succeeded 2 times": _operate_twice,
    "done 0": _forget_an_operation,
    "reported 0 times": _report_nothing,
    "was used 2 times": _use_an_approval_twice,
    "after 0 decisions": _decide_without_a_decision,
    "arrived 2 times": _say_twice,
    "arrived 0 times": _never_say,
    "no ledger row says": _say_something_else,
    "though it arrived": _arrive_unbeknownst,
    "was seen 2 times": _post_twice,
    "was seen 0 times": _never_post,
    "is unknown": _stay_in_doubt,
    "stuck in executing": _stay_in_a_state,
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


def test_a_run_that_ends_otherwise_is_told_apart() -> None:
    wanted = {"replies": ["ct_a: one", "ct_a: two"], "refunds": ["INV-1"]}
    assert differences(wanted, copy.deepcopy(wanted)) == []
    assert differences(wanted, {"replies": ["ct_a: one"], "refunds": ["INV-1", "INV-1"]}) == [
        "replies missing: ct_a: two",
        "refunds too many: INV-1",
    ]
