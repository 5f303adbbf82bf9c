"""Periodic work: when the slots of each job fall, by the desk's own clock and calendar."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

from casefile.base import Frozen
from policies.sla import WEEK, Hours

DAY = timedelta(days=1)


class Every(Frozen):
    """Every so many minutes, counted from each local midnight."""

    minutes: int = Field(ge=1, le=24 * 60)


class Daily(Frozen):
    """Once a day at a local time, whether or not the desk works that day."""

    at: time


class Weekly(Frozen):
    """Every Monday at a local time, holiday or not."""

    at: time


class AtOpening(Frozen):
    """As the desk opens, on the days it works."""


Cadence = Every | Daily | Weekly | AtOpening


class Rhythm(Frozen):
    """How often the desk's periodic jobs run, or at which local time."""

    heartbeat_minutes: int = Field(default=120, ge=5, le=24 * 60)
    reconcile_minutes: int = Field(default=15, ge=1, le=24 * 60)
    orders_minutes: int = Field(default=5, ge=1, le=24 * 60)
    reminders_at: time = time(9)
    follow_ups_at: time = time(10)
    retention_at: time = time(3)
    weekly_at: time = time(8)

    @field_validator("reminders_at", "follow_ups_at", "retention_at", "weekly_at", mode="before")
    @classmethod
    def _quoted(cls, at: object) -> object:
        if isinstance(at, int | float):
            raise ValueError('write times in quotes, as "09:00"')
        return at


def latest(cadence: Cadence, hours: Hours, now: datetime) -> datetime:
    """Return the slot that has come last, in UTC; one that begins at this moment has come."""
    day = now.astimezone(ZoneInfo(hours.zone)).date()
    while True:
        come = [slot for slot in _slots(cadence, hours, day) if slot <= now]
        if come:
            return come[-1]
        day -= DAY


def following(cadence: Cadence, hours: Hours, now: datetime) -> datetime:
    """Return the slot that comes next after this moment, in UTC."""
    day = now.astimezone(ZoneInfo(hours.zone)).date()
    while True:
        for slot in _slots(cadence, hours, day):
            if slot > now:
                return slot
        day += DAY


def same_day(hours: Hours, slot: datetime, now: datetime) -> bool:
    """Say whether it is still the desk's day on which a slot began: what is of that day may still be said."""
    zone = ZoneInfo(hours.zone)
    return slot.astimezone(zone).date() == now.astimezone(zone).date()


def _slots(cadence: Cadence, hours: Hours, day: date) -> Iterator[datetime]:
    """Yield a local day's slots in order."""
    if isinstance(cadence, Every):
        # In UTC, so that a day of 23 hours has the slots that really come in it.
        start, end = _at(hours, day, time()), _at(hours, day + DAY, time())
        while start < end:
            yield start
            start += timedelta(minutes=cadence.minutes)
    elif isinstance(cadence, Daily):
        yield _at(hours, day, cadence.at)
    elif isinstance(cadence, Weekly):
        if day.weekday() == 0:
            yield _at(hours, day, cadence.at)
    else:
        span = hours.week.get(WEEK[day.weekday()])
        if span is not None and day not in hours.holidays | hours.closed:
            yield _at(hours, day, span[0])


def _at(hours: Hours, day: date, at: time) -> datetime:
    return datetime.combine(day, at, ZoneInfo(hours.zone)).astimezone(UTC)
