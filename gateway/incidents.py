"""The watch over dependencies: checks, probes, incidents opened, graded, shown and ended."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from casefile.errors import DependencyDown, SendLater, SendRefused, SendUnknown
from casefile.events import DependencyChanged
from casefile.incident import Incident
from gateway.health import Board
from gateway.incident_posts import IncidentPosts
from policies.breaker import failed, opened, probe_due, probing
from policies.incidents import Degraded, asks_on_call, level_of, too_old
from ports.clock import Clock
from ports.incidents import IncidentBook, Opening
from ports.journal import Journal
from ports.ledger import OutboxRow

Check = Callable[[], Awaitable[object]]
Probe = Callable[[OutboxRow], Awaitable[bool | None]]
ITSELF = "breaker"


class Incidents:
    """Looks after every dependency that `checks` can look at, and after whatever a person has flagged.

    A check returns when its dependency answers as it should. Whatever else looks at the same database does the same
    at its own look: what happens once is once in the book.
    """

    def __init__(
        self,
        book: IncidentBook,
        journal: Journal,
        board: Board,
        checks: Mapping[str, Check],
        posts: IncidentPosts,
        rules: Degraded,
        clock: Clock,
    ) -> None:
        self._book = book
        self._journal = journal
        self._board = board
        self._checks = checks
        self._posts = posts
        self._rules = rules
        self._clock = clock

    async def flags(self) -> frozenset[str]:
        """Take over what is flagged, by whichever process, and return it."""
        flagged = frozenset(incident.name for incident in await self._book.open())
        self._board.flag(flagged)
        return flagged

    async def look(self, probe: Probe, wake: Callable[[str], None]) -> frozenset[str]:
        """Look once, and return what is down; `probe` performs one effect that is held back."""
        await asyncio.gather(*(self._checked(name) for name in self._board.to_check(self._checks)))
        for name in sorted(self._board.opened()):
            await self._open(name)
        await self.flags()
        due = [i for i in await self._book.open() if self._due(i)]
        await asyncio.gather(*(self._probed(incident, probe) for incident in due))
        for incident in await self._book.open():
            await self._kept(incident, wake)
        for incident in await self._book.unposted():
            await self._posts.show(incident, self._clock.now())
        for incident in await self._book.unreported():
            await self._posts.report(incident)
        await self.flags()
        return await self._board.down()

    async def release(self, name: str) -> None:
        """Let go what is held back for a dependency that is back, also by who had not heard of it yet."""
        await self._book.release(name, self._clock.now())

    async def _checked(self, name: str) -> None:
        if await self._answers(name):
            self._board.worked(name, check=True)
        else:
            self._board.failed(name, check=True)

    async def _answers(self, name: str) -> bool:
        try:
            await self._checks[name]()
        except (DependencyDown, SendLater, SendRefused, SendUnknown):
            return False
        return True

    async def _open(self, name: str) -> None:
        now = self._clock.now()
        why = self._posts.why(self._rules.failures)
        # The wait runs from here: an incident that ends in the look that opened it would tell nobody anything.
        opening = Opening(name, why, ITSELF, breaker=opened(now, self._rules))
        await self._book.begin(opening, self._posts.year(now), now)

    def _due(self, incident: Incident) -> bool:
        if incident.manual or not probe_due(incident.breaker, self._clock.now(), self._rules):
            return False
        # A process that cannot look at it (a command, a worker without the channel) leaves it to those that can.
        return incident.name in self._checks

    async def _probed(self, incident: Incident, probe: Probe) -> None:
        """Let one probe go, if no other process has: a look, and then one effect of those that wait."""
        claimed = probing(incident.breaker, self._clock.now(), self._rules)
        if not await self._book.move(incident, claimed):
            return
        answered = await self._answers(incident.name)
        held = await self._book.held(incident.name) if answered else None
        if held is not None:
            answered = await probe(held) is True
        now = self._clock.now()
        if answered:
            await self._book.end(incident.id, ITSELF, now)
            return
        asked = incident.model_copy(update={"breaker": claimed})
        await self._book.move(asked, failed(claimed, now, self._rules))

    async def _kept(self, incident: Incident, wake: Callable[[str], None]) -> None:
        """Count what it touches, grade it, and do what follows from that."""
        now = self._clock.now()
        incident = await self._book.renew(incident, now)
        level = level_of(incident, await self._book.unknown(incident), now, self._rules)
        if level != incident.level and await self._book.grade(incident.id, level, now):
            incident = incident.model_copy(update={"level": level})
        if asks_on_call(incident):
            await self._posts.ask(incident, now)
        if incident.told == "yes":
            await self._tell(incident, now, wake)
        if incident.name == "knowledge":
            released = await self._book.released_at()
            if released is not None and too_old(released, now, self._rules):
                await self._posts.knowledge_old(incident, released, now)

    async def _tell(self, incident: Incident, now: datetime, wake: Callable[[str], None]) -> None:
        for conversation_id, case_id in await self._book.untold(incident):
            event = DependencyChanged(at=now, case_id=case_id, name=incident.name, up=False)
            await self._journal.submit(conversation_id, event, f"told:{incident.id}:{case_id}", now)
            wake(conversation_id)
