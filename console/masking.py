"""How stored words look in the window: withheld unless revealed, and never able to play tricks on the reader."""

import unicodedata
from dataclasses import dataclass

from policies.privacy import HIDDEN, scrub

LONGEST = 1200
# Joins the parts of an emoji; everything else that is invisible is written out.
JOINER = "\u200d"
BROKEN = frozenset({"Cc", "Cf", "Cs", "Co"})


def visible(text: str) -> str:
    """Write out what cannot be seen (direction overrides, zero-width and control characters), and cut at 1,200."""
    shown = "".join(_seen(char) for char in text[:LONGEST])
    return shown + HIDDEN if len(text) > LONGEST else shown


def _seen(char: str) -> str:
    if char in ("\n", "\t", JOINER) or unicodedata.category(char) not in BROKEN:
        return char
    return f"⟨{ord(char):04X}⟩"


@dataclass(frozen=True, slots=True)
class Masking:
    """Decides what customers' and staff's own words look like."""

    reveal: bool

    def said(self, text: str | None) -> str:
        """Return somebody's words, or `…` in their place."""
        if not text:
            return ""
        return visible(text) if self.reveal else HIDDEN

    def noted(self, text: str | None) -> str:
        """Return the system's own words, in which a number or an address may still have slipped."""
        if not text:
            return ""
        return visible(text) if self.reveal else visible(scrub(text))
