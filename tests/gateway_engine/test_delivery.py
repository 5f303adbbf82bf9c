"""Every way a send can end, and what the ledger, the lane and the customer see of it."""

from collections.abc import Callable

import pytest

from casefile.effects import SendMessage
from casefile.errors import DependencyDown, SendLater, SendRefused, SendUnknown
from tests.gateway_engine.room import BUDI, RINA, Room, move, post, send


async def opened(room: Room) -> str:
    """Start the engine with Rina's conversation open and its greeting out of the way."""
    await room.start()
    conversation = await room.answered(RINA, "👍")
    await room.passes(seconds=90)
    room.phones.sent.clear()
    return conversation


async def test_the_ledger_says_attempting_before_and_accepted_after(room: Room) -> None:
    conversation = await opened(room)
    await room.queue(conversation, send("k1", conversation))
    row = room.rows("SELECT state, attempts, provider_id FROM outbox WHERE key = 'k1'")[0]
    assert tuple(row) == ("accepted", 1, "wamid.out.1")


async def test_while_a_send_is_under_way_the_ledger_says_so(room: Room) -> None:
    conversation = await opened(room)
    seen: list[str] = []
    room.phones.looks = lambda message: seen.append(room.states()[-1])
    await room.queue(conversation, send("k1", conversation))
    assert seen == ["attempting"]


async def test_asked_to_wait_it_goes_when_the_channel_said_and_the_next_one_behind_it(room: Room) -> None:
    conversation = await opened(room)
    room.phones.faults = [SendLater("pair rate", 6, "recipient")]
    await room.queue(conversation, send("k1", conversation, "satu"), send("k2", conversation, "dua"))
    assert room.phones.sent == []
    assert room.due_in("k1") == 6
    await room.passes(seconds=5)
    assert room.phones.sent == []
    await room.passes(seconds=1)
    assert room.phones.texts() == ["satu", "dua"]


async def test_one_conversation_waiting_holds_no_other(room: Room) -> None:
    conversation = await opened(room)
    other = await room.answered(BUDI, "👍")
    await room.passes(seconds=90)
    room.phones.sent.clear()
    room.phones.faults = [SendLater("pair rate", 60, "recipient")]
    await room.queue(conversation, send("k1", conversation, "satu"))
    await room.queue(other, send("k2", other, "dua"))
    assert room.phones.texts() == ["dua"]


async def test_a_pair_rate_waits_longer_each_time_for_that_customer_alone_and_in_order(room: Room) -> None:
    conversation = await opened(room)
    other = await room.answered(BUDI, "👍")
    await room.passes(seconds=90)
    room.phones.sent.clear()
    room.phones.looks = _too_fast_for(conversation)
    await room.queue(conversation, send("k1", conversation, "satu"), send("k2", conversation, "dua"))
    for n, wait in enumerate((6, 12, 24, 48, 96, 192, 300, 300)):
        assert room.due_in("k1") == wait
        assert room.phones.texts() == ["halo"] * n
        await room.queue(other, send(f"o{wait}{room.turns}", other, "halo"))
        assert room.phones.texts() == ["halo"] * (n + 1)
        await room.passes(seconds=wait)
    room.phones.looks = None
    await room.passes(seconds=300)
    assert room.phones.texts(conversation) == ["satu", "dua"]


def _too_fast_for(conversation: str) -> Callable[[SendMessage], None]:
    def look(message: SendMessage) -> None:
        if message.conversation_id == conversation:
            raise SendLater("pair rate", 6, "recipient")

    return look


async def test_throughput_holds_everybody_back_longer_each_time_and_lanes_go_on(room: Room) -> None:
    conversation = await opened(room)
    other = await room.answered(BUDI, "👍")
    await room.passes(seconds=90)
    room.phones.sent.clear()
    room.phones.faults = [SendLater("throughput", 5), SendLater("throughput", 5)]
    await room.queue(conversation, send("k1", conversation, "satu"))
    await room.queue(other, send("k2", other, "dua"), post("p1"))
    assert room.phones.sent == [] and len(room.lanes.in_thread("packet:")) == 1
    assert len(room.phones.faults) == 1
    await room.passes(seconds=5)
    # Both were let go together, and the second refusal is the first one's alone.
    assert room.phones.texts() == ["dua"]
    await room.queue(other, send("k3", other, "tiga"))
    await room.passes(seconds=9)
    assert room.phones.texts() == ["dua"]
    await room.passes(seconds=1)
    assert room.phones.texts() == ["dua", "satu", "tiga"]


async def test_refused_for_good_it_is_shown_and_never_tried_again(room: Room) -> None:
    conversation = await opened(room)
    room.phones.faults = [SendRefused("131026", "undeliverable")]
    await room.queue(conversation, send("k1", conversation, "satu"), send("k2", conversation, "dua"))
    assert room.states()[-2:] == ["failed", "accepted"]
    (card,) = room.lanes.in_thread("failed:")
    assert card.lane == "ops" and "undeliverable" in card.html
    await room.passes(hours=2)
    assert "satu" not in room.phones.texts()


async def test_without_an_answer_it_is_shown_and_goes_again_only_after_the_time_statuses_take(
    room: Room,
) -> None:
    conversation = await opened(room)
    room.phones.faults = [SendUnknown("no answer")]
    await room.queue(conversation, send("k1", conversation, "satu"))
    assert room.states()[-1] == "unknown"
    assert len(room.lanes.in_thread("unknown:")) == 1
    await room.passes(minutes=9, seconds=59)
    assert room.phones.sent == []
    await room.passes(seconds=1)
    assert room.phones.texts() == ["satu"]
    assert room.states()[-1] == "accepted"
    assert len(room.lanes.in_thread("unknown:")) == 1


