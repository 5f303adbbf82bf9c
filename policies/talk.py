"""Small things people write: a thumbs-up, "kak?", a salam, "hmm" - and what each of them is."""

import re
from typing import Literal

# Said with a face or a hand, after an answer, these ask nothing and need none.
_CALM = re.compile(
    r"(?:[\U0001F44D\U0001F64F\u2764\U0001F970\U0001F60A\U0001F600-\U0001F606\U0001F60D\U0001F618\U0001F44C"
    r"\U0001F4AF\U0001F64C\U0001F917\U0001F495-\U0001F49E\U0001F499-\U0001F49C\U0001F9E1\u263A\U0001F642\U0001F389"
    r"\U0001F44F\U0001F91D\u2728\u2705]|[\uFE0F\u200D\U0001F3FB-\U0001F3FF\s])+"
)
_SALAM = re.compile(
    r"(?<!\w)(?:ass?alam\w*|asalam\w*|as+alamu ?alaikum|aslm|askum|assalammualaikum)(?!\w)", re.IGNORECASE
)
_CALLS = re.compile(
    r"(?:(?:kakak|kak|kk|min|mimin|admin|halo+|hallo+|hello|hi|hai|ping|p|permisi|tes|test)[\s,.!?]*){1,3}",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?<!\w)(?:kakak|kak|kk|min|mimin|admin|ping|p)(?!\w)|\?", re.IGNORECASE)
_WONDERS = re.compile(r"(?:(?:h+m+|em+|umm*|hemm*|eh+|lah|loh|lho|huh)[\s,.!?]*)+", re.IGNORECASE)


def calm_emoji(text: str) -> bool:
    """Say whether a text is nothing but friendly emoji."""
    return bool(text.strip()) and _CALM.fullmatch(text) is not None


def manner(text: str) -> Literal["salam", "call", "wonder", "plain"]:
    """Say how somebody opens: with a salam, by calling for us, or with no more than a "hmm"."""
    said = text.strip()
    if _SALAM.search(said):
        return "salam"
    if _CALLS.fullmatch(said) and _ADDRESS.search(said):
        return "call"
    return "wonder" if _WONDERS.fullmatch(said) else "plain"
