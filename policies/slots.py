"""Which session is meant and which free slot is wanted: what was said, resolved against what exists."""

import datetime as dt
from typing import Literal
from zoneinfo import ZoneInfo

from casefile.base import Frozen
from casefile.case import Case
from casefile.facts import ScheduleFacts
from casefile.reading import Reading, WhenSlot
from casefile.records import Session, Slot

PARTS: dict[str, tuple[int, int]] = {
    "morning": (0, 11),
    "noon": (11, 15),
    "afternoon": (14, 19),
    "evening": (18, 24),
}


class SlotChoice(Frozen):
    """How far the wish for a new time got.

    none: no time said; vague: several fit (`offers`); taken: a time said that is not free; matched: exactly
    one fits and still has to be confirmed; chosen: picked from an offer or confirmed.
    """

    state: Literal["none", "vague", "taken", "matched", "chosen"]
    slot: Slot | None = None
    offers: tuple[Slot, ...] = ()


def upcoming(schedule: ScheduleFacts, now: dt.datetime) -> tuple[Session, ...]:
    """Return the sessions still ahead, soonest first."""
    ahead = [s for s in schedule.sessions if s.status == "scheduled" and s.start > now]
    return tuple(sorted(ahead, key=lambda s: s.start))


def session_meant(
    case: Case, reading: Reading | None, schedule: ScheduleFacts, zone: ZoneInfo, now: dt.datetime
) -> Session | None:
    """Return the session a change is about: the case's, else one on a day that was named, else the next."""
    sessions = upcoming(schedule, now)
    if case.session_id is not None:
        return next((s for s in sessions if s.id == case.session_id), None)
    whens = reading.slots.when if reading else ()
    if len(whens) > 1 and whens[0].date is not None:
        named = [s for s in sessions if s.start.astimezone(zone).date() == whens[0].date]
        if named:
            return named[0]
    return sessions[0] if sessions else None


def choose(
    case: Case,
    reading: Reading | None,
    schedule: ScheduleFacts,
    session: Session | None,
    zone: ZoneInfo,
    now: dt.datetime,
    most: int,
) -> SlotChoice:
    """Resolve the wanted slot from an earlier offer, a confirmation or the words of this message."""
    free = _reachable(schedule, session, now)
    nearest = free[:most]
    if reading is None:
        return SlotChoice(state="none", offers=nearest)
    picked = _picked(case, reading, zone)
    if picked is not None:
        return _still_free(picked, free, most)
    wish = _wish(reading, session, zone)
    if wish is None:
        return SlotChoice(state="none", offers=nearest)
    offered = tuple(s for s in case.offered if s in free) if case.waiting_for == "slot" else ()
    pool = offered if offered and wish.date is None else free
    fitting = tuple(s for s in pool if _fits(s, wish, zone))
    if wish.time is not None and len(fitting) == 1:
        return SlotChoice(state="matched", slot=fitting[0], offers=nearest)
    if fitting:
        return SlotChoice(state="vague", offers=fitting[:most])
    return SlotChoice(state="taken", offers=_around(free, wish, zone)[:most])


def _reachable(schedule: ScheduleFacts, session: Session | None, now: dt.datetime) -> tuple[Slot, ...]:
    """Return free slots ahead, those of the session's own coach first, soonest first."""
    coach = session.coach if session else None
    ahead = [s for s in schedule.free_slots if s.start > now]
    return tuple(sorted(ahead, key=lambda s: (s.coach != coach, s.start)))


def _picked(case: Case, reading: Reading, zone: ZoneInfo) -> Slot | None:
    """Return the slot confirmed or chosen by number, unless the same message names another time."""
    slot = None
    choice = reading.slots.choice
    if case.waiting_for == "confirm" and reading.slots.yes_no == "yes":
        slot = case.chosen
    elif case.waiting_for == "slot" and choice is not None and case.offered:
        index = len(case.offered) - 1 if choice == -1 else choice - 1
        slot = case.offered[index] if 0 <= index < len(case.offered) else None
    agrees = slot is not None and all(_fits(slot, wish, zone) for wish in reading.slots.when)
    return slot if agrees else None


def _still_free(slot: Slot, free: tuple[Slot, ...], most: int) -> SlotChoice:
    if slot in free:
        return SlotChoice(state="chosen", slot=slot)
    return SlotChoice(state="taken", offers=free[:most])


def _wish(reading: Reading, session: Session | None, zone: ZoneInfo) -> WhenSlot | None:
    """Return the time wanted; of two times said, the first may only name the session to be moved."""
    whens = reading.slots.when
    if not whens:
        return None
    if len(whens) > 1 and session and whens[0].date == session.start.astimezone(zone).date():
        return whens[1]
    return whens[0]


def _fits(slot: Slot, wish: WhenSlot, zone: ZoneInfo) -> bool:
    start = slot.start.astimezone(zone)
    if wish.date is not None and start.date() != wish.date:
        return False
    if wish.time is not None:
        hours = {wish.time.hour, (wish.time.hour + 12) % 24} if wish.ambiguous_hour else {wish.time.hour}
        return start.hour in hours and start.minute == wish.time.minute
    if wish.part_of_day is not None:
        low, high = PARTS[wish.part_of_day]
        return low <= start.hour < high
    return True


def _around(free: tuple[Slot, ...], wish: WhenSlot, zone: ZoneInfo) -> tuple[Slot, ...]:
    """Order the free slots by how near they are to the day that was wanted."""
    if wish.date is None:
        return free
    day = wish.date
    return tuple(sorted(free, key=lambda s: (abs((s.start.astimezone(zone).date() - day).days), s.start)))
