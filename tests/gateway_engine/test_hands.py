"""A person has the conversation: the voice is silent at once, nothing is lost, and it can be given back."""

import json
from typing import Any

import pytest

from casefile.errors import DependencyDown
from tests.gateway_engine.room import RINA, Room
from tests.gateway_engine.test_decisions import BIMA, TARI, Act, press
from tests.gateway_engine.test_decisions import asked as refund_asked
from tests.gateway_engine.test_people_answer import reply

WORDS = "Halo Kak, dengan Tari. Aku bantu langsung ya."
ASKS = "jadwal les aku kapan ya?"


async def command(room: Room, text: str, user_id: int = TARI, post: str | None = None) -> str | None:
    said = await room.takeovers.act(Act("command", user_id, text=text, lane="ops", message_id=post))
    await room.rests()
    return said


async def pressed(room: Room, token: str, user_id: int = TARI) -> str | None:
    said = await room.takeovers.act(Act("press", user_id, token=token, lane="ops"))
    await room.rests()
    return said


async def taken(room: Room, text: str = ASKS) -> str:
    """Let Rina be answered once, and then Tari have the conversation; return it."""
    await room.start()
    talk = await room.answered(RINA, text)
    assert await room.takeovers.take(talk, "pelanggan bingung", await person(room), "cli:sf_tari")
    await room.passes(seconds=5)
    room.phones.sent.clear()
    return talk


async def person(room: Room, user_id: int = TARI) -> Any:
    return next(p for p in await room.wired.stored.staff() if p.telegram_user_id == user_id)


def newest(room: Room) -> dict[str, Any]:
    rows = room.rows("SELECT body FROM cases ORDER BY updated_at DESC, id DESC")
    case: dict[str, Any] = json.loads(rows[0]["body"])
    return case


def post_of(room: Room, start: str) -> str:
    return [i for i, post in room.lanes.posts.items() if post.thread.startswith(start)][-1]


async def test_a_customer_is_heard_by_the_person_and_by_nobody_else(room: Room) -> None:
    talk = await taken(room)
    await room.answered(RINA, "mau refund dong, uangku balikin")
    assert room.phones.sent == []
    case = newest(room)
    assert (case["state"], case["owner"]) == ("with_person", "person:sf_tari")
    shown = room.lanes.posts[post_of(room, "handover:")]
    assert "mau refund dong" in shown.html and "sedang dipegang orang" in shown.html
    assert [b.value for b in shown.buttons] == [f"back:{case['id']}"]
    assert room.rows("SELECT 1 FROM approvals") == []
    heard = room.rows("SELECT text FROM transcript WHERE conversation_id = ? AND direction = 'in'", talk)
    assert [row["text"] for row in heard] == [ASKS, "mau refund dong, uangku balikin"]


async def test_the_persons_words_leave_as_theirs_by_the_same_hand(room: Room) -> None:
    await taken(room)
    await room.answered(RINA, "haloo")
    assert await reply(room, post_of(room, "handover:"), WORDS) is not None
    assert [(m.text, m.by) for m in room.phones.sent] == [(WORDS, "sf_tari")]
    await room.answered(RINA, "oke makasih")
    assert len(room.phones.sent) == 1


async def test_a_person_may_write_before_the_customer_does_again(room: Room) -> None:
    await taken(room)
    told = room.lanes.posts[post_of(room, "takeover:")]
    assert "Tari" in told.html and "pelanggan bingung" in told.html and "30 menit" in told.html
    await reply(room, post_of(room, "takeover:"), WORDS)
    assert room.phones.texts() == [WORDS]


async def test_another_operator_is_told_who_has_it_and_sends_nothing(room: Room) -> None:
    await taken(room)
    other = (await person(room)).model_copy(update={"id": "sf_lain", "name": "Lain"})
    said = await room.replies.answer(newest(room)["id"], other, WORDS, "cli:sf_lain")
    await room.rests()
    assert "dipegang orang lain" in said and room.phones.sent == []


