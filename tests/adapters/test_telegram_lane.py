"""The staff's lanes over Telegram, against the sandbox on a real port."""

import asyncio
import hashlib
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.telegram import NOT_SAVED, Telegram, TelegramSettings
from adapters.telegram_parse import StaffAction
from casefile.effects import Button, PostToLane
from casefile.errors import BadInput, DependencyDown, LoketError, SendLater, SendRefused, SendUnknown
from ports.channels import MediaFile
from sandbox.media import sample_photo, sample_voice
from tests.adapters.stage import BOT_TOKEN, COACH, LANES, STRANGER, Stage

BUTTONS = (
    Button(label="Setujui", value="a:tok1"),
    Button(label="Tolak", value="d:tok1"),
    Button(label="Ubah", value="e:tok1"),
)


class Desk:
    """Keeps what staff did, and answers as it is told."""

    def __init__(self) -> None:
        self.actions: list[StaffAction] = []
        self.answer = "Tercatat."
        self.fail = False
        self.files: dict[str, MediaFile] = {}
        self.arrived = asyncio.Event()

    async def take(self, action: StaffAction) -> str:
        self.actions.append(action)
        self.arrived.set()
        if self.fail:
            raise LoketError("the disk is full")
        return self.answer

    async def file(self, key: str) -> MediaFile | None:
        return self.files.get(key)

    async def next(self) -> StaffAction:
        async with asyncio.timeout(10):
            await self.arrived.wait()
        self.arrived.clear()
        return self.actions[-1]


def telegram_settings(url: str, **changes: Any) -> TelegramSettings:
    """Settings that fit the sandbox's bot."""
    values = {
        "bot_token": BOT_TOKEN, "lanes": LANES, "base_url": f"{url}/telegram", "timeout_seconds": 5.0,
        **changes,
    }  # fmt: skip
    return TelegramSettings(**values)


def post(html: str = "<b>SCH-2026-0001</b> minta refund", **more: Any) -> PostToLane:
    """A post to the coaches."""
    values = {"key": "k1", "lane": "coach", "thread": "SCH-2026-0001/approval", "buttons": BUTTONS, **more}
    return PostToLane(html=html, **values)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
async def lanes(stage: Stage, desk: Desk) -> AsyncIterator[Telegram]:
    telegram = Telegram(telegram_settings(stage.url), desk.take, desk)
    await telegram.start()
    yield telegram
    await telegram.stop()
    await telegram.close()


async def shown(stage: Stage, lane: str = "coach") -> list[dict[str, Any]]:
    """What a lane's people see."""
    messages: list[dict[str, Any]] = (await stage.look(f"telegram/chat/{lane}"))["messages"]
    return messages


async def test_post_shows_with_its_buttons(stage: Stage, lanes: Telegram) -> None:
    id_ = await lanes.post(post())
    (message,) = await shown(stage)
    assert str(message["message_id"]) == id_
    assert message["text"] == "SCH-2026-0001 minta refund"
    assert message["buttons"] == ["Setujui", "Tolak", "Ubah"]


@pytest.mark.parametrize(
    ("mime", "data", "kind"),
    [
        ("image/png", sample_photo(), "photo"),
        ("audio/ogg; codecs=opus", sample_voice(), "voice"),
        ("application/pdf", b"%PDF-1.7", "document"),
        ("image/webp", b"RIFF", "document"),
        ("", b"?", "document"),
        ("image/png", b"no picture at all", "document"),
    ],
)
async def test_a_file_goes_along_with_its_post(
    stage: Stage, lanes: Telegram, desk: Desk, mime: str, data: bytes, kind: str
) -> None:
    desk.files["e1"] = MediaFile(data, mime, hashlib.sha256(data).hexdigest())
    id_ = await lanes.post(post(evidence=("e1",)))
    (message,) = await shown(stage)
    assert str(message["message_id"]) == id_
    assert message["text"] == "SCH-2026-0001 minta refund"
    assert message["buttons"] == ["Setujui", "Tolak", "Ubah"]
    assert message["file"]["kind"] == kind
    seen = await stage.http.get(f"/sandbox/telegram/file/{id_}")
    assert seen.content == data
    assert message["file"]["sha256"] == desk.files["e1"].sha256


