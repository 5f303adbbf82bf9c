"""The Bot API, as python-telegram-bot's own bot and application use it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sandbox_scenes import COACH, LANES, STRANGER, TOKEN
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError, RetryAfter, TimedOut
from telegram.ext import Application, CallbackQueryHandler, MessageHandler, filters
from telegram.request import HTTPXRequest

KEYS = InlineKeyboardMarkup(
    [
        [
            InlineKeyboardButton("✅ Approve", callback_data="ap:1"),
            InlineKeyboardButton("Deny", callback_data="dn:1"),
        ]
    ]
)


@pytest.fixture
async def bot(server: Any) -> AsyncIterator[Bot]:
    async with Bot(TOKEN, base_url=f"{server.url}/telegram/bot") as bot:
        yield bot


async def ask(bot: Bot, text: str = "<b>Refund</b> Rp 500.000") -> int:
    sent = await bot.send_message(LANES["coach"], text, parse_mode="HTML", reply_markup=KEYS)
    return sent.message_id


async def test_the_bot_knows_itself_and_its_groups(bot: Bot, server: Any) -> None:
    assert (await bot.get_me()).username == "loket_sandbox_bot"
    assert (await bot.get_chat(LANES["ops"])).title == "Loket ops"
    with pytest.raises(BadRequest, match="hat not found"):
        await bot.get_chat(-5)
    with pytest.raises(InvalidToken):
        async with Bot("1:wrong", base_url=f"{server.url}/telegram/bot"):
            pass


async def test_a_message_is_sent_edited_and_shown_as_it_is_now(bot: Bot, client: Any) -> None:
    sent = await bot.send_message(
        LANES["coach"],
        "<b>Refund</b> &amp; <i>maaf</i> 🙏 <code>x</code>",
        parse_mode="HTML",
        reply_markup=KEYS,
    )
    assert sent.text == "Refund & maaf 🙏 x"
    assert sent.text_html == "<b>Refund</b> &amp; <i>maaf</i> 🙏 <code>x</code>"
    assert sent.reply_markup == KEYS
    edited = await bot.edit_message_text(
        "Disetujui <b>Maya</b>", LANES["coach"], sent.message_id, parse_mode="HTML"
    )
    assert edited.reply_markup is None
    shown = (await client.look("telegram/chat/coach"))["messages"]
    assert [(m["text"], m["html"], m["buttons"]) for m in shown] == [
        ("Disetujui Maya", "Disetujui <b>Maya</b>", [])
    ]
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_text(
            "Disetujui <b>Maya</b>", LANES["coach"], sent.message_id, parse_mode="HTML"
        )
    with pytest.raises(BadRequest, match="to edit not found"):
        await bot.edit_message_text("x", LANES["coach"], 999_999)
    with_keys = await bot.edit_message_reply_markup(LANES["coach"], sent.message_id, reply_markup=KEYS)
    assert with_keys.reply_markup == KEYS  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a < b", "nsupported start tag"),
        ("<b>open", "find end tag"),
        ("</b>", "nexpected end tag"),
        ("<b><i>x</b></i>", "nexpected end tag"),
        ("<table>x</table>", "nsupported start tag"),
        ("<span>x</span>", "nsupported start tag"),
        ("x" * 4097, "too long"),
        ("   ", "empty"),
    ],
)
async def test_a_text_telegram_would_not_take_is_refused(bot: Bot, text: str, why: str) -> None:
    with pytest.raises(BadRequest, match=why):
        await bot.send_message(LANES["ops"], text, parse_mode="HTML")


async def test_html_counts_as_it_reads_and_a_bare_ampersand_is_a_character(bot: Bot) -> None:
    assert (
        await bot.send_message(LANES["ops"], "<b>" + "x" * 4096 + "</b>", parse_mode="HTML")
    ).text == "x" * 4096
    assert (
        await bot.send_message(LANES["ops"], "a & b &foo; &#33;", parse_mode="HTML")
    ).text == "a & b &foo; !"
    assert (await bot.send_message(LANES["ops"], "a < b <b>")).text == "a < b <b>"


@pytest.mark.parametrize(("data", "taken"), [("x" * 64, True), ("é" * 33, False), ("x" * 65, False)])
async def test_button_data_has_64_bytes(bot: Bot, data: str, taken: bool) -> None:
    keys = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data=data)]])
    if taken:
        assert (await bot.send_message(LANES["ops"], "x", reply_markup=keys)).reply_markup == keys
    else:
        with pytest.raises(BadRequest, match="utton_data_invalid"):
            await bot.send_message(LANES["ops"], "x", reply_markup=keys)


async def test_an_application_hears_a_press_and_a_reply(server: Any, client: Any) -> None:
    heard: asyncio.Queue[tuple[str, int, str | None]] = asyncio.Queue()

    async def pressed(update: Update, _: Any) -> None:
        assert update.callback_query
        await update.callback_query.answer("Bukan wewenang Kakak", show_alert=True)
        heard.put_nowait(("press", update.effective_user.id, update.callback_query.data))  # type: ignore[union-attr]

    async def said(update: Update, _: Any) -> None:
        assert update.message
        assert update.message.reply_to_message
        assert update.message.reply_to_message.text == "Refund Rp 500.000"
        heard.put_nowait(("say", update.effective_user.id, update.message.text))  # type: ignore[union-attr]

    app = Application.builder().token(TOKEN).base_url(f"{server.url}/telegram/bot").build()
    app.add_handler(CallbackQueryHandler(pressed))
    app.add_handler(MessageHandler(filters.REPLY, said))
    async with app:
        await app.start()
        assert app.updater
        await app.updater.start_polling(timeout=20)
        message_id = await ask(app.bot)
        asked = await client.control(
            "telegram/press", chat="coach", user_id=STRANGER, message_id=message_id, button="Approve"
        )
        assert await heard.get() == ("press", STRANGER, "ap:1")
        await client.control("telegram/say", chat="coach", user_id=COACH, text="DENY", match="Refund")
        assert await heard.get() == ("say", COACH, "DENY")
        unseen = await client.control("telegram/say", chat="coach", user_id=COACH, text="halo semua")
        assert unseen["seen_by_bot"] is False
        await app.updater.stop()
        await app.stop()
    answers = (await client.look("telegram/chat/coach"))["answers"]
    assert answers == [
        {"id": asked["query"], "user": STRANGER, "text": "Bukan wewenang Kakak", "alert": True}
    ]


async def test_updates_stay_until_an_offset_acknowledges_them(bot: Bot, client: Any) -> None:
    message_id = await ask(bot)
    for button in ("Approve", "Deny"):
        await client.control(
            "telegram/press", chat="coach", user_id=COACH, message_id=message_id, button=button
        )
    first = await bot.get_updates()
    assert [update.callback_query.data for update in first] == ["ap:1", "dn:1"]  # type: ignore[union-attr]
    assert await bot.get_updates() == first
    assert await bot.get_updates(offset=first[0].update_id + 1) == first[1:]
    assert await bot.get_updates(offset=first[1].update_id + 1) == ()


async def test_an_abandoned_poll_takes_nothing_along(bot: Bot, client: Any, server: Any) -> None:
    message_id = await ask(bot)
    async with httpx.AsyncClient(base_url=server.url, trust_env=False) as leaving:
        with pytest.raises(httpx.ReadTimeout):
            await leaving.get(f"/telegram/bot{TOKEN}/getUpdates", params={"timeout": 30}, timeout=0.2)
    await client.control(
        "telegram/press", chat="coach", user_id=COACH, message_id=message_id, button="Approve"
    )
    assert len(await bot.get_updates()) == 1


async def test_a_second_poll_ends_the_first(bot: Bot, server: Any) -> None:
    async with Bot(TOKEN, base_url=f"{server.url}/telegram/bot") as other:
        first = asyncio.create_task(other.get_updates(timeout=20))
        while not first.done():
            await bot.get_updates(timeout=0)
        with pytest.raises(Conflict):
            await first


async def test_a_webhook_carries_its_secret_and_is_retried(bot: Bot, client: Any, receiver: Any) -> None:
    message_id = await ask(bot)
    receiver.answers = [500]
    await bot.set_webhook(f"{receiver.url}/webhooks/telegram", secret_token="s3cret")
    await client.control(
        "telegram/press", chat="coach", user_id=COACH, message_id=message_id, button="Approve"
    )
    await receiver.until(lambda r: len(r.taken) == 1)
    assert receiver.taken[0]["callback_query"]["data"] == "ap:1"
    assert receiver.secrets_seen == ["s3cret", "s3cret"]
    with pytest.raises(Conflict):
        await bot.get_updates()
    assert (await bot.get_webhook_info()).url.endswith("/webhooks/telegram")
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_a_group_takes_twenty_a_minute_when_asked(bot: Bot, client: Any) -> None:
    await client.control("clock", freeze_at="now")
    await client.control("limits", group_per_minute=20)
    for number in range(20):
        await bot.send_message(LANES["ops"], f"kasus {number}")
    with pytest.raises(RetryAfter):
        await bot.send_message(LANES["ops"], "satu lagi")
    await bot.send_message(LANES["coach"], "grup lain tidak terganggu")
    await client.control("clock", advance_seconds=61)
    await bot.send_message(LANES["ops"], "satu lagi")


async def test_faults_meet_sends_but_not_the_long_poll(bot: Bot, client: Any) -> None:
    await client.control("faults", target="telegram", mode="429", count=1, seconds=7)
    assert await bot.get_updates() == ()
    with pytest.raises(RetryAfter) as told:
        await ask(bot)
    assert told.value._retry_after.total_seconds() == 7
    await client.control("faults", target="telegram", mode="5xx", count=1)
    with pytest.raises(NetworkError):
        await ask(bot)
    await client.control("faults", target="telegram", mode="down")
    with pytest.raises(NetworkError):
        await bot.get_updates()
    assert (await client.http.delete("/sandbox/faults")).status_code == 200
    await ask(bot)
    assert len((await client.look("telegram/chat/coach"))["messages"]) == 1


async def test_an_answer_lost_on_the_way_leaves_the_message_in_the_group(server: Any, client: Any) -> None:
    hasty = HTTPXRequest(read_timeout=0.3)
    async with Bot(TOKEN, base_url=f"{server.url}/telegram/bot", request=hasty) as bot:
        await client.control("faults", target="telegram", mode="timeout_after_effect", count=1, seconds=30)
        with pytest.raises(TimedOut):
            await ask(bot, "pertama")
        await client.control("faults", target="telegram", mode="cut", count=1)
        with pytest.raises(NetworkError):
            await ask(bot, "kedua")
        await client.control("faults", target="telegram", mode="half_body", count=1)
        with pytest.raises(NetworkError):
            await ask(bot, "ketiga")
    shown = (await client.look("telegram/chat/coach"))["messages"]
    assert [message["text"] for message in shown] == ["pertama", "ketiga"]


async def test_a_press_on_nothing_is_told_so(bot: Bot, client: Any) -> None:
    message_id = await ask(bot)
    wrong = {"chat": "coach", "user_id": COACH, "message_id": message_id, "button": "Refund all"}
    answer = await client.http.post("/sandbox/telegram/press", json=wrong)
    assert answer.status_code == 400
    assert "no button" in answer.json()["error"]
    with pytest.raises(BadRequest, match="uery is too old"):
        await bot.answer_callback_query("12345")


async def test_a_reply_shows_what_it_answers(bot: Bot, client: Any) -> None:
    first = await ask(bot)
    reply = await bot.send_message(LANES["coach"], "Sudah diputuskan", reply_to_message_id=first)
    assert reply.reply_to_message
    assert reply.reply_to_message.message_id == first
    with pytest.raises(BadRequest, match="to be replied not found"):
        await bot.send_message(LANES["coach"], "x", reply_to_message_id=999_999)


async def test_a_request_that_makes_no_sense_is_400_or_404(client: Any) -> None:
    garbled = {"chat_id": LANES["ops"], "text": "x", "reply_markup": "{"}
    assert (await client.http.post(f"/telegram/bot{TOKEN}/sendMessage", data=garbled)).status_code == 400
    assert (
        await client.http.post(f"/telegram/bot{TOKEN}/getUpdates", data={"offset": "x"})
    ).status_code == 400
    assert (await client.http.post(f"/telegram/bot{TOKEN}/sendHologram")).status_code == 404
