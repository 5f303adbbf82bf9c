from datetime import time

import pytest

from casefile.approval import ApprovalRequest
from casefile.case import Wish
from casefile.reading import Reading
from policies.changes import replaces, says_instead, wants_another_time
from policies.slots import SlotChoice
from tests.policies.builders import NOW, slot, task
from tests.policies.worlds import case, reading, request, world

MOVE = task(action="RESCHEDULE", params={"slot_id": "f1"})
WISH = Wish(text="jam 2", time=time(14))


def heard(text: str, *signals: str) -> Reading:
    return reading(request("give_time", *signals)).model_copy(update={"normalized": text})


def asked(**changes: object) -> ApprovalRequest:
    base = ApprovalRequest(
        id="a1",
        case_id="SCH-2026-0001",
        kind="RESCHEDULE_EXCEPTION",
        token="t1",
        digest="d",
        customer_masked="",
        language="id",
        asks="",
        policy="",
        checked=(),
        suggested="",
        operation=MOVE,
        text="",
        deny_text="",
        requested_at=NOW,
        deadline=NOW,
    )
    return base.model_copy(update=changes)


@pytest.mark.parametrize(
    "text",
    ["jangan deh , jam 2 saja", "maksudku jumat", "actually make it 4pm", "i meant friday", "bukan , jam 2"],
)
def test_words_that_put_one_thing_for_another(text: str) -> None:
    assert says_instead(text)


@pytest.mark.parametrize(
    "text", ["jam 2", "soalnya rabu saja saya bisa", "i just cannot because of work on friday"]
)
def test_words_that_only_add(text: str) -> None:
    assert not says_instead(text)


def test_another_hour_than_the_one_decided_on_is_another_request() -> None:
    matter = world("reschedule").matter()
    other = matter.model_copy(update={"choice": SlotChoice(state="matched", slot=slot(id="f2"), wish=WISH)})
    said = heard("jam 2 saja")
    assert wants_another_time(asked(), other, said)
    none_free = matter.model_copy(update={"choice": SlotChoice(state="no_slot", wish=WISH)})
    assert wants_another_time(asked(), none_free, said)
    same = matter.model_copy(update={"choice": SlotChoice(state="matched", slot=slot(), wish=WISH)})
    assert not wants_another_time(asked(), same, said)
    no_wish = matter.model_copy(update={"choice": SlotChoice(state="none")})
    assert not wants_another_time(asked(), no_wish, said)
    assert not wants_another_time(asked(), matter.model_copy(update={"choice": None}), said)
    assert not wants_another_time(asked(), other, None)
    assert not wants_another_time(asked(), other, heard("jam 2"))
    assert not wants_another_time(asked(), other, heard("jam 2 saja", "refund"))
    assert not wants_another_time(asked(operation=task()), other, said)
    assert not wants_another_time(asked(operation=None), other, said)


def test_a_move_instead_of_a_cancellation_replaces_it_while_it_is_undecided() -> None:
    pending = case(intent="cancel_request", state="awaiting_approval")
    said = heard("maksudku pindah saja ke jumat", "reschedule")
    assert replaces(pending, request("reschedule", "reschedule"), said)
    assert not replaces(pending, request("reschedule"), heard("pindah ke jumat", "reschedule"))
    assert not replaces(pending, request("reschedule"), heard("pindah saja", "reschedule", "legal"))
    assert not replaces(pending, request("give_time"), said)
    assert not replaces(case(intent="cancel_request", state="answered"), request("reschedule"), said)
    assert not replaces(case(intent="refund_request", state="awaiting_approval"), request("reschedule"), said)