async def test_a_file_that_could_not_be_had_is_said_to_be_missing(stage: Stage, lanes: Telegram) -> None:
    await lanes.post(post(evidence=("gone",)))
    (message,) = await shown(stage)
    assert "tidak bisa diambil dari WhatsApp" in message["text"]
    assert message["file"] is None


async def test_a_long_text_stands_above_its_files(stage: Stage, lanes: Telegram, desk: Desk) -> None:
    for key in ("e1", "e2"):
        desk.files[key] = MediaFile(sample_photo(), "image/png", "")
    await lanes.post(post("kata " * 400, evidence=("e1",)))
    await lanes.post(post("dua", evidence=("e1", "e2")))
    first, one, second, two, three = await shown(stage)
    assert [m["file"] and m["file"]["kind"] for m in (first, second)] == [None, None]
    assert {m["reply_to_message"]["message_id"] for m in (two, three)} == {second["message_id"]}
    assert one["reply_to_message"]["message_id"] == first["message_id"]


async def test_a_file_lost_on_the_way_is_not_posted_twice(stage: Stage, lanes: Telegram, desk: Desk) -> None:
    desk.files["e1"] = MediaFile(sample_photo(), "image/png", "")
    await stage.do("faults", target="telegram", mode="down", op="sendPhoto")
    with pytest.raises(SendUnknown):
        await lanes.post(post("kata " * 400, evidence=("e1",)))


async def test_edit_happens_in_place_and_twice_is_no_error(stage: Stage, lanes: Telegram) -> None:
    id_ = await lanes.post(post())
    for _ in range(2):
        await lanes.edit(post("disetujui Kak Dewi", buttons=()), id_)
    (message,) = await shown(stage)
    assert (message["text"], message["buttons"]) == ("disetujui Kak Dewi", [])


async def test_long_post_becomes_several_and_keeps_every_word(stage: Stage, lanes: Telegram) -> None:
    lines = [f"<b>baris {n}</b> &amp; isi yang panjang sekali supaya penuh" for n in range(200)]
    id_ = await lanes.post(post("\n".join(lines)))
    messages = await shown(stage)
    assert id_ == ",".join(str(message["message_id"]) for message in messages)
    assert len(messages) > 1
    assert [message["buttons"] for message in messages][:-1] == [[]] * (len(messages) - 1)
    assert messages[-1]["buttons"] == ["Setujui", "Tolak", "Ubah"]
    told = "\n".join(message["text"] for message in messages)
    assert all(f"baris {n} & isi" in told for n in range(200))
    await lanes.edit(post("pendek"), id_)
    after = await shown(stage)
    assert [message["text"] for message in after] == ["pendek", *["—"] * (len(messages) - 1)]
    await lanes.edit(post("\n".join([*lines, *lines])), id_)
    assert len(await shown(stage)) > len(messages)


async def test_part_of_a_long_post_is_unknown_not_repeated(stage: Stage, lanes: Telegram) -> None:
    await stage.do("limits", group_per_minute=1)
    with pytest.raises(SendUnknown, match="only 1 of 2"):
        await lanes.post(post("kata " * 1000))


async def test_press_arrives_and_is_answered(stage: Stage, lanes: Telegram, desk: Desk) -> None:
    id_ = await lanes.post(post())
    await stage.do("telegram/press", chat="coach", user_id=COACH, match="refund", button="Tolak")
    action = await desk.next()
    assert (action.kind, action.token, action.lane, action.user_id) == ("press", "d:tok1", "coach", COACH)
    assert (action.message_id, action.user_name) == (id_, "Kak Dewi")
    assert action.buttons == ("a:tok1", "d:tok1", "e:tok1")
    told = await stage.until("telegram.answer")
    assert (told["user"], told["text"], told["alert"]) == (COACH, "Tercatat.", False)


