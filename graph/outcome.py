"""What a turn leaves behind: one commit with cases, effects, transcript, measures and the turn's records."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal

from casefile.case import Case
from casefile.effects import PushDelta, SendMessage
from casefile.events import HumanSpoke, MessageReceived
from casefile.records import PHONE
from graph.access import accesses
from graph.measures import measures_of
from graph.record import KEYFRAME_EVERY, TurnRecord, step_summary
from graph.run import Run
from ports.journal import InboxRow, TranscriptLine, TurnCommit
from ports.models import ModelCall


def commit_of(
    turn_id: str,
    conversation_id: str,
    rows: Sequence[InboxRow],
    runs: Sequence[Run],
    config: str,
    salt: str,
    now: datetime,
    staged: Sequence[object],
    calls: tuple[ModelCall, ...] = (),
) -> TurnCommit:
    """Put a turn together; `salt` is what the audit's hashes are made with."""
    cases = tuple(run.final for run in runs)
    case_id = cases[0].id if cases else ""
    return TurnCommit(
        turn_id=turn_id,
        conversation_id=conversation_id,
        at=now,
        inbox_ids=tuple(row.id for row in rows),
        cases=cases,
        effects=tuple((run.after.id, effect) for run in runs for effect in run.effects),
        transcript=(*_heard(rows, conversation_id, case_id), *_said(runs, now)),
        measures=tuple(m for run in runs for m in measures_of(run, run.context.desk.rules)),
        records=tuple(
            (run.after.id, run.after.turn, record_of(run, turn_id, config).packed()) for run in runs
        ),
        staged=tuple(staged),
        audit=tuple(line for run in runs for line in accesses(run, salt)),
        calls=calls,
        hands=runs[0].entry.facts.conversation.hands if runs else None,
        stated=tuple(dict.fromkeys(line for run in runs for line in _stated(run))),
    )


def _stated(run: Run) -> Iterator[tuple[Literal["contact", "student"], str, int]]:
    """Yield which records a run tells its customer of, and how far they were when it read them."""
    facts = run.entry.facts
    if not any(isinstance(effect, SendMessage) and effect.account for effect in run.effects):
        return
    read = next((effect.delta for effect in run.effects if isinstance(effect, PushDelta)), facts.snapshot)
    if read is not None:
        yield "contact", read.contact_id, read.rev
    if facts.payments is not None and facts.identity.contact_id is not None:
        yield "contact", facts.identity.contact_id, facts.payments.rev
    if facts.shop is not None and facts.shop.shopping is not None and facts.identity.contact_id is not None:
        yield "contact", facts.identity.contact_id, facts.shop.shopping.rev
    if facts.schedule is not None:
        yield "student", facts.schedule.student_id, facts.schedule.rev


def record_of(run: Run, turn_id: str, config: str) -> TurnRecord:
    """Write down a case's part in a turn."""
    keyframe = run.after.turn == 1 or run.after.turn % KEYFRAME_EVERY == 0
    return TurnRecord(
        turn_id=turn_id,
        case_id=run.after.id,
        turn=run.after.turn,
        now=run.entry.facts.now,
        events=run.entry.events,
        reading=run.reading,
        reads=tuple(run.tape.reads),
        verdict=run.entry.verdict,
        effects=run.effects,
        steps=tuple(step_summary(step) for step in run.context.steps),
        config=config,
        before=run.before if keyframe else None,
        after_digest=digest_of(run.final),
        spent=run.spent,
    )


def digest_of(case: Case) -> str:
    """Return a short digest of a case file, to compare a replayed turn with."""
    return hashlib.sha256(case.model_dump_json().encode()).hexdigest()[:16]


def _heard(rows: Sequence[InboxRow], conversation_id: str, case_id: str) -> list[TranscriptLine]:
    return [
        TranscriptLine(
            conversation_id=conversation_id,
            case_id=case_id,
            direction="in" if isinstance(row.event, MessageReceived) else "out",
            author="customer" if isinstance(row.event, MessageReceived) else PHONE,
            text=row.event.message.text or f"({row.event.message.kind})",
            at=row.received_at,
            external_id=row.event.message.id,
        )
        for row in rows
        if isinstance(row.event, MessageReceived | HumanSpoke)
    ]


def _said(runs: Sequence[Run], now: datetime) -> list[TranscriptLine]:
    return [
        TranscriptLine(
            conversation_id=effect.conversation_id,
            case_id=run.after.id,
            direction="out",
            author=effect.by,
            text=effect.text,
            at=now,
            external_id=effect.key,
        )
        for run in runs
        for effect in run.effects
        if isinstance(effect, SendMessage)
    ]
