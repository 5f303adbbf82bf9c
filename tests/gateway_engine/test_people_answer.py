"""Answers of people: by which post, by whom, with which words; and words that WhatsApp no longer takes."""

import pytest

from casefile.effects import PostToLane
from casefile.errors import SendRefused
from tests.gateway_engine.room import RINA, Room
from tests.gateway_engine.test_decisions import BIMA, SINTA, STRANGER, TARI, Act, press
from tests.gateway_engine.test_decisions import asked as refund_asked

WORDS = "Halo Kak, dengan Tari. Ada yang bisa dibantu?"


async def handed(room: Room, text: str = "mau ngomong sama orang") -> str:
    """Let Rina's case go to the people, and return the id of its post in the ops lane."""
    await room.start()
    await room.answered(RINA, text)
    room.phones.sent.clear()
    return next(i for i, post in room.lanes.posts.items() if post.thread.startswith(("handover:", "task:")))


async def reply(
    room: Room, post: str | None, text: str, user_id: int = TARI, action: str = "tg-1", lane: str = "ops"
) -> str:
    act = Act("reply", user_id, text=text, id=action, lane=lane, message_id=post)  # type: ignore[arg-type]
    said = await room.decisions.act(act)
    await room.rests()
    return said


def state(room: Room) -> str:
    """Return where the newest case stands."""
    return str(room.rows("SELECT state FROM cases ORDER BY opened_at DESC, id DESC")[0]["state"])


async def test_a_reply_to_the_handover_post_leaves_exactly_so_as_that_persons(room: Room) -> None:
    post = await handed(room)
    assert "Balas kiriman ini" in room.lanes.posts[post].html
    assert await reply(room, post, WORDS) == "Kata-kata Anda yang akan dikirim, persis seperti itu."
    assert [(m.text, m.by) for m in room.phones.sent] == [(WORDS, "sf_tari")]
    assert state(room) == "answered"
    (row,) = room.rows("SELECT author FROM transcript WHERE text = ?", WORDS)
    assert row["author"] == "sf_tari"


async def test_a_reply_that_telegram_delivers_again_is_sent_once(room: Room) -> None:
    post = await handed(room)
    act = Act("reply", TARI, text=WORDS, id="tg-7", lane="ops", message_id=post)
    for _ in range(3):
        await room.decisions.act(act)
        await room.rests()
    assert room.phones.texts() == [WORDS]


@pytest.mark.parametrize("user_id", [STRANGER, SINTA, BIMA])
async def test_who_is_not_listed_for_the_lane_answers_nobody(room: Room, user_id: int) -> None:
    post = await handed(room)
    assert "terdaftar" in await reply(room, post, WORDS, user_id)
    assert room.phones.sent == [] and state(room) == "with_person"
    (row,) = room.rows("SELECT body FROM audit WHERE key LIKE 'answer:%'")
    assert '"result":"blocked"' in row["body"] and "not_allowed" in row["body"]


async def test_words_that_look_wrong_are_held_until_the_person_insists(room: Room) -> None:
    post = await handed(room)
    words = "Boleh Kak? Hari apa? Jam berapa? Sama siapa?"
    assert "(! ...)" in await reply(room, post, words)
    assert room.phones.sent == []
    await reply(room, post, f"! {words}")
    assert room.phones.texts() == [words]


async def test_internal_words_leave_by_no_insisting(room: Room) -> None:
    post = await handed(room)
    for sign in ("", "! "):
        said = await reply(room, post, f"{sign}Kak, ini kasus tier R3, orchestrator kami sedang cek.")
        assert "tidak boleh dikirim" in said
    assert room.phones.sent == []


async def test_another_customers_data_leaves_by_no_insisting(room: Room) -> None:
    post = await handed(room)
    for sign in ("", "! "):
        said = await reply(room, post, f"{sign}Kak, barengan sama Budi Santoso ya, 0812 0000 1002.")
        assert "memuat data pelanggan lain" in said and "tidak boleh dikirim" in said
    assert room.phones.sent == []


@pytest.mark.parametrize("words", ["!", "   "])
async def test_an_empty_answer_is_none(room: Room, words: str) -> None:
    post = await handed(room)
    assert await reply(room, post, words) == "Tulis kata-kata untuk pelanggan."
    assert state(room) == "with_person"


