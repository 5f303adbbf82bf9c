"""A whole school desk on a private SQLite file, driven turn by turn, for properties over everything at once."""

import shutil
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from adapters.clock import ManualClock
from app.desk import Loaded, load_desk
from app.settings import ROOT, ModelConfig, Settings, load
from app.stage import overridden
from app.stage_sandbox import SANDBOX_SECRETS
from app.wire import Wired, wire
from casefile.effects import Effect, SendMessage
from casefile.events import ApprovalGiven, Client, InboundMessage, Media, MessageReceived
from casefile.records import Alias
from graph.record import TurnRecord, unpacked
from ports.advice import Adviser
from ports.journal import TurnCommit
from ports.sources import DraftRequest
from ports.understanding import SecondReader

MONDAY = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@dataclass(slots=True)
class HostileDrafter:
    """A model that always proposes the worst possible text it was built with."""

    text: str

    async def draft(self, request: DraftRequest) -> str:
        return self.text


@dataclass(slots=True)
class Board:
    """Health that a test sets."""

    names: frozenset[str] = frozenset()

    async def down(self) -> frozenset[str]:
        return self.names


@dataclass(slots=True)
class Said:
    """One message that a turn let out, with the case and turn it came from."""

    case_id: str
    effect: SendMessage
    record: TurnRecord


@dataclass(slots=True)
class World:
    """The desk, who writes, and everything that left so far."""

    wired: Wired
    clock: ManualClock
    health: Board
    said: list[Said] = field(default_factory=list)
    effects: list[tuple[TurnRecord, Effect]] = field(default_factory=list)
    commits: list[TurnCommit] = field(default_factory=list)
    messages: int = 0

    async def hears(
        self,
        phone: str,
        *texts: str,
        button: str | None = None,
        media: Media | None = None,
        quoting: str | None = None,
    ) -> None:
        """Let a customer write a burst and run everything that follows from it."""
        events = []
        for text in texts:
            self.messages += 1
            events.append(
                MessageReceived(
                    account="school",
                    received_at=self.clock.now(),
                    sent_at=self.clock.now(),
                    client=Client(
                        phone=phone, display_name="Ani", aliases=(Alias(kind="phone", value=phone),)
                    ),
                    message=InboundMessage(
                        id=f"wamid.{self.messages}",
                        kind="text" if media is None else "image",
                        text=text,
                        button=button,
                        media=media,
                        reply_to=quoting,
                    ),
                )
            )
        received = await self.wired.journal.receive(events)
        await self.run(received[0].conversation_id)

    async def decides(self, decision: str, text: str = "", by: str = "sf_sinta") -> bool:
        """Let a coach decide the oldest pending approval; False when there is none."""
        rows = self.wired.database.read(
            "SELECT token FROM approvals WHERE state = 'pending' ORDER BY requested_at, id LIMIT 1"
        )
        if not rows:
            return False
        record = await self.wired.journal.approval_by_token(rows[0]["token"])
        assert record is not None
        conversation = await self.wired.journal.conversation_of(record.request.case_id)
        assert conversation is not None
        event = ApprovalGiven.model_validate(
            {
                "at": self.clock.now(),
                "case_id": record.request.case_id,
                "approval_id": record.request.id,
                "decision": decision,
                "by": by,
                "text": text if decision == "EDIT" else "",
                "conditions": text if decision != "EDIT" else "",
            }
        )
        await self.wired.journal.submit(
            conversation, event, f"approval:{record.request.id}", self.clock.now()
        )
        await self.run(conversation)
        return True

    async def passes(self, minutes: int) -> None:
        """Let time go by; what falls due runs."""
        self.clock.advance(timedelta(minutes=minutes))
        for timer in await self.wired.journal.fire_timers(self.clock.now(), 100):
            await self.run(timer.conversation_id)

    async def run(self, conversation_id: str) -> None:
        """Run a conversation's turns, and its operations, until nothing is left."""
        while rows := await self.wired.journal.unread(conversation_id):
            turn = await self.wired.runner.run(conversation_id, rows, self.clock.now())
            await self.wired.journal.commit(turn)
            self._note(turn)
            for row in await self.wired.journal.due(self.clock.now(), 100):
                if row.effect.type == "run_operation":
                    await self.wired.operations.run(row.effect.task)

    def _note(self, turn: TurnCommit) -> None:
        self.commits.append(turn)
        records = {case_id: unpacked(body) for case_id, _, body in turn.records}
        for case_id, effect in turn.effects:
            self.effects.append((records[case_id], effect))
            if isinstance(effect, SendMessage):
                self.said.append(Said(case_id, effect, records[case_id]))

    def rows(self, sql: str, *params: object) -> list[sqlite3.Row]:
        """Ask the database directly."""
        return self.wired.database.read(sql, params)


@cache
def settings() -> Settings:
    return load(ROOT / "config.yaml", {}).alone("school")


@cache
def loaded() -> Loaded:
    return load_desk(settings(), ROOT / "var" / "understanding")


@cache
def records(name: str) -> tuple[dict[str, Any], ...]:
    """Return a file of the school's sample records as plain rows."""
    return tuple(yaml.safe_load((ROOT / "desks/school/records" / f"{name}.yaml").read_text(encoding="utf-8")))


def template(folder: Path) -> Path:
    """Return a filled database to copy; made once for a test session."""
    return folder / "template.db"


async def open_world(
    folder: Path,
    *,
    desk: dict[str, Any] | None = None,
    drafter: HostileDrafter | None = None,
    second: SecondReader | None = None,
    adviser: Adviser | None = None,
    model: ModelConfig | None = None,
    at: datetime = MONDAY,
    base: Settings | None = None,
) -> World:
    """Open a fresh desk in a folder; the first call there fills the database that later ones copy.

    `base` are other settings than the shipped ones.
    """
    base = base or settings()
    home, config = base.desks[0]
    changed = base.model_copy(update={"desks": ((home, overridden(config, desk or {})),)})
    if model is not None:
        shared = changed.shared.model_copy(update={"model": model})
        changed = changed.model_copy(update={"shared": shared, "secrets": SANDBOX_SECRETS})
    clock = ManualClock(at)
    filled = template(folder)
    if not filled.exists():
        first = await wire(base, clock=ManualClock(at), database=filled, loaded=loaded())
        first.database.close()
    path = _copied(filled)
    wired = await wire(changed, clock=clock, database=path, loaded=loaded())
    health = Board()
    sources = replace(wired.runner.sources, health=health)
    if drafter is not None:
        sources = replace(sources, drafter=drafter)
    if adviser is not None:
        sources = replace(sources, adviser=adviser)
    wired = replace(wired, runner=replace(wired.runner, sources=sources))
    if second is not None:
        wired = replace(wired, runner=replace(wired.runner, second=second))
    return World(wired, clock, health)


def _copied(filled: Path) -> Path:
    path = filled.with_name("world.db")
    for old in filled.parent.glob("world.db*"):
        old.unlink()
    shutil.copy(filled, path)
    return path


def phone_of(contact_id: str) -> str:
    """Return a sample contact's number."""
    return next(str(row["phone"]) for row in records("contacts") if row["id"] == contact_id)


def said_texts(said: Sequence[Said]) -> list[str]:
    """Return only the words."""
    return [one.effect.text for one in said]
