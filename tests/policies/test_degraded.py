"""What needs which dependency, and how people say that one is down."""

import pytest

from casefile.effects import Effect, NoteGap, PostToLane, RunOperation, SendMessage
from casefile.packets import CTask
from casefile.payment_effects import RequestPayment
from policies.degraded import Asked, asked, is_down, needs, touched
from tests.policies.worlds import case

SEND = SendMessage(
    key="k", conversation_id="c", text="Halo", language="id", template="greeting@1", purpose="answer"
)
POST = PostToLane(key="p", lane="ops", thread="t", html="satu")


def operation(action: str) -> RunOperation:
    """An operation of this kind."""
    task = CTask.model_validate(
        {
            "case_id": "c",
            "action": action,
            "subject": "s",
            "verification_status": "OK",
            "idempotency_key": "o",
        }
    )
    return RunOperation(key="o", task=task)


@pytest.mark.parametrize(
    ("effect", "name"),
    [
        (SEND, "whatsapp"),
        (POST, "telegram"),
        (operation("RESCHEDULE"), "schedule"),
        (operation("REFUND"), "payments"),
        (operation("ENROL"), None),
        (RequestPayment(key="r", invoice_number="INV-2026-0201-001"), "payments"),
        (NoteGap(key="g", case_id="c", question="q", language="id"), None),
    ],
)
def test_what_an_effect_leaves_by(effect: Effect, name: str | None) -> None:
    assert needs(effect) == name


def test_a_case_is_tagged_with_the_outages_it_met_and_once() -> None:
    one = case()
    assert touched(one, (SEND, POST), frozenset()) == one
    tagged = touched(one, (SEND, POST), frozenset({"telegram", "schedule"}))
    assert tagged.tags == (*one.tags, "degraded:telegram")
    assert touched(tagged, (POST,), frozenset({"telegram"})) == tagged
    waiting = one.with_(pending_dependency="payments")
    assert touched(waiting, (), frozenset()).tags == (*one.tags, "degraded:payments")


def test_what_is_held_back_says_for_what() -> None:
    assert is_down("whatsapp") == "whatsapp is down"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("degraded on schedule server pindah", Asked("on", "schedule", None, "server pindah")),
        (
            "/degraded on schedule major: tidak bisa dibuka",
            Asked("on", "schedule", "major", "tidak bisa dibuka"),
        ),
        ("/degraded@loket_bot ON Payments minor cek bank", Asked("on", "payments", "minor", "cek bank")),
        ("Degraded on schedule", Asked("on", "schedule", None, "")),
        ("degraded off telegram", Asked("off", "telegram")),
        ("degraded off telegram sudah beres", Asked("off", "telegram")),
        ("/degraded list", Asked("list")),
        ("/degraded", Asked("unclear")),
        ("degraded on", Asked("unclear")),
        ("degraded maybe schedule", Asked("unclear")),
        ("degradedness of schedule", None),
        ("jadwalnya degraded", None),
        ("", None),
    ],
)
def test_what_people_ask_for(text: str, meant: Asked | None) -> None:
    assert asked(text) == meant
