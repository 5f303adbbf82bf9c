"""A case file and a list of cases as JSON data, with nothing in them that the reader may not see."""

import zlib
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from console.masking import Masking
from console.source import File, Line, Plain
from console.turn_view import turn_view
from graph.record import unpacked

DIGEST_CHARS = 10
HEADER = (
    "id",
    "desk",
    "state",
    "owner",
    "tier",
    "intent",
    "language",
    "kind",
    "sla",
    "turn",
    "reopened",
    "waiting_for",
    "approval_id",
    "pending_dependency",
    "disposition",
    "cause",
    "gap",
    "opened_at",
    "updated_at",
    "due_at",
    "first_reply_at",
    "tags",
)


def line_view(line: Line, names: dict[str, str]) -> Plain:
    """Return one line of a list."""
    return {
        "id": line.id,
        "desk": line.desk,
        "state": line.state,
        "owner": owner_name(line.owner, names),
        "intent": line.intent,
        "tier": line.tier,
        "customer": line.customer,
        "opened_at": line.opened_at.isoformat(),
        "updated_at": line.updated_at.isoformat(),
        "due_at": line.due_at.isoformat() if line.due_at else None,
        "turns": line.turns,
    }


def case_view(
    file: File,
    records: Sequence[tuple[int, str, bytes]],
    beside: Sequence[Line],
    names: dict[str, str],
    masking: Masking,
    zone: ZoneInfo,
) -> Plain:
    """Return a whole case file, its turns newest first; `beside` are the conversation's cases, it included."""
    case = file.case
    turns = [_turn(turn, body, masking, names) for turn, _, body in records]
    return {
        "zone": zone.key,
        "revealed": masking.reveal,
        "case": {name: case[name] for name in HEADER}
        | {
            "owner": owner_name(case["owner"], names),
            "taken_by": owner_name(file.conversation.get("taken_by") or "", names),
            "customer": file.conversation.get("channel_address", ""),
            "request": masking.said(case["request"]),
            "additions": [masking.said(addition) for addition in case["additions"]],
        },
        "beside": [line_view(line, names) for line in beside],
        "turns": turns[::-1],
        "earlier_turns": len(file.turns) - len(turns),
        "ledger": [_ledger(row, masking) for row in reversed(file.effects)],
        "operations": [_operation(row, masking) for row in reversed(file.operations)],
        "approvals": [_approval(row, names, masking) for row in reversed(file.approvals)],
        "evidence": [
            {"kind": row["kind"], "at": row["at"], "caption": masking.said(row["caption"])}
            for row in reversed(file.evidence)
        ],
        "transitions": [
            {"old": row["old"], "new": row["new"], "actor": owner_name(row["actor"], names), "at": row["at"]}
            for row in reversed(file.transitions)
        ],
        "audit": [_audit(row, names, masking) for row in reversed(file.audit)],
        "timers": [
            {"timer": row["timer"], "due_at": row["due_at"], "state": row["state"]} for row in file.timers
        ],
    }


def owner_name(owner: str, names: dict[str, str]) -> str:
    """Return who answers for a case: a role's letter as it is, a person by name."""
    person = owner.removeprefix("person:")
    return names.get(person, person)


def _turn(turn: int, body: bytes, masking: Masking, names: dict[str, str]) -> Plain:
    """Return a turn, or only its number when its record is damaged: the rest of the case must still be seen."""
    try:
        record = unpacked(body)
    except (zlib.error, ValueError, KeyError, TypeError):
        return {"turn": turn, "unreadable": True}
    return turn_view(record, masking, names)


def _ledger(row: Plain, masking: Masking) -> Plain:
    body = row["body"]
    return {
        "key": row["key"],
        "kind": row["kind"],
        "state": row["state"],
        "attempts": row["attempts"],
        "created_at": row["created_at"],
        "changed_at": row["changed_at"],
        "error": masking.noted(row["error"]),
        "about": body.get("template") or body.get("lane") or body.get("task", {}).get("action", ""),
        "by": body.get("by", ""),
        "text": masking.said(body.get("text")) if masking.reveal else "",
    }


def _operation(row: Plain, masking: Masking) -> Plain:
    result = row["result"]
    return {
        "action": row["action"],
        "status": row["status"],
        "at": row["at"],
        "rev": result.get("rev", 0),
        "details": masking.noted(result.get("details")) if masking.reveal else "",
        "noted": masking.said(result.get("new_state", {}).get("summary")) if masking.reveal else "",
    }


def _approval(row: Plain, names: dict[str, str], masking: Masking) -> Plain:
    body = row["body"]
    decided_by = row["decided_by"]
    return {
        "id": row["id"],
        "kind": row["kind"],
        "state": row["state"],
        "lane": row["lane"],
        "digest": row["digest"][:DIGEST_CHARS],
        "requested_at": row["requested_at"],
        "deadline": row["deadline"],
        "decided_by": owner_name(decided_by, names) if decided_by else None,
        "decided_at": row["decided_at"],
        "why": masking.said(row["why"]),
        "asks": masking.said(body["asks"]),
        "suggested": masking.said(body["suggested"]),
        "operation": body["operation"]["action"] if body["operation"] else None,
        "checked": [masking.noted(line) for line in body["checked"]],
        "additions": len(body["additions"]),
        "reminders": body["reminders"],
    }


def _audit(row: Plain, names: dict[str, str], masking: Masking) -> Plain:
    body = row["body"]
    approver = body.get("approver")
    return {
        "at": row["at"],
        "actor": owner_name(row["actor"], names),
        "service": row["service"],
        "action": row["action"],
        "result": row["result"],
        "reason": masking.noted(body.get("reason")),
        "approver": owner_name(approver, names) if approver else None,
        "notes": masking.said(body.get("notes")),
    }
