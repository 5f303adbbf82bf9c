"""The look at where pages are written: what A may release is released, what is a person's waits for one."""

from datetime import datetime, timedelta

from casefile.vitals import PageNews, WaitingPage
from services.knowledge import KnowledgeBase
from services.proposals import proposals, without_grave
from services.written import SourcePages

# So many pages are read in one go, so that other periodic work does not wait for a whole database.
PORTION = 20
ROLE_A = "A"


class PageKeeper:
    """Implements ports.upkeep.PageKeeping; with `alone` role A releases by itself what it may approve."""

    def __init__(self, written: SourcePages, base: KnowledgeBase, every: timedelta, alone: bool) -> None:
        self._written = written
        self._base = base
        self._every = every
        self._alone = alone

    def due(self, now: datetime) -> bool:
        """Say whether the source is to be looked at."""
        return self._written.due(now, self._every)

    async def look(self, now: datetime) -> PageNews | None:
        """Read a portion; once all is read, release what may be and return what there is to know."""
        if not await self._written.poll(now, PORTION):
            return None
        written, upon = self._written.read(), self._base.in_force()
        before = self._base.pages_in_force()
        changes = proposals(before, written.upon(before))
        ours = {change.page: change.after for change in changes if not change.grave} if self._alone else {}
        if ours:
            await self._base.publish(without_grave(before, changes), ROLE_A, now, upon=upon)
        # Read anew: a person may have been first, and then nothing of ours was released.
        in_force = {page.name: page for page in self._base.pages_in_force()}
        published = tuple(name for name, page in ours.items() if in_force.get(name) == page)
        waiting = tuple(
            WaitingPage(page=change.page, kind=change.kind, grave=change.grave)
            for change in changes
            if change.page not in published
        )
        return PageNews(
            release=self._base.in_force() or "",
            published=published,
            waiting=waiting,
            problems=tuple(problem.words for problem in written.problems),
        )