async def test_a_long_answer_is_a_window_not_a_flash(stage: Stage, lanes: Telegram, desk: Desk) -> None:
    desk.answer = "Sudah diputuskan Kak Dewi pukul 10.15: ditolak. Terima kasih, ya." + "x" * 300
    await lanes.post(post())
    await stage.do("telegram/press", chat="coach", user_id=STRANGER, match="refund", button="Setujui")
    told = await stage.until("telegram.answer")
    assert (told["alert"], len(told["text"])) == (True, 200)


async def test_reply_in_words_names_the_post_and_its_buttons(
    stage: Stage, lanes: Telegram, desk: Desk
) -> None:
    id_ = await lanes.post(post())
    words = "EDIT tolong lebih lembut"
    await stage.do("telegram/say", chat="coach", user_id=COACH, text=words, match="refund")
    action = await desk.next()
    assert (action.kind, action.text, action.token, action.message_id) == ("reply", words, None, id_)
    assert action.buttons == ("a:tok1", "d:tok1", "e:tok1")
    while len(await shown(stage)) < 3:
        await stage.until("telegram.send")
    answer = (await shown(stage))[-1]
    assert (answer["text"], answer["reply_to_message"]["text"]) == ("Tercatat.", words)


async def test_command_is_told_from_chatter(stage: Stage, lanes: Telegram, desk: Desk) -> None:
    for text in ("obrolan biasa", "/deny@other_bot X", "/approve@loket_sandbox_bot SCH-2026-0001"):
        await stage.do("telegram/say", chat="ops", user_id=COACH, text=text)
    action = await desk.next()
    assert (action.kind, action.text, action.lane) == (
        "command",
        "/approve@loket_sandbox_bot SCH-2026-0001",
        "ops",
    )
    assert len(desk.actions) == 1


async def test_a_failing_desk_is_admitted_to_the_person(stage: Stage, lanes: Telegram, desk: Desk) -> None:
    desk.fail = True
    await lanes.post(post())
    with capture_logs() as logs:
        await stage.do("telegram/press", chat="coach", user_id=COACH, match="refund", button="Setujui")
        told = await stage.until("telegram.answer")
        assert told["text"] == NOT_SAVED["id"]
        desk.fail = False
        await stage.do("telegram/press", chat="coach", user_id=COACH, match="refund", button="Setujui")
        while len(desk.actions) < 2:
            desk.arrived.clear()
            await desk.next()
    assert [line["error"] for line in logs if line["event"] == "staff_action_failed"] == ["LoketError"]
    assert not any(BOT_TOKEN in str(line) for line in logs)


async def test_an_action_not_stored_before_a_crash_comes_again(stage: Stage, desk: Desk) -> None:
    held = asyncio.Event()

    async def crash(action: StaffAction) -> str:
        desk.actions.append(action)
        held.set()
        await asyncio.Event().wait()
        return ""

    dying = Telegram(telegram_settings(stage.url), crash, desk)
    await dying.start()
    await dying.post(post())
    await stage.do("telegram/press", chat="coach", user_id=COACH, match="refund", button="Setujui")
    async with asyncio.timeout(10):
        await held.wait()
    assert dying._task is not None
    dying._task.cancel()
    await asyncio.wait({dying._task})

    reborn = Telegram(telegram_settings(stage.url), desk.take, desk)
    await reborn.start()
    again = await desk.next()
    await reborn.stop()
    await reborn.close()
    assert again == desk.actions[0]
    dying._task = None
    await dying.stop()
    await dying.close()


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"mode": "429", "seconds": 7}, SendLater),
        ({"mode": "down"}, DependencyDown),
        ({"mode": "5xx"}, SendUnknown),
        ({"mode": "cut"}, SendUnknown),
        ({"mode": "bad_json"}, SendUnknown),
        ({"mode": "half_body"}, SendUnknown),
        ({"mode": "error", "code": 403}, SendRefused),
        ({"mode": "error", "code": 401}, DependencyDown),
    ],
    ids=lambda value: value.get("mode") if isinstance(value, dict) else value.__name__,
)
async def test_faults_become_ours(
    stage: Stage, lanes: Telegram, fault: dict[str, Any], error: type[LoketError]
) -> None:
    id_ = await lanes.post(post())
    await stage.do("faults", target="telegram", op="sendMessage", count=1, **fault)
    with pytest.raises(error) as raised:
        await lanes.post(post("lagi"))
    if isinstance(raised.value, SendLater):
        assert raised.value.seconds == 7.0
    await stage.do("faults", target="telegram", op="editMessageText", count=1, **fault)
    # An edit whose answer is lost can simply be repeated.
    with pytest.raises(DependencyDown if error is SendUnknown else error):
        await lanes.edit(post("diubah"), id_)
    await lanes.edit(post("diubah"), id_)


