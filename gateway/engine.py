"""The engine room: turns run, effects go out, timers fire, and a restart goes on where the last one stopped."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from casefile.effects import PostToLane, SendMessage
from casefile.errors import TakenOver
from casefile.events import DependencyChanged
from gateway.cards import CARD_THREADS, Cards, Incidents
from gateway.draining import Collecting, Draining
from gateway.health import Board
from gateway.leases import Leases
from gateway.perform import Performer, Sinks
from gateway.ratelimit import FloodCounter
from gateway.troubles import Troubles
from gateway.watched import WatchedRecords
from graph.turn import TurnRunner
from ports.clock import Clock
from ports.journal import InboxRow, Journal, OutboxRow
from ports.sources import Conversations, Health
from ports.wakeups import Handlers, Wakeups

log = structlog.get_logger(__name__)
TIMERS_AT_ONCE = 200
TIMERS = "timers"
ASK_AGAIN_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Pace:
    """The engine's own rhythms."""

    collecting: Collecting
    messages_per_minute: int = 10
    quarantine_after: int = 3
    health_seconds: float = 5.0
    reconcile: timedelta = timedelta(minutes=10)
    lease_seconds: float = 30.0


class Engine:
    """Everything that is done behind the door: turns, effects, timers, the watch over dependencies.

    `worker` names this process where several share a database; alone it needs no name, no fence and no lease.
    """

    def __init__(
        self,
        journal: Journal,
        wakeups: Wakeups,
        runners: Mapping[str, TurnRunner],
        sinks: Sinks,
        conversations: Conversations,
        health: Health,
        board: Board,
        records: WatchedRecords,
        clock: Clock,
        pace: Pace,
        worker: str = "",
    ) -> None:
        self._journal = journal
        self._runners = runners
        self._conversations = conversations
        self._health = health
        self._records = records
        self._clock = clock
        self._pace = pace
        self._worker = worker
        self._fences: dict[str, int] = {}
        self._leases = Leases(journal, worker, pace.lease_seconds)
        self._stop = asyncio.Event()
        self._timer_news = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._proofs: set[asyncio.Task[None]] = set()
        self._cards = Cards(journal)
        self._incidents = Incidents(journal, next(iter(runners.values())).desk)
        self._down: frozenset[str] = frozenset()
        self._next_look = clock.now()
        self.wakeups = wakeups
        floods = FloodCounter(pace.messages_per_minute)
        self.draining = Draining(journal, clock, pace.collecting, floods, self._turn, self._flood)
        self.performer = Performer(
            journal,
            sinks,
            conversations,
            health,
            board,
            clock,
            pace.messages_per_minute,
            self.wakeups.wake,
            self._trouble,
            worker,
        )
        desks = {name: runner.desk for name, runner in runners.items()}
        self._troubles = Troubles(journal, conversations, desks, self._cards, clock, self.wakeups.wake)

    async def start(self) -> None:
        """Settle what an earlier process left, wake what it left unread, and run."""
        await self.wakeups.start(Handlers(self._drain, {TIMERS: self._fire}))
        if not self._worker:
            await self._journal.orphans(self._clock.now())
        # Not the orphans alone: an earlier process may have ended before it had proved or told its own.
        for row in await self._journal.outbox(("unknown",)):
            if isinstance(row.effect, SendMessage):
                self._prove(row.key)
        await self._troubles.untold()
        self._down = await self._incidents.resume() | await self._journal.waited_for()
        self._tasks = [
            asyncio.create_task(self.performer.run(), name="performer"),
            asyncio.create_task(self._timers(), name="timers"),
            asyncio.create_task(self._watch(), name="health"),
        ]
        if self._worker:
            self._tasks.append(asyncio.create_task(self._look_after_workers(), name="leases"))
        await self.recover()

    async def stop(self) -> None:
        """Stop taking new work, finish what is in hand."""
        self._stop.set()
        self._timer_news.set()
        self.draining.stop()
        await self.wakeups.stop()
        await self.performer.stop()
        if self._proofs:
            await asyncio.wait(self._proofs)
        await asyncio.gather(*self._tasks)

    async def status_news(self) -> None:
        """Take note of what statuses changed: a refusal after acceptance, or the way free for the next message."""
        await self._troubles.untold()
        self.performer.wake()

    async def settled(self) -> bool:
        """Say whether nothing is left to do at the clock's present instant (for scripts and tests)."""
        now = self._clock.now()
        if self.performer.busy() or self.wakeups.active() or now >= self._next_look:
            return False
        if await self._journal.waiting():
            return False
        due = await self._journal.next_due()
        return due is None or due > now

    async def _flood(self, conversation_id: str) -> None:
        conversation = await self._conversations.conversation(conversation_id)
        desk = self._runners[conversation.desk].desk
        await self._cards.flood(desk, conversation_id, self._pace.messages_per_minute, self._clock.now())
        self.performer.wake()

    async def _drain(self, conversation_id: str, news: asyncio.Event) -> None:
        """Drain a conversation, behind a fence of its own where another worker could come to hold it."""
        if not self._worker:
            await self.draining.drain(conversation_id, news)
            return
        self._fences[conversation_id] = await self._journal.take(conversation_id)
        try:
            await self.draining.drain(conversation_id, news)
        except TakenOver as error:
            log.warning("conversation_taken_over", conversation=conversation_id, why=str(error))
        finally:
            del self._fences[conversation_id]

    async def _turn(self, conversation_id: str, rows: Sequence[InboxRow]) -> None:
        """Run one turn and commit it; a turn that keeps failing is quarantined and the lane told."""
        conversation = await self._conversations.conversation(conversation_id)
        runner = self._runners[conversation.desk]
        attempt = asyncio.create_task(self._run_and_commit(runner, conversation_id, rows))
        await asyncio.wait({attempt})
        error = attempt.exception()
        if error is None:
            self._timer_news.set()
            self.performer.wake()
            return
        if isinstance(error, TakenOver):
            raise error
        log.error("turn_failed", conversation=conversation_id, error=type(error).__name__, exc_info=error)
        await self._turn_failed(runner, conversation_id, rows, error)

    async def _run_and_commit(
        self, runner: TurnRunner, conversation_id: str, rows: Sequence[InboxRow]
    ) -> None:
        turn = await runner.run(conversation_id, rows, self._clock.now())
        await self._journal.commit(replace(turn, fence=self._fences.get(conversation_id)))

    async def _turn_failed(
        self, runner: TurnRunner, conversation_id: str, rows: Sequence[InboxRow], error: BaseException
    ) -> None:
        taken = [row.id for row in runner.taken(rows)]
        why = f"{type(error).__name__}: {error}"
        if not await self._journal.failed_turn(taken, why, self._pace.quarantine_after):
            return
        await self._cards.quarantined(runner.desk, conversation_id, rows, why, self._clock.now())
        self.performer.wake()

    async def _trouble(self, row: OutboxRow, kind: str, why: str) -> None:
        """Show a person what may not have arrived, and give an unknown message time to be proved."""
        if isinstance(row.effect, PostToLane) and row.effect.thread.startswith(CARD_THREADS):
            # A card about a card would never end; the ledger keeps it.
            log.error("card_not_delivered", key=row.key, kind=kind)
            return
        if kind == "unknown" and isinstance(row.effect, SendMessage):
            self._prove(row.key)
        await self._troubles.tell(row, kind, why)

    def _prove(self, key: str) -> None:
        """Send an unknown message again when no status has proved it within the time statuses take."""
        task = asyncio.create_task(self._resend_unproved(key), name=f"prove {key}")
        self._proofs.add(task)
        task.add_done_callback(self._proofs.discard)

    async def _resend_unproved(self, key: str) -> None:
        await self._clock.wait_until(self._clock.now() + self._pace.reconcile, self._stop)
        if not self._stop.is_set() and await self._journal.settle(
            key, "resend", "reconcile", self._clock.now()
        ):
            self.performer.wake()

    async def _timers(self) -> None:
        while not self._stop.is_set():
            self._timer_news.clear()
            at, now = await self._journal.next_timer(), self._clock.now()
            if at is not None and at <= now:
                if await self.wakeups.ring(TIMERS):
                    continue
                # Another worker fires them; should it not come to it, it is asked again.
                at = now + timedelta(seconds=ASK_AGAIN_SECONDS)
            far = now + timedelta(hours=1)
            await self._clock.wait_until(min(at, far) if at else far, self._timer_news)

    async def _fire(self) -> None:
        """Turn every due timer into an event; what is a chore is done by one worker for all."""
        while fired := await self._journal.fire_timers(self._clock.now(), TIMERS_AT_ONCE):
            for timer in fired:
                self.wakeups.wake(timer.conversation_id)
        self._timer_news.set()

    async def _look_after_workers(self) -> None:
        """Show that this worker lives, and settle what those have left who do not."""
        while not self._stop.is_set():
            if gone := await self._leases.look():
                log.warning("workers_gone", workers=sorted(gone))
                for row in await self._journal.orphans(self._clock.now(), gone):
                    if row.state == "unknown":
                        await self._trouble(row, "unknown", row.error or "")
                await self._leases.forget(gone)
                self.performer.wake()
            try:
                await asyncio.wait_for(self._stop.wait(), self._pace.lease_seconds / 3)
            except TimeoutError:
                continue

    async def _watch(self) -> None:
        """Notice dependencies going down and coming back, and what came in by another process."""
        while not self._stop.is_set():
            await self._records.look()
            down = await self._health.down()
            # A read that failed once leaves a case waiting, though nothing was ever held to be down.
            for name in sorted((self._down | await self._journal.waited_for()) - down):
                await self._recovered(name)
            if down != self._down:
                await self._incidents.changed(self._down, down, self._clock.now())
                self.performer.wake()
            self._down = down
            # A command line writes to the same database from a process of its own.
            await self.recover()
            self.performer.wake()
            self._next_look = self._clock.now() + timedelta(seconds=self._pace.health_seconds)
            await self._clock.wait_until(self._next_look, self._stop)

    async def recover(self) -> None:
        """Wake every conversation that has something unread, whoever left it so."""
        for conversation_id, _, _ in await self._journal.waiting():
            self.wakeups.wake(conversation_id)

    async def _recovered(self, name: str) -> None:
        now = self._clock.now()
        for conversation_id, case_id, turn in await self._journal.waiting_for_dependency(name):
            event = DependencyChanged(at=now, case_id=case_id, name=name, up=True)
            # Named after the turn that began the wait, so that a restart does not end one wait twice.
            await self._journal.submit(conversation_id, event, f"up:{name}:{case_id}:{turn}", now)
            self.wakeups.wake(conversation_id)
