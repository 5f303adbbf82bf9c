"""The engine room as these tests handle it: phones, lanes, outages and time are in the test's hand."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from adapters.clock import ManualClock
from app.chores import chores_for
from app.paying import payments_for
from app.settings import Settings
from app.staff import takeovers_for
from app.stage import overridden
from app.watch import ReachedOperations, flags_for, incidents_for
from app.wire import Wired, decisions_for, wire
from casefile.base import Language
from casefile.case import Case
from casefile.effects import Effect, PostToLane, RunOperation, SendMessage
from casefile.errors import BadInput, DependencyDown
from casefile.events import Client, DeliveryStatus, HumanSpoke, InboundMessage, Media, MessageReceived
from casefile.facts import PaymentFacts, ScheduleFacts
from casefile.packets import CTask
from casefile.reading import Reading
from casefile.records import Alias, Slot, Snapshot
from gateway.decisions import Decisions
from gateway.draining import Collecting
from gateway.engine import Engine, Pace
from gateway.flags import Flags
from gateway.health import Board
from gateway.incidents import Check
from gateway.intake import Intake
from gateway.perform import Sinks
from gateway.replies import Replies
from gateway.takeovers import Takeovers
from gateway.wakeups import InProcessWakeups
from gateway.watched import Stored, Watch, WatchedRecords
from policies.incidents import Degraded
from ports.channels import MediaFile
from ports.journal import Received, TurnCommit
from ports.understanding import Understander
from services.evidence import KeptEvidence
from tests.graph.whole import loaded, phone_of, settings

MONDAY = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
QUIET, MOST = timedelta(seconds=1.2), timedelta(seconds=6)
RINA, BUDI = "ct_rina", "ct_budi"
BROKEN = "kalimat yang tidak bisa dibaca"
# Everything is looked at with each look, and tried again within four of them.
DEGRADED = Degraded(idle_seconds=5, longest_wait_seconds=20)
WORKERS = ("performer", "timers", "health", "reconciler", "turns ")


class WatchedClock(ManualClock):
    """A manual clock that can say who is waiting for it to move."""

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self._waits: dict[int, tuple[datetime, asyncio.Event]] = {}
        self._numbers = count()
        self._ended: set[int] = set()
        self.news = asyncio.Event()

    async def wait_until(self, at: datetime, wake: asyncio.Event) -> None:
        number = next(self._numbers)
        self._waits[number] = (at, wake)
        self.news.set()
        try:
            await super().wait_until(at, wake)
        finally:
            del self._waits[number]
            self._ended.discard(number)

    def set_back(self, by: timedelta) -> None:
        # Whoever waits now is about to reckon anew.
        self._ended |= self._waits.keys()
        super().set_back(by)

    def waiting(self) -> int:
        """Count those who wait for nothing but time."""
        waits = (wait for number, wait in self._waits.items() if number not in self._ended)
        return sum(1 for at, wake in waits if at > self.now() and not wake.is_set())


@dataclass(slots=True)
class Phones:
    """The twin of the customer channel: takes messages in order, or fails as it is told to."""

    sent: list[SendMessage] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)
    unreachable: Exception | None = None
    looks: Callable[[SendMessage], None] | None = None

    async def send(self, message: SendMessage, address: str) -> str:
        if self.looks is not None:
            self.looks(message)
        if self.unreachable is not None:
            raise self.unreachable
        if self.faults:
            raise self.faults.pop(0)
        self.sent.append(message)
        return f"wamid.out.{len(self.sent)}"

    async def mark_read(self, account: str, message_id: str) -> None:
        self.read.append(message_id)

    def texts(self, conversation_id: str | None = None) -> list[str]:
        return [m.text for m in self.sent if conversation_id in (None, m.conversation_id)]


@dataclass(slots=True)
class Lanes:
    """The twin of the staff's lanes: posts by id, edited in place."""

    posts: dict[str, PostToLane] = field(default_factory=dict)
    edits: list[PostToLane] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)

    async def post(self, post: PostToLane) -> str:
        if self.faults:
            raise self.faults.pop(0)
        message_id = str(len(self.posts) + 1)
        self.posts[message_id] = post
        return message_id

    async def edit(self, post: PostToLane, message_id: str) -> None:
        self.edits.append(post)
        self.posts[message_id] = post

    def in_thread(self, start: str) -> list[PostToLane]:
        return [post for post in self.posts.values() if post.thread.startswith(start)]


