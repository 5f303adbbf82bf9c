"""Properties of rows in the emulated Notion: held to a schema, filtered, and read and written in words."""

from datetime import date, datetime
from typing import Any

from sandbox.notion_objects import PIECE, Json, filled, invalid, minute, new_id, plain, rich_text, same_id
from sandbox.settings import NotionTable

EMPTY: Json = {
    "title": [],
    "rich_text": [],
    "relation": [],
    "multi_select": [],
    "people": [],
    "checkbox": False,
}
DATES = ("on_or_after", "on_or_before", "after", "before", "equals")


def in_words(value: Json) -> str:
    """What a property says, for people who look."""
    found = value[value["type"]]
    match value["type"]:
        case "title" | "rich_text":
            return plain(found)
        case "select" | "status":
            return str(found["name"]) if found else ""
        case "date":
            return " - ".join(filter(None, (found["start"], found["end"]))) if found else ""
        case "relation":
            return ", ".join(str(one["id"]) for one in found)
        case _:
            return "" if found is None else str(found)


def from_words(kind: str, words: str) -> Json:
    """A property as somebody types it: a period as `start - end`, related pages by their ids."""
    match kind:
        case "title" | "rich_text":
            return {kind: rich_text(words)}
        case "select" | "status":
            return {kind: {"name": words} if words else None}
        case "date":
            start, _, end = words.partition(" - ")
            return {kind: {"start": start, "end": end or None} if words else None}
        case "relation":
            return {kind: [{"id": one} for one in words.split(", ") if one]}
        case "number":
            return {kind: (int(words) if words.isdigit() else float(words)) if words else None}
        case _:
            return {kind: words or None}


def checked(told: NotionTable, properties: Json) -> dict[str, Json]:
    """Properties as Notion keeps them; refuses what the schema does not know, as Notion words it."""
    made = {}
    for name, value in properties.items():
        kind = told.columns.get(name)
        if kind is None:
            raise invalid(f"{name} is not a property that exists.")
        if not isinstance(value, dict) or kind not in value:
            raise invalid(f"{name} is expected to be {kind}.")
        made[name] = {"id": name, "type": kind, kind: _kept(told, name, kind, value[kind])}
    return made


def _kept(told: NotionTable, name: str, kind: str, found: Any) -> Any:
    match kind:
        case "title" | "rich_text":
            if any(len(piece["text"]["content"]) > PIECE for piece in found):
                raise invalid(f"body.properties.{name} content.length should be ≤ `{PIECE}`")
            return filled(found)
        case "status" if found and found["name"] not in told.options.get(name, ()):
            # An option of a select is made by being written; one of a status is not.
            raise invalid(f'Status option "{found["name"]}" does not exist')
        case "select" | "status":
            return found and {"id": new_id(name, len(found["name"])), "color": "default", **found}
        case "date":
            return found and {
                "start": _date(found["start"]),
                "end": _date(found.get("end")),
                "time_zone": None,
            }
        case "relation":
            return [{"id": same_id(one["id"])} for one in found]
        case "number":
            if found is not None and not isinstance(found, int | float):
                raise invalid(f"{name} is expected to be number.")
            return found
        case _:
            return found


def _date(told: str | None) -> str | None:
    if told is None:
        return None
    try:
        if "T" not in told:
            return date.fromisoformat(told).isoformat()
        return datetime.fromisoformat(told).isoformat(timespec="milliseconds")
    except ValueError:
        raise invalid(f"{told} is not a valid ISO 8601 date string.") from None


def fits(properties: dict[str, Json], edited: datetime, asked: Json | None) -> bool:
    """Say whether a page passes a filter."""
    if not asked:
        return True
    for way, of in (("and", all), ("or", any)):
        if way in asked:
            return of([fits(properties, edited, part) for part in asked[way]])
    if asked.get("timestamp") == "last_edited_time":
        since = datetime.fromisoformat(asked["last_edited_time"]["on_or_after"])
        return datetime.fromisoformat(minute(edited)) >= since
    value = properties.get(asked.get("property", ""))
    if value is None:
        raise invalid(f"Could not find property with name or id: {asked.get('property')}")
    kind = value["type"]
    if not isinstance(asked.get(kind), dict):
        raise invalid(f"database property {kind} does not match filter")
    ((condition, wanted),) = asked[kind].items()
    return _holds(value, kind, condition, wanted)


def _holds(value: Json, kind: str, condition: str, wanted: Any) -> bool:
    if kind == "date" and condition in DATES:
        if value[kind] is None:
            return False
        there, asked = _instant(value[kind]["start"]), _instant(wanted)
        return {
            "on_or_after": there >= asked,
            "on_or_before": there <= asked,
            "after": there > asked,
            "before": there < asked,
            "equals": there == asked,
        }[condition]
    if kind == "relation" and condition == "contains":
        return any(one["id"] == same_id(wanted) for one in value[kind])
    if condition == "equals":
        return bool(value[kind] == wanted) if kind in {"number", "checkbox"} else in_words(value) == wanted
    raise invalid(f"a {kind} filter with {condition} is not played here")


def _instant(told: str) -> datetime:
    at = datetime.fromisoformat(told)
    # A day alone is its beginning, in UTC.
    return (
        at
        if at.tzinfo
        else datetime.fromisoformat(f"{told}T00:00:00+00:00" if "T" not in told else f"{told}Z")
    )
