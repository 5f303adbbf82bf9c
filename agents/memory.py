"""What B keeps beside its words: evidence, what to remember of the conversation, and its clocks."""

from datetime import timedelta

from pydantic import JsonValue

from agents.work import Work
from casefile.effects import AttachEvidence, Effect, NoteGap, Remember, StartTimer, StopTimer
from casefile.events import MessageReceived

NUDGE_BEFORE = timedelta(minutes=5)


def evidence(work: Work) -> tuple[Effect, ...]:
    """Keep every file of the turn with the case; nothing is opened."""
    files = [e.message for e in work.events if isinstance(e, MessageReceived) and e.message.file]
    return tuple(
        AttachEvidence(
            key=work.key(f"evidence:{n}"),
            case_id=work.case.id,
            media_id=message.media.id,
            kind=message.kind,
            caption=message.media.caption or "",
        )
        for n, message in enumerate(files)
        if message.media
    )


def remembered(work: Work) -> tuple[Effect, ...]:
    """Keep what later cases of the conversation need: language, child, verification, attacks."""
    conversation, facts = work.facts.conversation, work.facts
    changes: dict[str, JsonValue] = dict(facts.identity_changes)
    if work.message() is not None and work.language != conversation.language:
        changes["language"] = work.language
    if facts.student and len(facts.students) > 1 and facts.student.id != conversation.student_id:
        changes["student_id"] = facts.student.id
    if facts.reading and "injection" in facts.reading.signals:
        changes["injection_count"] = conversation.injection_count + 1
    if not changes:
        return ()
    return (Remember(key=work.key("remember"), conversation_id=conversation.id, changes=changes),)


def gap(work: Work) -> tuple[Effect, ...]:
    """Put a question that no page answers on the knowledge-gap list."""
    if work.verdict.rules[0].id not in {"R0.no_page", "ASK.unclear"}:
        return ()
    question = work.case.request
    return (NoteGap(key=work.key("gap"), case_id=work.case.id, question=question, language=work.language),)


def quiet_timer(work: Work) -> StartTimer:
    """Resolve the case when nothing is heard for the desk's quiet hours."""
    quiet = timedelta(hours=work.desk.rules.limits.resolve_after_hours)
    return StartTimer(key=f"{work.case.id}:resolve", timer="resolve", due_at=work.now + quiet)


def sla_timer(work: Work) -> StartTimer:
    """Wake the case a little before its clock runs out, so that nobody waits without a word."""
    due = work.case.due_at or work.due()
    at = max(due - NUDGE_BEFORE, work.now + NUDGE_BEFORE)
    return StartTimer(key=f"{work.case.id}:sla", timer="sla", due_at=at)


def stop_clocks(work: Work) -> tuple[Effect, ...]:
    """Stop the clocks of a case that is answered."""
    return (StopTimer(key=f"{work.case.id}:sla"),) if work.case.due_at is not None else ()