@dataclass(slots=True)
class Outages:
    """The ways to the outside, as a test closes them."""

    names: frozenset[str] = frozenset()

    async def reach(self, name: str) -> None:
        if name in self.names:
            raise DependencyDown(name, "out of reach")


@dataclass(slots=True)
class Shelf:
    """The records, the schedule out of reach for as many reads as a test says."""

    records: Stored
    unreachable: int = 0

    def _reached(self) -> None:
        if self.unreachable > 0:
            self.unreachable -= 1
            raise DependencyDown("schedule", "timed out")

    async def schedule(self, student_id: str, now: datetime) -> ScheduleFacts:
        self._reached()
        return await self.records.schedule(student_id, now)

    async def free_slots(self, now: datetime) -> tuple[Slot, ...]:
        self._reached()
        return await self.records.free_slots(now)

    async def payments(self, contact_id: str, now: datetime) -> PaymentFacts:
        return await self.records.payments(contact_id, now)

    async def fresh_snapshot(self, contact_id: str, now: datetime) -> Snapshot:
        self._reached()
        return await self.records.fresh_snapshot(contact_id, now)


@dataclass(slots=True)
class Files:
    """The twin of a channel's files: what can be fetched, or how it fails."""

    files: dict[str, MediaFile] = field(default_factory=dict)
    faults: list[Exception] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)

    async def media(self, media_id: str) -> MediaFile:
        self.fetched.append(media_id)
        if self.faults:
            raise self.faults.pop(0)
        if media_id not in self.files:
            raise BadInput("there is no such file any more")
        return self.files[media_id]


@dataclass(frozen=True, slots=True)
class Stumbling:
    """Reads like the desk's own reader, but cannot get past one sentence."""

    reader: Understander

    def read(
        self,
        text: str,
        *,
        now: datetime,
        zone: ZoneInfo,
        conversation_language: Language | None,
        names: Sequence[str] = (),
    ) -> Reading:
        if BROKEN in text:
            raise RuntimeError("this sentence cannot be read")
        return self.reader.read(
            text, now=now, zone=zone, conversation_language=conversation_language, names=names
        )


