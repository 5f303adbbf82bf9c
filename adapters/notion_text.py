"""Notion's JSON as a page of ours: properties as front matter, blocks as Markdown. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ports.knowledge import ListedPage

Json = Mapping[str, Any]
# The one property whose name is ours and not the database's: Notion calls it Name at first.
TITLE = "Title"
MARKS = {
    "heading_1": "# ",
    "heading_2": "## ",
    "heading_3": "### ",
    "bulleted_list_item": "- ",
    "numbered_list_item": "1. ",
    "quote": "> ",
    "callout": "> ",
    "to_do": "- ",
}
LISTS = ("bulleted_list_item", "numbered_list_item", "to_do")
# What is indented below them is part of them; what stands below a toggle is as good as after it.
INDENTED = (*LISTS, "quote", "callout")


@dataclass(frozen=True, slots=True)
class Block:
    """A block with everything below it."""

    kind: str
    body: Json
    children: tuple["Block", ...] = ()


def listed(page: Json) -> ListedPage:
    """Read a page of a query's answer; raises ValueError, KeyError or TypeError for what is none."""
    properties: dict[str, Json] = page["properties"]
    front = {
        TITLE if value.get("type") == "title" else name: said
        for name, value in properties.items()
        if (said := property_words(value))
    }
    return ListedPage(
        id=page["id"],
        title=front.get(TITLE, ""),
        link=page.get("url") or "",
        edited_at=datetime.fromisoformat(page["last_edited_time"]),
        front=front,
    )


def property_words(value: Json) -> str:
    """Return what a property says, whatever its type; nothing for what has no words."""
    kind = value.get("type", "")
    found = value.get(kind)
    if found is None or found is False:
        return ""
    match kind:
        case "title" | "rich_text":
            return " ".join(words(found).split())
        case "status" | "select":
            return str(found.get("name", ""))
        case "multi_select" | "people":
            return ", ".join(str(one.get("name", "")) for one in found if one.get("name"))
        case "date":
            # An end, or an hour, is shown as it stands: whoever checks the page says what a day looks like.
            return " - ".join(str(day) for day in (found.get("start"), found.get("end")) if day)
        case "formula" | "rollup":
            return property_words(found)
        case "string" | "url" | "email" | "phone_number" | "number":
            return str(found)
        case _:
            return ""


def words(pieces: Sequence[Json]) -> str:
    """Return rich text as plain words, with the address of a link that is not its own."""
    return "".join(_piece(piece) for piece in pieces)


def _piece(piece: Json) -> str:
    said, link = str(piece.get("plain_text", "")), piece.get("href")
    return f"{said} ({link})" if link and link != said else said


def markdown(blocks: Iterable[Block]) -> str:
    """Return blocks as Markdown, paragraphs apart and lists together."""
    text, before = "", ""
    for block in blocks:
        said = _rendered(block)
        if said:
            together = block.kind in LISTS and before == block.kind
            text += ("\n" if together else "\n\n") + said if text else said
            before = block.kind
    return text


def _rendered(block: Block) -> str:
    below = markdown(block.children)
    if block.kind == "table":
        return _table(block)
    said = words(block.body.get("rich_text", ()))
    own = f"{MARKS.get(block.kind, '')}{said}" if said else ""
    if not below:
        return own
    if block.kind in INDENTED:
        inset = "> " if block.kind in {"quote", "callout"} else "  "
        below = "\n".join(f"{inset}{line}".rstrip() for line in below.splitlines())
        return f"{own}\n{below}" if own else below
    return f"{own}\n\n{below}" if own else below


def _table(block: Block) -> str:
    rows = [[words(cell).replace("|", "\\|") for cell in row.body.get("cells", ())] for row in block.children]
    if not rows:
        return ""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], f"|{' --- |' * len(rows[0])}", *lines[1:]])
