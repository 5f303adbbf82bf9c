"""What the WhatsApp Cloud API accepts to send, and how it words a refusal."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.settings import ApprovedTemplate

Json = dict[str, Any]

TEXT_LIMIT = 4096
BUTTON_BODY_LIMIT = 1024
CAPTION_LIMIT = 1024
CALLBACK_DATA_LIMIT = 512
_PLACE = re.compile(r"\{\{(\d+)\}\}")


class Rejected(Exception):
    """The request is not one WhatsApp would take."""

    def __init__(self, code: int, details: str, status: int = 400) -> None:
        super().__init__(details)
        self.code = code
        self.details = details
        self.status = status


@dataclass(frozen=True)
class Outbound:
    """A message we were asked to send; `to` is a phone number or a business-scoped user id."""

    to: str
    kind: str
    text: str
    content: Json
    key: str | None = None
    reply_to: str | None = None
    buttons: tuple[Json, ...] = field(default=())


def read(body: Any, templates: Sequence[ApprovedTemplate] = ()) -> Outbound:
    """The message in a request body, or Rejected; `templates` are those that may be sent."""
    if not isinstance(body, dict):
        raise Rejected(100, "The request body must be a JSON object.")
    if body.get("messaging_product") != "whatsapp":
        raise Rejected(100, "The parameter messaging_product is required and must be whatsapp.")
    to = body.get("to") or body.get("recipient")
    if not isinstance(to, str) or not any(mark.isdigit() for mark in to):
        raise Rejected(100, "The parameter to is required.")
    kind = body.get("type", "text")
    check = _CHECKS.get(kind)
    if check is None:
        raise Rejected(100, f"Param type must be one of {sorted(_CHECKS)}, got {kind!r}.")
    content = _object(body, kind)
    text, buttons = check(content)
    if kind == "template":
        text = _filled(content, templates)
    key = body.get("biz_opaque_callback_data")
    if key is not None:
        _text(key, "biz_opaque_callback_data", CALLBACK_DATA_LIMIT)
    quoted = body.get("context")
    reply_to = _text(_object(body, "context").get("message_id"), "context.message_id") if quoted else None
    return Outbound(to, kind, text, content, key, reply_to, buttons)


def _object(holder: Mapping[str, Any], name: str) -> Json:
    value = holder.get(name)
    if not isinstance(value, dict):
        raise Rejected(100, f"The parameter {name} is required.")
    return value


def _text(value: Any, name: str, limit: int | None = None) -> str:
    if not isinstance(value, str) or not value.strip():
        raise Rejected(100, f"The parameter {name} is required.")
    if limit is not None and len(value) > limit:
        raise Rejected(100, f"Param {name} must be at most {limit} characters long.")
    return value


def _items(holder: Mapping[str, Any], name: str, least: int, most: int) -> list[Json]:
    value = holder.get(name)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise Rejected(100, f"The parameter {name} is required.")
    if not least <= len(value) <= most:
        raise Rejected(131009, f"{name} must have {least} to {most} entries, got {len(value)}.")
    return value


def _check_text(content: Json) -> tuple[str, tuple[Json, ...]]:
    return _text(content.get("body"), "text.body", TEXT_LIMIT), ()


def _check_template(content: Json) -> tuple[str, tuple[Json, ...]]:
    _text(content.get("name"), "template.name")
    _text(_object(content, "language").get("code"), "template.language.code")
    return "", ()


def _filled(content: Json, templates: Sequence[ApprovedTemplate]) -> str:
    """The approved words with the parameters in their places."""
    name, code = content["name"], content["language"]["code"]
    found = next((t for t in templates if (t.name, t.language) == (name, code)), None)
    if found is None:
        raise Rejected(132001, f"Template name ({name}) does not exist in {code}", 404)
    given: list[str] = []
    for component in _items(content, "components", 0, 10) if "components" in content else []:
        if component.get("type", "body").lower() == "body":
            parameters = _items(component, "parameters", 0, 100) if "parameters" in component else []
            given += [_text(value.get("text"), "template parameter", 1024) for value in parameters]
    wanted = set(_PLACE.findall(found.text))
    if len(given) != len(wanted):
        details = (
            f"body: number of localizable_params ({len(given)}) does not match the expected number of params"
        )
        raise Rejected(132000, f"{details} ({len(wanted)})")
    return _PLACE.sub(lambda place: given[int(place[1]) - 1], found.text)


def _check_interactive(content: Json) -> tuple[str, tuple[Json, ...]]:
    action = _object(content, "action")
    if content.get("type") == "button":
        text = _text(_object(content, "body").get("text"), "interactive.body.text", BUTTON_BODY_LIMIT)
        replies = [_object(button, "reply") for button in _items(action, "buttons", 1, 3)]
        buttons = tuple(_choice(reply, "button reply", 256, 20) for reply in replies)
    elif content.get("type") == "list":
        text = _text(_object(content, "body").get("text"), "interactive.body.text", TEXT_LIMIT)
        _text(action.get("button"), "action.button", 20)
        sections = _items(action, "sections", 1, 10)
        rows = [row for section in sections for row in _items(section, "rows", 1, 10)]
        if len(rows) > 10:
            raise Rejected(131009, "A list has at most 10 rows over all its sections.")
        buttons = tuple(_choice(row, "row", 200, 24) for row in rows)
    else:
        raise Rejected(131009, "The interactive type must be button or list.")
    if len({button["id"] for button in buttons}) != len(buttons):
        raise Rejected(131009, "The ids of the choices must differ.")
    if len({button["title"] for button in buttons}) != len(buttons):
        raise Rejected(131009, "The titles of the choices must differ.")
    return text, buttons


def _choice(choice: Json, name: str, longest_id: int, longest_title: int) -> Json:
    chosen = {
        "id": _text(choice.get("id"), f"{name} id", longest_id),
        "title": _text(choice.get("title"), f"{name} title", longest_title),
    }
    if choice.get("description"):
        chosen["description"] = _text(choice["description"], f"{name} description", 72)
    return chosen


def _check_media(content: Json) -> tuple[str, tuple[Json, ...]]:
    if bool(content.get("id")) == bool(content.get("link")):
        raise Rejected(131009, "Media needs either an id or a link.")
    caption = content.get("caption")
    return (_text(caption, "caption", CAPTION_LIMIT) if caption else ""), ()


def _check_reaction(content: Json) -> tuple[str, tuple[Json, ...]]:
    _text(content.get("message_id"), "reaction.message_id")
    emoji = content.get("emoji")
    if not isinstance(emoji, str):
        raise Rejected(100, "The parameter reaction.emoji is required.")
    return emoji, ()


_CHECKS: Mapping[str, Callable[[Json], tuple[str, tuple[Json, ...]]]] = {
    "text": _check_text,
    "template": _check_template,
    "interactive": _check_interactive,
    "image": _check_media,
    "document": _check_media,
    "reaction": _check_reaction,
}
