"""Single calls of the Bot API, with its errors turned into ours."""

from collections.abc import Awaitable
from typing import TypeVar

import structlog
from telegram import (
    Bot,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from adapters import telegram_errors
from casefile.effects import PostToLane
from casefile.errors import DependencyDown, SendRefused, SendUnknown

log = structlog.get_logger(__name__)
ANSWER_CHARS = 200
TOAST_CHARS = 60
CALLBACK_BYTES = 64
# A broken answer with the right status comes out of the library as one of the last three.
VENDOR_FAULTS = (TelegramError, KeyError, TypeError, AttributeError)
Answer = TypeVar("Answer")


class Request(HTTPXRequest):
    """The library's own transport, which keeps a 503 apart: it says that nothing was done."""

    async def do_request(self, *args: object, **kwargs: object) -> tuple[int, bytes]:
        """Send, raising DependencyDown on a 503 (the library hands it on as a NetworkError's cause)."""
        code, payload = await super().do_request(*args, **kwargs)  # type: ignore[arg-type]
        if code == 503:
            raise DependencyDown("telegram", "HTTP 503")
        return code, payload


def request(base_url: str, timeout_seconds: float) -> Request:
    """Build a transport with one time-out for each step of a call."""
    # Loading the certificates takes 50 ms, and only an https address has any to check.
    return Request(
        connection_pool_size=8,
        connect_timeout=timeout_seconds,
        read_timeout=timeout_seconds,
        write_timeout=timeout_seconds,
        pool_timeout=timeout_seconds,
        httpx_kwargs={"verify": not base_url.startswith("http://")},
    )


async def call(request: Awaitable[Answer]) -> Answer:
    """Await a call of the Bot API; raises what LaneChannel says."""
    try:
        return await request
    except TelegramError as error:
        raise telegram_errors.ours(error) from error
    except (KeyError, TypeError, AttributeError) as error:
        raise SendUnknown("Telegram's answer has not the shape of one") from error


def keyboard(post: PostToLane) -> InlineKeyboardMarkup | None:
    """Lay the buttons out two in a row; raises SendRefused for a value Telegram cannot carry."""
    for button in post.buttons:
        if len(button.value.encode()) > CALLBACK_BYTES:
            raise SendRefused(
                "callback_data", f"the value of button {button.label!r} is over {CALLBACK_BYTES} bytes"
            )
    keys = [InlineKeyboardButton(button.label, callback_data=button.value) for button in post.buttons]
    rows = [keys[start : start + 2] for start in range(0, len(keys), 2)]
    return InlineKeyboardMarkup(rows) if rows else None


async def put(bot: Bot, chat: int, html: str, keys: InlineKeyboardMarkup | None) -> str:
    """Send one message and return its id."""
    preview = LinkPreviewOptions(is_disabled=True)
    sent = await call(
        bot.send_message(
            chat, html, parse_mode=ParseMode.HTML, reply_markup=keys, link_preview_options=preview
        )
    )
    return str(sent.message_id)


async def change(bot: Bot, chat: int, message_id: str, html: str, keys: InlineKeyboardMarkup | None) -> None:
    """Replace a message; one that reads so already is no error, and a lost answer counts as not done."""
    preview = LinkPreviewOptions(is_disabled=True)
    edit = bot.edit_message_text(
        html,
        chat,
        int(message_id),
        parse_mode=ParseMode.HTML,
        reply_markup=keys,
        link_preview_options=preview,
    )
    try:
        await call(edit)
    except SendRefused as error:
        if telegram_errors.UNCHANGED not in error.why.casefold():
            raise
    except SendUnknown as error:
        # Saying the same again changes nothing, so an edit may simply be repeated.
        raise DependencyDown("telegram", str(error)) from error


async def acknowledge(bot: Bot, offset: int) -> None:
    """Tell Telegram what was handled, so that it does not come again after a clean stop."""
    try:
        await bot.get_updates(offset=offset, limit=1, timeout=0, connect_timeout=2, read_timeout=2)
    except VENDOR_FAULTS as error:
        log.warning("updates_not_acknowledged", error=type(error).__name__)


async def answer(query: CallbackQuery, said: str) -> None:
    """Answer a press; one that came too late to be answered is only logged, for its action is done."""
    try:
        await query.answer(said[:ANSWER_CHARS], show_alert=len(said) > TOAST_CHARS)
    except VENDOR_FAULTS as error:
        log.warning("press_not_answered", error=type(error).__name__)


async def reply(message: Message, said: str) -> None:
    """Answer a person's words below them."""
    try:
        await message.reply_text(
            said, reply_parameters=ReplyParameters(message.message_id, allow_sending_without_reply=True)
        )
    except VENDOR_FAULTS as error:
        log.warning("reply_not_answered", error=type(error).__name__)
