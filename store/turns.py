"""A turn's commit: everything it wrote, in one transaction."""

from casefile.case import Case
from casefile.errors import FactsMoved
from ports.journal import TurnCommit
from store.audit import write_audit
from store.checkpoint_rows import CheckpointRow, StagedRow, WriteRow, write_rows
from store.effects import Writing, write_effect
from store.facts import stated_rev
from store.inbox import mark_read
from store.measures import measure
from store.model_calls import write_calls
from store.takeovers import hands
from store.times import iso, iso_or_none
from store.transaction import Tx
from store.workers import hold


def commit_turn(tx: Tx, turn: TurnCommit, ttl_minutes: int) -> None:
    """Write a turn; anything that does not hold raises, and nothing of it stays."""
    if turn.fence is not None:
        hold(tx, turn.conversation_id, turn.fence)
    mark_read(tx, turn.inbox_ids, turn.turn_id)
    if turn.hands is not None and (now := hands(tx, turn.conversation_id)) != turn.hands:
        raise FactsMoved(
            f"{turn.conversation_id} changed hands while turn {turn.turn_id} was running ({turn.hands}, then {now})"
        )
    for kind, subject, rev in turn.stated:
        if (current := stated_rev(tx.all, kind, subject)) != rev:
            raise FactsMoved(
                f"turn {turn.turn_id} states {kind} {subject} at rev {rev}, which is at {current} now"
            )
    tx.execute(
        "INSERT INTO turns (id, conversation_id, at) VALUES (?, ?, ?)",
        (turn.turn_id, turn.conversation_id, iso(turn.at)),
    )
    for case in turn.cases:
        _case(tx, case, turn.turn_id)
    for case_id, effect in turn.effects:
        writing = Writing(tx, turn.turn_id, case_id, turn.conversation_id, turn.at, ttl_minutes, turn.worker)
        write_effect(writing, effect)
    tx.insert_many(
        "INSERT INTO transcript (conversation_id, case_id, direction, author, text, at, external_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (
                line.conversation_id,
                line.case_id,
                line.direction,
                line.author,
                line.text,
                iso(line.at),
                line.external_id,
            )
            for line in turn.transcript
        ],
    )
    for event in turn.measures:
        measure(tx, event.name, event.at, case_id=event.case_id, value=event.value, detail=event.detail)
    tx.insert_many(
        "INSERT INTO turn_records (case_id, turn, turn_id, body) VALUES (?, ?, ?, ?)",
        [(case_id, number, turn.turn_id, body) for case_id, number, body in turn.records],
    )
    write_calls(tx, turn.calls, turn.at)
    for key, entry in turn.audit:
        write_audit(tx, key, entry)
    write_rows(tx, _staged(turn), prune=True)


def _case(tx: Tx, case: Case, turn_id: str) -> None:
    tx.execute(
        "INSERT INTO cases (id, desk, conversation_id, contact_id, state, owner, intent, tier,"
        " opened_at, updated_at,"
        " due_at, disposition, cause, gap, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET contact_id = excluded.contact_id, state = excluded.state,"
        " owner = excluded.owner, intent = excluded.intent, tier = excluded.tier, updated_at ="
        " excluded.updated_at,"
        " due_at = excluded.due_at, disposition = excluded.disposition, cause = excluded.cause,"
        " gap = excluded.gap, body = excluded.body",
        (
            case.id,
            case.desk,
            case.conversation_id,
            case.contact_id,
            case.state,
            case.owner,
            case.intent,
            case.tier,
            iso(case.opened_at),
            iso(case.updated_at),
            iso_or_none(case.due_at),
            case.disposition,
            case.cause,
            case.gap,
            case.model_dump_json(exclude_defaults=True),
        ),
    )
    tx.insert_many(
        "INSERT INTO transitions (case_id, turn_id, old, new, actor, at) VALUES (?, ?, ?, ?, ?, ?)",
        [(case.id, turn_id, step.old, step.new, step.actor, iso(step.at)) for step in case.transitions],
    )


def _staged(turn: TurnCommit) -> list[StagedRow]:
    rows = [row for row in turn.staged if isinstance(row, CheckpointRow | WriteRow)]
    if len(rows) != len(turn.staged):
        raise TypeError(f"turn {turn.turn_id} hands over staged rows that this store's saver did not make")
    return rows
