"""Words the closed window kept back: the customer is invited once, the words wait, and go first when they write."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from casefile.effects import SendMessage
from casefile.errors import DependencyDown, SendRefused, SendUnknown
from casefile.events import OperatorCommand
from ports.journal import TurnCommit
from tests.gateway_engine.room import RINA, Room, open_room, send
from tests.gateway_engine.test_decisions import asked as refund_asked
from tests.gateway_engine.test_decisions import press
from tests.gateway_engine.test_people_answer import state

INVITATION = "kabar_menunggu"
CLOSED = SendRefused("131047", "re-engagement message")


async def denied_too_late(room: Room) -> str:
    """Let a coach say no more than 24 hours after Rina last wrote; return the words she is to hear."""
    record = await refund_asked(room)
    await room.passes(hours=24)
    room.phones.sent.clear()
    await press(room, record, "d")
    return record.request.deny_text


def ledger(room: Room) -> list[tuple[str, int]]:
    """Return where the last words to the customer stand: state, and whether they are on their way."""
    rows = room.rows("SELECT state, pending FROM outbox WHERE kind = 'send_message' ORDER BY seq")
    return [tuple(row) for row in rows]


def conversation(room: Room) -> str:
    return str(room.rows("SELECT id FROM conversations WHERE contact_id = ?", RINA)[0]["id"])


def news(key: str, room: Room) -> SendMessage:
    return send(key, conversation(room), "Satu lagi, Kak.").model_copy(update={"purpose": "notify"})


def turn_of(room: Room, case_id: str, effect: SendMessage) -> TurnCommit:
    """Say something more in a case, as a turn of it would."""
    return TurnCommit(
        turn_id=f"more:{effect.key}",
        conversation_id=effect.conversation_id,
        at=room.clock.now(),
        inbox_ids=(),
        cases=(),
        effects=((case_id, effect),),
        transcript=(),
        measures=(),
        records=(),
    )


async def more(room: Room, effect: SendMessage) -> None:
    (case,) = room.rows("SELECT id FROM cases")
    await room.wired.journal.commit(turn_of(room, case["id"], effect))
    room.engine.performer.wake()
    await room.rests()


async def test_the_customer_is_invited_once_and_the_words_wait(room: Room) -> None:
    words = await denied_too_late(room)
    (invitation,) = room.phones.sent
    assert invitation.channel_template is not None
    assert (invitation.channel_template.name, invitation.channel_template.language) == (INVITATION, "id")
    assert words not in invitation.text and invitation.purpose == "invite"
    assert ledger(room)[-2:] == [("queued", 0), ("accepted", 0)]
    assert room.lanes.in_thread("failed:") == []
    (note,) = room.lanes.in_thread("window:")
    assert note.lane == "ops" and "menulis lagi" in note.html
    await room.passes(hours=30)
    assert len(room.phones.sent) == 1


async def test_when_they_write_the_words_go_first_and_once(room: Room) -> None:
    words = await denied_too_late(room)
    await room.passes(hours=3)
    room.phones.sent.clear()
    await room.answered(RINA, "iya kak")
    assert room.phones.texts()[0] == words
    assert len(room.phones.sent) == 2
    await room.answered(RINA, "oke makasih")
    assert room.phones.texts().count(words) == 1
    assert {state for state, _ in ledger(room)} == {"accepted"}


async def test_several_words_wait_in_their_order_behind_one_invitation(room: Room) -> None:
    words = await denied_too_late(room)
    await more(room, news("k2", room))
    assert len(room.phones.sent) == 1
    assert len(room.lanes.in_thread("window:")) == 1
    await room.answered(RINA, "iya kak")
    assert room.phones.texts()[1:3] == [words, "Satu lagi, Kak."]


@pytest.mark.parametrize("how", ["asked", "reported"])
async def test_a_window_only_whatsapp_knew_to_be_closed_is_no_different(room: Room, how: str) -> None:
    record = await refund_asked(room)
    room.phones.sent.clear()
    room.phones.faults = [CLOSED] if how == "asked" else []
    await press(room, record, "d")
    if how == "reported":
        (row,) = room.rows("SELECT key FROM outbox WHERE kind = 'send_message' ORDER BY seq DESC LIMIT 1")
        room.phones.sent.clear()
        for _ in range(2):
            await room.status(row["key"], "failed", code="131047")
    assert [m.purpose for m in room.phones.sent] == ["invite"]
    assert ledger(room)[-2:] == [("queued", 0), ("accepted", 0)]
    await room.answered(RINA, "iya kak")
    assert room.phones.texts()[1] == record.request.deny_text


@pytest.mark.parametrize("code", ["132001", "131047"])
async def test_an_invitation_that_does_not_arrive_makes_the_case_a_persons_with_its_words(
    room: Room, code: str
) -> None:
    room.phones.looks = _refusing_templates(code)
    words = await denied_too_late(room)
    cards = room.lanes.in_thread("failed:")
    assert len(cards) == 2
    assert any(words in card.html for card in cards)
    assert code != "132001" or all("reopen_template" in card.html for card in cards)
    assert state(room) == "with_person"
    assert [s for s, _ in ledger(room)][-2:] == ["failed", "failed"]
    room.phones.looks = None
    room.phones.sent.clear()
    await room.answered(RINA, "halo?")
    assert words not in room.phones.texts()


def _refusing_templates(code: str) -> Callable[[SendMessage], None]:
    def look(message: SendMessage) -> None:
        if message.channel_template is not None:
            raise SendRefused(code, "not this template")

    return look


@pytest.mark.parametrize("fault", [SendUnknown("no answer"), DependencyDown("whatsapp", "refused")])
async def test_an_invitation_is_an_effect_of_the_ledger_like_any_other(room: Room, fault: Exception) -> None:
    record = await refund_asked(room)
    await room.passes(hours=24)
    room.phones.sent.clear()
    room.phones.faults = [fault]
    await press(room, record, "d")
    assert room.phones.sent == []
    await room.passes(minutes=10)
    assert [m.purpose for m in room.phones.sent] == ["invite"]


async def _resolved(room: Room) -> None:
    (case,) = room.rows("SELECT id FROM cases")
    now = room.clock.now()
    event = OperatorCommand(at=now, case_id=case["id"], command="resolve", by="sf_tari")
    await room.wired.journal.submit(conversation(room), event, "cli:resolve", now)


async def _dropped(room: Room) -> None:
    (row,) = room.rows("SELECT key FROM outbox WHERE state = 'queued' AND pending = 0")
    assert await room.wired.journal.settle(row["key"], "drop", "sf_tari", room.clock.now())


async def _closed(room: Room) -> None:
    await room.passes(hours=12)
    await room.passes(days=7)


@pytest.mark.parametrize("settle", [_resolved, _dropped, _closed])
async def test_words_that_were_settled_meanwhile_are_not_said_any_more(
    room: Room, settle: Callable[[Room], Awaitable[None]]
) -> None:
    words = await denied_too_late(room)
    await settle(room)
    await room.rests()
    await room.passes(seconds=5)
    room.phones.sent.clear()
    await room.answered(RINA, "iya kak")
    assert words not in room.phones.texts()
    assert ("dropped", 0) in ledger(room)


async def test_an_answer_that_may_no_longer_be_true_does_not_wait(room: Room) -> None:
    await refund_asked(room)
    await room.passes(hours=24)
    room.phones.sent.clear()
    await more(room, send("k1", conversation(room), "Sesinya besok, Kak."))
    assert room.phones.sent == []
    assert ledger(room)[-1] == ("failed", 0)
    assert len(room.lanes.in_thread("failed:")) == 1


async def test_what_a_killed_server_left_refused_waits_after_the_next_start(
    filled: Path, tmp_path: Path
) -> None:
    path = tmp_path / "loket.db"
    first = await open_room(filled, path)
    await refund_asked(first)
    await first.close()
    second = await open_room(filled, path, fresh=False, at=first.clock.now() + timedelta(hours=25))
    (case,) = second.rows("SELECT id FROM cases")
    await second.wired.journal.commit(turn_of(second, case["id"], news("k1", second)))
    assert await second.wired.journal.attempting("k1", second.clock.now())
    await second.wired.journal.failed("k1", "131047 re-engagement message", second.clock.now())
    await second.start()
    assert ledger(second)[-1] == ("queued", 0)
    assert second.lanes.in_thread("failed:") == []
    await second.close()
