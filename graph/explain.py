"""What would happen to a message: the real turn, run and never committed."""

from collections.abc import Sequence
from datetime import datetime
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
from casefile.events import MessageReceived
from casefile.verdict import TIERS, strictest
from graph.record import TurnRecord, unpacked
from graph.turn import TurnRunner
from ports.journal import InboxRow

Plain = dict[str, Any]


async def explain(runner: TurnRunner, message: MessageReceived, now: datetime) -> tuple[TurnRecord, ...]:
    """Run the turn a message would start, and return the record of each request in it."""
    row = InboxRow(1, message.conversation_id, message, now, 0)
    turn = await runner.run(message.conversation_id, [row], now)
    return tuple(unpacked(body) for _, _, body in turn.records)


def summary(text: str, records: Sequence[TurnRecord]) -> Plain:
    """Put the requests of one message together; the strictest one gives intent, tier and decision.

    A message that opens no case, such as a lone thumb, asks for nothing: R0, decided NONE.
    """
    lead = leading(records).verdict if records else None
    verdicts = [record.verdict for record in records]
    sent = [e for record in records for e in record.effects if isinstance(e, SendMessage)]
    rules = {hit.id: hit.words for verdict in verdicts for hit in verdict.rules}
    cited = {c.page_id: c.model_dump() for message in sent for c in message.citations}
    return {
        "text": text,
        "intent": lead.intent if lead else None,
        "signals": sorted({signal for verdict in verdicts for signal in verdict.signals}),
        "floor": strictest(*(verdict.floor for verdict in verdicts)),
        "tier": lead.tier if lead else "R0",
        "decision": lead.decision if lead else "NONE",
        "rules": [{"id": name, "words": words} for name, words in rules.items()],
        "reply": "\n\n".join(message.text for message in sent),
        "citations": list(cited.values()),
        "effects": [effect_data(effect) for record in records for effect in record.effects],
    }


def leading(records: Sequence[TurnRecord]) -> TurnRecord:
    """Return the strictest request of a message, the first of several."""
    return max(records, key=lambda record: TIERS.index(record.verdict.tier))


def effect_data(effect: Effect) -> Plain:
    """Return what tells one effect from another of its kind."""
    plain: Plain = {"type": effect.type}
    match effect:
        case SendMessage():
            carried = {"attachment": effect.attachment.document} if effect.attachment else {}
            return plain | {"template": effect.template, "purpose": effect.purpose, **carried}
        case PostToLane():
            return plain | {"lane": effect.lane}
        case RunOperation():
            return plain | {"action": effect.task.action, "params": effect.task.params}
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
