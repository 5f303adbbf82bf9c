"""The delivery ledger: queued, attempting, accepted, delivered, read; or failed, unknown, dropped."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from pydantic import ValidationError

from casefile.effects import EFFECT, OUTBOUND, AttachEvidence, PostToLane, SendMessage
from casefile.payment_effects import ClosePayment, RefundPayment, RequestPayment
from ports.ledger import LEFT_TO_ITS_WORKER, OutboundEffect, OutboxRow, OutboxState
from store import silence
from store.connection import Row
from store.measures import measure
from store.records import Reader
from store.times import iso, moment
from store.transaction import Tx

# The first of each queue that is still on its way: nothing behind it may go.
HEADS = (
    "pending = 1 AND NOT EXISTS (SELECT 1 FROM outbox AS earlier"
    " WHERE earlier.queue = outbox.queue AND earlier.pending = 1 AND earlier.seq < outbox.seq)"
)
# Messages while WhatsApp as a whole asked to be left alone (`?` is now), and when they are due because of it.
ON_HOLD = "(kind = 'send_message' AND EXISTS (SELECT 1 FROM channel_holds WHERE name = 'whatsapp' AND until_at > ?))"
DUE_AT = (
    "COALESCE((SELECT until_at FROM channel_holds WHERE name = 'whatsapp' AND kind = 'send_message'"
    " AND until_at > outbox.due_at), due_at)"
)
# Due, or put off by a clock that was ahead and has been set back since: nothing is put off for so long otherwise.
DUE = "(due_at <= ? OR (COALESCE(attempted_at, created_at) > ? AND due_at > ?))"
# What nobody in particular has to send, one worker's own, and what another one has left lying.
# What is asked again after a crash, and whose failures its own events tell of.
ASKED_AGAIN = ("run_operation", "request_payment", "refund_payment", "close_payment", "attach_evidence")
OURS = "(worker IN ('', ?) OR due_at <= ?)"
_SKEW, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=5)


def due_by(now: datetime) -> tuple[str, str, str]:
    """Return the parameters of DUE."""
    return iso(now), iso(now + _SKEW), iso(now + _LONGEST_PAUSE)


def ours_by(worker: str, now: datetime) -> tuple[str, str]:
    """Return the parameters of OURS."""
    return worker, iso(now - LEFT_TO_ITS_WORKER)


def enqueue(
    tx: Tx,
    effect: OutboundEffect,
    *,
    turn_id: str,
    case_id: str,
    conversation_id: str,
    at: datetime,
    worker: str = "",
) -> None:
    """Put an effect into the ledger; its key must be new. `worker` is who should send it."""
    tx.execute(
        "INSERT INTO outbox (key, turn_id, case_id, conversation_id, kind, queue, body, state, pending,"
        " created_at, due_at, changed_at, worker) VALUES (?, ?, ?, ?, ?, ?, ?, 'queued', 1, ?, ?, ?, ?)",
        (
            effect.key,
            turn_id,
            case_id,
            conversation_id,
            effect.type,
            queue_of(effect),
            effect.model_dump_json(),
            iso(at),
            iso(at),
            iso(at),
            worker,
        ),
    )


def queue_of(effect: OutboundEffect) -> str:
    """Name what an effect has to stay in order with."""
    if isinstance(effect, SendMessage):
        return f"send:{effect.conversation_id}"
    if isinstance(effect, AttachEvidence):
        return f"file:{effect.key}"
    if isinstance(effect, PostToLane):
        # A post that shows a file goes behind the file.
        return f"file:{effect.evidence[0]}" if effect.evidence else f"post:{effect.thread}"
    if isinstance(effect, RequestPayment):
        return f"pay:{effect.invoice_number}"
    if isinstance(effect, RefundPayment | ClosePayment):
        return f"{effect.type}:{effect.reference}"
    return operation_queue(effect.task.idempotency_key)


def operation_queue(idempotency_key: str) -> str:
    """Name the queue of one operation, which waits for nobody."""
    return f"op:{idempotency_key}"


def move(
    tx: Tx,
    key: str,
    from_states: tuple[OutboxState, ...],
    to: OutboxState,
    at: datetime,
    *,
    error: str | None = None,
) -> bool:
    """Move an effect between two states; False when it is in none of the expected ones."""
    marks = ", ".join("?" for _ in from_states)
    moved = tx.execute(
        f"UPDATE outbox SET state = ?, pending = ?, changed_at = ?, error = ? WHERE key = ? AND state IN"
        f" ({marks})",
        (to, int(to in ("queued", "attempting")), iso(at), error, key, *from_states),
    )
    if moved == 1 and to == "unknown":
        measure(tx, "ledger_unknown", at, detail=key)
    return moved == 1


def attempt(tx: Tx, key: str, at: datetime, worker: str = "") -> bool:
    """Take a queued effect for sending, counting the attempt; `worker` says who sends it.

    What B has to say where a person speaks now is dropped instead.
    """
    taken = tx.execute(
        "UPDATE outbox SET state = 'attempting', attempts = attempts + 1, attempted_at = ?, changed_at = ?,"
        f" worker = ?, error = NULL WHERE key = ? AND state = 'queued' AND pending = 1 AND NOT {silence.UNSAID}",
        (iso(at), iso(at), worker, key),
    )
    if taken != 1:
        silence.drop(tx, key, at)
    return taken == 1


def requeue(tx: Tx, key: str, due_at: datetime, why: str) -> None:
    """Put an effect that was certainly not sent back, to go again at `due_at`."""
    tx.execute(
        "UPDATE outbox SET state = 'queued', due_at = ?, error = ? WHERE key = ? AND state = 'attempting'",
        (iso(due_at), why, key),
    )


def accept(tx: Tx, key: str, provider_id: str, at: datetime) -> None:
    """Record that the provider took it; a status that was quicker keeps its higher state, or has it failed."""
    tx.execute("UPDATE outbox SET provider_id = ? WHERE key = ?", (provider_id, key))
    lost = tx.one("SELECT why FROM lost_sends WHERE provider_id = ?", (provider_id,))
    to: OutboxState = "accepted" if lost is None else "failed"
    why = None if lost is None else str(lost["why"])
    move(tx, key, ("queued", "attempting", "unknown", "dropped"), to, at, error=why)


def orphans(tx: Tx, at: datetime, workers: Collection[str]) -> tuple[OutboxRow, ...]:
    """Settle what these workers left: operations go again, sends become `unknown`, the rest is anybody's."""
    why = "the process ended while this was on its way"
    marks = ", ".join("?" for _ in workers)
    rows = tx.all(
        f"SELECT * FROM outbox WHERE pending = 1 AND state = 'attempting' AND worker IN ({marks}) ORDER BY seq",
        tuple(workers),
    )
    for row in rows:
        move(tx, row["key"], ("attempting",), _orphaned(row["kind"]), at, error=why)
    tx.execute(
        f"UPDATE outbox SET worker = '' WHERE pending = 1 AND state = 'queued' AND worker IN ({marks})",
        tuple(workers),
    )
    return tuple(replace(left, state=_orphaned(left.effect.type), error=why) for left in readable(rows)[0])


