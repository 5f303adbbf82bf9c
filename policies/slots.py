"""Which session is meant and which free slot is wanted: what was said, resolved against what exists."""

import datetime as dt
import re
from typing import Literal
from zoneinfo import ZoneInfo

from casefile.base import Frozen
from casefile.case import Case
from casefile.facts import ScheduleFacts
from casefile.reading import Reading, WhenSlot
from casefile.records import Session, Slot
from policies.missed import Missed, missed

PARTS: dict[str, tuple[int, int]] = {
    "morning": (0, 11),
    "noon": (11, 15),
    "afternoon": (14, 19),
    "evening": (18, 24),
}
# What stands in the records as a lesson given, used up or to come; a moved or cancelled one is none.
HELD = frozenset({"scheduled", "consumed", "done"})
TOWARDS = r"(?<!\w)(?:ke|jadi|menjadi|to|into)\s+(?:hari\s+|tanggal\s+|tgl\s+|the\s+)?"


class Meant(Frozen):
    """The session a change is about, and the times that were said beside it.

    `gone`: it is one that has passed, whether or not the records show it; such a session counts as consumed.
    """

    session: Session | None = None
    gone: bool = False
    wishes: tuple[WhenSlot, ...] = ()


class SlotChoice(Frozen):
    """How far the wish for a new time got.

    none: no time said; vague: several fit (`offers`); which: agreed to, but to which of those offered;
    no_slot: no free time stands where one was wanted; taken: offered or confirmed before and gone since;
    matched: exactly one fits and still has to be confirmed; chosen: picked from an offer or confirmed.
    """

    state: Literal["none", "vague", "which", "no_slot", "taken", "matched", "chosen"]
    slot: Slot | None = None
    offers: tuple[Slot, ...] = ()


def upcoming(schedule: ScheduleFacts, now: dt.datetime) -> tuple[Session, ...]:
    """Return the sessions still ahead, soonest first."""
    ahead = [s for s in schedule.sessions if s.status == "scheduled" and s.start > now]
    return tuple(sorted(ahead, key=lambda s: s.start))


def session_meant(
    case: Case, reading: Reading | None, schedule: ScheduleFacts, zone: ZoneInfo, now: dt.datetime
) -> Meant:
    """Return the session a change is about: the case's, one that was named or missed, else the next."""
    whens = reading.slots.when if reading else ()
    if case.session_id is not None:
        known = next((s for s in schedule.sessions if s.id == case.session_id and s.status in HELD), None)
        return _about(known, whens[1:] if _leads(whens, known, zone) else whens, now)
    past = missed(reading.normalized, now.astimezone(zone).date()) if reading else None
    if past is not None and past.slipped:
        return _gone(past, whens, schedule, zone, now)
    held = tuple(
        sorted((s for s in schedule.sessions if s.status in HELD), key=lambda s: (s.start <= now, s.start))
    )
    for place, when in enumerate(whens):
        session = next((s for s in held if _names(when, s, len(whens) > 1 and place == 0, zone)), None)
        if session is not None and not _towards(reading, when):
            return _about(session, (*whens[:place], *whens[place + 1 :]), now)
    if past is not None:
        return _gone(past, whens, schedule, zone, now)
    return Meant(session=next(iter(upcoming(schedule, now)), None), wishes=whens)


def _about(session: Session | None, wishes: tuple[WhenSlot, ...], now: dt.datetime) -> Meant:
    return Meant(session=session, gone=session is not None and session.start <= now, wishes=wishes)


def _gone(
    past: Missed, whens: tuple[WhenSlot, ...], schedule: ScheduleFacts, zone: ZoneInfo, now: dt.datetime
) -> Meant:
    """Return the lesson gone by: that of the day that was said, else the latest."""
    over = [s for s in schedule.sessions if s.status in HELD and s.start <= now]
    day, today = past.day, now.astimezone(zone).date()
    if day is None and whens and whens[0].date == today:
        # "I missed today's lesson": the first day said is the lesson's own.
        day, whens = today, whens[1:]
    on_it = [s for s in over if day is None or s.start.astimezone(zone).date() == day]
    if past.weekday and day is not None and whens and whens[0].date is not None:
        # "Senin lalu" was also heard as the Monday to come.
        whens = whens[1:] if whens[0].date.weekday() == day.weekday() else whens
    return Meant(session=max(on_it, key=lambda s: s.start, default=None), gone=True, wishes=whens)


