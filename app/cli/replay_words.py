"""A replayed turn in words and as data: what came in, what was read, who did what, and what differs."""

import json
from collections.abc import Iterator
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

from app.cli.common import block
from app.cli.effects import effect_words
from casefile.base import Language
from casefile.case import Case
from casefile.effects import Effect, SendMessage
from casefile.events import (
    ApprovalGiven,
    CaseEvent,
    DeadlinePassed,
    DeliveryFailed,
    DependencyChanged,
    HumanSpoke,
    MessageReceived,
    OperationDone,
    OperatorCommand,
    OrderMoved,
    ReminderFellDue,
    WindowClosed,
)
from casefile.outside_events import OutsideReply
from casefile.payment_events import BillNews, PaymentRequested, PaymentReturned, PaymentSettled
from casefile.session_events import SessionMustMove
from casefile.verdict import Verdict
from console.rule_words import fired, held
from graph.record import TurnRecord
from graph.replay import Difference, Replayed
from graph.state import NodeStep

SHORT, LONG, BEFORE = 90, 300, 40
# Changes with every turn, and says nothing.
QUIET = frozenset({"turn", "updated_at", "window", "transitions"})


def lines(turn: Replayed, other: Replayed | None, zone: ZoneInfo, language: Language) -> str:
    """Return one turn for people; `other` is the same turn under another config."""
    return "\n".join(_lines(turn, other, zone, language)) + "\n"


def _lines(turn: Replayed, other: Replayed | None, zone: ZoneInfo, language: Language) -> Iterator[str]:
    record = turn.record
    yield f"-- turn {record.turn}  {record.now.astimezone(zone):%Y-%m-%d %H:%M:%S}  ({record.turn_id})"
    for event in record.events:
        yield f"   in       {event_words(event)}"
    if record.reading is not None:
        understood = [f"{r.intent} {r.confidence:.0%}" for r in record.reading.requests]
        yield f"   read as  {' + '.join(understood) or 'unclear'}"
    yield f"   verdict  {_verdict(record.verdict)}"
    for rule in record.verdict.rules:
        yield f"            {rule.id:<18} {fired(rule.id, rule.words)[language]}"
    for node in ("collect", "frontline_b", "ops_c", "specialist_d"):
        asked = [
            f"{r.port}{'' if r.down is None else f' ({r.down} was down)'}"
            for r in record.reads
            if r.node == node
        ]
        if asked:
            yield "   asked    " + block(f"{node}: {', '.join(asked)}", " " * 12).lstrip()
    yield from _nodes(turn, language)
    for difference in turn.differences:
        yield from _difference(difference)
    if turn.carried:
        yield "   note     this turn started from an earlier turn's different outcome"
    if other is not None:
        yield from _otherwise(record, other, language)


def _nodes(turn: Replayed, language: Language) -> Iterator[str]:
    """Yield what each node kept, was refused and changed; from the record alone when the run did not finish."""
    if turn.run is None:
        for then in turn.record.steps:
            yield f"   {then['node']:<16}{then['decision']}, case {then['state']}"
        return
    before = turn.before
    for step in turn.run.context.steps:
        yield f"   {step.node:<16}{step.decision}"
        for line in _step(step, before, language):
            yield block(line, " " * 16)
        before = step.case


def _step(step: NodeStep, before: Case, language: Language) -> Iterator[str]:
    for effect in step.effects:
        yield f"+ {effect_words(effect)}"
        if isinstance(effect, SendMessage):
            yield f'  "{_short(effect.text)}"'
    for refused in step.held:
        why = "; ".join(held(rule.id)[language] for rule in refused.rules)
        yield f"x {refused.effect.type} refused: {why}"
    for name, (old, new) in changes(before, step.case).items():
        yield f"~ {name}: {_short(old)} -> {_short(new)}"


def _difference(difference: Difference) -> Iterator[str]:
    yield f"   DIFFERS  {difference.what}"
    then, now = _apart(difference.then, difference.now)
    yield block(f"then: {then}", " " * 12)
    yield block(f"now:  {now}", " " * 12)


def _apart(then: Any, now: Any) -> tuple[str, str]:
    """Return two values short enough to compare, from shortly before where they part."""
    texts = [v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) for v in (then, now)]
    same = takewhile(lambda pair: pair[0] == pair[1], zip(*texts, strict=False))
    start = max(0, sum(1 for _ in same) - BEFORE)
    cut = [("…" if start else "") + _short(text[start:], LONG) for text in texts]
    return cut[0], cut[1]


def _otherwise(record: TurnRecord, other: Replayed, language: Language) -> Iterator[str]:
    verdict = other.verdict
    if verdict == record.verdict:
        yield "   with     the same verdict under the other config"
        return
    if verdict is None:
        yield f"   with     cannot be said from this record: {other.why}"
        return
    yield f"   with     {_verdict(verdict)}"
    for rule in verdict.rules:
        yield f"            {rule.id:<18} {fired(rule.id, rule.words)[language]}"


