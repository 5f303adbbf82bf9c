"""Approvals as rows: opened, annotated while pending, settled once."""

from datetime import datetime

from casefile.approval import ApprovalRecord, ApprovalRequest
from casefile.effects import CloseApproval
from store.connection import Row
from store.errors import ApprovalSettled
from store.times import iso, moment_or_none
from store.transaction import Tx


def open_approval(tx: Tx, request: ApprovalRequest) -> None:
    """Store a request; while it is pending and its digest is the same, renew its additions and reminders."""
    stored = tx.execute(
        "INSERT INTO approvals (id, case_id, token, state, digest, kind, lane, body, requested_at,"
        " deadline)"
        " VALUES (?, ?, ?, 'pending', ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET body = excluded.body, deadline = excluded.deadline"
        " WHERE approvals.state = 'pending' AND approvals.digest = excluded.digest",
        (
            request.id,
            request.case_id,
            request.token,
            request.digest,
            request.kind,
            request.lane,
            request.model_dump_json(),
            iso(request.requested_at),
            iso(request.deadline),
        ),
    )
    if stored != 1:
        raise ApprovalSettled(f"approval {request.id} is settled or asks for something else now")


def close_approval(tx: Tx, close: CloseApproval, at: datetime) -> None:
    """Settle a pending approval; raises ApprovalSettled when somebody was first."""
    closed = tx.execute(
        "UPDATE approvals SET state = ?, decided_by = ?, decided_at = ?, why = ? WHERE id = ? AND state"
        " = 'pending'",
        (close.state, close.by, iso(at), close.why, close.approval_id),
    )
    if closed != 1:
        raise ApprovalSettled(f"approval {close.approval_id} is not pending any more")


def approval_record(row: Row) -> ApprovalRecord:
    """Read an approval back."""
    return ApprovalRecord(
        request=ApprovalRequest.model_validate_json(row["body"]),
        state=row["state"],
        decided_by=row["decided_by"],
        decided_at=moment_or_none(row["decided_at"]),
        why=row["why"] or "",
    )