def sent_in_last_minute(read: Reader, conversation_id: str, now: datetime) -> int:
    """Count messages handed to the channel in the last 60 seconds.

    What was sent later than now was sent by a clock that has been set back since: it holds nothing up.
    """
    minute = timedelta(seconds=60)
    rows = read(
        "SELECT COUNT(*) AS n FROM outbox WHERE conversation_id = ? AND attempted_at > ? AND attempted_at <= ?"
        " AND kind = 'send_message' AND state <> 'queued'",
        (conversation_id, iso(now - minute), iso(now + _SKEW)),
    )
    return int(rows[0]["n"])


def settle(tx: Tx, key: str, action: Literal["resend", "drop"], at: datetime) -> bool:
    """Settle an `unknown` by hand; words that wait for the customer can be dropped as well.

    A lane post that a later one of its thread replaces never goes again.
    """
    to: OutboxState = "queued" if action == "resend" and not _replaced(tx, key) else "dropped"
    waiting = "queued" if action == "drop" else "unknown"
    moved = tx.execute(
        "UPDATE outbox SET state = ?, pending = ?, changed_at = ? WHERE key = ?"
        " AND (state = 'unknown' OR (state = ? AND pending = 0))",
        (to, int(to == "queued"), iso(at), key, waiting),
    )
    if moved != 1:
        return False
    tx.execute("UPDATE outbox SET due_at = ? WHERE key = ?", (iso(at), key))
    return True


def readable(rows: Sequence[Row]) -> tuple[tuple[OutboxRow, ...], tuple[str, ...]]:
    """Read rows back; the second are the keys of those whose body is damaged."""
    good: list[OutboxRow] = []
    damaged: list[str] = []
    for row in rows:
        try:
            good.append(outbox_row(row))
        except ValidationError:
            damaged.append(row["key"])
    return tuple(good), tuple(damaged)


def give_up(tx: Tx, keys: Sequence[str], at: datetime) -> None:
    """Take damaged effects out of their queues, so that what is behind them can go, and say so."""
    for key in keys:
        if move(tx, key, ("queued",), "failed", at, error="the stored effect cannot be read"):
            measure(tx, "damaged_row", at, detail=f"outbox {key}")


def outbox_row(row: Row) -> OutboxRow:
    """Read a ledger row back."""
    effect = EFFECT.validate_json(row["body"])
    assert isinstance(effect, OUTBOUND)
    return OutboxRow(
        row["key"],
        row["case_id"],
        row["conversation_id"],
        effect,
        row["state"],
        row["attempts"],
        moment(row["due_at"]),
        row["provider_id"],
        row["error"],
        moment(row["changed_at"]),
        row["state"] == "queued" and not row["pending"],
    )


def _orphaned(kind: str) -> OutboxState:
    # Who is asked for these knows the key, or only reads; nobody else can be asked twice.
    return "queued" if kind in ASKED_AGAIN else "unknown"


def _replaced(tx: Tx, key: str) -> bool:
    # Posts of a thread are edits of one message: sent now, the older words would stand over the newer ones.
    later = tx.one(
        "SELECT 1 FROM outbox AS later JOIN outbox AS row ON later.queue = row.queue AND later.seq > row.seq"
        " WHERE row.key = ? AND row.kind = 'post_to_lane' AND later.kind = 'post_to_lane' LIMIT 1",
        (key,),
    )
    return later is not None