def _leads(whens: tuple[WhenSlot, ...], session: Session | None, zone: ZoneInfo) -> bool:
    """Say whether the first of several times only names the session's own day."""
    return session is not None and len(whens) > 1 and whens[0].date == session.start.astimezone(zone).date()


def _names(when: WhenSlot, session: Session, leads: bool, zone: ZoneInfo) -> bool:
    """Say whether a time names a session; the first of several may do so by its day alone."""
    if when.date is None:
        return False
    return _leads((when, when), session, zone) if leads else _fits(session, when, zone)


def _towards(reading: Reading | None, when: WhenSlot) -> bool:
    """Say whether a time is where something shall go ("ke kamis", "to Thursday")."""
    said = " ".join(request.text for request in reading.requests) if reading else ""
    return re.search(TOWARDS + re.escape(when.text), said) is not None


def choose(
    case: Case,
    reading: Reading | None,
    schedule: ScheduleFacts,
    meant: Meant,
    zone: ZoneInfo,
    now: dt.datetime,
    most: int,
) -> SlotChoice:
    """Resolve the wanted slot from an earlier offer, a confirmation or the words of this message."""
    free = _reachable(schedule, meant.session, now)
    nearest = free[:most]
    if reading is None:
        return SlotChoice(state="none", offers=nearest)
    picked = _picked(case, reading, meant.wishes, zone)
    if picked is not None:
        return _still_free(picked, free, most)
    wish = next(iter(meant.wishes), None)
    if wish is None:
        return _open(case, reading, free, nearest)
    offered = tuple(s for s in case.offered if s in free) if case.waiting_for == "slot" else ()
    pool = offered if offered and wish.date is None else free
    fitting = tuple(s for s in pool if _fits(s, wish, zone))
    if wish.time is not None and len(fitting) == 1:
        return SlotChoice(state="matched", slot=fitting[0], offers=nearest)
    if fitting:
        return SlotChoice(state="vague", offers=fitting[:most])
    gone = any(_fits(s, wish, zone) for s in case.offered if s not in free)
    state: Literal["taken", "no_slot"] = "taken" if gone and wish.time is not None else "no_slot"
    return SlotChoice(state=state, offers=_around(free, wish, zone)[:most])


def _reachable(schedule: ScheduleFacts, session: Session | None, now: dt.datetime) -> tuple[Slot, ...]:
    """Return free slots ahead, those of the session's own coach first, soonest first."""
    coach = session.coach if session else None
    ahead = [s for s in schedule.free_slots if s.start > now]
    return tuple(sorted(ahead, key=lambda s: (s.coach != coach, s.start)))


def _picked(case: Case, reading: Reading, wishes: tuple[WhenSlot, ...], zone: ZoneInfo) -> Slot | None:
    """Return the slot confirmed or chosen by number, unless the same message names another time."""
    slot = None
    choice = reading.slots.choice
    agreed = reading.slots.yes_no == "yes"
    if case.waiting_for == "confirm" and agreed:
        slot = case.chosen
    elif case.waiting_for == "slot" and agreed and choice is None and len(case.offered) == 1:
        slot = case.offered[0]
    elif case.waiting_for == "slot" and choice is not None and case.offered:
        index = len(case.offered) - 1 if choice == -1 else choice - 1
        slot = case.offered[index] if 0 <= index < len(case.offered) else None
    agrees = slot is not None and all(_fits(slot, wish, zone) for wish in wishes)
    return slot if agrees else None


def _open(case: Case, reading: Reading, free: tuple[Slot, ...], nearest: tuple[Slot, ...]) -> SlotChoice:
    """Return how far things stand when no time was said: what was asked is still asked."""
    if case.waiting_for == "confirm" and case.chosen in free and reading.slots.yes_no is None:
        return SlotChoice(state="matched", slot=case.chosen, offers=nearest)
    offered = tuple(slot for slot in case.offered if slot in free)
    if case.waiting_for == "slot" and reading.slots.yes_no == "yes" and offered:
        return SlotChoice(state="which", offers=offered)
    return SlotChoice(state="none", offers=nearest)


def _still_free(slot: Slot, free: tuple[Slot, ...], most: int) -> SlotChoice:
    if slot in free:
        return SlotChoice(state="chosen", slot=slot)
    return SlotChoice(state="taken", offers=free[:most])


def _fits(slot: Slot | Session, wish: WhenSlot, zone: ZoneInfo) -> bool:
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
