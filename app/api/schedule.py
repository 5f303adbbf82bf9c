"""The schedule: who has lessons when, what is free, and moving a lesson inside the policy."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Query

from app.api.access import Caller, caller_for
from app.api.operating import NOT_DONE, Once, carried_out
from casefile.base import Frozen
from casefile.facts import ScheduleFacts
from casefile.records import Student
from store.errors import NotFound

router = APIRouter(prefix="/schedule", tags=["schedule"])
Reader = Annotated[Caller, Depends(caller_for("schedule:read"))]
Writer = Annotated[Caller, Depends(caller_for("schedule:write"))]
StudentId = Annotated[str, Path(max_length=64)]
Id = Annotated[str, Query(max_length=64)]
UNKNOWN = "there is no such student"


class Move(Frozen):
    """A session to move to a free slot, asked for by a contact who answers for the student."""

    request_id: Once
    contact_id: str
    session_id: str
    slot_id: str


@router.get("/students")
async def students(caller: Reader, contact_id: Id) -> list[Student]:
    """Return the students a contact answers for, by name; empty for a contact nobody knows."""
    return list(await caller.wired.sources.contacts.students_of(contact_id))


@router.get("/students/{student_id}", responses={404: {"description": UNKNOWN}})
async def of_student(caller: Reader, student_id: StudentId) -> ScheduleFacts:
    """Return a student's sessions, the free slots ahead and this month's counted changes."""
    return await _schedule(caller, student_id)


@router.post("/students/{student_id}/moves", responses=NOT_DONE)
async def move(caller: Writer, student_id: StudentId, wish: Move) -> ScheduleFacts:
    """Move a session: every predicate of the policy has to hold, as in the chat."""
    params: dict[str, object] = {"session_id": wish.session_id, "slot_id": wish.slot_id}
    speaks_for = frozenset({wish.contact_id})
    await carried_out(caller, "RESCHEDULE", student_id, params, wish.request_id, speaks_for)
    return await _schedule(caller, student_id)


async def _schedule(caller: Caller, student_id: str) -> ScheduleFacts:
    try:
        return await caller.wired.sources.schedule.schedule(student_id, caller.wired.clock.now())
    except NotFound as error:
        raise HTTPException(404, UNKNOWN) from error
