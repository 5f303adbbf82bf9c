"""Which session is meant: what was said, resolved against what stands in the schedule."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from casefile.base import Frozen
from casefile.case import Case
from casefile.facts import ScheduleFacts
from casefile.reading import Reading, WhenSlot
from casefile.records import Session
from policies.missed import Missed, missed
from policies.wishes import fits

# What stands in the records as a lesson given, used up or to come; a moved or cancelled one is none.
HELD = frozenset({"scheduled", "consumed", "done"})
LESSON = r"(?<!\w)(?:sesi|les|kelas|jadwal|lesson|class|session)(?:ku|nya)?"
MOVING = re.compile(r"(?:pindah|ganti|geser|ubah|undur|maju|reschedul|(?<!\w)mov|chang)")
# "Jadi" that begins a sentence is "so", and says where nothing shall go.
TOWARDS = r"(?<!\w)(?:ke|(?<=\w )(?:jadi|menjadi)|to|into)\s+(?:hari\s+|tanggal\s+|tgl\s+|the\s+)?"


class Meant(Frozen):
    """The session a change is about, and the times that were said beside it.

    `gone`: it is one that has passed, whether or not the records show it; such a session counts as consumed.
    `astray`: it was named by a day on which there is none, and is only the nearest.
    """

    session: Session | None = None
    gone: bool = False
    astray: bool = False
    wishes: tuple[WhenSlot, ...] = ()


def upcoming(schedule: ScheduleFacts, now: dt.datetime) -> tuple[Session, ...]:
    """Return the sessions still ahead, soonest first."""
    ahead = [s for s in schedule.sessions if s.status == "scheduled" and s.start > now]
    return tuple(sorted(ahead, key=lambda s: s.start))


def session_meant(
    case: Case, reading: Reading | None, schedule: ScheduleFacts, zone: ZoneInfo, now: dt.datetime
) -> Meant:
    """Return the session a change is about: the case's, one that was named or missed, else the next."""
    found = _session_meant(case, reading, schedule, zone, now)
    # Told beside a story ("minggu ini ramai ..."), the time it shall go to is still the one that is wanted.
    wishes = sorted(found.wishes, key=lambda when: not _towards(reading, when))
    return found.model_copy(update={"wishes": tuple(wishes)})


def _session_meant(
    case: Case, reading: Reading | None, schedule: ScheduleFacts, zone: ZoneInfo, now: dt.datetime
) -> Meant:
    whens = reading.slots.when if reading else ()
    held = tuple(
        sorted((s for s in schedule.sessions if s.status in HELD), key=lambda s: (s.start <= now, s.start))
    )
    if case.session_id is not None and not _names_another(case, reading, whens, held, zone):
        known = next((s for s in schedule.sessions if s.id == case.session_id and s.status in HELD), None)
        return _about(known, whens[1:] if _leads(whens, known, zone) else whens, now)
    past = missed(reading.normalized, now.astimezone(zone).date()) if reading else None
    if past is not None and past.slipped:
        return _gone(past, whens, schedule, zone, now)
    for place, when in enumerate(whens):
        leads = place == 0 and len(whens) > 1
        by_hour = leads and when.time is not None and _towards(reading, whens[1])
        session = next((s for s in held if _names(when, s, leads, by_hour, zone)), None)
        if session is not None and not _towards(reading, when):
            return _about(session, (*whens[:place], *whens[place + 1 :]), now)
    if past is not None:
        return _gone(past, whens, schedule, zone, now)
    moved = next((s for s in held if case.moved is not None and s.id == case.moved.session_id), None)
    if moved is not None and whens:
        # "The two o'clock one after all", right after a move, is about the session just moved.
        return _about(moved, whens, now)
    nearest = next(iter(upcoming(schedule, now)), None)
    if nearest is not None and reading is not None and _named_astray(reading, whens):
        return Meant(session=nearest, astray=True, wishes=whens[1:])
    return Meant(session=nearest, wishes=whens)


def _named_astray(reading: Reading, whens: tuple[WhenSlot, ...]) -> bool:
    """Say whether the first day said is the lesson's own, though no lesson stands on it."""
    first = next(iter(whens), None)
    if first is None or first.date is None or first.time is not None or _towards(reading, first):
        return False
    day = re.escape(first.text)
    said = " ".join(request.text for request in reading.requests)
    named = re.search(rf"{LESSON} (?:\w+ )?{day}(?!\w)|{day}(?:'s)? (?:lesson|class|session)", said)
    leads = len(whens) > 1 and _towards(reading, whens[1])
    return MOVING.search(said) is not None and (named is not None or leads)


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


def _names_another(
    case: Case,
    reading: Reading | None,
    whens: tuple[WhenSlot, ...],
    held: tuple[Session, ...],
    zone: ZoneInfo,
) -> bool:
    """Say whether another lesson than the case's is named by its day before where it shall go."""
    if len(whens) < 2 or _towards(reading, whens[0]) or not _towards(reading, whens[1]):
        return False
    named = next((s for s in held if _leads(whens, s, zone)), None)
    return named is not None and named.id != case.session_id


def _leads(whens: tuple[WhenSlot, ...], session: Session | None, zone: ZoneInfo) -> bool:
    """Say whether the first of several times only names the session's own day."""
    return session is not None and len(whens) > 1 and whens[0].date == session.start.astimezone(zone).date()


def _names(when: WhenSlot, session: Session, leads: bool, by_hour: bool, zone: ZoneInfo) -> bool:
    """Say whether a time names a session; the first of several may do so by its day, or by its hour, alone."""
    if when.date is None:
        return by_hour and fits(session, when, zone)
    return _leads((when, when), session, zone) if leads else fits(session, when, zone)


def _towards(reading: Reading | None, when: WhenSlot) -> bool:
    """Say whether a time is where something shall go ("ke kamis", "to Thursday").

    Said twice, as in "les jumat ke jumat jam 2", its first place counts: there it is the lesson's own.
    """
    said = " ".join(request.text for request in reading.requests) if reading else ""
    place, towards = said.find(when.text), re.search(TOWARDS + re.escape(when.text), said)
    return towards is not None and towards.end() == place + len(when.text)