@dataclass(slots=True)
class Room:
    """A running engine and everything around it."""

    wired: Wired
    clock: WatchedClock
    phones: Phones
    lanes: Lanes
    outages: Outages
    board: Board
    engine: Engine
    intake: Intake
    decisions: Decisions
    replies: Replies
    flags: Flags
    takeovers: Takeovers
    shelf: Shelf
    files: Files
    evidence: KeptEvidence
    messages: int = 0
    turns: int = 0
    running: bool = False

    async def start(self) -> None:
        """Start the engine and let it come to rest."""
        await self.engine.start()
        self.running = True
        await self.rests()

    async def rests(self) -> None:
        """Wait until everybody waits for the clock to move, an effect whose result cannot be written included."""
        async with asyncio.timeout(30):
            while True:
                self.clock.news.clear()
                working = [t for t in asyncio.all_tasks() if t.get_name().startswith(WORKERS)]
                acting = [t for t in asyncio.all_tasks() if t.get_name().startswith("effect ")]
                everybody = len(working) + len(acting)
                if self.engine.performer.busy() == bool(acting) and self.clock.waiting() == everybody:
                    return
                await self._something(working + acting)

    async def _something(self, tasks: list[asyncio.Task[Any]]) -> None:
        """Wait until a worker comes to an end, or to wait for the clock."""
        heard = asyncio.ensure_future(self.clock.news.wait())
        await asyncio.wait({heard, *tasks}, return_when=asyncio.FIRST_COMPLETED)
        heard.cancel()

    async def passes(self, **by: float) -> None:
        """Let time go by at once, and what follows from it happen."""
        self.clock.advance(timedelta(**by))
        await self.rests()

    async def breaks(self, *names: str) -> None:
        """Let something break, and be noticed."""
        self.outages.names |= frozenset(names)
        await self._looks(lambda down: down >= set(names))

    async def mends(self) -> None:
        """Let everything be back, and be noticed."""
        self.outages.names = frozenset()
        await self._looks(lambda down: not down)

    async def _looks(self, enough: Callable[[frozenset[str]], bool]) -> None:
        for _ in range(10):
            if enough(await self.board.down()):
                return
            await self.passes(seconds=5)
        raise AssertionError(f"nobody has noticed: down is {sorted(await self.board.down())}")

    async def hears(self, contact_id: str, *texts: str) -> str:
        """Let a customer write, each message a delivery of its own; return the conversation."""
        received: list[Received] = []
        for text in texts:
            received += await self.wired.journal.receive([self.message(contact_id, text)])
        if self.running:
            await self.intake.received(received)
            await self.rests()
        return received[0].conversation_id

    async def speaks(self, contact_id: str, text: str) -> str:
        """Let a person write to a customer from the business phone; return the conversation."""
        event = HumanSpoke.model_validate(self.message(contact_id, text).model_dump(exclude={"type"}))
        received = await self.wired.journal.receive([event])
        await self.intake.received(received)
        await self.rests()
        return received[0].conversation_id

    async def sends_file(self, contact_id: str, media: Media, kind: Literal["image", "audio"]) -> str:
        """Let a customer send a file, and the burst be over."""
        event = self.message(contact_id, "")
        message = event.message.model_copy(update={"kind": kind, "media": media})
        received = await self.wired.journal.receive([event.model_copy(update={"message": message})])
        if self.running:
            await self.intake.received(received)
            await self.rests()
            await self.passes(seconds=1.2)
        return received[0].conversation_id

    def message(self, contact_id: str, text: str) -> MessageReceived:
        self.messages += 1
        phone = phone_of(contact_id)
        client = Client(phone=phone, display_name="Kak", aliases=(Alias(kind="phone", value=phone),))
        return MessageReceived(
            account="school",
            received_at=self.clock.now(),
            sent_at=self.clock.now(),
            client=client,
            message=InboundMessage(id=f"wamid.{self.messages}", kind="text", text=text),
        )

    async def answered(self, contact_id: str, *texts: str) -> str:
        """Let a customer write and the burst be over."""
        conversation_id = await self.hears(contact_id, *texts)
        await self.passes(seconds=1.2)
        return conversation_id

    async def status(
        self, key: str, name: Literal["sent", "delivered", "read", "failed"], code: str | None = None
    ) -> None:
        """Let the channel say what became of a message."""
        event = DeliveryStatus(
            account="school",
            received_at=self.clock.now(),
            provider_id=f"late.{key}",
            key=key,
            status=name,
            error_code=code,
        )
        await self.intake.received(await self.wired.journal.receive([event]))
        await self.rests()

    async def queue(self, conversation_id: str, *effects: Effect) -> None:
        """Put effects into the outbox as a turn would."""
        self.turns += 1
        case = self.case(conversation_id)
        turn = TurnCommit(
            turn_id=f"test:{self.turns}",
            conversation_id=conversation_id,
            at=self.clock.now(),
            inbox_ids=(),
            cases=(case,),
            effects=tuple((case.id, effect) for effect in effects),
            transcript=(),
            measures=(),
            records=(),
        )
        await self.wired.journal.commit(turn)
        if self.running:
            self.engine.performer.wake()
            await self.rests()

    def case(self, conversation_id: str) -> Case:
        contact_id = conversation_id.removeprefix("wa-school-")
        now = self.clock.now()
        return Case(
            id=f"SCH-2026-9{contact_id}",
            desk="school",
            conversation_id=conversation_id,
            contact_id=contact_id,
            language="id",
            opened_at=now,
            updated_at=now,
        )

    def rows(self, sql: str, *params: object) -> list[sqlite3.Row]:
        """Ask the database directly."""
        return self.wired.database.read(sql, params)

    def states(self, kind: str = "send_message") -> list[str]:
        """Return where the ledger stands, in the order of the effects."""
        return [r["state"] for r in self.rows("SELECT state FROM outbox WHERE kind = ? ORDER BY seq", kind)]

    def due_in(self, key: str) -> float:
        """Return in how many seconds an effect may go."""
        row = self.rows("SELECT due_at FROM outbox WHERE key = ?", key)[0]
        return (datetime.fromisoformat(row["due_at"]) - self.clock.now()).total_seconds()

    async def close(self) -> None:
        if self.running:
            await self.intake.stop()
            await self.engine.stop()
        self.wired.database.close()


