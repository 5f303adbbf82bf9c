"""Customers' files as Telegram shows them: a photo, a voice note, or a document."""

from collections.abc import Awaitable, Callable, Mapping

from telegram import Bot, InlineKeyboardMarkup, Message, ReplyParameters
from telegram.constants import ParseMode

from adapters.telegram_calls import call
from casefile.base import Language
from casefile.errors import SendRefused
from ports.channels import MediaFile

CAPTION_CHARS = 1024
PHOTO_BYTES = 10_000_000
SHOWN = {"image/jpeg": "foto.jpg", "image/png": "foto.png", "audio/ogg": "suara.ogg"}
MISSING: Mapping[Language, str] = {
    "id": "📎 <i>Berkasnya tidak bisa diambil dari WhatsApp. Minta pelanggan mengirim ulang, ya.</i>",
    "en": "📎 <i>The file could not be fetched from WhatsApp. Please ask the customer to send it again.</i>",
}


async def put_file(
    bot: Bot,
    chat: int,
    file: MediaFile,
    caption: str = "",
    keys: InlineKeyboardMarkup | None = None,
    below: str | None = None,
) -> str:
    """Send one file and return the message's id; `below` is a message it replies to.

    What Telegram will not show as a photo or a voice note goes as a document.
    """
    mime = file.mime.partition(";")[0].strip().lower()
    ways: list[tuple[Callable[..., Awaitable[Message]], str]] = []
    if mime in SHOWN and (mime == "audio/ogg" or len(file.data) <= PHOTO_BYTES):
        ways.append((bot.send_voice if mime == "audio/ogg" else bot.send_photo, SHOWN[mime]))
    ending = mime.rpartition("/")[2]
    ways.append((bot.send_document, f"berkas.{ending if ending.isalnum() else 'bin'}"))
    for number, (send, name) in enumerate(ways, start=1):
        asked = send(
            chat,
            file.data,
            caption=caption or None,
            parse_mode=ParseMode.HTML,
            reply_markup=keys,
            reply_parameters=ReplyParameters(int(below), allow_sending_without_reply=True) if below else None,
            filename=name,
        )
        try:
            return str((await call(asked)).message_id)
        except SendRefused:
            if number == len(ways):
                raise
    raise AssertionError("the last way returns or raises")
