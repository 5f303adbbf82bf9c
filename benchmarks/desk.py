"""The school desk as it is wired, on a private file, with customers enough to work side by side."""

import asyncio
import gc
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from app.desk import Loaded, load_desk
from app.settings import ROOT, Settings, load
from app.stage import overridden
from app.wire import Wired, wire
from casefile.base import Language
from casefile.events import ApprovalGiven, CaseEvent, Client, InboundMessage, MessageReceived
from casefile.reading import Reading
from casefile.records import Alias
from graph.turn import TurnRunner
from ports.journal import TurnCommit

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
ACCOUNT = "school"
STATUS_QUESTION = "kapan jadwal les berikutnya?"
# A thread is made long here; no rule about long ones may change what is measured.
NO_END: dict[str, JsonValue] = {"limits": {"max_turns": 1_000_000}}
PATTERN = "ct_rina"


@dataclass(slots=True)
class StillClock:
    """A clock that stands, so that every turn of a benchmark finds the same facts."""

    at: datetime = NOW

    def now(self) -> datetime:
        """Return the instant it stands at."""
        return self.at

    async def wait_until(self, at: datetime, wake: asyncio.Event) -> None:
        """Return when woken; time does not pass here."""
        await wake.wait()


@dataclass(slots=True)
class FixedUnderstander:
    """Understanding taken out of the measure: each text is read once, then remembered."""

    real: Any
    known: dict[tuple[str, Language | None, tuple[str, ...]], Reading] = field(default_factory=dict)

    def read(
        self,
        text: str,
        *,
        now: datetime,
        zone: ZoneInfo,
        conversation_language: Language | None,
        names: Sequence[str] = (),
    ) -> Reading:
        """Return what was read of this text before."""
        key = (text, conversation_language, tuple(names))
        if key not in self.known:
            self.known[key] = self.real.read(
                text, now=now, zone=zone, conversation_language=conversation_language, names=names
            )
        return self.known[key]


@dataclass(slots=True)
class OurDesk:
    """The desk and a way to let customers write to it."""

    wired: Wired
    runner: TurnRunner
    folder: Path
    fixed: FixedUnderstander
    written: int = 0

    async def message(self, customer: int, text: str = STATUS_QUESTION) -> TurnCommit:
        """Let one customer write, durably, and run the turn that follows."""
        self.written += 1
        (received,) = await self.wired.journal.receive([heard(customer, text, f"wamid.{self.written}")])
        return await self.turn(received.conversation_id)

    async def turn(self, conversation_id: str) -> TurnCommit:
        """Run a conversation's next turn and commit it."""
        rows = await self.wired.journal.unread(conversation_id)
        commit = await self.runner.run(conversation_id, rows, NOW)
        await self.wired.journal.commit(commit)
        return commit

    async def perform(self) -> None:
        """Send what is due to a provider that always says yes."""
        for row in await self.wired.journal.due(NOW, 64):
            if row.effect.type == "run_operation":
                await self.wired.operations.run(row.effect.task)
            elif await self.wired.journal.attempting(row.key, NOW):
                await self.wired.journal.accepted(row.key, f"wamid.out.{row.key}", NOW)

    async def decide(self, commit: TurnCommit, decision: str) -> None:
        """Let a coach decide what a turn asked for, up to the event in the inbox."""
        opened = next(e for _, e in commit.effects if e.type == "open_approval")
        event: CaseEvent = ApprovalGiven.model_validate(
            {
                "at": NOW,
                "case_id": opened.request.case_id,
                "approval_id": opened.request.id,
                "decision": decision,
                "by": "sf_sinta",
                "text": "",
            }
        )
        await self.wired.journal.submit(commit.conversation_id, event, f"approval:{opened.request.id}", NOW)

    @property
    def commits(self) -> int:
        """Durable commits since the desk was opened."""
        return self.wired.database.stats.commits

    def close(self) -> None:
        """Close the store and drop its files."""
        self.wired.database.close()
        shutil.rmtree(self.folder)


def heard(customer: int, text: str, message_id: str) -> MessageReceived:
    """Return a customer's message as the channel yields it."""
    phone = phone_of(customer)
    return MessageReceived(
        account=ACCOUNT,
        received_at=NOW,
        sent_at=NOW,
        client=Client(phone=phone, display_name="Rina", aliases=(Alias(kind="phone", value=phone),)),
        message=InboundMessage(id=message_id, kind="text", text=text),
    )


def phone_of(customer: int) -> str:
    """Return a made-up number."""
    return f"+62819{customer:08d}"


async def open_desk(customers: int) -> OurDesk:
    """Open a desk whose records hold so many like the sample's first student."""
    folder = scratch()
    base = settings()
    home, config = base.desks[0]
    changed = base.model_copy(update={"desks": ((home, overridden(config, NO_END)),)})
    loaded = replace(loaded_desk(), records=_peopled(loaded_desk().records, customers))
    wired = await wire(changed, clock=StillClock(), database=folder / "loket.db", loaded=loaded)
    fixed = FixedUnderstander(loaded.reader)
    return OurDesk(wired, replace(wired.runner, understander=fixed), folder, fixed)


def scratch() -> Path:
    """Return a fresh folder under var/, on the disk a server would write to."""
    (ROOT / "var").mkdir(exist_ok=True)
    return Path(mkdtemp(prefix="bench-", dir=ROOT / "var"))


def settled() -> None:
    """Take what was loaded out of the collector's sight, as `loket serve` does; the peers gain by it too."""
    gc.collect()
    gc.freeze()


@cache
def settings() -> Settings:
    """Return the settings as shipped, without secrets."""
    return load(ROOT / "config.yaml", {}).alone("school")


@cache
def loaded_desk() -> Loaded:
    """Return what the desk has in files, read once."""
    return load_desk(settings(), settings().cache)


def _peopled(records: Any, customers: int) -> Any:
    """Copy one sample customer, with student, lessons and bill, so many times."""
    rows = {name: list(found) for name, found in records.rows.items()}
    sample = {name: [r for r in found if _about(r)] for name, found in records.rows.items()}
    for n in range(customers):
        phone, contact, student = phone_of(n), f"ct_b{n}", f"st_b{n}"
        for row in sample["contacts"]:
            aliases = tuple(alias.model_copy(update={"value": phone}) for alias in row.aliases)
            rows["contacts"].append(
                row.model_copy(update={"id": contact, "phone": phone, "aliases": aliases})
            )
        for row in sample["students"]:
            rows["students"].append(row.model_copy(update={"id": student, "own_contact": contact}))
        for row in sample["sessions"]:
            rows["sessions"].append(row.model_copy(update={"id": f"{row.id}_{n}", "student": student}))
        for row in sample["invoices"]:
            number = f"INV-2026-0101-{n:03d}"
            rows["invoices"].append(
                row.model_copy(update={"number": number, "contact": contact, "student": student})
            )
    return replace(records, rows={name: tuple(found) for name, found in rows.items()})


def _about(row: Any) -> bool:
    student = PATTERN.replace("ct_", "st_")
    return PATTERN in {getattr(row, "id", None), getattr(row, "contact", None)} or student in {
        getattr(row, "id", None),
        getattr(row, "student", None),
    }
