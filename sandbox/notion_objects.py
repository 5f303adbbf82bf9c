"""Notion's own shapes: rich text, property values, blocks, errors, as API version 2025-09-03 words them."""

import json
import uuid
from datetime import datetime
from typing import Any

from starlette.responses import JSONResponse, Response

Json = dict[str, Any]

# Notion takes no longer text in one piece.
PIECE = 2000
PLAIN = {"bold": False, "italic": False, "strikethrough": False, "underline": False, "code": False}
# The columns of the emulated database, by the type Notion gives them.
SCHEMA = {
    "Title": "title",
    "Topic": "rich_text",
    "Status": "status",
    "Effective date": "date",
    "Owner": "rich_text",
    "Last reviewed": "date",
    "Applies to": "multi_select",
    "Language": "select",
    "Intent": "rich_text",
    "Next detail": "rich_text",
}
STATUSES = ("Draft", "Published")


def new_id(what: str, number: int) -> str:
    """An id that is the same in every run."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"notion:{what}:{number}"))


def same_id(told: str) -> str:
    """An id as Notion writes it: it takes them without their dashes as well."""
    try:
        return str(uuid.UUID(told))
    except ValueError:
        return told


def minute(at: datetime) -> str:
    """A time as Notion tells it: rounded down to the minute."""
    return f"{at.replace(second=0, microsecond=0):%Y-%m-%dT%H:%M:%S}.000Z"


def rich_text(text: str) -> list[Json]:
    """A text in Notion's pieces."""
    return [
        {
            "type": "text",
            "text": {"content": text[at : at + PIECE], "link": None},
            "annotations": {**PLAIN, "color": "default"},
            "plain_text": text[at : at + PIECE],
            "href": None,
        }
        for at in range(0, len(text), PIECE)
    ]


def plain(pieces: list[Json]) -> str:
    """The words of rich text."""
    return "".join(piece["plain_text"] for piece in pieces)


def filled(pieces: list[Json]) -> list[Json]:
    """Rich text as a client sends it, with what Notion adds to it."""
    done = []
    for piece in pieces:
        text = piece.get("text", {"content": piece.get("plain_text", ""), "link": None})
        link = text.get("link")
        made = {"annotations": {**PLAIN, "color": "default"}, "href": link["url"] if link else None}
        done.append({"type": "text", **made, **piece, "text": text, "plain_text": text["content"]})
    return done


def property_of(name: str, value: Any) -> Json:
    """A property with a value: plain words become its column's type, a dict is taken as Notion's own JSON."""
    kind = SCHEMA.get(name, "rich_text")
    if isinstance(value, dict):
        kind = value.get("type") or next(iter(value))
        made = value[kind]
        if kind in {"rich_text", "title"}:
            made = filled(made)
        return {"id": name.lower().replace(" ", "%20"), "type": kind, kind: made}
    words = "" if value is None else str(value)
    option = {"id": new_id(name, len(words)), "name": words, "color": "default"}
    match kind:
        case "title" | "rich_text":
            found: Any = rich_text(words)
        case "date":
            found = {"start": words, "end": None, "time_zone": None} if words else None
        case "multi_select":
            found = [{**option, "name": one} for one in words.split(", ") if one]
        case _:
            found = option if words else None
    return {"id": name.lower().replace(" ", "%20"), "type": kind, kind: found}


def words_of(value: Json) -> str:
    """What a property says, for a filter or for people."""
    found = value[value["type"]]
    match value["type"]:
        case "title" | "rich_text":
            return plain(found)
        case "multi_select":
            return ", ".join(one["name"] for one in found)
        case "date":
            return str(found["start"]) if found else ""
        case _:
            return str(found["name"]) if found else ""


def failed(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Response:
    """A refusal in Notion's own shape."""
    body = {"object": "error", "status": status, "code": code, "message": message}
    return JSONResponse({**body, "request_id": new_id("request", 0)}, status, headers=headers)


class NotionRefused(Exception):
    """Notion does not do this."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.answer = failed(status, code, message)


def invalid(message: str) -> NotionRefused:
    """A request whose parameters are not what they have to be."""
    return NotionRefused(400, "validation_error", message)


def missing(what: str, which: str) -> NotionRefused:
    """Something that is not there, or not shared with the integration."""
    said = f"Could not find {what} with ID: {which}. Make sure it is shared with your integration."
    return NotionRefused(404, "object_not_found", said)


class NotionErrors:
    """Faults on demand, worded as Notion does."""

    def unavailable(self, status: int) -> Response:
        """The service is down (503) or broken (500)."""
        code = "service_unavailable" if status == 503 else "internal_server_error"
        return failed(status, code, "Notion is unavailable. Please try again later.")

    def too_many(self, seconds: float | None) -> Response:
        """The rate limit; it always says how long to wait."""
        wait = str(1 if seconds is None else max(0, int(seconds)))
        return failed(429, "rate_limited", "You have been rate limited.", {"Retry-After": wait})

    def refused(self, code: int) -> Response:
        """Any error by its HTTP number; 529 says how long to wait."""
        if code == 529:
            return failed(529, "service_overload", "Notion is overloaded.", {"Retry-After": "1"})
        known = {
            401: "unauthorized",
            403: "restricted_resource",
            404: "object_not_found",
            409: "conflict_error",
        }
        return failed(code, known.get(code, "gateway_timeout"), "An error asked for by the sandbox.")


def encoded(body: Json) -> bytes:
    """A webhook's body, byte by byte what is signed."""
    return json.dumps(body, ensure_ascii=False).encode()
