"""A school whose conversations were held in this process, for commands and replays to work on afterwards."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TypeVar

from app.desk import Loaded, load_desk
from app.settings import ROOT, SandboxConfig, Settings, load
from app.stage import overridden, staged_settings
from app.wire import Wired, wire
from casefile.effects import RunOperation
from casefile.events import ApprovalGiven, Client, InboundMessage, MessageReceived
from casefile.records import Alias
from graph.record import TurnRecord, unpacked
from policies.privacy import mask_phone
from sandbox.clock import SharedClock
from store.views import Views

T = TypeVar("T")
MONDAY = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
RINA, STRANGER = "+6281200001001", "+6281299990001"


@cache
def settings() -> Settings:
    return load(ROOT / "config.yaml", {}).alone("school")


@cache
def loaded() -> Loaded:
    return load_desk(settings(), settings().cache)


@dataclass(slots=True)
class School:
    """The desk, wired to a database under `home`; its clock stands where it is put."""

    home: Path
    wired: Wired
    clock: SharedClock
    sent: int = 0

    async def say(self, text: str, phone: str = RINA) -> None:
        """Let a customer write, and everything follow from it."""
        self.sent += 1
        now = self.wired.clock.now()
        message = MessageReceived(
            account="school",
            received_at=now,
            sent_at=now,
            client=Client(phone=phone, aliases=(Alias(kind="phone", value=phone),)),
            message=InboundMessage(id=f"wamid.{self.sent}", kind="text", text=text),
        )
        await self.wired.journal.receive([message])
        await self.settle()

    async def decide(self, decision: str, words: str = "", by: str = "sf_sinta") -> None:
        """Let a person decide the pending approval, and everything follow from it."""
        (row,) = self.wired.database.read("SELECT id, case_id FROM approvals WHERE state = 'pending'")
        now = self.wired.clock.now()
        event = ApprovalGiven.model_validate(
            {
                "at": now,
                "case_id": row["case_id"],
                "approval_id": row["id"],
                "decision": decision,
                "by": by,
                "text": words if decision == "EDIT" else "",
                "conditions": "" if decision == "EDIT" else words,
            }
        )
        conversation = await self.wired.journal.conversation_of(row["case_id"])
        assert conversation is not None
        await self.wired.journal.submit(conversation, event, f"approval:{row['id']}", now)
        await self.settle()

    async def settle(self) -> None:
        """Run turns and operations until nothing is left to do."""
        journal = self.wired.journal
        while waiting := await journal.waiting():
            for conversation_id, _, _ in waiting:
                rows = await journal.unread(conversation_id)
                await journal.commit(
                    await self.wired.runner.run(conversation_id, rows, self.wired.clock.now())
                )
            for row in await journal.outbox(["queued"]):
                if isinstance(row.effect, RunOperation):
                    await self.wired.operations.execute(row.effect.task)

    async def advance(self, seconds: float) -> None:
        """Move the clock; timers that ran out on the way are heard."""
        self.clock.advance(seconds)
        await self.wired.journal.fire_timers(self.wired.clock.now(), 100)
        await self.settle()

    def cases(self) -> list[str]:
        """Return the ids of all cases, the oldest first."""
        return sorted(line.id for line in Views(self.wired.database, mask_phone).cases())

    def records(self, case_id: str) -> list[TurnRecord]:
        """Return a case's turn records."""
        found = Views(self.wired.database, mask_phone).records(case_id)
        return [unpacked(body) for _, _, body in found]

    def state(self, case_id: str) -> str:
        """Return where a case stands."""
        row = self.wired.database.read_one("SELECT state FROM cases WHERE id = ?", (case_id,))
        assert row is not None
        return str(row["state"])


async def opened(home: Path, at: datetime = MONDAY, **desk: object) -> School:
    """Open a school on a new database."""
    clock = SharedClock(home / "clock.json")
    clock.freeze(at)
    config = overridden(settings().desks[0][1], desk)  # type: ignore[arg-type]
    staged = staged_settings(settings(), config, home, "http://127.0.0.1:9")
    # No sandbox is there to play the systems of record.
    own = staged.shared.model_copy(update={"sandbox": SandboxConfig(state_dir=home)})
    staged = staged.model_copy(update={"shared": own})
    return School(home, await wire(staged, loaded=loaded()), clock)


def held(home: Path, scene: Callable[[School], Awaitable[T]], **desk: object) -> T:
    """Open the school, hold a conversation and close it again; returns what the scene returns."""

    async def run() -> T:
        school = await opened(home, **desk)
        try:
            return await scene(school)
        finally:
            school.wired.database.close()

    return asyncio.run(run())


def loket(
    *words: str, stdin: bytes = b"", env: Mapping[str, str] = {}
) -> "subprocess.CompletedProcess[bytes]":
    """Run the real command in a process of its own."""
    command = [sys.executable, "-m", "app.cli.main", *words]
    return subprocess.run(
        command,
        input=stdin,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, **env},
        timeout=300,
        check=False,
    )


async def refund_asked(school: School) -> None:
    """A verified student asks for money back; a coach has to decide."""
    await school.say("mau refund dong, uangku balikin")
