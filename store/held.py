"""Words that wait until the customer writes again: queued, but not pending, so that nothing waits behind them."""

from dataclasses import replace
from datetime import datetime

from ports.ledger import OutboxRow
from store.outbox import readable
from store.times import iso
from store.transaction import Tx

HELD = "kind = 'send_message' AND state = 'queued' AND pending = 0"


def hold(tx: Tx, key: str, why: str, at: datetime) -> bool:
    """Let words that WhatsApp would not take wait; False when they did not fail (any more).

    What is known of the attempt that failed stays in `lost_sends`.
    """
    held = tx.execute(
        "UPDATE outbox SET state = 'queued', pending = 0, provider_id = NULL, changed_at = ?, error = ?"
        " WHERE key = ? AND state = 'failed' AND kind = 'send_message'",
        (iso(at), why, key),
    )
    return held == 1


def release(tx: Tx, conversation_id: str, at: datetime) -> int:
    """Let a conversation's waiting words go, in their old order and before anything said from now on."""
    return tx.execute(
        f"UPDATE outbox SET pending = 1, due_at = ?, changed_at = ? WHERE conversation_id = ? AND {HELD}",
        (iso(at), iso(at), conversation_id),
    )


def fail(tx: Tx, conversation_id: str, why: str, at: datetime) -> tuple[OutboxRow, ...]:
    """Give up a conversation's waiting words, for the invitation to write did not arrive; return them."""
    tx.execute("UPDATE conversations SET invited_at = NULL WHERE id = ?", (conversation_id,))
    rows = tx.all(
        f"SELECT * FROM outbox WHERE conversation_id = ? AND {HELD} ORDER BY seq", (conversation_id,)
    )
    tx.execute(
        f"UPDATE outbox SET state = 'failed', changed_at = ?, error = ? WHERE conversation_id = ? AND {HELD}",
        (iso(at), why, conversation_id),
    )
    return tuple(replace(row, state="failed", error=why) for row in readable(rows)[0])


def drop(tx: Tx, case_id: str, why: str, at: datetime) -> None:
    """Forget a case's waiting words: it is settled without them."""
    tx.execute(
        f"UPDATE outbox SET state = 'dropped', changed_at = ?, error = ? WHERE case_id = ? AND {HELD}",
        (iso(at), why, case_id),
    )
