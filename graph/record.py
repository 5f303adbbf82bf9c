"""The record of a turn: what came in, what was read, what came of it; compressed, enough to run it again."""

import json
import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic_core import to_json

from casefile.case import Case
from casefile.effects import EFFECT, Effect
from casefile.events import CASE_EVENT, CaseEvent
from casefile.reading import Reading
from casefile.verdict import Verdict
from graph.record_words import WORDS
from graph.state import NodeStep
from graph.tape import Read

KEYFRAME_EVERY = 20


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """One turn of one case as it was.

    `before` is the case as it entered (keyframes only: the first turn and every 20th); `steps` name the nodes
    visited with the keys of the effects they kept and the ids of the rules that held others; `spent` is what models
    cost in it, in micro-rupiah.
    """

    turn_id: str
    case_id: str
    turn: int
    now: datetime
    events: tuple[CaseEvent, ...]
    reading: Reading | None
    reads: tuple[Read, ...]
    verdict: Verdict
    effects: tuple[Effect, ...]
    steps: tuple[dict[str, Any], ...]
    config: str
    before: Case | None
    after_digest: str
    spent: int = 0

    def packed(self) -> bytes:
        """Return the record as compressed JSON."""
        # A tenth of what the standard library's encoder takes for the same.
        plain = to_json(self._plain())
        packer = zlib.compressobj(level=6, zdict=WORDS)
        return packer.compress(plain) + packer.flush()

    def _plain(self) -> dict[str, Any]:
        return {
            "turn_id": self.turn_id,
            "case_id": self.case_id,
            "turn": self.turn,
            "now": self.now.isoformat(),
            "events": [
                e.model_dump(mode="json", exclude_defaults=True) | {"type": e.type} for e in self.events
            ],
            "reading": self.reading.model_dump(mode="json", exclude_defaults=True) if self.reading else None,
            "reads": [[r.node, r.port, r.question, r.answer, r.down] for r in self.reads],
            "verdict": self.verdict.model_dump(mode="json", exclude_defaults=True),
            "effects": [
                e.model_dump(mode="json", exclude_defaults=True) | {"type": e.type} for e in self.effects
            ],
            "steps": list(self.steps),
            "config": self.config,
            "before": self.before.model_dump(mode="json") if self.before else None,
            "after": self.after_digest,
            **({"spent": self.spent} if self.spent else {}),
        }


def unpacked(body: bytes) -> TurnRecord:
    """Read a record back."""
    plain = json.loads(zlib.decompressobj(zdict=WORDS).decompress(body))
    return TurnRecord(
        turn_id=plain["turn_id"],
        case_id=plain["case_id"],
        turn=plain["turn"],
        now=datetime.fromisoformat(plain["now"]),
        events=tuple(CASE_EVENT.validate_python(e) for e in plain["events"]),
        reading=Reading.model_validate(plain["reading"]) if plain["reading"] else None,
        reads=tuple(Read(*r) for r in plain["reads"]),
        verdict=Verdict.model_validate(plain["verdict"]),
        effects=tuple(EFFECT.validate_python(e) for e in plain["effects"]),
        steps=tuple(plain["steps"]),
        config=plain["config"],
        before=Case.model_validate(plain["before"]) if plain["before"] else None,
        after_digest=plain["after"],
        spent=plain.get("spent", 0),
    )


def step_summary(step: NodeStep) -> dict[str, Any]:
    """Say what a node did, by key and rule."""
    return {
        "node": step.node,
        "decision": step.decision,
        "effects": [e.key for e in step.effects],
        "held": [[h.effect.type, [r.id for r in h.rules]] for h in step.held],
        "state": step.case.state,
    }
