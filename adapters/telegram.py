"""Telegram: where staff read, press and answer."""

import asyncio
import hmac
import json
import logging
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import structlog
from pydantic import Field
from telegram import Update
from telegram.error import RetryAfter
from telegram.ext import Application, ApplicationBuilder, CallbackContext, TypeHandler

from adapters import telegram_calls as calls
from adapters import telegram_errors
from adapters.telegram_files import CAPTION_CHARS, MISSING, put_file
from adapters.telegram_html import split
from adapters.telegram_parse import StaffAction, staff_action
from casefile.base import Frozen, Lane, Language
from casefile.effects import PostToLane
from casefile.errors import BadInput, DependencyDown, LoketError, SendRefused, SendUnknown
from ports.sources import Files

log = structlog.get_logger(__name__)
# Without it the library warns each time it is told to slow down, and warnings are errors here.
os.environ.setdefault("PTB_TIMEDELTA", "true")

OnAction = Callable[[StaffAction], Awaitable[str]]
NOT_SAVED: Mapping[Language, str] = {
    "id": "Maaf, belum tersimpan. Coba sekali lagi sebentar lagi, ya.",
    "en": "Sorry, that was not saved. Please try again in a moment.",
}
ALLOWED = ["message", "callback_query"]
BACKOFF_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0)


class TelegramSettings(Frozen):
    """The bot and its group chats; with a `webhook_url` updates come through the door, else by long poll."""

    bot_token: str = Field(min_length=1, repr=False)
    lanes: dict[Lane, int]
    language: Language = "id"
    base_url: str = "https://api.telegram.org"
    webhook_url: str | None = None
    webhook_secret: str | None = Field(default=None, repr=False)
    timeout_seconds: float = Field(default=10.0, gt=0)
    poll_seconds: int = Field(default=20, ge=0)