async def test_a_turn_in_hand_says_nothing_once_a_person_has_come(room: Room) -> None:
    await room.start()
    talk = await room.hears(RINA, ASKS)
    rows = await room.wired.journal.unread(talk)
    computed = await room.wired.runner.run(talk, rows, room.clock.now())
    assert any(effect.type == "send_message" for _, effect in computed.effects)
    await room.takeovers.take(talk, "", await person(room), "cli:sf_tari")
    commit = room.wired.journal.commit
    offered = [computed]

    async def late(turn: Any) -> None:
        await commit(offered.pop() if offered else turn)

    room.wired.journal.commit = late  # type: ignore[method-assign]
    await room.passes(seconds=1.2)
    assert offered == [] and room.phones.sent == []
    assert newest(room)["state"] == "with_person"


async def test_what_is_queued_is_dropped_and_shown_ready_to_be_used(room: Room) -> None:
    await room.start()
    room.phones.unreachable = DependencyDown("whatsapp", "no answer")
    talk = await room.answered(RINA, ASKS)
    (waiting,) = room.rows("SELECT key FROM outbox WHERE kind = 'send_message' AND state = 'queued'")
    await room.takeovers.take(talk, "", await person(room), "cli:sf_tari")
    room.phones.unreachable = None
    await room.passes(minutes=2)
    assert room.phones.sent == []
    (row,) = room.rows("SELECT state, error FROM outbox WHERE key = ?", waiting["key"])
    assert tuple(row) == ("dropped", "a person has the conversation")
    card = post_of(room, "unsaid:")
    assert "Tidak dikirim, siap dipakai" in room.lanes.posts[card].html
    await reply(room, card, WORDS)
    assert room.phones.texts() == [WORDS]


async def test_a_decision_taken_meanwhile_is_ready_for_the_person(room: Room) -> None:
    record = await refund_asked(room)
    talk = str(room.rows("SELECT conversation_id FROM cases")[0][0])
    await room.takeovers.take(talk, "", await person(room), "cli:sf_tari")
    await room.answered(RINA, "gimana kak?")
    assert room.phones.sent == []
    await press(room, record, "d")
    assert room.phones.sent == []
    ready = room.lanes.posts[post_of(room, "ready:")]
    assert record.request.deny_text[:30] in ready.html
    assert room.rows("SELECT state FROM approvals")[0]["state"] == "denied"
    assert newest(room)["state"] == "with_person"


async def test_a_person_speaks_while_another_still_decides_and_the_decision_stays_open(room: Room) -> None:
    record = await refund_asked(room)
    talk = str(room.rows("SELECT conversation_id FROM cases")[0][0])
    await room.takeovers.take(talk, "", await person(room), "cli:sf_tari")
    await room.replies.answer(record.request.case_id, await person(room), WORDS, "cli:sf_tari")
    await room.rests()
    assert room.phones.texts() == [WORDS]
    assert newest(room)["state"] == "awaiting_approval"
    await room.takeovers.back(talk, await person(room), "cli:sf_tari")
    await press(room, record, "a")
    assert record.request.text in room.phones.texts()


async def test_clocks_say_nothing_to_the_customer_but_the_people_are_reminded(room: Room) -> None:
    await taken(room)
    await room.answered(RINA, "mau ngomong sama orang")
    for _ in range(20):
        await room.passes(minutes=29)
        await room.takeovers.take(newest(room)["id"], "", await person(room), "x")
    assert room.phones.sent == []
    assert room.lanes.in_thread("stalled:")


async def test_handed_back_the_voice_goes_on_with_the_next_message_and_not_with_the_old_one(
    room: Room,
) -> None:
    talk = await taken(room)
    await room.hears(RINA, "sisa sesi aku berapa?")
    await room.passes(seconds=0.5)
    case_id = room.rows("SELECT id FROM cases")[0]["id"]
    assert await pressed(room, f"back:{case_id}") is not None
    await room.passes(seconds=0.1)
    await room.hears(RINA, ASKS)
    await room.passes(seconds=1.2)
    await room.passes(seconds=5)
    answers = room.phones.texts(talk)
    assert len(answers) == 1 and "pukul" in answers[0]
    assert "sisa sesi aku berapa?" in room.lanes.posts[post_of(room, "handover:")].html
    back = room.lanes.posts[post_of(room, "takeover:")]
    assert "Dikembalikan" in back.html and [b.value[:5] for b in back.buttons] == ["take:"]


