"""Cuts a message into the clauses that may each be a request of its own."""

import re

# Ends of sentences, line breaks, and words that open a second request.
_CUTS = re.compile(
    r"\n+|(?<=[.!?])\s+|[.!?;]+(?=\s)"
    r"|\s*[,;]?\s+(?:terus|trus|trs|sekalian|oh iya|oiya|oh ya|o iya|btw|by the way|also|and also|oh and|selain itu"
    r"|sama satu lagi|satu lagi|sama mau (?:tanya|nanya)|sama mau|dan juga|dan mau|another thing|one more thing"
    r"|plus)\s+"
)


def clauses(text: str) -> tuple[str, ...]:
    """Return the clauses of a plain text in order, without empty ones."""
    parts = (part.strip(" ,;") for part in _CUTS.split(text))
    return tuple(part for part in parts if re.search(r"\w", part))