async def test_html_telegram_cannot_read_is_refused(lanes: Telegram) -> None:
    with pytest.raises(SendRefused):
        await lanes.post(post("<b>tidak ditutup"))


async def test_value_too_long_for_a_button_is_refused(lanes: Telegram) -> None:
    with pytest.raises(SendRefused, match="64 bytes"):
        await lanes.post(post(buttons=(Button(label="Ya", value="é" * 33),)))


async def test_lane_without_a_chat_is_refused(stage: Stage, desk: Desk) -> None:
    telegram = Telegram(telegram_settings(stage.url, lanes={"ops": -1001}), desk.take, desk)
    with pytest.raises(SendRefused, match="coach lane"):
        await telegram.post(post())
    await telegram.stop()
    await telegram.close()


async def test_telegram_down_at_the_start_holds_nothing_up(stage: Stage, desk: Desk) -> None:
    await stage.do("faults", target="telegram", mode="down", op="getMe", count=1)
    telegram = Telegram(telegram_settings(stage.url), desk.take, desk)
    with capture_logs() as logs:
        await telegram.start()
        await stage.until("fault.met")
        await telegram.post(post())
        assert not telegram.connected
        await telegram.stop()
        await telegram.close()
    assert not any(BOT_TOKEN in str(line) for line in logs)


async def test_what_was_handled_does_not_come_again_after_a_clean_stop(stage: Stage, desk: Desk) -> None:
    first = Telegram(telegram_settings(stage.url), desk.take, desk)
    await first.start()
    await first.post(post())
    await stage.do("telegram/press", chat="coach", user_id=COACH, match="refund", button="Setujui")
    await desk.next()
    await stage.until("telegram.answer")
    await first.stop()
    await first.close()
    assert (await stage.look("state"))["unacknowledged_updates"] == 0


