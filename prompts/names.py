"""Names as customers type them, made safe to say back to them."""

import re
import unicodedata

NAME_CHARS = 60
_LINK = re.compile(r"\S*(?:://|\bwww\.|@)\S*", re.IGNORECASE)
_INNER_DOT = re.compile(r"\.(?=\w)")
_KEPT_MARKS = "'’-.,"
# Stands for who writes until the sentence around it is known.
WRITER = "\x00"
_WRITER = re.compile(rf"(?P<opens>\A|[.!?]\s+|\n)?{WRITER}(?P<own>'s)?")


def clean_name(raw: str, limit: int = NAME_CHARS) -> str:
    """Return the name with only what a name is made of, at most `limit` characters; may be empty.

    A display name is free text chosen by a stranger: links, digits, formatting marks and control
    characters would let it forge an amount, a second line or a clickable address in our own message.
    """
    text = _LINK.sub(" ", unicodedata.normalize("NFKC", raw))
    text = "".join(char if _belongs(char) else " " for char in text)
    # a dot inside a word is what makes a messenger turn it into a link
    words = _INNER_DOT.sub(". ", text).split()
    name = " ".join(word for word in words if any(char.isalpha() for char in word))
    return unicodedata.normalize("NFC", name)[:limit].lstrip(" -.,'’").rstrip(" -,")


def addressed(text: str, you: str) -> str:
    """Put the word for who writes where WRITER stands: "you's" is "your", and a sentence opens with a capital."""

    def spoken(found: re.Match[str]) -> str:
        word = f"{you}r" if found["own"] else you
        opens = found["opens"]
        return word if opens is None else f"{opens}{word[0].upper()}{word[1:]}"

    return _WRITER.sub(spoken, text)


def _belongs(char: str) -> bool:
    return char.isalpha() or unicodedata.category(char) in ("Mn", "Mc") or char in _KEPT_MARKS
