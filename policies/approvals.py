"""What an approval is bound to, whose decision counts, and how a typed decision reads."""

import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from casefile.approval import Alternative, ApprovalRecord
from casefile.packets import CTask, KbExcerpt
from casefile.records import StaffMember

Decision = Literal["APPROVE", "DENY", "EDIT"]
Validity = Literal["ok", "not_allowed", "already_decided", "void", "unknown"]

# The key and the approval's own id derive from the digest's subject; binding them would bind it to itself.
DERIVED = {"idempotency_key", "approval_id"}
LANE_ROLE = {"coach": "coach", "ops": "operator"}
WORDS: dict[str, Decision] = {
    "approve": "APPROVE",
    "approved": "APPROVE",
    "setuju": "APPROVE",
    "setujui": "APPROVE",
    "disetujui": "APPROVE",
    "deny": "DENY",
    "denied": "DENY",
    "reject": "DENY",
    "rejected": "DENY",
    "tolak": "DENY",
    "ditolak": "DENY",
    "edit": "EDIT",
    "ubah": "EDIT",
}
# "/approve@loket_bot" is how Telegram writes a command in a group.
REPLY = re.compile(r"\s*/?([a-z]+)(?:@\w+)?(?!\w)[\s:,.;–—-]*(.*)", re.IGNORECASE | re.DOTALL)
CANDIDATE = re.compile(r"\s*(?<![\w#])#(?:aturan|policy)(?!\w)", re.IGNORECASE)
# What turns a decision word back into talk about one: an alternative, a "not", a "not yet".
UNDECIDED = re.compile(
    r"/|(?:or|atau|tidak|tdk|nggak|enggak|ngga|gak|ga|belum|blm|jangan|not|dulu|kah)(?!\w)", re.IGNORECASE
)


def digest(
    operation: CTask | None,
    text: str,
    recipient: str,
    cited: Sequence[str],
    alternatives: Sequence[Alternative] = (),
) -> str:
    """Return the SHA-256 (hex) of everything a decision releases; `cited` are hashes, in any order."""
    subject = {
        "operation": _subject(operation),
        "text": text,
        "recipient": recipient,
        "cited": sorted(set(cited)),
        "alternatives": [
            {"id": a.id, "label": a.label, "operation": _subject(a.operation), "text": a.text}
            for a in alternatives
        ],
    }
    canonical = json.dumps(subject, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def cite(page: KbExcerpt) -> str:
    """Name a page as an approval cites it: id, language and content; a changed page has another name."""
    return f"{page.page_id}.{page.language}#{page.content_hash}"


def matches(
    record: ApprovalRecord, operation: CTask | None, text: str, recipient: str, cited: Sequence[str]
) -> bool:
    """Say whether what is about to happen is exactly what was asked."""
    request = record.request
    return hmac.compare_digest(
        digest(operation, text, recipient, cited, request.alternatives), request.digest
    )


def valid(record: ApprovalRecord | None, staff: StaffMember | None, decision: str, now: datetime) -> Validity:
    """Say whether this person's decision counts.

    Only somebody whose role fits the lane decides, the first decision wins, and a passed deadline decides
    nothing: `now` is taken so that every caller has said when, and changes no answer.
    """
    if record is None or decision not in ("APPROVE", "DENY", "EDIT"):
        return "unknown"
    if staff is None or LANE_ROLE.get(record.request.lane) not in staff.roles:
        return "not_allowed"
    if record.state == "void":
        return "void"
    return "ok" if record.state == "pending" else "already_decided"


def parse_reply(text: str) -> tuple[Decision, str] | None:
    """Read a typed decision and what follows it (conditions, or the new words), or None when it is not one.

    A question or a hedge after the word ("approve?", "setuju nggak ya") decides nothing.
    """
    found = REPLY.match(text)
    decision = WORDS.get(found[1].lower()) if found else None
    if found is None or decision is None:
        return None
    rest = found[2].strip()
    # A mark of insistence stays with the words it insists on; without words it is only a loud yes or no.
    said = rest.lstrip("! ")
    if decision != "EDIT" and (said.endswith("?") or UNDECIDED.match(said)):
        return None
    return decision, rest if said else ""


def marked(words: str) -> tuple[str, bool]:
    """Part a person's words from the mark by which they propose an exception as policy."""
    plain, marks = CANDIDATE.subn("", words)
    return (plain.strip(), True) if marks else (words, False)


def _subject(operation: CTask | None) -> dict[str, object] | None:
    return None if operation is None else operation.model_dump(mode="json", exclude=DERIVED)