async def test_only_posts_that_say_so_answer_a_customer(room: Room) -> None:
    await handed(room)
    await room.passes(hours=10)
    stalled = next(i for i, post in room.lanes.posts.items() if post.thread.startswith("stalled:"))
    room.phones.sent.clear()
    assert "APPROVE" in await reply(room, stalled, "oke aku cek")
    assert await reply(room, stalled, "oke aku cek", STRANGER) == ""
    assert "APPROVE" in await reply(room, "999", "oke aku cek")
    assert "APPROVE" in await reply(room, None, "oke aku cek")
    assert room.phones.sent == []


async def test_the_same_number_in_another_group_is_another_post(room: Room) -> None:
    post = await handed(room)
    assert "APPROVE" in await reply(room, post, WORDS, lane="coach")
    assert room.phones.sent == []


async def test_a_reply_to_the_task_post_tells_the_customer_and_settles_the_task(by_people: Room) -> None:
    room = by_people
    post = await handed(room, "mau daftar trial dong")
    words = "Kak, trialnya Sabtu pagi ya. Sampai ketemu!"
    assert (await reply(room, post, words)).startswith("Tugas ini selesai. Kata-kata Anda")
    assert room.phones.texts() == [words]
    assert state(room) == "answered"
    (task,) = room.rows("SELECT state FROM due_tasks")
    assert task["state"] == "done"
    assert (
        await reply(room, post, "Sekali lagi ya, Kak.", action="tg-2")
        == "Tugas ini sudah selesai sebelumnya."
    )
    assert room.phones.texts() == [words]


async def test_words_that_are_held_settle_no_task(by_people: Room) -> None:
    room = by_people
    post = await handed(room, "mau daftar trial dong")
    await reply(room, post, "Kata orchestrator, ini tier R2.")
    assert "terdaftar" in await reply(room, post, "Sabtu ya, Kak.", STRANGER)
    (task,) = room.rows("SELECT state FROM due_tasks")
    assert task["state"] == "due" and room.phones.sent == []


async def test_after_24_hours_an_answer_is_refused_at_once_and_says_why(room: Room) -> None:
    post = await handed(room)
    await room.passes(hours=24)
    room.phones.sent.clear()
    assert "24 jam" in await reply(room, post, WORDS)
    assert room.phones.sent == [] and state(room) == "with_person"


async def test_what_waits_for_a_decision_is_not_answered(room: Room) -> None:
    record = await refund_asked(room)
    said = await room.replies.answer(
        record.request.case_id, await staff(room, "sf_tari"), WORDS, "cli:sf_tari"
    )
    assert "menunggu keputusan" in said
    assert room.phones.sent == []
    assert await room.replies.answer("SCH-2026-0099", None, WORDS, "cli") == "Kasus atau tugas ini tidak ada."
    assert await room.replies.done("SCH-2026-0099", None, WORDS, "cli") == "Kasus atau tugas ini tidak ada."


async def staff(room: Room, who: str) -> object:
    return next(p for p in await room.wired.stored.staff() if p.id == who)


# --- words that WhatsApp no longer takes -------------------------------------------------------------------


async def cards(room: Room) -> list[PostToLane]:
    return room.lanes.in_thread("failed:")


async def test_an_outcome_after_24_hours_is_not_even_tried_and_the_case_is_a_persons(
    uninviting: Room,
) -> None:
    room = uninviting
    record = await refund_asked(room)
    await room.passes(hours=24)
    room.phones.sent.clear()
    await press(room, record, "d")
    assert room.phones.sent == []
    assert room.states()[-1] == "failed"
    (card,) = await cards(room)
    assert record.request.deny_text in card.html and "24 jam" in card.html
    assert state(room) == "with_person"
    await room.passes(hours=13)
    assert state(room) == "with_person"
    assert room.lanes.in_thread("stalled:") != []


async def test_an_outcome_that_whatsapp_refuses_makes_the_case_a_persons(uninviting: Room) -> None:
    room = uninviting
    record = await refund_asked(room)
    room.phones.faults = [SendRefused("131047", "re-engagement message")]
    await press(room, record, "d")
    assert state(room) == "with_person"
    assert len(await cards(room)) == 1


async def test_an_outcome_refused_after_it_was_taken_makes_the_case_a_persons_once(room: Room) -> None:
    record = await refund_asked(room)
    await press(room, record, "d")
    assert state(room) == "answered"
    (row,) = room.rows("SELECT key FROM outbox WHERE kind = 'send_message' ORDER BY seq DESC LIMIT 1")
    for _ in range(2):
        await room.status(row["key"], "failed")
    assert state(room) == "with_person"
    assert len(await cards(room)) == 1
    assert len(room.rows("SELECT 1 FROM inbox WHERE external_id LIKE 'unheard:%'")) == 1