class Telegram:
    """Implements ports.sinks.LaneChannel, and hands what staff do to `on_action`.

    `on_action` must have stored the action when it returns; what it returns is shown to the person. An update
    is acknowledged to Telegram only after that, so one lost in a crash comes again (with the same id).
    One bot has one who listens: it also hears what is done in the lanes of those `beside` it.
    """

    def __init__(
        self, settings: TelegramSettings, on_action: OnAction, files: Files, beside: Sequence["Telegram"] = ()
    ) -> None:
        self._settings = settings
        self._files = files
        self._on_action = on_action
        self._hearing = (self, *beside)
        self._lanes = {chat: lane for lane, chat in settings.lanes.items()}
        # The token is part of every address, and httpx logs addresses.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        root = settings.base_url.rstrip("/")
        self._app: Application[Any, Any, Any, Any, Any, Any] = (
            ApplicationBuilder()
            .token(settings.bot_token)
            .base_url(f"{root}/bot")
            .base_file_url(f"{root}/file/bot")
            .request(calls.request(root, settings.timeout_seconds))
            .get_updates_request(calls.request(root, settings.timeout_seconds))
            .updater(None)
            .build()
        )
        self._app.add_handler(TypeHandler(Update, self._handle))
        self._app.add_error_handler(_log_failure)
        self._stopping = asyncio.Event()
        self._connected = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def connected(self) -> bool:
        """Whether Telegram has accepted the bot since the start."""
        return self._connected.is_set()

    async def start(self) -> None:
        """Begin to connect and listen in the background; Telegram being down does not hold anything up."""
        self._task = asyncio.create_task(self._live(), name="telegram")

    async def stop(self) -> None:
        """Stop listening and finish the action in hand; posts still go out until `close`."""
        self._stopping.set()
        if self._task is not None:
            await self._task

    async def close(self) -> None:
        """Give the connections back, once nobody posts any more."""
        if self._app.running:
            await self._app.stop()
        await self._app.shutdown()
        await self._app.bot.shutdown()

    async def check(self) -> None:
        """Ask the Bot API who we are, which posts nothing; the same errors as `post`."""
        await calls.call(self._app.bot.get_me())

    async def post(self, post: PostToLane) -> str:
        """Post anew; a text too long for one message becomes several, their ids joined by commas.

        A file that goes along carries the text below it; one that could not be had is said to be missing.
        """
        found = [await self._files.file(key) for key in post.evidence]
        files = [file for file in found if file is not None]
        missing = f"\n\n{MISSING[self._settings.language]}" if len(files) < len(found) else ""
        parts = split(post.html + missing)
        keys = calls.keyboard(post)
        chat = self._chat(post.lane)
        if len(files) == 1 and len(post.html) <= CAPTION_CHARS and not missing:
            return await put_file(self._app.bot, chat, files[0], post.html, keys)
        ids: list[str] = []
        for number, part in enumerate(parts, start=1):
            try:
                below = keys if number == len(parts) else None
                ids.append(await calls.put(self._app.bot, chat, part, below))
            except LoketError as error:
                if not ids:
                    raise
                # Repeating the whole would show the first parts twice.
                raise SendUnknown(f"only {len(ids)} of {len(parts)} parts were posted: {error}") from error
        try:
            for file in files:
                await put_file(self._app.bot, chat, file, below=ids[0])
        except LoketError as error:
            raise SendUnknown(f"the text was posted, a file was not: {error}") from error
        return ",".join(ids)

    async def edit(self, post: PostToLane, message_id: str) -> None:
        """Replace an earlier post; text that outgrew its messages goes into new ones below."""
        parts = split(post.html)
        keys = calls.keyboard(post)
        ids = message_id.split(",")
        chat = self._chat(post.lane)
        for number, part in enumerate(parts, start=1):
            below = keys if number == len(parts) else None
            if number <= len(ids):
                await calls.change(self._app.bot, chat, ids[number - 1], part, below)
            else:
                await calls.put(self._app.bot, chat, part, below)
        for left_over in ids[len(parts) :]:
            await calls.change(self._app.bot, chat, left_over, "—", None)

    def verified(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Check the secret header of a webhook in constant time; without a secret nothing is accepted."""
        told = headers.get("x-telegram-bot-api-secret-token", "").encode()
        secret = self._settings.webhook_secret
        return bool(secret) and hmac.compare_digest(told, (secret or "").encode())

    async def receive(self, body: bytes) -> None:
        """Take one webhook delivery; raises BadInput, or DependencyDown while the bot is not connected."""
        if not self.connected:
            raise DependencyDown("telegram", "the bot is not connected yet")
        try:
            update = Update.de_json(json.loads(body), self._app.bot)
        except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
            raise BadInput("the body is not a Telegram update") from error
        await self._app.process_update(update)

    def _chat(self, lane: Lane) -> int:
        if lane not in self._settings.lanes:
            raise SendRefused("no_lane", f"no Telegram chat is configured for the {lane} lane")
        return self._settings.lanes[lane]

    async def _live(self) -> None:
        offset: int | None = None
        failures = 0
        while not self._stopping.is_set():
            try:
                if not self.connected:
                    await self._connect()
                if self._settings.webhook_url is not None:
                    await self._stopping.wait()
                    return
                offset = await self._poll(offset)
                failures = 0
            except calls.VENDOR_FAULTS as error:
                wait = BACKOFF_SECONDS[min(failures, len(BACKOFF_SECONDS) - 1)]
                if isinstance(error, RetryAfter):
                    wait = telegram_errors.wait_seconds(error)
                failures += 1
                # The library's own texts may quote the token.
                log.warning("telegram_unreachable", error=type(error).__name__, again_in=wait)
                await self._pause(wait)
        if offset is not None:
            await calls.acknowledge(self._app.bot, offset)

    async def _connect(self) -> None:
        await self._app.initialize()
        url, secret = self._settings.webhook_url, self._settings.webhook_secret
        if url is None:
            await self._app.bot.delete_webhook()
        else:
            await self._app.bot.set_webhook(url, secret_token=secret, allowed_updates=ALLOWED)
        await self._app.start()
        self._connected.set()

    async def _poll(self, offset: int | None) -> int | None:
        """Fetch and handle once; returns the offset that acknowledges what was handled."""
        fetch = asyncio.ensure_future(
            self._app.bot.get_updates(
                offset=offset, timeout=self._settings.poll_seconds, allowed_updates=ALLOWED
            )
        )
        stop = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait({fetch, stop}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if not fetch.done():
            fetch.cancel()
            await asyncio.wait({fetch})
            return offset
        for update in fetch.result():
            if self._stopping.is_set():
                break
            await self._app.process_update(update)
            offset = update.update_id + 1
        return offset

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return

    async def _handle(self, update: Update, _: CallbackContext[Any, Any, Any, Any]) -> None:
        bot = self._app.bot
        read = ((desk, staff_action(update, desk._lanes, bot.id, bot.username)) for desk in self._hearing)
        desk, action = next(((desk, action) for desk, action in read if action is not None), (self, None))
        said = "" if action is None else NOT_SAVED[desk._settings.language]
        try:
            if action is not None:
                said = await desk._on_action(action)
        finally:
            if update.callback_query is not None:
                await calls.answer(update.callback_query, said)
            elif action is not None and update.message is not None and said:
                await calls.reply(update.message, said)


async def _log_failure(_: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
    error = context.error
    log.error("staff_action_failed", error=type(error).__name__, exc_info=error)
