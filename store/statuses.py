"""What the channel reports of messages: applied as a maximum, whatever order and however often it comes."""

from casefile.events import DeliveryStatus
from ports.ledger import OutboxState
from store.connection import Row
from store.measures import measure
from store.outbox import move
from store.transaction import Tx

# A status moves the ledger only upwards. `failed` lies below `delivered`: proof of arrival outweighs it.
RANK: dict[OutboxState, int] = {
    "queued": 0,
    "attempting": 1,
    "unknown": 1,
    "dropped": 1,
    "accepted": 2,
    "failed": 3,
    "delivered": 4,
    "read": 5,
}
_STATUS: dict[str, OutboxState] = {
    "sent": "accepted",
    "delivered": "delivered",
    "read": "read",
    "failed": "failed",
}


def apply_status(tx: Tx, status: DeliveryStatus) -> tuple[str, bool]:
    """Apply a status as a monotonic maximum; return the conversation and whether anything changed."""
    row = _find(tx, status)
    if row is None:
        detail = f"{status.status} {status.provider_id} {status.key or ''}".strip()
        measure(tx, "status_unknown", status.received_at, detail=detail)
        return "", False
    if status.status == "failed":
        return row["conversation_id"], _failed(tx, row, status)
    to, old = _STATUS[status.status], row["state"]
    if to == "accepted" and tx.one("SELECT 1 FROM lost_sends WHERE provider_id = ?", (status.provider_id,)):
        # Overtaken by the report that it failed; only arrival itself outweighs that.
        return row["conversation_id"], False
    if row["provider_id"] is None:
        _identify(tx, row, status)
    if RANK[to] <= RANK[old]:
        return row["conversation_id"], False
    move(tx, row["key"], (old,), to, status.received_at)
    return row["conversation_id"], True


def _failed(tx: Tx, row: Row, status: DeliveryStatus) -> bool:
    """Apply a failure to the attempt it is about; an earlier attempt's, or nobody knows whose, moves nothing."""
    why = f"{status.error_code or ''} {status.error or ''}".strip() or "the channel says it failed"
    fresh = tx.execute(
        "INSERT INTO lost_sends (provider_id, key, why) VALUES (?, ?, ?) ON CONFLICT (provider_id) DO NOTHING",
        (status.provider_id, row["key"], why),
    )
    state = row["state"]
    if not fresh or RANK["failed"] <= RANK[state] or state == "queued":
        # Told before, outweighed by arrival, or going again anyway.
        return False
    if row["attempts"] > 1 and row["provider_id"] != status.provider_id:
        # An earlier attempt's; should it be the last one's after all, its answer will say so.
        return False
    _identify(tx, row, status)
    move(tx, row["key"], (state,), "failed", status.received_at, error=why)
    return True


def _identify(tx: Tx, row: Row, status: DeliveryStatus) -> None:
    tx.execute("UPDATE outbox SET provider_id = ? WHERE key = ?", (status.provider_id, row["key"]))


def _find(tx: Tx, status: DeliveryStatus) -> Row | None:
    found = tx.one("SELECT * FROM outbox WHERE key = ?", (status.key,)) if status.key else None
    return found or tx.one(
        "SELECT * FROM outbox WHERE provider_id = ? AND kind = 'send_message' ORDER BY seq LIMIT 1",
        (status.provider_id,),
    )