def checks(records: WatchedRecords, outages: Outages) -> dict[str, Check]:
    """Look at every dependency the way `app.watch` does."""
    others = {name: partial(outages.reach, name) for name in ("knowledge", "model", "whatsapp", "telegram")}
    return {"schedule": records.check_schedule, "payments": records.check_payments, **others}


def _patient(base: Settings) -> Settings:
    return base.model_copy(update={"shared": base.shared.model_copy(update={"degraded": DEGRADED})})


async def open_room(
    filled: Path,
    path: Path,
    *,
    fresh: bool = True,
    at: datetime = MONDAY,
    chores: bool = False,
    desk: Mapping[str, JsonValue] | None = None,
    beside: WatchedClock | None = None,
) -> Room:
    """Open the school on a database file of its own; `fresh=False` goes on with the one that is there.

    `desk` changes keys of its desk.yaml. `chores` lets the engine see to the periodic jobs as well. A room `beside`
    another on the same file is a second process, on the clock of the first.
    """
    if not filled.exists():
        first = await wire(settings(), clock=ManualClock(at), database=filled, loaded=loaded())
        first.database.close()
    if fresh:
        shutil.copy(filled, path)
    clock, outages = beside or WatchedClock(at), Outages()
    base = settings()
    home, config = base.desks[0]
    changed = base.model_copy(update={"desks": ((home, overridden(config, desk or {})),)})
    wired = await wire(changed, clock=clock, database=path, loaded=loaded())
    board = Board(clock, DEGRADED)
    shelf = Shelf(wired.stored)
    records = WatchedRecords(shelf, Watch(board, outages), clock)
    wired = replace(wired, board=board, records=records, settings=_patient(wired.settings))
    sources = replace(wired.runner.sources, health=board, schedule=records, books=records, records=records)
    runner = replace(wired.runner, sources=sources, understander=Stumbling(wired.runner.understander))
    phones, lanes, files = Phones(), Lanes(), Files()
    evidence = KeptEvidence(wired.database, path.parent / "media", files)
    engine = Engine(
        wired.journal,
        InProcessWakeups(),
        {"school": runner},
        Sinks(
            phones, lanes, ReachedOperations(wired.operations, outages), payments_for(wired, None), evidence
        ),
        wired.stored,
        board,
        board,
        incidents_for(wired, checks(records, outages)),
        clock,
        Pace(collecting=Collecting(QUIET, MOST)),
        chores=chores_for(wired, board) if chores else None,
        takeovers=takeovers_for(wired),
    )
    intake = Intake(engine.wakeups.wake, phones.mark_read, engine.status_news)
    decisions, replies = decisions_for(wired, engine.wakeups.wake)
    return Room(
        wired,
        clock,
        phones,
        lanes,
        outages,
        board,
        engine,
        intake,
        decisions,
        replies,
        flags_for(wired),
        takeovers_for(wired),
        shelf,
        files,
        evidence,
    )


def send(key: str, conversation_id: str, text: str = "Halo Kak") -> SendMessage:
    return SendMessage(
        key=key,
        conversation_id=conversation_id,
        text=text,
        language="id",
        template="greeting@1",
        purpose="answer",
    )


def post(key: str, thread: str = "packet:1", html: str = "satu") -> PostToLane:
    return PostToLane(key=key, lane="ops", thread=thread, html=html)


def move(key: str, case_id: str, **params: Any) -> RunOperation:
    """Move Rina's next session to a free hour of her coach."""
    task = CTask(
        case_id=case_id,
        action="RESCHEDULE",
        subject="st_rina",
        params={"session_id": "ss_rina_3", "slot_id": "sl_009", **params},
        verification_status="OK",
        idempotency_key=key,
    )
    return RunOperation(key=key, task=task)
