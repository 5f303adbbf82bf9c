"""The look at where the school keeps its students, and what the ops lane is told of it."""

import hashlib
from datetime import datetime

import structlog

from agents.work import Desk
from casefile.effects import PostToLane
from casefile.errors import DependencyDown
from gateway.health import Board
from ports.journal import Journal
from ports.sheet import SheetFinishing, SheetKeeping, SheetPushing

log = structlog.get_logger(__name__)
NAME = "schedule"


class SheetWatch:
    """Looks every minute whether it is time to; while the sheet is down nobody does."""

    def __init__(
        self,
        keeping: SheetKeeping,
        moves: SheetFinishing,
        pushing: SheetPushing,
        board: Board,
        journal: Journal,
        desk: Desk,
    ) -> None:
        self._keeping = keeping
        self._moves = moves
        self._pushing = pushing
        self._board = board
        self._journal = journal
        self._desk = desk

    async def look(self, slot: datetime, now: datetime) -> bool:
        """Bring moves to their end that were left behind, write what changed here, take over what changed there."""
        if NAME in await self._board.down() or not await self._keeping.claim(now):
            return True
        try:
            problems = await self._looked(now)
        except DependencyDown as error:
            # The next minute tries again; what is known goes on being answered from while it is fresh.
            log.warning("sheet_not_read", why=error.why)
            self._board.failed(error.name)
            return True
        finally:
            await self._keeping.release()
        if problems:
            await self._tell(problems, now)
        return True

    async def _looked(self, now: datetime) -> tuple[str, ...]:
        await self._moves.finish(now)
        problems = await self._pushing.push(now)
        if self._keeping.due(now):
            problems += (await self._keeping.look(now)).problems
            self._board.worked(NAME)
        return problems

    async def _tell(self, problems: tuple[str, ...], now: datetime) -> None:
        """Say what is not in order, once however often it is found again."""
        lines = "\n".join(f"• {words}" for words in problems)
        html = self._desk.lanes.post("sheet_problems", {"problems": lines})
        thread = f"sheet:{hashlib.sha256(lines.encode()).hexdigest()[:12]}"
        post = PostToLane(key=thread, lane="ops", thread=thread, html=html)
        await self._journal.announce(post, "", "", now)