async def test_a_status_proves_a_message_whose_answer_was_lost_and_it_is_not_said_twice(room: Room) -> None:
    conversation = await opened(room)
    room.phones.faults = [SendUnknown("no answer")]
    await room.queue(conversation, send("k1", conversation))
    await room.status("k1", "delivered")
    await room.passes(minutes=30)
    assert room.states()[-1] == "delivered"
    assert room.phones.sent == []


async def test_a_lane_post_without_an_answer_is_never_posted_again_by_itself(room: Room) -> None:
    conversation = await opened(room)
    room.lanes.faults = [SendUnknown("no answer")]
    await room.queue(conversation, post("p1"))
    await room.passes(hours=1)
    assert "unknown" in room.states("post_to_lane")
    assert room.lanes.in_thread("packet:") == []
    assert len(room.lanes.in_thread("unknown:")) == 1


async def test_a_card_that_cannot_be_posted_makes_no_card_of_its_own(room: Room) -> None:
    conversation = await opened(room)
    room.phones.faults = [SendRefused("131026", "undeliverable")]
    room.lanes.faults = [SendRefused("400", "chat not found")]
    await room.queue(conversation, send("k1", conversation))
    assert room.lanes.posts == {}
    assert room.states("post_to_lane") == ["failed"]


async def test_unreachable_it_is_tried_ever_more_slowly_and_nothing_is_lost(room: Room) -> None:
    conversation = await opened(room)
    room.phones.unreachable = DependencyDown("whatsapp", "connection refused")
    await room.queue(conversation, send("k1", conversation))
    for wait in (2, 5):
        assert room.due_in("k1") == wait
        assert room.states()[-1] == "queued"
        await room.passes(seconds=wait)
    # From the third time on it is tried only as the incident's probe.
    for _ in range(6):
        await room.passes(seconds=60)
        assert "whatsapp" in await room.board.down()
        assert room.states()[-1] == "queued"
    room.phones.unreachable = None
    await room.passes(seconds=300)
    assert len(room.phones.sent) == 1
    assert "whatsapp" not in await room.board.down()


async def test_a_channel_that_asks_to_wait_has_answered_and_is_not_down(room: Room) -> None:
    conversation = await opened(room)
    room.phones.faults = [SendLater("throughput", 1) for _ in range(5)]
    await room.queue(conversation, send("k1", conversation))
    await room.passes(seconds=4)
    assert await room.board.down() == frozenset()


async def test_a_thread_is_one_post_that_is_edited(room: Room) -> None:
    conversation = await opened(room)
    await room.queue(conversation, post("p1", html="satu"))
    await room.queue(conversation, post("p2", html="dua"))
    (shown,) = room.lanes.in_thread("packet:")
    assert shown.html == "dua"
    assert [edit.html for edit in room.lanes.edits] == ["dua"]


async def test_ten_messages_a_minute_go_out_and_the_rest_wait_their_turn(room: Room) -> None:
    conversation = await opened(room)
    await room.queue(conversation, *(send(f"k{n}", conversation, str(n)) for n in range(12)))
    assert room.phones.texts() == [str(n) for n in range(10)]
    await room.passes(seconds=59)
    assert len(room.phones.sent) == 10
    await room.passes(seconds=11)
    assert room.phones.texts() == [str(n) for n in range(12)]


async def test_an_operation_waits_for_its_record_and_is_then_done_once(room: Room) -> None:
    conversation = await opened(room)
    case_id = room.case(conversation).id
    await room.breaks("schedule")
    await room.queue(conversation, move("op1", case_id))
    row = room.rows("SELECT state, attempts, error FROM outbox WHERE key = 'op1'")[0]
    assert tuple(row) == ("queued", 0, "schedule is down")
    assert room.rows("SELECT * FROM operations") == []
    await room.mends()
    assert [r["status"] for r in room.rows("SELECT status FROM operations")] == ["SUCCESS"]
    assert room.states("run_operation") == ["accepted"]


async def test_one_operation_asked_for_twice_is_done_once_and_reported_once(room: Room) -> None:
    conversation = await opened(room)
    effect = move("op1", room.case(conversation).id)
    await room.queue(conversation, effect)
    await room.queue(conversation, effect.model_copy(update={"key": "op1:again"}))
    assert len(room.rows("SELECT * FROM operations")) == 1
    assert len(room.rows("SELECT * FROM reschedules WHERE id = 'op1'")) == 1
    assert len(room.rows("SELECT * FROM inbox WHERE channel = 'ops'")) == 1
    assert room.states("run_operation") == ["accepted", "accepted"]


@pytest.mark.parametrize("name", ["delivered", "read"])
async def test_a_status_that_overtakes_the_answer_is_not_undone_by_it(room: Room, name: str) -> None:
    conversation = await opened(room)
    await room.queue(conversation, send("k1", conversation))
    await room.status("k1", name)  # type: ignore[arg-type]
    await room.wired.journal.accepted("k1", "wamid.out.1", room.clock.now())
    assert room.states()[-1] == name


async def test_a_message_refused_after_it_was_taken_is_shown_once(room: Room) -> None:
    conversation = await opened(room)
    await room.queue(conversation, send("k1", conversation))
    await room.status("k1", "failed")
    await room.status("k1", "failed")
    assert room.states()[-1] == "failed"
    (card,) = room.lanes.in_thread("failed:")
    assert card.lane == "ops"
