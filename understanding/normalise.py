"""Folds a message into plain lower-case text, and undoes disguises before risk signals are looked for."""

import re
import unicodedata

# Look-alikes NFKC leaves alone: Cyrillic, Greek and a few Latin letters drawn like ASCII ones.
_LOOKALIKES = str.maketrans(
    "авеёзікмнорстухѕјԁԛԝһӏגԍ" + "αβεηικνορτυχγ" + "ɑɡıłøđħŧʏ" + "’‘ʼ`´“”–—…",
    "abeeeikmhopctyxsjdqwhlig" + "abenikvoptuxy" + "agilodhty" + "'''''\"\"--.",
)
_LEET = str.maketrans("013457@$!€", "oieastasie")
# An exclamation mark that ends a word is one, and "300k", "50rb", "11pm" are figures.
_LEET_WORD = re.compile(
    r"(?<![\w@.$!-])(?=[\w@$!€]*[a-z])(?=[\w@$!€]*[0-9@$€]|[\w@$€]*!+[\w@$€])(?!\d{2,}[a-z]{1,4}(?!\w))"
    r"[a-z0-9@$€!]{3,}[a-z0-9@$€](?![\w@])"
)
_EMAILISH = re.compile(r"(?<!\S)[^\s@]+@[^\s@]+|\binv[\w/-]*\d\S*|https?://\S+")
_SPACED = re.compile(r"(?<!\w)[a-z](?:[\s.\-_*|/,~+]{1,2}[a-z]){3,}(?!\w)")
_INNER = re.compile(r"[.\-_*|~+]")
# Begun anywhere but at a word's first letter it would find the same, in the square of the word's length.
_CHAIN = re.compile(r"(?<![a-z])[a-z]+(?:[.\-_*|~+][a-z]+)+")
_LONG_RUN = re.compile(r"([a-z])\1{2,}")
_SPACE = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")


def plain(text: str) -> str:
    """Return the text lower-cased, NFKC-folded, without invisible characters, accents or stretched letters."""
    folded = unicodedata.normalize("NFKC", text).replace("\r", "\n").replace("\t", " ")
    folded = folded.casefold().translate(_LOOKALIKES)
    kept: list[str] = []
    for char in unicodedata.normalize("NFKD", folded):
        category = unicodedata.category(char)
        if char == "\n" or category[0] not in "MC":
            kept.append(char)
    lowered = "".join(kept).casefold()
    lowered = _LONG_RUN.sub(r"\1", lowered)
    return _LINES.sub("\n", _SPACE.sub(" ", lowered)).strip()


def unmasked(plain_text: str) -> str:
    """Return plain text with leet digits read as letters and punctuation inside words dropped.

    "r3fund" and "re.fund" become "refund"; e-mail addresses, links and invoice numbers are left out.
    """
    text = _EMAILISH.sub(" ", plain_text)
    text = _LEET_WORD.sub(lambda m: m.group().translate(_LEET), text)
    return _CHAIN.sub(_unchained, text)


def _unchained(chain: re.Match[str]) -> str:
    """Part whole words joined by a hyphen or a forgotten space, and close up the pieces of one word."""
    parts = _INNER.split(chain.group())
    return (" " if all(len(part) >= 3 for part in parts) else "").join(parts)


def tight(plain_text: str) -> str:
    """Return the text with all punctuation inside words dropped, however long the pieces ("ref-und")."""
    return _CHAIN.sub(lambda chain: _INNER.sub("", chain.group()), _EMAILISH.sub(" ", plain_text))


def spelled(plain_text: str) -> str:
    """Return the letter runs that were typed apart ("r e f u n d  d o n g"), joined, one per word."""
    runs = []
    for match in _SPACED.finditer(plain_text.translate(_LEET)):
        runs.append(re.sub(r"[^a-z]", "", match.group()))
    return " ".join(runs)
