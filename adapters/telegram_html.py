"""Telegram's HTML: escaping it and cutting it to what one message may hold. Pure."""

import re

LIMIT = 4096
_PIECE = re.compile(r"<(/?)([a-z]+)[^<>]*>|&[a-zA-Z0-9#]+;|[^<&]|[<&]", re.DOTALL)


def escape(text: str) -> str:
    """Make text safe inside Telegram HTML (only these three characters count there)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def split(html: str, limit: int = LIMIT) -> tuple[str, ...]:
    """Cut HTML into messages of at most `limit` characters, each with its tags balanced.

    Cuts at a line's end where the second half of a message has one; tags open at a cut are closed and
    opened again. Never inside a tag or an entity.
    """
    parts: list[str] = []
    rest = html
    while len(rest) > limit:
        cut, open_tags = _cut(rest, limit)
        parts.append(rest[:cut] + _closing(open_tags))
        rest = "".join(tag for tag, _ in open_tags) + rest[cut:].lstrip("\n")
    return (*parts, rest)


def _cut(html: str, limit: int) -> tuple[int, tuple[tuple[str, str], ...]]:
    opened: list[tuple[str, str]] = []
    best: tuple[int, tuple[tuple[str, str], ...]] | None = None
    at_line: tuple[int, tuple[tuple[str, str], ...]] | None = None
    prefix = _leading_tags(html)
    for piece in _PIECE.finditer(html):
        if piece.start() > prefix and piece.start() + len(_closing(tuple(opened))) <= limit:
            best = (piece.start(), tuple(opened))
            if piece.group() == "\n" and piece.start() >= limit // 2:
                at_line = best
        if piece.end() > limit:
            break
        _note(piece, opened)
    chosen = at_line or best
    if chosen is None:
        raise ValueError(f"no {limit} characters of this HTML can stand alone")
    return chosen


def _leading_tags(html: str) -> int:
    end = 0
    for piece in _PIECE.finditer(html):
        # A cut right behind opening tags would leave the same rest to cut again.
        if not piece.group(2) or piece.group(1):
            break
        end = piece.end()
    return end


def _note(piece: re.Match[str], opened: list[tuple[str, str]]) -> None:
    closing, name = piece.group(1), piece.group(2)
    if not name:
        return
    if not closing:
        opened.append((piece.group(), name))
    elif opened and opened[-1][1] == name:
        opened.pop()


def _closing(opened: tuple[tuple[str, str], ...]) -> str:
    return "".join(f"</{name}>" for _, name in reversed(opened))
