"""A session moved where the school keeps its sessions: begun here, written there, done here, once."""

from collections.abc import Callable
from datetime import datetime

from casefile.packets import Action, CResult, CTask
from casefile.sheet import SheetPages, SheetRefused
from ports.sheet import StudentSheet
from services.sheet_mirror import SheetMirror
from services.sheet_rows import content_of
from store import sheet
from store.database import Database
from store.transaction import Tx

MOVES: frozenset[Action] = frozenset({"RESCHEDULE"})


class SheetMover:
    """What the operations need of the sheet. Everything raises DependencyDown, and asked again goes on."""

    def __init__(self, database: Database, there: StudentSheet, mirror: SheetMirror) -> None:
        self._database = database
        self._there = there
        self._mirror = mirror

    async def prepare(self, task: CTask, now: datetime) -> None:
        """Take over what people changed of a student's, so that the rules are asked of what is there now."""
        if sheet.move(self._database.read, task.idempotency_key) is None:
            await self._mirror.renew(task.subject, now)

    async def moved(self, task: CTask, done: Callable[[Tx], CResult | None]) -> CResult | None:
        """Write the move that was begun for a task; `done` is run in the transaction that says how it went."""
        begun = sheet.move(self._database.read, task.idempotency_key)
        assert begun is not None
        planned, read = begun.planned, self._database.read
        student = sheet.page_of(read, "student", planned.session.student_id)
        session = sheet.page_of(read, "session", planned.session.id)
        written = (
            await self._there.move(planned, SheetPages(student=student, session=session))
            if student and session
            else NOT_THERE
        )

        def conclude(tx: Tx) -> CResult | None:
            # Two may have written at once: they wrote the same rows.
            if isinstance(written, SheetRefused):
                sheet.settle(tx, planned.key, written)
            elif sheet.settle(tx, planned.key, None):
                seq = sheet.next_write(tx)
                old = planned.session.model_copy(update={"status": "moved"})
                sheet.link(tx, "session", written.old, seq, content_of(old))
                sheet.link(tx, "session", written.new, seq, content_of(planned.new))
                sheet.link(tx, "reschedule", written.line, seq, "")
            return done(tx)

        return await self._database.submit(conclude)


def begun(tx: Tx, task: CTask) -> bool:
    """Say whether a task's move was begun: what was allowed then is brought to its end."""
    return sheet.move(tx.all, task.idempotency_key) is not None


NOT_THERE = SheetRefused(why="the student or the session has no row in the school's sheet", by="policy")
