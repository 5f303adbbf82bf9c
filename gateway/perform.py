"""The one hand: takes effects from the outbox and performs them, keeping the ledger true before and after."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from casefile.effects import AttachEvidence, PostToLane, RunOperation, SendMessage
from casefile.errors import DependencyDown, SendLater, SendRefused, SendUnknown, StoreDown, UnknownEffect
from casefile.payment_effects import ClosePayment, RefundPayment, RequestPayment
from gateway.health import Board
from gateway.insisting import HOLD, Insisting
from gateway.waits import BACKOFF_SECONDS, HELD_SECONDS, Waits, backoff
from policies.degraded import is_down, needs
from policies.window import WINDOW_CLOSED, has_closed
from ports.clock import Clock
from ports.journal import Journal
from ports.ledger import LEFT_TO_ITS_WORKER, OutboxRow
from ports.sinks import CustomerChannel, Evidence, LaneChannel, Operations, Payments
from ports.sources import Conversations, Health

log = structlog.get_logger(__name__)
AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Sinks:
    """What can be acted on."""

    customers: CustomerChannel
    lanes: LaneChannel
    operations: Operations
    payments: Payments
    evidence: Evidence


class Performer:
    """Performs due effects: per conversation and thread in order, everything else side by side.

    `on_done` hears of every effect that left the queue; `on_trouble` of those a person has to know about.
    """

    def __init__(
        self,
        journal: Journal,
        sinks: Sinks,
        conversations: Conversations,
        health: Health,
        board: Board,
        clock: Clock,
        per_minute: int,
        on_operation: Callable[[str], None],
        on_trouble: Callable[[OutboxRow, str, str], Awaitable[None]],
        worker: str = "",
    ) -> None:
        self._journal = journal
        self._sinks = sinks
        self._conversations = conversations
        self._health = health
        self._board = board
        self._clock = clock
        self._on_operation = on_operation
        self._on_trouble = on_trouble
        self._worker = worker
        self._in_hand: dict[str, asyncio.Task[bool | None]] = {}
        self._news = asyncio.Event()
        self._stopping = asyncio.Event()
        self._held: datetime | None = None
        self._ledger = Insisting(journal, clock, self._stopping)
        self._waits = Waits(journal, self._ledger, clock, per_minute)

    def wake(self) -> None:
        """Say that the outbox has something new."""
        self._news.set()

    def busy(self) -> bool:
        """Say whether anything is being performed."""
        return bool(self._in_hand)

    async def run(self) -> None:
        """Perform until stopped."""
        while not self._stopping.is_set():
            self._news.clear()
            try:
                await self._take()
            except StoreDown as error:
                log.error("effects_held_up", why=str(error))
                self._held = self._clock.now() + HOLD
            if self._held is not None:
                # Asked again at once it would only be refused again.
                await self._clock.wait_until(self._held, self._stopping)
                self._held = None

    async def probe(self, row: OutboxRow) -> bool | None:
        """Perform one effect although its dependency is down; say whether it was answered, None when it did not go."""
        if row.key in self._in_hand:
            await asyncio.wait({self._in_hand[row.key]})
        if self._stopping.is_set() or row.key in self._in_hand:
            return None
        probe = self._start(row, held=False)
        await asyncio.wait({probe})
        return None if probe.exception() else probe.result()

    async def stop(self) -> None:
        """Finish what is in hand and take nothing new."""
        self._stopping.set()
        self._news.set()
        if self._in_hand:
            await asyncio.wait(self._in_hand.values())

    async def _take(self) -> None:
        rows = await self._journal.due(self._clock.now(), AT_ONCE, self._worker)
        fresh = [row for row in rows if row.key not in self._in_hand]
        for row in fresh:
            self._start(row)
        if not fresh:
            await self._until_due()

    async def _until_due(self) -> None:
        at = await self._journal.next_due()
        far = self._clock.now() + timedelta(hours=1)
        now = self._clock.now()
        if at is not None and at <= now:
            # What is due is in hand, and its end wakes this loop; or it is another worker's.
            at = now + LEFT_TO_ITS_WORKER if self._worker else far
        await self._clock.wait_until(at or far, self._news)

    def _start(self, row: OutboxRow, *, held: bool = True) -> asyncio.Task[bool | None]:
        task = asyncio.create_task(self._perform(row, held), name=f"effect {row.key}")
        self._in_hand[row.key] = task
        task.add_done_callback(lambda done: self._finished(row, done))
        return task

    def _finished(self, row: OutboxRow, done: asyncio.Task[bool | None]) -> None:
        del self._in_hand[row.key]
        self._news.set()
        if not done.cancelled() and (error := done.exception()) is not None:
            log.error("effect_failed", key=row.key, error=type(error).__name__, exc_info=error)
            if isinstance(error, StoreDown):
                self._held = self._clock.now() + HOLD
                return
            settling = asyncio.create_task(self._stumbled(row, error), name=f"effect {row.key}")
            self._in_hand[row.key] = settling
            settling.add_done_callback(lambda done: self._finished(row, done))

    async def _stumbled(self, row: OutboxRow, error: BaseException) -> bool | None:
        """Let what failed in a way nobody thought of hold nothing up: shown to a person, or tried again later."""
        why = f"{type(error).__name__}: {error}"
        if isinstance(row.effect, RunOperation):
            await self._waits.later(row, why, BACKOFF_SECONDS[-1])
            return None
        await self._ledger.unknown(row.key, why, self._clock.now())
        await self._on_trouble(replace(row, attempts=row.attempts + 1), "unknown", why)
        return None

    async def _perform(self, row: OutboxRow, held: bool) -> bool | None:
        """Perform one effect; `held`: not while its dependency is down. Returns whether that answered, if asked."""
        match row.effect:
            case RunOperation():
                return await self._operate(row, row.effect, held)
            case SendMessage() | PostToLane() | AttachEvidence():
                return await self._ledgered(row, needs(row.effect), held)
            case RequestPayment() | RefundPayment() | ClosePayment():
                return await self._ledgered(row, needs(row.effect), held)
            case _:
                raise UnknownEffect(f"nothing performs {type(row.effect).__name__} ({row.key})")

    async def _operate(self, row: OutboxRow, effect: RunOperation, held: bool) -> bool | None:
        """Run an operation; result, ledger and inbox are one transaction, so a crash leaves it queued."""
        record = needs(effect)
        if held and record is not None and record in await self._health.down():
            await self._waits.later(row, is_down(record), HELD_SECONDS)
            return None
        try:
            await self._sinks.operations.run(effect.task)
        except DependencyDown as error:
            self._board.failed(error.name)
            await self._waits.later(row, f"{is_down(error.name)}: {error.why}", backoff(row))
            return False
        self._on_operation(row.conversation_id)
        return True

    async def _ledgered(self, row: OutboxRow, dependency: str | None, held: bool) -> bool | None:
        if held and dependency is not None and dependency in await self._health.down():
            await self._waits.later(row, is_down(dependency), HELD_SECONDS)
            return None
        if isinstance(row.effect, SendMessage) and await self._waits.too_many(row):
            await self._waits.later(row, "at most so many messages a minute", 10)
            return None
        if not await self._journal.attempting(row.key, self._clock.now(), self._worker):
            return None
        tried = replace(row, attempts=row.attempts + 1)
        try:
            provider_id = await self._act(row)
        except SendLater as error:
            if dependency is not None and error.scope == "account":
                self._board.doubted(dependency)
            await self._waits.held_back(row, error)
            return error.scope != "account"
        except DependencyDown as error:
            if dependency is not None:
                self._board.failed(dependency)
            why = f"{is_down(dependency)}: {error.why}" if dependency else error.why
            await self._ledger.requeue(row.key, self._waits.until(backoff(row)), why)
            return False
        except SendRefused as error:
            why = f"{error.code} {error.why}"
            await self._ledger.failed(row.key, why, self._clock.now())
            await self._on_trouble(tried, "failed", why)
            return True
        except SendUnknown as error:
            if dependency is not None:
                self._board.failed(dependency)
            await self._ledger.unknown(row.key, str(error), self._clock.now())
            await self._on_trouble(tried, "unknown", str(error))
            return False
        if dependency is not None:
            self._board.worked(dependency)
        await self._ledger.accepted(row.key, provider_id, self._clock.now())
        return True

    async def _act(self, row: OutboxRow) -> str:
        """Do it, and return the name that whoever did it gave it."""
        match row.effect:
            case SendMessage() as message:
                return await self._send(message, row.conversation_id)
            case PostToLane() as post:
                return await self._post(post)
            case RequestPayment() | RefundPayment() | ClosePayment() as payment:
                done = await self._sinks.payments.run(payment, row.case_id, row.conversation_id)
                self._on_operation(row.conversation_id)
                return done
            case AttachEvidence() as evidence:
                return await self._sinks.evidence.keep(evidence)
            case _:
                raise UnknownEffect(f"{row.key} is nothing that is sent")

    async def _send(self, message: SendMessage, conversation_id: str) -> str:
        conversation = await self._conversations.conversation(conversation_id)
        ours = message.channel_template is None
        if ours and has_closed(conversation.window_opened_at, self._clock.now()):
            raise SendRefused(WINDOW_CLOSED, "more than 24 hours since the customer's last message")
        return await self._sinks.customers.send(message, conversation.channel_address)

    async def _post(self, post: PostToLane) -> str:
        earlier = await self._journal.lane_message_id(post.thread)
        if earlier is None:
            return await self._sinks.lanes.post(post)
        await self._sinks.lanes.edit(post, earlier)
        return earlier
