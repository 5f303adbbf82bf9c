"""Telegram's HTML: the text and entities in it, or the reason it is refused."""

import html
import re
from dataclasses import dataclass, field
from typing import Any

TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
    "a": "text_link", "span": "spoiler", "tg-spoiler": "spoiler", "blockquote": "blockquote",
}  # fmt: skip
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[a-z-]+(?:=\"[^\"]*\")?)*)\s*>")
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")
_HREF = re.compile(r"href=\"([^\"]*)\"")


class BadEntities(Exception):
    """The text is not HTML as Telegram reads it."""


@dataclass
class _Parsed:
    text: str = ""
    entities: list[dict[str, Any]] = field(default_factory=list)
    open: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def offset(self) -> int:
        return len(self.text.encode("utf-16-le")) // 2


def parse(source: str) -> tuple[str, list[dict[str, Any]]]:
    """The plain text and its entities, with offsets in UTF-16 units; bad markup raises BadEntities."""
    parsed, at = _Parsed(), 0
    while at < len(source):
        if source[at] == "<":
            at = _tag(parsed, source, at)
        else:
            stop = source.find("<", at)
            stop = len(source) if stop < 0 else stop
            parsed.text += _ENTITY.sub(lambda found: html.unescape(found.group()), source[at:stop])
            at = stop
    if parsed.open:
        name = parsed.open[-1][0]
        raise BadEntities(f'Can\'t find end tag corresponding to start tag "{name}"')
    return parsed.text, [entity for entity in parsed.entities if entity["length"]]


def _tag(parsed: _Parsed, source: str, at: int) -> int:
    byte = len(source[:at].encode())
    found = _TAG.match(source, at)
    if found is None:
        raise BadEntities(f'Unsupported start tag "{source[at + 1 : at + 2].strip()}" at byte offset {byte}')
    closing, name, attributes = found.group(1), found.group(2).lower(), found.group(3)
    if closing:
        if not parsed.open or parsed.open[-1][0] != name:
            raise BadEntities(f"Unexpected end tag at byte offset {byte}")
        entity = parsed.open.pop()[1]
        entity["length"] = parsed.offset - entity["offset"]
        return found.end()
    if name not in TAGS or (name == "span" and 'class="tg-spoiler"' not in attributes):
        raise BadEntities(f'Unsupported start tag "{name}" at byte offset {byte}')
    entity = {"type": TAGS[name], "offset": parsed.offset, "length": 0}
    link = _HREF.search(attributes)
    if link:
        entity["url"] = html.unescape(link.group(1))
    parsed.entities.append(entity)
    parsed.open.append((name, entity))
    return found.end()