async def test_after_the_quiet_time_the_voice_answers_again(room: Room) -> None:
    await taken(room)
    await room.passes(minutes=31)
    assert "30 menit tidak ada kata" in room.lanes.posts[post_of(room, "takeover:")].html
    await room.answered(RINA, "harga paket berapa?")
    assert len(room.phones.sent) == 1


async def test_the_business_phone_takes_over_by_speaking(room: Room) -> None:
    await room.start()
    talk = await room.answered(RINA, ASKS)
    room.phones.sent.clear()
    await room.speaks(RINA, "Kak, besok jam 4 ya")
    case = newest(room)
    assert case["state"] == "answered"
    assert case["window"][-1] | {"at": ""} == {"who": "person", "text": "Kak, besok jam 4 ya", "at": ""}
    (line,) = room.rows("SELECT author, direction FROM transcript WHERE text LIKE 'Kak, besok%'")
    assert tuple(line) == ("phone", "out")
    await room.answered(RINA, "oke, harga paket berapa?")
    assert room.phones.sent == []
    assert newest(room)["owner"] == "person:phone"
    assert "HP bisnis" in room.lanes.posts[post_of(room, "takeover:")].html
    await reply(room, post_of(room, "handover:"), WORDS)
    assert [(m.text, m.by) for m in room.phones.sent] == [(WORDS, "sf_tari")]
    assert room.rows("SELECT person FROM takeovers WHERE conversation_id = ?", talk)[0]["person"] == "phone"


async def test_a_word_from_the_phone_to_somebody_new_opens_no_case(room: Room) -> None:
    await room.start()
    talk = await room.speaks(RINA, "Halo Kak Rina")
    assert room.rows("SELECT 1 FROM cases") == []
    assert [r["text"] for r in room.rows("SELECT text FROM transcript WHERE conversation_id = ?", talk)] == [
        "Halo Kak Rina"
    ]
    await room.answered(RINA, "iya kak?")
    assert room.phones.sent == [] and newest(room)["state"] == "with_person"


@pytest.mark.parametrize("user_id", [BIMA, 999])
async def test_only_operators_take_over_and_a_try_is_in_the_audit(room: Room, user_id: int) -> None:
    await room.start()
    talk = await room.answered(RINA, ASKS)
    said = await command(room, f"/takeover {talk}", user_id)
    assert said is not None and "operator" in said
    assert room.rows("SELECT 1 FROM takeovers") == []
    (row,) = room.rows("SELECT body FROM audit WHERE service = 'conversations'")
    assert '"result":"blocked"' in row["body"]


async def test_the_word_under_a_post_takes_its_conversation_and_gives_it_back(room: Room) -> None:
    await room.start()
    await room.answered(RINA, "mau ngomong sama orang")
    post = post_of(room, "handover:")
    assert [b.label for b in room.lanes.posts[post].buttons] == ["Ambil alih"]
    assert (
        await command(room, "takeover", post=post)
        == "Percakapan ini sekarang dipegang Tari Handayani. Kami diam sampai dikembalikan."
    )
    assert await command(room, "takeover", post=post) == "Percakapan ini sudah dipegang Tari Handayani."
    assert "kembali ke kami" in (await command(room, "/handback", post=post) or "")
    assert "tidak sedang dipegang" in (await command(room, "/handback", post=post) or "")
    assert "tidak ada" in (await command(room, "/takeover SCH-2026-9999") or "")
    assert "Tulis:" in (await command(room, "takeover") or "")
    assert await command(room, "halo semua") is None
