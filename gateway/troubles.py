"""What went wrong with an effect: told to people by card and, where a customer will never hear it, to the case."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from agents.work import Desk
from casefile.effects import SendMessage
from casefile.events import DeliveryFailed, WindowClosed
from gateway.cards import Cards
from policies.window import WINDOW_CLOSED, may_wait
from ports.clock import Clock
from ports.journal import Journal
from ports.ledger import OutboxRow
from ports.sources import Conversations

FIRST = datetime(1970, 1, 1, tzinfo=UTC)


class Troubles:
    """Tells of effects that failed, or of which nobody can say whether they arrived; `desks` by name."""

    def __init__(
        self,
        journal: Journal,
        conversations: Conversations,
        desks: Mapping[str, Desk],
        cards: Cards,
        clock: Clock,
        wake: Callable[[str], None],
    ) -> None:
        self._journal = journal
        self._conversations = conversations
        self._desks = desks
        self._cards = cards
        self._clock = clock
        self._wake = wake

    async def untold(self) -> None:
        """Tell of everything that nobody has been told of."""
        for row in await self._journal.untold():
            await self.tell(row, row.state, row.error or "")

    async def tell(self, row: OutboxRow, kind: str, why: str) -> None:
        """Tell of one effect; the case first, because the card marks it as told."""
        if kind == "dropped":
            await self._cards.unsaid(await self._desk_of(row), row, self._clock.now())
            return
        if kind == "failed" and isinstance(row.effect, SendMessage):
            if await self._waits(row, row.effect, why):
                return
            if row.effect.channel_template is not None:
                await self._uninvited(row, why)
            await self._unheard(row, why)
        await self._cards.delivery(await self._desk_of(row), row, kind, why, self._clock.now())

    async def _waits(self, row: OutboxRow, message: SendMessage, why: str) -> bool:
        """Let words wait that only the closed window kept back, where the customer can be invited to write."""
        desk = await self._desk_of(row)
        closed = why.partition(" ")[0] == WINDOW_CLOSED
        if not closed or desk.rules.reopen is None or not may_wait(message) or not await self._is_open(row):
            return False
        now = self._clock.now()
        event = WindowClosed(at=now, case_id=row.case_id, key=row.key)
        if await self._journal.hold(row.key, why, event, f"window:{row.key}:{row.attempts}", now):
            self._wake(row.conversation_id)
        return True

    async def _uninvited(self, row: OutboxRow, why: str) -> None:
        """Tell of the words that waited for an invitation which did not arrive."""
        why = f"{why} (the customer could not be invited to write)"
        if why.startswith(WINDOW_CLOSED):
            # Of the invitation; the words must not be taken for such as may wait for another.
            why = f"invitation: {why}"
        for waiting in await self._journal.give_up_held(row.conversation_id, why, self._clock.now()):
            await self.tell(waiting, "failed", why)

    async def _is_open(self, row: OutboxRow) -> bool:
        cases = await self._conversations.open_cases(row.conversation_id, FIRST)
        return any(case.id == row.case_id for case in cases)

    async def _unheard(self, row: OutboxRow, why: str) -> None:
        """Let a case know that its words never arrived, so that it does not look answered."""
        if not await self._is_open(row):
            # Closed: nobody waits for it any more.
            return
        now = self._clock.now()
        event = DeliveryFailed(at=now, case_id=row.case_id, key=row.key, why=why)
        if await self._journal.submit(row.conversation_id, event, f"unheard:{row.key}", now):
            self._wake(row.conversation_id)

    async def _desk_of(self, row: OutboxRow) -> Desk:
        if row.conversation_id:
            conversation = await self._conversations.conversation(row.conversation_id)
            return self._desks[conversation.desk]
        return next(iter(self._desks.values()))
