"""Turns as the engine runs them: committed behind the fence, and set aside when they keep failing."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import structlog

from casefile.errors import FactsMoved, StoreDown, TakenOver
from gateway.cards import Cards
from gateway.draining import Collecting, Draining
from gateway.ratelimit import FloodCounter
from gateway.spending import account
from graph.turn import TurnRunner
from ports.clock import Clock
from ports.journal import InboxRow, Journal, TurnCommit
from ports.sources import Conversations

log = structlog.get_logger(__name__)
FACTS_TRIES = 5


class Turns:
    """Drains conversations; `on_commit` hears of every turn that is on the disk.

    `worker` names this one where several share the database: then a conversation is held by a fence.
    """

    def __init__(
        self,
        journal: Journal,
        runners: Mapping[str, TurnRunner],
        conversations: Conversations,
        cards: Cards,
        clock: Clock,
        collecting: Collecting,
        messages_per_minute: int,
        quarantine_after: int,
        worker: str,
        on_commit: Callable[[], None],
    ) -> None:
        self._journal = journal
        self._runners = runners
        self._conversations = conversations
        self._cards = cards
        self._clock = clock
        self._per_minute = messages_per_minute
        self._quarantine_after = quarantine_after
        self._worker = worker
        self._fences: dict[str, int] = {}
        self._on_commit = on_commit
        floods = FloodCounter(messages_per_minute)
        self.draining = Draining(journal, clock, collecting, floods, self._turn, self._flood)

    async def drain(self, conversation_id: str, news: asyncio.Event) -> None:
        """Run a conversation's turns until nothing of it is unread (ports.wakeups.Drain)."""
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
            self._on_commit()
            return
        if isinstance(error, TakenOver):
            raise error
        log.error("turn_failed", conversation=conversation_id, error=type(error).__name__, exc_info=error)
        if isinstance(error, StoreDown):
            # No fault of these events: they wait, uncounted, until the next look finds them unread.
            raise error
        await self._failed(runner, conversation_id, rows, error)

    async def _run_and_commit(
        self, runner: TurnRunner, conversation_id: str, rows: Sequence[InboxRow]
    ) -> None:
        for left in reversed(range(FACTS_TRIES)):
            try:
                turn = await runner.run(conversation_id, rows, self._clock.now())
                fence = self._fences.get(conversation_id)
                await self._commit(runner, replace(turn, worker=self._worker, fence=fence))
                return
            except FactsMoved as error:
                # Nothing was said yet: it is run again with what the records hold now.
                if not left:
                    raise
                log.info("turn_again", conversation=conversation_id, why=str(error))
            finally:
                await account(runner.calls, runner.desk.rules, self._journal, self._clock.now())

    async def _commit(self, runner: TurnRunner, turn: TurnCommit) -> None:
        try:
            await self._journal.commit(turn)
        except BaseException:
            runner.calls.lost(turn.calls)
            raise

    async def _failed(
        self, runner: TurnRunner, conversation_id: str, rows: Sequence[InboxRow], error: BaseException
    ) -> None:
        taken = runner.taken(rows)
        why = f"{type(error).__name__}: {error}"
        if await self._journal.failed_turn([row.id for row in taken], why, self._quarantine_after):
            await self._cards.quarantined(runner.desk, conversation_id, taken, why, self._clock.now())
            self._on_commit()

    async def _flood(self, conversation_id: str) -> None:
        conversation = await self._conversations.conversation(conversation_id)
        desk = self._runners[conversation.desk].desk
        await self._cards.flood(desk, conversation_id, self._per_minute, self._clock.now())
        self._on_commit()
