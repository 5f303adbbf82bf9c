"""Reminders the day before a session: who is reminded, and whether it may still be said."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime

from casefile.base import Frozen
from casefile.events import ReminderFellDue
from casefile.facts import Facts
from casefile.session_events import SessionMustMove
from policies.identity import is_verified
from policies.periodic import same_day
from policies.sla import Hours
from policies.window import is_open

# A reminder that comes late in the evening wakes people up.
QUIET_FROM = time(21)
Standing = Literal["due", "opted_out", "unreachable"]


class Way(Frozen):
    """One way to somebody who answers for a student; without a conversation they have never written to us."""

    contact_id: str
    opt_out: bool = False
    conversation_id: str | None = None
    window_opened_at: AwareDatetime | None = None


def tomorrow(now: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return when the desk's next day begins and when it ends, in UTC."""
    day = now.astimezone(zone).date()
    first, second = (datetime.combine(day + timedelta(days=n), time(), zone).astimezone(UTC) for n in (1, 2))
    return first, second


def may_remind(hours: Hours, slot: datetime, now: datetime) -> bool:
    """Say whether reminders of this slot may go out now: on its own day, and not late in the evening."""
    return same_day(hours, slot, now) and now.astimezone(ZoneInfo(hours.zone)).time() < QUIET_FROM


def whom(ways: Sequence[Way], now: datetime) -> tuple[Standing, Way | None]:
    """Return where it is said: the first that wants it and may be written to, in the order they are given."""
    wanted = [way for way in ways if not way.opt_out]
    if ways and not wanted:
        return "opted_out", None
    reached = next(
        (way for way in wanted if way.conversation_id and is_open(way.window_opened_at, now)), None
    )
    return ("due", reached) if reached else ("unreachable", None)


def still_due(event: ReminderFellDue, facts: Facts, zone: tzinfo) -> bool:
    """Say whether the records, read now, still have that session tomorrow and its customer still wants to hear."""
    identity, contact, schedule = facts.identity, facts.contact, facts.schedule
    if not is_verified(identity) or identity.locked or contact is None or contact.opt_out or schedule is None:
        return False
    begins, ends = tomorrow(facts.now, zone)
    stands = any(
        s.id == event.session_id and s.status == "scheduled" and s.start == event.start and not s.must_move
        for s in schedule.sessions
    )
    return (
        stands
        and begins <= event.start < ends
        and any(student.id == event.student_id for student in facts.students)
        and is_open(facts.conversation.window_opened_at, facts.now)
    )


def still_to_move(event: SessionMustMove, facts: Facts) -> bool:
    """Say whether the records, read now, still have that session to be moved, and its customer can be written to."""
    identity, schedule = facts.identity, facts.schedule
    if not is_verified(identity) or identity.locked or schedule is None:
        return False
    stands = any(
        s.id == event.session_id and s.status == "scheduled" and s.must_move for s in schedule.sessions
    )
    return stands and is_open(facts.conversation.window_opened_at, facts.now)