def _verdict(verdict: Verdict) -> str:
    signals = f", signals {', '.join(verdict.signals)}" if verdict.signals else ""
    return f"{verdict.tier} {verdict.decision}  ({verdict.intent or 'no request'}, starts at {verdict.floor}{signals})"


def event_words(event: CaseEvent) -> str:
    """Say in one line what came in."""
    match event:
        case MessageReceived(message=message) | HumanSpoke(message=message):
            whose = "business phone, " if isinstance(event, HumanSpoke) else ""
            return f'{whose}{message.kind}: "{_short(message.text)}"'
        case OperationDone(result=result):
            return f"operation {result.action} came back: {result.status}, {result.details}"
        case ApprovalGiven():
            words = event.text or event.conditions
            return f"{event.decision} by {event.by}" + (f': "{_short(words)}"' if words else "")
        case OperatorCommand():
            return f"command {event.command} by {event.by}" + (
                f': "{_short(event.words)}"' if event.words else ""
            )
        case OutsideReply():
            return f'{event.by} answers: "{_short(event.text)}"'
        case PaymentRequested() | PaymentSettled() | PaymentReturned() | BillNews():
            return _of_money(event)
        case ReminderFellDue() | SessionMustMove() | OrderMoved():
            return _news(event)
        case DeliveryFailed():
            return f"{event.key} did not reach the customer: {event.why}"
        case WindowClosed():
            return f"{event.key} waits until the customer writes again"
        case DeadlinePassed():
            return f"timer {event.timer} ran out"
        case DependencyChanged():
            return f"{event.name} is {'back' if event.up else 'down'}"


def _news(event: ReminderFellDue | SessionMustMove | OrderMoved) -> str:
    if isinstance(event, OrderMoved):
        return f"order {event.order_number} is {event.status}"
    if isinstance(event, SessionMustMove):
        return f"the school cannot give session {event.session_id} at {event.start.isoformat()}"
    return f"session {event.session_id} comes up at {event.start.isoformat()}"


def _of_money(event: PaymentRequested | PaymentSettled | PaymentReturned | BillNews) -> str:
    match event:
        case PaymentRequested():
            made = "can be paid" if event.link else f"cannot be paid by a link: {_short(event.why)}"
            return f"{event.invoice} {made}"
        case PaymentReturned():
            how = f"not given back: {_short(event.why)}" if event.why else "given back"
            return f"money of {event.invoice} {how}"
        case PaymentSettled():
            return f"the books say {event.invoice} is paid"
        case BillNews():
            return f"bill {event.invoice}: {event.stage}"


def changes(before: Case, after: Case) -> dict[str, tuple[Any, Any]]:
    """Return the fields of the case file that a step changed, as plain data."""
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    return {name: (old[name], new[name]) for name in new if name not in QUIET and old[name] != new[name]}


def _short(value: Any, most: int = SHORT) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"


def data(turn: Replayed, other: Replayed | None) -> dict[str, Any]:
    """Return one turn for machines."""
    record = turn.record
    found: dict[str, Any] = {
        "turn": record.turn,
        "turn_id": record.turn_id,
        "at": record.now.isoformat(),
        "events": [event.model_dump(mode="json") for event in record.events],
        "reading": record.reading.model_dump(mode="json") if record.reading else None,
        "reads": [
            {"node": r.node, "port": r.port, "question": r.question, "answer": r.answer, "down": r.down}
            for r in record.reads
        ],
        "verdict": record.verdict.model_dump(mode="json"),
        "nodes": _node_data(turn),
        "effects": [_effect(effect) for effect in record.effects],
        "differences": [{"what": d.what, "then": d.then, "now": d.now} for d in turn.differences],
        "carried": turn.carried,
    }
    if other is not None:
        verdict = other.verdict.model_dump(mode="json") if other.verdict else None
        found["with"] = {"verdict": verdict, "same": other.verdict == record.verdict, "why": other.why}
    return found


def _node_data(turn: Replayed) -> list[dict[str, Any]]:
    if turn.run is None:
        return list(turn.record.steps)
    before, found = turn.before, []
    for step in turn.run.context.steps:
        found.append(
            {
                "node": step.node,
                "decision": step.decision,
                "effects": [effect.key for effect in step.effects],
                "held": [{"type": h.effect.type, "rules": [rule.id for rule in h.rules]} for h in step.held],
                "changed": {name: [old, new] for name, (old, new) in changes(before, step.case).items()},
            }
        )
        before = step.case
    return found


def _effect(effect: Effect) -> dict[str, Any]:
    return effect.model_dump(mode="json")
