"""What went wrong with an effect: told to people by card and, where a customer will never hear it, to the case."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from agents.work import Desk
from casefile.effects import SendMessage
from casefile.events import DeliveryFailed
from gateway.cards import Cards
from ports.clock import Clock
from ports.journal import Journal, OutboxRow
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
        if kind == "failed" and isinstance(row.effect, SendMessage):
            await self._unheard(row, why)
        await self._cards.delivery(await self._desk_of(row), row, kind, why, self._clock.now())

    async def _unheard(self, row: OutboxRow, why: str) -> None:
        """Let a case know that its words never arrived, so that it does not look answered."""
        cases = await self._conversations.open_cases(row.conversation_id, FIRST)
        if not any(case.id == row.case_id for case in cases):
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
