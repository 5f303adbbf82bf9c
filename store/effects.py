"""Effects as statements: what each kind of effect writes when its turn commits."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casefile.effects import (
    OUTBOUND,
    AttachEvidence,
    CloseApproval,
    Effect,
    ForgetWaiting,
    NoteGap,
    OpenApproval,
    PushDelta,
    Remember,
    SendMessage,
    StartTimer,
    StopTimer,
    WriteAudit,
)
from casefile.errors import BadInput, UnknownEffect
from store import held
from store.approvals import close_approval, open_approval
from store.audit import write_audit
from store.outbox import enqueue
from store.snapshots import push
from store.times import iso
from store.transaction import Tx

_MOMENTS = frozenset({"locked_until", "invited_at"})
_REMEMBERED = frozenset(
    {
        "language",
        "student_id",
        "verified_contact",
        "failed_attempts",
        "locked_until",
        "injection_count",
        "invited_at",
    }
)


@dataclass(frozen=True, slots=True)
class Writing:
    """Where an effect is written: its transaction and its turn."""

    tx: Tx
    turn_id: str
    case_id: str
    conversation_id: str
    at: datetime
    ttl_minutes: int
    worker: str


def write_effect(writing: Writing, effect: Effect) -> None:
    """Write one effect of a turn; raises UnknownEffect for a kind nothing here knows."""
    if isinstance(effect, AttachEvidence):
        _attach(writing, effect)
    if isinstance(effect, OUTBOUND):
        # A message is addressed to its own conversation; the others belong to the turn's.
        conversation_id = (
            effect.conversation_id if isinstance(effect, SendMessage) else writing.conversation_id
        )
        enqueue(
            writing.tx,
            effect,
            turn_id=writing.turn_id,
            case_id=writing.case_id,
            conversation_id=conversation_id,
            at=writing.at,
            worker=writing.worker,
        )
        return
    statement = _STATEMENTS.get(type(effect))
    if statement is None:
        raise UnknownEffect(f"nothing writes the effect {type(effect).__name__}")
    statement(writing, effect)


def _start_timer(w: Writing, effect: StartTimer) -> None:
    w.tx.execute(
        "INSERT INTO timers (key, case_id, conversation_id, timer, due_at, state) VALUES (?, ?, ?, ?, ?,"
        " 'armed')"
        " ON CONFLICT (key) DO UPDATE SET timer = excluded.timer, due_at = excluded.due_at, state ="
        " 'armed',"
        " armed = timers.armed + 1",
        (effect.key, w.case_id, w.conversation_id, effect.timer, iso(effect.due_at)),
    )


def _stop_timer(w: Writing, effect: StopTimer) -> None:
    # The row stays: its count of armings keeps a later timer of this name apart from an earlier one.
    w.tx.execute("UPDATE timers SET state = 'stopped' WHERE key = ?", (effect.key,))


def _open(w: Writing, effect: OpenApproval) -> None:
    open_approval(w.tx, effect.request)


def _close(w: Writing, effect: CloseApproval) -> None:
    close_approval(w.tx, effect, w.at)


def _remember(w: Writing, effect: Remember) -> None:
    for name, value in effect.changes.items():
        if name not in _REMEMBERED:
            raise BadInput(f"{name!r} is not remembered of a conversation; allowed: {sorted(_REMEMBERED)}")
        kept = iso(datetime.fromisoformat(str(value))) if name in _MOMENTS and value else value
        w.tx.execute(f"UPDATE conversations SET {name} = ? WHERE id = ?", (kept, effect.conversation_id))


def _push(w: Writing, effect: PushDelta) -> None:
    push(w.tx, effect.delta, w.ttl_minutes)


def _attach(w: Writing, effect: AttachEvidence) -> None:
    w.tx.execute(
        "INSERT INTO evidence (key, case_id, media_id, kind, caption, at) VALUES (?, ?, ?, ?, ?, ?)",
        (effect.key, effect.case_id, effect.media_id, effect.kind, effect.caption, iso(w.at)),
    )


def _forget(w: Writing, effect: ForgetWaiting) -> None:
    held.drop(w.tx, effect.case_id, "the case was settled without it", w.at)


def _audit(w: Writing, effect: WriteAudit) -> None:
    write_audit(w.tx, effect.key, effect.entry)


def _gap(w: Writing, effect: NoteGap) -> None:
    w.tx.execute(
        "INSERT INTO gaps (key, case_id, question, language, at) VALUES (?, ?, ?, ?, ?)",
        (effect.key, effect.case_id, effect.question, effect.language, iso(w.at)),
    )


_STATEMENTS: dict[type[Any], Callable[[Writing, Any], None]] = {
    StartTimer: _start_timer,
    StopTimer: _stop_timer,
    OpenApproval: _open,
    CloseApproval: _close,
    Remember: _remember,
    PushDelta: _push,
    ForgetWaiting: _forget,
    WriteAudit: _audit,
    NoteGap: _gap,
}
