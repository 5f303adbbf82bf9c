"""One turn as people read it: what came in, the verdict, who worked on it, what was kept and what was held."""

from typing import Any

from casefile.effects import (
    AttachEvidence,
    CloseApproval,
    Effect,
    OpenApproval,
    PostToLane,
    RunOperation,
    SendMessage,
    StartTimer,
)
from casefile.events import (
    ApprovalGiven,
    CaseEvent,
    DeadlinePassed,
    DeliveryFailed,
    DependencyChanged,
    HumanSpoke,
    MessageReceived,
    News,
    OperationDone,
    OperatorCommand,
    OrderMoved,
    ReminderFellDue,
    WindowClosed,
)
from casefile.outside_events import OutsideReply
from casefile.payment_events import BillNews, PaymentRequested, PaymentReturned, PaymentSettled
from casefile.session_events import SessionMustMove
from console.masking import Masking
from console.rule_words import fired, held
from console.source import Plain
from graph.record import TurnRecord
from graph.routes import COACH, ROLE_NODES

LETTERS = {node: node[-1].upper() for node in ROLE_NODES}
PERSON = "person"


def turn_view(record: TurnRecord, masking: Masking, names: dict[str, str]) -> Plain:
    """Return a turn as JSON data; `names` say who the staff are."""
    verdict = record.verdict
    kept = {effect.key: effect for effect in record.effects}
    return {
        "turn": record.turn,
        "id": record.turn_id,
        "at": record.now.isoformat(),
        "came_in": [_event(event, masking, names) for event in record.events],
        "requests": [
            {"intent": r.intent, "confidence": round(r.confidence, 2)}
            for r in (record.reading.requests if record.reading else ())
        ],
        "verdict": {
            "floor": verdict.floor,
            "tier": verdict.tier,
            "decision": verdict.decision,
            "intent": verdict.intent,
            "signals": list(verdict.signals),
            "missing": verdict.missing,
            "dependency": verdict.dependency,
            "urgent": verdict.urgent,
            "a_approval": verdict.a_approval,
            "rules": [fired(rule.id, rule.words) for rule in verdict.rules],
        },
        "roles": _roles(record),
        "reads": [{"node": r.node, "port": r.port, "down": r.down} for r in record.reads],
        "steps": [_step(step, kept, masking) for step in record.steps],
    }


def _roles(record: TurnRecord) -> list[str]:
    """Return who was visited, in order: role letters, and the person a case went to or came back from."""
    visited = [PERSON if step["node"] == COACH else LETTERS[step["node"]] for step in record.steps]
    waits = record.steps and record.steps[-1]["state"] == "awaiting_approval"
    if waits and visited[-1] != PERSON:
        visited.append(PERSON)
    return visited


def _step(step: dict[str, Any], kept: dict[str, Effect], masking: Masking) -> Plain:
    return {
        "role": LETTERS.get(step["node"], PERSON),
        "node": step["node"],
        "decision": step["decision"],
        "state": step["state"],
        "kept": [_effect(kept[key], masking) for key in step["effects"] if key in kept],
        # A later role may take back what an earlier one proposed.
        "replaced": sum(1 for key in step["effects"] if key not in kept),
        "held": [{"type": kind, "rules": [held(rule) for rule in rules]} for kind, rules in step["held"]],
    }


def _given(event: OperatorCommand | OutsideReply, names: dict[str, str], masking: Masking) -> Plain:
    if isinstance(event, OutsideReply):
        return {"type": event.type, "by": event.by, "text": masking.said(event.text)}
    by = names.get(event.by, event.by)
    return {"type": event.type, "command": event.command, "by": by, "text": masking.said(event.words)}


def _event(event: CaseEvent, masking: Masking, names: dict[str, str]) -> Plain:
    match event:
        case MessageReceived(message=message) | HumanSpoke(message=message):
            return {
                "type": event.type,
                "at": event.received_at.isoformat(),
                "kind": message.kind,
                "text": masking.said(message.text),
                "letters": len(message.text),
                "file": message.media is not None,
            }
        case OperationDone(result=result):
            said = masking.noted(result.details) if masking.reveal else ""
            return {"type": event.type, "action": result.action, "status": result.status, "text": said}
        case ApprovalGiven():
            return {
                "type": event.type,
                "decision": event.decision,
                "by": names.get(event.by, event.by),
                "alternative": event.alternative,
                "text": masking.said(event.conditions or event.text),
            }
        case OperatorCommand() | OutsideReply():
            return _given(event, names, masking)
        case PaymentRequested() | PaymentSettled() | PaymentReturned():
            return {"type": event.type, "invoice": event.invoice, "made": not getattr(event, "why", "")}
        case ReminderFellDue() | SessionMustMove() | OrderMoved() | BillNews():
            return {"type": event.type, **_news(event)}
        case DeliveryFailed():
            return {"type": event.type, "why": event.why}
        case WindowClosed():
            return {"type": event.type}
        case DeadlinePassed():
            return {"type": event.type, "timer": event.timer}
        case DependencyChanged():
            return {"type": event.type, "name": event.name, "up": event.up}


def _news(event: News) -> Plain:
    if isinstance(event, OrderMoved):
        return {"order": event.order_number, "status": event.status}
    if isinstance(event, BillNews):
        return {"invoice": event.invoice, "stage": event.stage}
    return {"start": event.start.isoformat()}


def _effect(effect: Effect, masking: Masking) -> Plain:
    plain: Plain = {"key": effect.key, "type": effect.type}
    match effect:
        case SendMessage():
            return plain | {
                "purpose": effect.purpose,
                "template": effect.template,
                "by": effect.by,
                "text": masking.said(effect.text),
                "pages": [f"{c.page_id} · {c.release}" for c in effect.citations],
            }
        case PostToLane():
            return plain | {"lane": effect.lane}
        case RunOperation():
            return plain | {"action": effect.task.action}
        case StartTimer():
            return plain | {"timer": effect.timer, "due_at": effect.due_at.isoformat()}
        case OpenApproval():
            return plain | {"kind": effect.request.kind}
        case CloseApproval():
            return plain | {"state": effect.state}
        case AttachEvidence():
            return plain | {"kind": effect.kind}
        case _:
            return plain
