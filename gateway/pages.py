"""The look at where pages are written, and what the ops lane is told of it."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

import structlog

from agents.work import Desk
from casefile.effects import PostToLane
from casefile.errors import DependencyDown
from casefile.vitals import PageNews, WaitingPage
from gateway.health import Board
from ports.journal import Journal
from ports.upkeep import PageKeeping

log = structlog.get_logger(__name__)
NAME = "knowledge"


class PageWatch:
    """Looks every minute whether it is time to; while the source is down nobody does."""

    def __init__(self, keeping: PageKeeping, board: Board, journal: Journal, desk: Desk) -> None:
        self._keeping = keeping
        self._board = board
        self._journal = journal
        self._desk = desk

    async def look(self, slot: datetime, now: datetime) -> bool:
        """Do a portion of a look that is due; False while more of it is to be done."""
        if not self._keeping.due(now) or NAME in await self._board.down():
            return True
        try:
            news = await self._keeping.look(now)
        except DependencyDown as error:
            # The next minute tries again; what is in force goes on being answered from.
            log.warning("pages_not_read", why=error.why)
            self._board.failed(error.name)
            return True
        self._board.worked(NAME)
        if news is not None:
            await self._tell(news, now)
        return news is not None

    async def _tell(self, news: PageNews, now: datetime) -> None:
        """Say what changed and what waits, once however often it is found again."""
        if not (news.published or news.waiting or news.problems):
            return
        lanes = self._desk.lanes
        html = lanes.post(
            "knowledge_changes",
            {
                "release": news.release,
                "published": ", ".join(news.published),
                "waiting": _lines(self._waiting(page) for page in news.waiting),
                "problems": _lines(news.problems),
            },
        )
        digest = hashlib.sha256(news.model_dump_json(exclude={"release"}).encode()).hexdigest()[:12]
        thread = f"pages:{news.release if news.published else ''}:{digest}"
        post = PostToLane(key=thread, lane="ops", thread=thread, html=html)
        await self._journal.announce(post, "", "", now)

    def _waiting(self, page: WaitingPage) -> str:
        lanes = self._desk.lanes
        why = ", ".join(lanes.word("grave", one) for one in page.grave)
        return f"{page.page}: {lanes.word('vitals', page.kind)}{f' ({why})' if why else ''}"


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(f"• {line}" for line in lines)
