"""What words mean right after a move was carried out or dropped: take it back, or another hour for that session."""

import datetime as dt

from casefile.case import Case
from casefile.facts import ScheduleFacts
from casefile.reading import Reading, Request
from policies.sessions import HELD, Meant
from policies.slots import SlotChoice, reachable

# What taking a move back may mention; anything graver is a request of its own.
_BACK = frozenset({"withdrawal", "cancel", "reschedule", "policy_question"})


def takes_back(case: Case, request: Request) -> bool:
    """Say whether a request takes back the move that this case has carried out."""
    back = request.intent == "withdrawal" and set(request.signals) <= _BACK
    return _settled(case) and case.moved is not None and back


def goes_on(case: Case, request: Request, reading: Reading | None) -> bool:
    """Say whether a bare time goes on about the session that this case has moved, or left where it was."""
    timed = reading is not None and bool(reading.slots.when)
    about_one = case.moved is not None or (case.intent == "reschedule" and case.session_id is not None)
    return _settled(case) and about_one and timed and request.intent == "give_time"


def _settled(case: Case) -> bool:
    return case.waiting_for is None and case.approval_id is None


def put_back(case: Case, schedule: ScheduleFacts, now: dt.datetime, most: int) -> tuple[Meant, SlotChoice]:
    """Return the session as it now stands, with the hour it came from when that is free."""
    moved = case.moved
    held = (
        s for s in schedule.sessions if moved is not None and s.id == moved.session_id and s.status in HELD
    )
    session = next(held, None)
    free = reachable(schedule, session, now)
    old = (s for s in free if moved is not None and (s.start, s.coach) == (moved.old_start, moved.old_coach))
    slot = next(old, None)
    meant = Meant(session=session, gone=session is not None and session.start <= now)
    if slot is None:
        return meant, SlotChoice(state="back_taken", offers=free[:most])
    return meant, SlotChoice(state="back", slot=slot, offers=(slot,))
