"""A lesson as a proposed golden conversation: what happened, step by step, in the form of docs/scripts.md."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, get_args
from zoneinfo import ZoneInfo

import yaml

from app.cast import Cast
from app.script import CLOCK, Script
from app.script_steps import Kind
from casefile.effects import SendMessage
from casefile.events import (
    ApprovalGiven,
    CaseEvent,
    DeadlinePassed,
    DependencyChanged,
    InboundMessage,
    MessageReceived,
    OperationDone,
    OperatorCommand,
)
from casefile.lessons import Lesson
from graph.lessons import asked_of, held_drafts
from graph.record import TurnRecord

Step = dict[str, Any]
# Shorter pauses are the customer's typing; the runner lets them pass by itself.
PAUSE = timedelta(minutes=2)
SILENT = frozenset({"edit", "revoke", "reaction"})
DONE_BY_WORDS = {"reply": "reply", "done": "task_done"}


def script_of(lesson: Lesson, records: Sequence[TurnRecord], cast: Cast, zone: ZoneInfo) -> Script | None:
    """Return what happened up to the lesson; None where a script has no words for it, or the first turns are gone."""
    told = [record for record in records if record.turn <= lesson.turn]
    if told[0].turn != 1 or not all(map(_can_be_told, told)):
        return None
    steps: list[Step] = []
    before = told[0].now
    for record in told:
        steps += _steps(record, before, cast, lesson if record.turn == lesson.turn else None)
        before = record.now
    return Script.model_validate(
        {
            "title": f"{lesson.intent}: {lesson.kind} ({lesson.tier})",
            "language": lesson.language,
            "as": cast.sender,
            "clock": told[0].now.astimezone(zone).strftime(CLOCK),
            "topic": lesson.intent,
            "intents": [lesson.intent],
            "author": "a customer, as they wrote it",
            "steps": steps,
        }
    )


def as_yaml(script: Script, remarks: Sequence[str]) -> str:
    """Write a script as a file, with remarks for its reader on top."""
    plain = script.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    for step, made in zip(plain["steps"], script.steps, strict=True):
        if made.advance is not None:
            step["advance"] = f"{int(made.advance.total_seconds())}s"
    above = [f"# {line}".rstrip() for remark in remarks for line in remark.splitlines()]
    body = yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=110)
    return "\n".join([*above, body])


def _can_be_told(record: TurnRecord) -> bool:
    return all(isinstance(event, TOLD) and not _without_words(event) for event in record.events)


TOLD = (MessageReceived, OperationDone, ApprovalGiven, OperatorCommand, DeadlinePassed, DependencyChanged)


def _without_words(event: CaseEvent) -> bool:
    return isinstance(event, OperatorCommand) and event.command not in DONE_BY_WORDS


def _steps(record: TurnRecord, before: datetime, cast: Cast, lesson: Lesson | None) -> Iterator[Step]:
    """Yield what happened in a turn, and what has to come of it at its end."""
    done = [step for event in record.events for step in _happened(record, event, cast)]
    passed = record.now - before
    waited = isinstance(record.events[0], DeadlinePassed) or (bool(done) and passed > PAUSE)
    if waited:
        done.insert(0, {"advance": f"{int(passed.total_seconds()) + 1}s"})
    if not done:
        # C's result comes back by itself, within the step that had it carried out.
        return
    if all(set(step) == {"say"} for step in done):
        done = [{"say": [words for step in done for words in step["say"]]}]
    done[-1]["expect"] = _expected(record, cast, lesson)
    yield from done


def _happened(record: TurnRecord, event: CaseEvent, cast: Cast) -> Iterator[Step]:
    match event:
        case MessageReceived(message=message) if message.kind not in SILENT:
            yield _said(message, cast)
        case ApprovalGiven():
            yield _decided(record, event, cast)
        case OperatorCommand():
            words = cast.told(event.words)
            by = cast.staff.get(event.by, cast.staff["ops"])
            yield {"command": {"do": DONE_BY_WORDS[event.command], "by": by, "words": words}}
        case DependencyChanged(name=name, up=up):
            yield {"mend" if up else "break": name}


def _said(message: InboundMessage, cast: Cast) -> Step:
    words = cast.told(message.text)
    if message.button is not None:
        return {"press": words}
    if message.kind == "text" or message.kind not in get_args(Kind):
        return {"say": [words]}
    return {"kind": message.kind, **({"say": [words]} if words else {})}


def _decided(record: TurnRecord, given: ApprovalGiven, cast: Cast) -> Step:
    asked = asked_of(record)
    lane = "coach" if asked is None or asked.lane == "coach" else "ops"
    by = cast.staff.get(given.by, cast.staff[lane])
    ready = next((a.label for a in asked.alternatives if a.id == given.alternative), None) if asked else None
    if ready is not None:
        return {lane: {"press": ready, "by": by}}
    words = cast.told(given.text or given.conditions)
    # Who was shown what was found has insisted; what stands in their words now may be found again.
    insisted = f"EDIT ! {words}" if given.decision == "EDIT" else f"{given.decision} {words}".rstrip()
    return {lane: {"reply": insisted, "by": by}}


def _expected(record: TurnRecord, cast: Cast, lesson: Lesson | None) -> Step:
    verdict = record.verdict
    case: Step = {"intent": verdict.intent, "tier": verdict.tier, "decision": verdict.decision}
    said = [effect for effect in record.effects if isinstance(effect, SendMessage)]
    reply: Step = {}
    if lesson is not None and lesson.kind in {"edit", "reply"}:
        person = next((e for e in record.events if isinstance(e, ApprovalGiven | OperatorCommand)), None)
        words = person.text if isinstance(person, ApprovalGiven) else person.words if person else ""
        reply = {"contains": [cast.told(words)], "by": cast.staff.get(lesson.by, cast.staff["ops"])}
    elif templates := [e.template.partition("@")[0] for e in said if not e.template.startswith("released@")]:
        reply = {"template": list(dict.fromkeys(templates))}
    drafts = held_drafts(record) if lesson is not None and lesson.kind == "hold" else ()
    if drafts:
        reply |= {"not_contains": [cast.told(draft) for draft in drafts]}
    return {"case": case, **({"reply": reply} if reply else {})}
