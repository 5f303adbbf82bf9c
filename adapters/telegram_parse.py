"""What a person did in a lane. Pure: an Update in, a staff action or nothing out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from telegram import Message, MessageEntity, Update

from casefile.base import Lane


@dataclass(frozen=True, slots=True)
class StaffAction:
    """Somebody pressed a button, answered one of our posts, or gave a command; nothing is authorised yet.

    `id` is the same when Telegram delivers the update again. `token` is the pressed button's value.
    `message_id` is our post that was pressed or answered, with the values of the buttons still under it.
    `text` is the person's words (a command with its slash).
    """

    id: str
    kind: Literal["press", "reply", "command"]
    lane: Lane
    user_id: int
    user_name: str
    text: str = ""
    token: str | None = None
    message_id: str | None = None
    buttons: tuple[str, ...] = ()


def staff_action(update: Update, lanes: Mapping[int, Lane], bot_id: int, bot_name: str) -> StaffAction | None:
    """Read an update; None for everything that is not addressed to us in one of our lanes."""
    if update.callback_query is not None:
        return _press(update, lanes)
    if update.message is not None:
        return _said(update, update.message, lanes, bot_id, bot_name)
    return None


def _press(update: Update, lanes: Mapping[int, Lane]) -> StaffAction | None:
    query = update.callback_query
    post = query.message if query else None
    lane = lanes.get(post.chat.id) if post else None
    if query is None or post is None or lane is None or not query.data:
        return None
    return StaffAction(
        id=f"tg-{update.update_id}",
        kind="press",
        lane=lane,
        user_id=query.from_user.id,
        user_name=query.from_user.full_name,
        token=query.data,
        message_id=str(post.message_id),
        buttons=_buttons(post) if isinstance(post, Message) else (),
    )


def _said(
    update: Update, said: Message, lanes: Mapping[int, Lane], bot_id: int, bot_name: str
) -> StaffAction | None:
    lane = lanes.get(said.chat.id)
    who = said.from_user
    if lane is None or who is None or who.id == bot_id:
        return None
    text = said.text or said.caption or ""
    ours = _answered_post(said, bot_id)
    command = _command_for(said, text)
    kind: Literal["reply", "command"]
    if command is not None:
        if command not in ("", bot_name.casefold()):
            return None
        kind = "command"
    elif ours is not None and text:
        kind = "reply"
    else:
        return None
    return StaffAction(
        id=f"tg-{update.update_id}",
        kind=kind,
        lane=lane,
        user_id=who.id,
        user_name=who.full_name,
        text=text,
        message_id=str(ours.message_id) if ours else None,
        buttons=_buttons(ours) if ours else (),
    )


def _answered_post(said: Message, bot_id: int) -> Message | None:
    post = said.reply_to_message
    # Inside a forum topic every message "replies" to the topic's root.
    if post is None or (said.is_topic_message and post.message_id == said.message_thread_id):
        return None
    return post if post.from_user is not None and post.from_user.id == bot_id else None


def _command_for(said: Message, text: str) -> str | None:
    """Name the bot a command is for, "" when it names none, None when this is no command."""
    for entity in said.entities:
        if entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0:
            return text[: entity.length].partition("@")[2].casefold()
    return None


def _buttons(post: Message) -> tuple[str, ...]:
    if post.reply_markup is None:
        return ()
    keys = (key for line in post.reply_markup.inline_keyboard for key in line)
    return tuple(key.callback_data for key in keys if isinstance(key.callback_data, str))
