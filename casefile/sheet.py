"""Student records as a school keeps them in another system: its rows, and a move of a session on its way there."""

from typing import Literal

from pydantic import AwareDatetime

from casefile.base import Frozen
from casefile.records import Package, Session, SessionStatus, Slot, Student

MoveSource = Literal["customer", "exception", "school"]
SheetKind = Literal["student", "session", "reschedule"]


class SheetRow(Frozen):
    """A row there: its `page` and `id`, a `link` for people; `edited_at` may be rounded down."""

    page: str
    link: str
    edited_at: AwareDatetime
    id: str


class SheetStudent(SheetRow):
    """Somebody who takes lessons; `guardians` and `own` are phone numbers or contact ids, as people wrote them."""

    name: str
    guardians: tuple[str, ...] = ()
    own: str = ""
    package: Package | None = None


class SheetSession(SheetRow):
    """A lesson; `student` is the student's page, `key` and `rev` are those of our write that made or changed it."""

    student: str
    coach: str
    start: AwareDatetime
    end: AwareDatetime
    status: SessionStatus
    moved_to: str = ""
    key: str = ""
    rev: int = 0


class SheetReschedule(SheetRow):
    """A line of the reschedule ledger; `student` is the student's page."""

    student: str
    session_id: str = ""
    made: AwareDatetime
    old_start: AwareDatetime | None = None
    new_start: AwareDatetime | None = None
    source: MoveSource
    approval_id: str = ""


class SheetProblem(Frozen):
    """A row that cannot be used as it is written: what is wrong, and where to mend it."""

    page: str
    words: str
    link: str


class SheetListing(Frozen):
    """Rows as they are there now, those not in order apart; `whole` says that every student's were asked for."""

    students: tuple[SheetStudent, ...] = ()
    sessions: tuple[SheetSession, ...] = ()
    reschedules: tuple[SheetReschedule, ...] = ()
    problems: tuple[SheetProblem, ...] = ()
    since: AwareDatetime
    whole: bool


class PlannedMove(Frozen):
    """A session's move that was found allowed: what becomes of it, whose change it is, who answers for the student."""

    key: str
    session: Session
    new: Session
    slot: Slot
    source: MoveSource
    approval_id: str | None
    at: AwareDatetime
    request_month: str
    session_month: str
    people: tuple[str, ...]
    rev: int = 0


class WrittenStudent(Frozen):
    """A student of ours to be written there; the people as they are written: numbers, or contact ids."""

    student: Student
    guardians: tuple[str, ...] = ()
    own: str = ""


class WrittenSession(Frozen):
    """A session of ours to be written there; `student_page` is its student's, `name` what they are called."""

    session: Session
    student_page: str
    name: str
    rev: int = 0


class SheetMoved(Frozen):
    """A move as it stands there now: the old session, the new one and the line in the ledger."""

    old: SheetSession
    new: SheetSession
    line: SheetReschedule


class SheetRefused(Frozen):
    """A move that people's own changes there did not leave room for; nothing of it stands there any more."""

    why: str
    by: Literal["slot_free", "policy"]


class SheetNews(Frozen):
    """What a look at the sheet found for people to know: rows not in order, and moves that were not written."""

    problems: tuple[str, ...] = ()


class SheetPages(Frozen):
    """Where a move is written: the pages of the student and of the session that is moved."""

    student: str
    session: str
