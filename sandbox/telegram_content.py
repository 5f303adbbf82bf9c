"""What the Bot API takes as a message, and how it words a refusal."""

import json
from collections.abc import Mapping
from typing import Any

from sandbox.telegram_html import BadEntities, parse

Json = dict[str, Any]
TEXT_LIMIT = 4096
CALLBACK_LIMIT_BYTES = 64


class BadRequest(Exception):
    """The Bot API refuses; the message is its description."""


class FloodWait(Exception):
    """Too many messages to one group."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"retry after {seconds}")
        self.seconds = seconds


def public(message: Json) -> Json:
    """A message as the API shows it."""
    return {k: v for k, v in message.items() if not k.startswith("_") and v not in (None, [])}


def text_in(
    data: Mapping[str, Any], name: str = "text", limit: int = TEXT_LIMIT, needed: bool = True
) -> tuple[str, list[Json], str | None]:
    """The plain text (or a caption), its entities and the HTML it came from, or BadRequest."""
    source = str(data.get(name, ""))
    text, entities = source, list[Json]()
    marked_up = str(data.get("parse_mode", "")).upper() == "HTML"
    if marked_up:
        try:
            text, entities = parse(source)
        except BadEntities as wrong:
            raise BadRequest(f"Bad Request: can't parse entities: {wrong}") from wrong
    if needed and not text.strip():
        raise BadRequest("Bad Request: message text is empty")
    if len(text) > limit:
        raise BadRequest(f"Bad Request: message {'' if needed else 'caption '}is too long")
    return text, entities, source if marked_up else None


def markup_in(data: Mapping[str, Any]) -> Json | None:
    """The inline keyboard, or None where there is none."""
    markup = data.get("reply_markup")
    if isinstance(markup, str):
        markup = json.loads(markup)
    if not markup or not markup.get("inline_keyboard"):
        return None
    for row in markup["inline_keyboard"]:
        for button in row:
            size = len(str(button.get("callback_data", "")).encode())
            if not button.get("text") or ("url" not in button and not 1 <= size <= CALLBACK_LIMIT_BYTES):
                raise BadRequest("Bad Request: BUTTON_DATA_INVALID")
    return dict(markup)


def replied_id(data: Mapping[str, Any]) -> tuple[int | None, bool]:
    """The message a new one replies to, and whether it may be sent without it."""
    parameters = data.get("reply_parameters")
    if isinstance(parameters, str):
        parameters = json.loads(parameters)
    asked = parameters or {}
    wanted = asked.get("message_id") or data.get("reply_to_message_id")
    return (int(wanted) if wanted else None), bool(asked.get("allow_sending_without_reply"))


def titles(markup: Json | None) -> list[str]:
    """The words on the buttons, in reading order."""
    return [button["text"] for row in (markup or {}).get("inline_keyboard", []) for button in row]
