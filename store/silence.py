"""B's words that do not leave: a person has the conversation, or took it after they were queued."""

from datetime import datetime

from store.times import iso
from store.transaction import Tx

# Why they were dropped, as the ledger keeps it; whoever wants to use them finds them by it.
TAKEN = "a person has the conversation"
_BY_B = "kind = 'send_message' AND json_extract(body, '$.by') = 'B'"
UNSAID = (
    "(EXISTS (SELECT 1 FROM takeovers WHERE takeovers.conversation_id = outbox.conversation_id"
    f" AND (takeovers.held = 1 OR takeovers.since > outbox.created_at)) AND {_BY_B})"
)


def drop(tx: Tx, key: str, at: datetime) -> None:
    """Drop one queued effect if it is such words."""
    _drop(tx, f"key = ? AND {UNSAID}", key, at)


def drop_all(tx: Tx, conversation_id: str, at: datetime) -> None:
    """Drop what B has queued in a conversation, also what waits for the customer to write."""
    _drop(tx, f"conversation_id = ? AND {_BY_B}", conversation_id, at)


def _drop(tx: Tx, where: str, what: str, at: datetime) -> None:
    tx.execute(
        "UPDATE outbox SET state = 'dropped', pending = 0, changed_at = ?, error = ?"
        f" WHERE state = 'queued' AND {where}",
        (iso(at), TAKEN, what),
    )
