"""Who cannot give the invoice or the address they are asked for: said in this case, and how often."""

import re

from casefile.case import Case

_LOST = re.compile(
    r"(?<!\w)(?:lupa|ilang|hilang|kehapus|terhapus|(?:ga|gak|ngga|nggak|enggak|tidak|tdk|g|blm|belum)"
    r" ?(?:punya|ada|tau|tahu|inget|ingat|nemu|ketemu|simpan|nyimpen|pernah|dapat|dapet)|gatau|don'?t (?:have|remember"
    r"|know)|do not have|can'?t (?:find|remember)|cannot find|forgot|lost|no idea|never got)(?!\w)",
    re.IGNORECASE,
)


def says_lost(words: str) -> bool:
    """Say whether words say that something is not there any more, or not known."""
    return _LOST.search(words) is not None


def times_lost(case: Case) -> int:
    """Return how often, while we ask who they are, they have said that they do not have it."""
    if case.waiting_for != "identity":
        return 0
    return sum(line.who == "customer" and says_lost(line.text) for line in case.window)
