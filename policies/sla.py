"""Service clocks: they run in the desk's own zone, in its business hours, and stand still on its holidays."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import field_validator, model_validator

from casefile.base import Frozen, Language
from casefile.verdict import Tier
from policies.limits import Limits
from policies.words import short_date_words, time_words

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEK: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
URGENT = frozenset({"chargeback", "legal", "minors_safety", "harassment", "abuse"})
GRIEVANCE = URGENT | {"complaint"}
# Intents that ask for something to be done even where nothing of record changes.
ASKING = frozenset({"invoice_resend", "human_request", "opt_out", "opt_in", "payment_claim", "withdrawal"})
ROUND_MINUTES = 5


class Hours(Frozen):
    """When a desk works: local opening hours per weekday (a missing day is closed), minus days off.

    Times are written in quotes in YAML ("09:00"): unquoted, YAML reads a number.
    """

    zone: str
    week: dict[Weekday, tuple[time, time] | None]
    holidays: frozenset[date] = frozenset()
    closed: frozenset[date] = frozenset()

    @field_validator("zone")
    @classmethod
    def _zone_exists(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f'{zone!r} is not a time zone; write it as "Asia/Jakarta"') from error
        return zone

    @field_validator("week", mode="before")
    @classmethod
    def _times_quoted(cls, week: object) -> object:
        spans = [span for span in week.values() if span] if isinstance(week, dict) else []
        if any(isinstance(edge, int | float) for span in spans for edge in span):
            raise ValueError('write opening hours in quotes, as ["09:00", "17:00"]')
        return week

    @model_validator(mode="after")
    def _opens(self) -> "Hours":
        spans = [span for span in self.week.values() if span is not None]
        if not spans:
            raise ValueError("a desk must be open on at least one weekday")
        if any(opens >= closes for opens, closes in spans):
            raise ValueError("opening must come before closing on the same day")
        return self


def is_open(hours: Hours, at: datetime) -> bool:
    """Say whether the desk works at this moment; at closing time it does not any more."""
    return next(_windows(hours, at))[0] <= at


def add_business(hours: Hours, start: datetime, minutes: int) -> datetime:
    """Return when that many working minutes have gone by (UTC); none means the next working moment."""
    left = timedelta(minutes=minutes)
    windows = _windows(hours, start)
    opens, closes = next(windows)
    at = max(opens, start)
    while closes - at < left:
        left -= closes - at
        at, closes = next(windows)
    return (at + left).astimezone(UTC)


def business_seconds(hours: Hours, a: datetime, b: datetime) -> float:
    """Return the working seconds between two moments; 0 when `b` is not after `a`."""
    worked = timedelta()
    for opens, closes in takewhile(lambda window: window[0] < b, _windows(hours, a)):
        worked += max(min(closes, b) - max(opens, a), timedelta())
    return worked.total_seconds()


def end_of_day(hours: Hours, at: datetime) -> datetime:
    """Return the closing of this working day, or of the next one when the desk has closed (UTC)."""
    return next(_windows(hours, at))[1]


def deadline(hours: Hours, tier: Tier, urgent: bool, opened_at: datetime, limits: Limits) -> datetime:
    """Return by when a case has to be settled (R0, R1) or looked at by a person (R2, R3), in UTC."""
    if tier in ("R0", "R1"):
        return add_business(hours, opened_at, limits.resolution_minutes)
    day = end_of_day(hours, opened_at)
    # Urgent is never slower than standard, also in the last hour of a day.
    return min(day, add_business(hours, opened_at, limits.urgent_minutes)) if urgent else day


def next_update(hours: Hours, now: datetime, limits: Limits) -> datetime:
    """Return by when somebody who was updated and still waits hears again (UTC)."""
    return add_business(hours, now, limits.still_working_minutes)


def window_words(hours: Hours, now: datetime, due: datetime, language: Language) -> str:
    """Say by when, for a customer: `hari ini sebelum pukul 17.00 WIB`, `today before 5:00 PM WIB`.

    Rounded up to five minutes. A moment that has passed is never promised: the end of the working day is.
    """
    zone = ZoneInfo(hours.zone)
    by = _rounded_up(due if due > now else end_of_day(hours, now))
    days = (by.astimezone(zone).date() - now.astimezone(zone).date()).days
    clock, day = time_words(by, zone, language), short_date_words(by, zone, language)
    if language == "id":
        when = "hari ini" if days == 0 else f"besok ({day})" if days == 1 else day
        return f"{when} sebelum pukul {clock}"
    when = "today" if days == 0 else f"tomorrow ({day})" if days == 1 else f"on {day}"
    return f"{when} before {clock}"


def kind_and_sla(
    intent: str, signals: tuple[str, ...], tier: Tier
) -> tuple[Literal["question", "request", "complaint"], Literal["urgent", "standard", "low"]]:
    """Sort a message into its kind and its service class, from what was read in it and its tier."""
    kind: Literal["question", "request", "complaint"] = "question"
    if GRIEVANCE & set(signals):
        kind = "complaint"
    elif tier in ("R2", "R3") or intent in ASKING:
        kind = "request"
    if URGENT & set(signals):
        return kind, "urgent"
    return kind, "low" if tier == "R0" and kind == "question" else "standard"


def _windows(hours: Hours, since: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the working windows that close after `since`, in order, in UTC."""
    zone = ZoneInfo(hours.zone)
    day = since.astimezone(zone).date()
    off = hours.holidays | hours.closed
    while True:
        span = None if day in off else hours.week.get(WEEK[day.weekday()])
        if span is not None:
            # In UTC, so that a change of the clocks inside a day counts as the time that really passes.
            opens, closes = (datetime.combine(day, edge, zone).astimezone(UTC) for edge in span)
            if closes > since:
                yield opens, closes
        day += timedelta(days=1)


def _rounded_up(at: datetime) -> datetime:
    step = timedelta(minutes=ROUND_MINUTES)
    over = timedelta(minutes=at.minute % ROUND_MINUTES, seconds=at.second, microseconds=at.microsecond)
    return at + step - over if over else at