async def test_the_token_is_in_no_log(
    stage: Stage, lanes: Telegram, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        await lanes.post(post())
        await stage.do("faults", target="telegram", op="sendMessage", mode="5xx", count=1)
        with pytest.raises(SendUnknown) as unknown:
            await lanes.post(post())
    assert BOT_TOKEN not in caplog.text
    assert BOT_TOKEN not in str(unknown.value)


async def test_stopping_does_not_wait_for_the_long_poll(stage: Stage, desk: Desk) -> None:
    telegram = Telegram(telegram_settings(stage.url, poll_seconds=50), desk.take, desk)
    await telegram.start()
    async with asyncio.timeout(10):
        await telegram._connected.wait()
        await telegram.stop()
        await telegram.close()


def update(**parts: Any) -> bytes:
    """A webhook body."""
    return json.dumps({"update_id": 77, **parts}).encode()


async def test_webhook_needs_its_secret_and_a_connected_bot(stage: Stage, desk: Desk) -> None:
    secret = {"webhook_url": "http://127.0.0.1:9/webhooks/telegram", "webhook_secret": "geheim-geheim"}
    telegram = Telegram(telegram_settings(stage.url, **secret), desk.take, desk)
    header = "x-telegram-bot-api-secret-token"
    assert telegram.verified({header: "geheim-geheim"}, b"")
    assert not any(telegram.verified(headers, b"") for headers in ({}, {header: ""}, {header: "é"}))
    with pytest.raises(DependencyDown):
        await telegram.receive(update())
    await telegram.start()
    async with asyncio.timeout(10):
        await telegram._connected.wait()
    chat = {"id": LANES["coach"], "type": "supergroup", "title": "t"}
    who = {"id": COACH, "is_bot": False, "first_name": "Dewi"}
    entity = {"type": "bot_command", "offset": 0, "length": 5}
    said = {"message_id": 5, "date": 1, "chat": chat, "from": who, "text": "/deny X", "entities": [entity]}
    await telegram.receive(update(message=said))
    assert [(action.id, action.kind, action.text) for action in desk.actions] == [
        ("tg-77", "command", "/deny X")
    ]
    for body in (b"", b"{", b"[]", b"7", b'{"update_id": 1, "message": 7}', b"\xff", b"[" * 99999):
        with pytest.raises(BadInput):
            await telegram.receive(body)
    await telegram.stop()
    await telegram.close()


async def test_without_a_secret_no_webhook_is_accepted(stage: Stage, desk: Desk) -> None:
    telegram = Telegram(telegram_settings(stage.url), desk.take, desk)
    assert not telegram.verified({"x-telegram-bot-api-secret-token": ""}, b"")
    await telegram.stop()
    await telegram.close()


async def test_a_press_that_cannot_be_answered_is_done_all_the_same(
    stage: Stage, lanes: Telegram, desk: Desk
) -> None:
    await lanes.post(post())
    await stage.do("faults", target="telegram", op="answerCallbackQuery", mode="error", code=400, count=1)
    with capture_logs() as logs:
        await stage.do("telegram/press", chat="coach", user_id=COACH, match="refund", button="Setujui")
        await desk.next()
        await stage.do("telegram/press", chat="coach", user_id=COACH, match="refund", button="Tolak")
        await stage.until("telegram.answer")
    assert [action.token for action in desk.actions] == ["a:tok1", "d:tok1"]
    assert "press_not_answered" in [line["event"] for line in logs]


async def test_words_that_cannot_be_answered_are_stored_all_the_same(
    stage: Stage, lanes: Telegram, desk: Desk
) -> None:
    await lanes.post(post())
    await stage.do("faults", target="telegram", op="sendMessage", mode="error", code=403, count=1)
    with capture_logs() as logs:
        for text in ("APPROVE", "DENY"):
            await stage.do("telegram/say", chat="coach", user_id=COACH, text=text, match="refund")
        while len(await shown(stage)) < 4:
            await stage.until("telegram.send")
        await lanes.stop()
        await lanes.close()
    assert [action.text for action in desk.actions] == ["APPROVE", "DENY"]
    assert "reply_not_answered" in [line["event"] for line in logs]


async def test_a_poll_told_to_wait_waits_and_goes_on(stage: Stage, desk: Desk) -> None:
    await stage.do("faults", target="telegram", op="getUpdates", mode="429", seconds=1, count=1)
    telegram = Telegram(telegram_settings(stage.url), desk.take, desk)
    with capture_logs() as logs:
        await telegram.start()
        await stage.until("fault.met")
        await telegram.post(post())
        await stage.do("telegram/press", chat="coach", user_id=COACH, match="refund", button="Setujui")
        assert (await desk.next()).token == "a:tok1"
        await stage.do("faults", target="telegram", op="getUpdates", mode="5xx")
        await telegram.stop()
        await telegram.close()
    waits = [(line["error"], line["again_in"]) for line in logs if line["event"] == "telegram_unreachable"]
    assert ("RetryAfter", 1.0) in waits
    assert "updates_not_acknowledged" in [line["event"] for line in logs]
