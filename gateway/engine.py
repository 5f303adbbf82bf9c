"""The engine room: turns run, effects go out, timers fire, and a restart goes on where the last one stopped."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog

from casefile.effects import PostToLane, SendMessage
from casefile.errors import StoreDown
from casefile.events import DependencyChanged
from gateway.bookkeeping import CHORE as BOOKS
from gateway.bookkeeping import Bookkeeper
from gateway.cards import CARD_THREADS, Cards
from gateway.chores import CHORE as PERIODIC
from gateway.chores import Chores
from gateway.draining import Collecting
from gateway.health import Board
from gateway.incidents import Incidents
from gateway.leases import Leases
from gateway.perform import Performer, Sinks
from gateway.reconcile import Reconciler
from gateway.storewatch import StoreWatch
from gateway.takeovers import Takeovers
from gateway.timers import CHORE as TIMERS
from gateway.timers import Timers
from gateway.troubles import Troubles
from gateway.turns import Turns
from graph.turn import TurnRunner
from ports.bookkeeping import Bookkeeping
from ports.clock import Clock
from ports.journal import Journal
from ports.ledger import OutboxRow
from ports.sources import Conversations, Health
from ports.wakeups import Chore, Handlers, Wakeups

log = structlog.get_logger(__name__)


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
    Without `chores` nobody sees to the periodic jobs, without `books` nobody listens to a provider of payments.
    Without `chores` nobody sees to the periodic jobs, without `takeovers` nobody tells of changes of hands.
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
        incidents: Incidents,
        clock: Clock,
        pace: Pace,
        worker: str = "",
        chores: Chores | None = None,
        books: Bookkeeping | None = None,
        takeovers: Takeovers | None = None,
    ) -> None:
        self._journal = journal
        self._runners = runners
        self._conversations = conversations
        self._incidents = incidents
        self._clock = clock
        self._pace = pace
        self._worker = worker
        self._chores = chores
        self._takeovers = takeovers
        self._leases = Leases(journal, worker, pace.lease_seconds)
        self._stop = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._cards = Cards(journal)
        self._store = StoreWatch(journal, self._cards, next(iter(runners.values())).desk, clock)
        self._down: frozenset[str] = frozenset()
        self._next_look = clock.now()
        self.wakeups = wakeups
        self.turns = Turns(
            journal,
            runners,
            conversations,
            self._cards,
            clock,
            pace.collecting,
            pace.messages_per_minute,
            pace.quarantine_after,
            worker,
            self._committed,
        )
        self._timers = Timers(journal, wakeups, clock, self._stop)
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
        look = timedelta(seconds=pace.health_seconds)
        self._reconciler = Reconciler(
            journal, clock, pace.reconcile, look, self.performer.wake, self._troubles.untold
        )
        self._bookkeeper: Bookkeeper | None = None
        if books is not None:
            desk = next(iter(desks.values()))
            self._bookkeeper = Bookkeeper(books, board, self._cards, desk, clock, look, self.recover)

    async def start(self) -> None:
        """Settle what an earlier process left, wake what it left unread, and run."""
        chores: dict[str, Chore] = {TIMERS: self._timers.fire, PERIODIC: self._see_to_chores}
        if self._bookkeeper is not None:
            chores[BOOKS] = self._bookkeeper.asked
        await self.wakeups.start(Handlers(self.turns.drain, chores))
        if not self._worker:
            await self._journal.orphans(self._clock.now())
        await self._troubles.untold()
        self._down = await self._incidents.flags() | await self._journal.waited_for()
        self._tasks = [
            asyncio.create_task(self.performer.run(), name="performer"),
            asyncio.create_task(self._timers.run(), name="timers"),
            asyncio.create_task(self._watch(), name="health"),
            asyncio.create_task(self._reconciler.run(), name="reconciler"),
        ]
        if self._bookkeeper is not None:
            self._tasks.append(asyncio.create_task(self._bookkeeper.run(), name="bookkeeper"))
        if self._worker:
            self._tasks.append(
                asyncio.create_task(self._leases.run(self._stop, self._left_by), name="leases")
            )
        await self.recover()

    async def stop(self) -> None:
        """Stop taking new work, finish what is in hand."""
        self._stop.set()
        self._timers.look()
        self._reconciler.stop()
        if self._bookkeeper is not None:
            self._bookkeeper.stop()
        self.turns.draining.stop()
        await self.wakeups.stop()
        await self.performer.stop()
        await asyncio.gather(*self._tasks)

    async def status_news(self) -> None:
        """Take note of what was reported: a late refusal, the way free for the next, a payment, a person's word."""
        if self._bookkeeper is not None:
            self._bookkeeper.news()
        await self._troubles.untold()
        if self._takeovers is not None:
            await self._takeovers.tell()
        self.performer.wake()

    def ended(self) -> tuple[str, ...]:
        """Name the loops that have ended by themselves, for /readyz."""
        gone = [task.get_name() for task in self._tasks if task.done() and not self._stop.is_set()]
        return tuple(f"{name} has ended by itself; see the log" for name in gone)

    async def settled(self) -> bool:
        """Say whether nothing is left to do at the clock's present instant (for scripts and tests)."""
        now = self._clock.now()
        if self.performer.busy() or self.wakeups.active():
            return False
        if now >= self._next_look or now >= self._reconciler.next_look:
            return False
        if await self._journal.waiting():
            return False
        if self._bookkeeper is not None and not await self._bookkeeper.settled():
            return False
        due = await self._journal.next_due()
        return due is None or due > now

    def _committed(self) -> None:
        """A commit may have armed timers and queued effects."""
        self._timers.look()
        self.performer.wake()

    async def _trouble(self, row: OutboxRow, kind: str, why: str) -> None:
        """Show a person what may not have arrived, and give an unknown message time to be proved."""
        if isinstance(row.effect, PostToLane) and row.effect.thread.startswith(CARD_THREADS):
            # A card about a card would never end; the ledger keeps it.
            log.error("card_not_delivered", key=row.key, kind=kind)
            return
        if kind == "unknown" and isinstance(row.effect, SendMessage):
            self._reconciler.news()
        await self._troubles.tell(row, kind, why)

    async def _left_by(self, gone: frozenset[str]) -> None:
        """Settle what workers that are gone had on its way."""
        for row in await self._journal.orphans(self._clock.now(), gone):
            if row.state == "unknown":
                await self._trouble(row, "unknown", row.error or "")
        self.performer.wake()

    async def _watch(self) -> None:
        """Notice dependencies going down and coming back, and what came in by another process."""
        while not self._stop.is_set():
            try:
                await self._look()
            except StoreDown as error:
                log.error("look_held_up", why=str(error))
            self._next_look = self._clock.now() + timedelta(seconds=self._pace.health_seconds)
            await self._clock.wait_until(self._next_look, self._stop)

    async def _look(self) -> None:
        await self._store.look()
        down = await self._incidents.look(self.performer.probe, self.wakeups.wake)
        # A read that failed once leaves a case waiting, though nothing was ever held to be down.
        for name in sorted((self._down | await self._journal.waited_for()) - down):
            await self._recovered(name)
        self._down = down
        if self._chores is not None and await self._chores.due(self._clock.now()):
            await self.wakeups.ring(PERIODIC)
        # A command line writes to the same database from a process of its own.
        await self.recover()
        if self._takeovers is not None:
            await self._takeovers.tell()
        self._timers.look()
        self.performer.wake()

    async def _see_to_chores(self) -> None:
        """Do what is due of the periodic jobs, and let what they asked for begin."""
        if self._chores is not None:
            await self._chores.run_due(self._clock.now())

    async def recover(self) -> None:
        """Wake every conversation that has something unread, whoever left it so, and what waits to leave."""
        self.performer.wake()
        await self.wakeups.wake_forgotten([waiting[0] for waiting in await self._journal.waiting()])

    async def _recovered(self, name: str) -> None:
        now = self._clock.now()
        await self._incidents.release(name)
        for conversation_id, case_id, turn in await self._journal.waiting_for_dependency(name):
            event = DependencyChanged(at=now, case_id=case_id, name=name, up=True)
            # Named after the turn that began the wait, so that a restart does not end one wait twice.
            await self._journal.submit(conversation_id, event, f"up:{name}:{case_id}:{turn}", now)
            self.wakeups.wake(conversation_id)
