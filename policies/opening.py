"""Is the desk open on a day? Said from its hours and days off."""

import datetime as dt
from typing import Literal

from casefile.base import Frozen
from policies.sla import WEEK, Hours

AHEAD = 366


class OpenDay(Frozen):
    """One day at the desk: its hours, or why it is closed and when it opens next.

    `why`: a public holiday, a weekday it never opens on, or a day off of its own.
    """

    day: dt.date
    hours: tuple[dt.time, dt.time] | None = None
    why: Literal["", "holiday", "weekday", "closed"] = ""
    again: dt.date | None = None


def open_day(hours: Hours, day: dt.date) -> OpenDay:
    """Return how the desk is open on a day."""
    span, why = _span(hours, day)
    if span is not None:
        return OpenDay(day=day, hours=span)
    ahead = (day + dt.timedelta(days=n) for n in range(1, AHEAD))
    again = next(((d, s) for d in ahead if (s := _span(hours, d)[0]) is not None), None)
    return OpenDay(day=day, hours=again[1] if again else None, why=why, again=again[0] if again else None)


def _span(
    hours: Hours, day: dt.date
) -> tuple[tuple[dt.time, dt.time] | None, Literal["", "holiday", "weekday", "closed"]]:
    if day in hours.closed:
        return None, "closed"
    if day in hours.holidays:
        return None, "holiday"
    span = hours.week.get(WEEK[day.weekday()])
    return span, "" if span else "weekday"
