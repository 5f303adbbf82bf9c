"""What a person's yes would carry out, and whether who asks has proved enough for it."""

import re

from casefile.approval import ApprovalRequest
from casefile.case import Case
from casefile.facts import Facts, Identity
from casefile.packets import Action
from casefile.reading import Reading, Request
from casefile.verdict import Verdict
from policies.gate import request_of
from policies.identity import is_verified

PRIVACY_ACTIONS: dict[str, Action] = {
    "privacy_delete": "CONTACT_ERASE",
    "privacy_export": "CONTACT_EXPORT",
    "privacy_correct": "CONTACT_CORRECT",
}
# An erasure cannot be taken back: the reading has to be sure, and the words have to say it themselves.
SURE = 0.8
DATA = r"(?:data|akun|account|informasi pribadi|personal info)"
DETAIL = rf"(?:{DATA}|nama|name|e-?mail|alamat|address|nomor|no|number|hp|wa|telepon|telp|phone)"


def _words(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{words})", re.IGNORECASE)


SAYS: dict[str, tuple[re.Pattern[str], re.Pattern[str]]] = {
    "privacy_delete": (_words(r"(?:di)?hapus|delete|erase|remove|wipe"), _words(DATA)),
    "privacy_export": (
        _words(r"salinan|copy|copies|(?:di)?kirim|minta|ekspor|export|unduh|download|send|give|get|provide"),
        _words(DATA),
    ),
    "privacy_correct": (
        _words(r"(?:di)?(?:betul|benar|perbaik|koreksi|ubah|ganti|update)|correct|change|fix"),
        _words(DETAIL),
    ),
}
# About something else than the account's own record: pictures, posts, who sees it, what must not happen.
ELSEWHERE = _words(
    r"foto|video|photo|picture|rekaman|recording|ig(?!\w)|instagram|tiktok|facebook|medsos|website|situs"
    r"|gr[ou]+p|postingan|posts?(?!\w)|story|siapa|who(?!\w)|jangan|don'?t|do not|(?:di)?sebar|share"
)


def wanted(verdict: Verdict, case: Case, facts: Facts) -> Action | None:
    """Return the operation that is asked for; None leaves a person with words to find, not a thing to release."""
    request = request_of(case, facts.reading)
    match verdict.rules[0].id:
        case "R3.refund":
            return "REFUND"
        case "R3.cancel":
            return "CANCEL"
        case "R3.privacy" if _clear(request, facts.reading):
            return PRIVACY_ACTIONS[request.intent]
        case _:
            return None


def proved(action: Action, identity: Identity) -> bool:
    """Say whether identity is proved for an operation; for personal data it is checked again, by the pair."""
    if not is_verified(identity) or identity.locked:
        return False
    return action not in PRIVACY_ACTIONS.values() or identity.attempt == "passed"


def releasable(request: ApprovalRequest) -> bool:
    """Say whether a plain yes has something to release; not while the customer has still to prove who they are."""
    return request.operation is not None or request.wants is None


def _clear(request: Request, reading: Reading | None) -> bool:
    """Say whether personal data is asked for in so many words, not just mentioned."""
    # The pair sent along makes a message look like one that only gives it.
    pair = sum(g.confidence for g in reading.guesses if g.intent == "give_identity") if reading else 0.0
    sure = request.confidence + pair >= SURE
    if request.intent not in SAYS or not sure or ELSEWHERE.search(request.text):
        return False
    return all(pattern.search(request.text) for pattern in SAYS[request.intent])
