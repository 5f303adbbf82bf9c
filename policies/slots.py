"""Which free slot is wanted: what was said, resolved against what is free."""

import datetime as dt
from typing import Literal
from zoneinfo import ZoneInfo

from casefile.base import Frozen
from casefile.case import Case, Wish
from casefile.facts import ScheduleFacts
from casefile.reading import Reading, WhenSlot
from casefile.records import Session, Slot
from policies.sessions import Meant
from policies.wishes import around, asks_for_others, fits, names_other_coach, wished


class SlotChoice(Frozen):
    """How far the wish for a new time got.

    none: no time said; vague: several fit (`offers`); which: agreed to, but to which of those offered;
    no_slot: no free time stands where one was wanted; taken: offered or confirmed before and gone since;
    matched: exactly one fits and still has to be confirmed; chosen: picked from an offer or confirmed;
    all_shown: others are wanted, and there are none; back: the hour that the session was moved from is free;
    back_taken: it is not; other_coach: one was named who does not teach them. `wish` is the time that was wanted.
    """

    state: Literal[
        "none",
        "vague",
        "which",
        "no_slot",
        "taken",
        "matched",
        "chosen",
        "all_shown",
        "back",
        "back_taken",
        "other_coach",
    ]
    slot: Slot | None = None
    offers: tuple[Slot, ...] = ()
    wish: Wish | None = None


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
    free = reachable(schedule, meant.session, now)
    elsewhere = _elsewhere(free, meant.session, zone)
    nearest = elsewhere[:most]
    if reading is None:
        return SlotChoice(state="none", offers=nearest)
    picked = _picked(case, reading, meant.wishes, zone)
    if picked is not None:
        return _still_free(picked, free, most)
    coaches = frozenset({s.coach for s in schedule.sessions} | {s.coach for s in schedule.free_slots})
    wish = wished(case, reading, meant.session, meant.wishes, coaches, zone, now)
    another = names_other_coach(reading, coaches)
    if wish is None and not another:
        return _open(case, reading, elsewhere, zone, most)
    if another and wish is None and case.chosen in free:
        return SlotChoice(state="other_coach", offers=(case.chosen,))
    found = _wanted(case, meant, wish or Wish(text=""), free, zone, most)
    if another:
        # A change of coach is more than a move: nobody else's hours are offered, and no own one is taken for it.
        return SlotChoice(
            state="other_coach", offers=(found.slot,) if found.slot else found.offers, wish=wish
        )
    return found


def _wanted(
    case: Case, meant: Meant, wish: Wish, free: tuple[Slot, ...], zone: ZoneInfo, most: int
) -> SlotChoice:
    """Return what is free of the time wanted; a bare hour first means one of those just offered."""
    said = next(iter(meant.wishes), None)
    offered = tuple(s for s in case.offered if s in free) if case.waiting_for == "slot" else ()
    bare = said is not None and said.date is None and wish.until is None
    fitting = tuple(s for s in offered if bare and said is not None and fits(s, said, zone))
    fitting = fitting or tuple(s for s in free if fits(s, wish, zone))
    if wish.time is not None and wish.date is None:
        # "At six instead": of the lesson's own day when that is free, else of whichever day it is.
        fitting = tuple(s for s in fitting if _same_day(s, meant.session, zone)) or fitting
    if wish.time is not None and len(fitting) == 1:
        return SlotChoice(
            state="matched", slot=fitting[0], offers=_elsewhere(free, meant.session, zone)[:most], wish=wish
        )
    if fitting:
        best = fitting if wish.date is not None else _elsewhere(fitting, meant.session, zone)
        return SlotChoice(state="vague", offers=best[:most], wish=wish)
    gone = any(fits(s, wish, zone) for s in case.offered if s not in free)
    state: Literal["taken", "no_slot"] = "taken" if gone and wish.time is not None else "no_slot"
    near = around(free, wish, zone)
    if meant.session is None or wish.date != meant.session.start.astimezone(zone).date():
        near = _elsewhere(near, meant.session, zone)
    return SlotChoice(state=state, offers=near[:most], wish=wish)


def _elsewhere(free: tuple[Slot, ...], session: Session | None, zone: ZoneInfo) -> tuple[Slot, ...]:
    """Leave the lesson's own day for last: it is the day that does not suit."""
    return tuple(sorted(free, key=lambda s: _same_day(s, session, zone)))


def _same_day(slot: Slot, session: Session | None, zone: ZoneInfo) -> bool:
    own = session.start.astimezone(zone).date() if session is not None else None
    return slot.start.astimezone(zone).date() == own


def reachable(schedule: ScheduleFacts, session: Session | None, now: dt.datetime) -> tuple[Slot, ...]:
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
    agrees = slot is not None and all(fits(slot, wish, zone) for wish in wishes)
    return slot if agrees else None


def _open(case: Case, reading: Reading, free: tuple[Slot, ...], zone: ZoneInfo, most: int) -> SlotChoice:
    """Return how far things stand when no time was said: what was asked is still asked."""
    if case.waiting_for in {"slot", "confirm"} and asks_for_others(reading.normalized):
        seen = {*case.shown, *(slot.id for slot in case.offered)}
        days = (case.wish or Wish(text="")).model_copy(update={"time": None, "part_of_day": None})
        unseen = sorted(
            (slot for slot in free if slot.id not in seen and slot != case.chosen),
            key=lambda slot: not fits(slot, days, zone),
        )
        return SlotChoice(state="vague" if unseen else "all_shown", offers=tuple(unseen or free)[:most])
    if case.waiting_for == "confirm" and case.chosen in free and reading.slots.yes_no is None:
        return SlotChoice(state="matched", slot=case.chosen, offers=free[:most])
    offered = tuple(slot for slot in case.offered if slot in free)
    if case.waiting_for == "slot" and reading.slots.yes_no == "yes" and offered:
        return SlotChoice(state="which", offers=offered)
    return SlotChoice(state="none", offers=free[:most])


def _still_free(slot: Slot, free: tuple[Slot, ...], most: int) -> SlotChoice:
    if slot in free:
        return SlotChoice(state="chosen", slot=slot)
    return SlotChoice(state="taken", offers=free[:most])
