"""B's answers about one day: whether there is a lesson on it, and whether the desk is open."""

from datetime import date, datetime, time

from agents.work import Work
from casefile.records import Session
from policies.days import AskedDays, asked_days
from policies.opening import open_day
from policies.prospects import asks_availability
from policies.words import time_words
from prompts.render import Rendered

OPENING_TOPICS = frozenset({"opening_hours", "public_holidays"})


def today(work: Work) -> date:
    """Return the desk's own date."""
    return work.now.astimezone(work.desk.rules.zone).date()


def lessons_on(work: Work, ahead: list[Session]) -> tuple[str, list[Session]] | None:
    """Return the day or week that is asked about, in words, with its lessons; None when none is named."""
    days = asked_days(work.facts.reading, today(work))
    if days is None:
        return None
    zone = work.desk.rules.zone
    found = [s for s in ahead if days.first <= s.start.astimezone(zone).date() <= days.last]
    return _leading(work, days), found


def opening(work: Work) -> Rendered | None:
    """Say whether we are open on the day that is asked about; None when the page says all that was asked."""
    reading, page = work.facts.reading, work.facts.excerpt
    if page is None or page.topic not in OPENING_TOPICS:
        return None
    if reading is not None and not work.matter.verified and asks_availability(reading.normalized):
        return work.render("hours_prospect", answer=page.excerpt)
    days = asked_days(reading, today(work))
    if days is None or days.week is not None:
        return None
    known = open_day(work.desk.rules.hours, days.first)
    day = _leading(work, days)
    if known.hours is None:
        return None
    if known.again is None:
        opens, closes = (_clock(work, known.day, edge) for edge in known.hours)
        return work.render("open_on", day=day, opens=opens.rsplit(" ", 1)[0], closes=closes)
    again = AskedDays(first=known.again, last=known.again).words(today(work), work.language)
    return work.render(
        "closed_on",
        day=day,
        cause="" if known.why == "weekday" else work.label(f"closed.{known.why}"),
        again=again,
        opens=_clock(work, known.again, known.hours[0]),
    )


def _clock(work: Work, day: date, at: time) -> str:
    zone = work.desk.rules.zone
    return time_words(datetime.combine(day, at, zone), zone, work.language)


def _leading(work: Work, days: AskedDays) -> str:
    """Write the days as they stand in a sentence: in Indonesian they begin it."""
    words = days.words(today(work), work.language)
    return words[:1].upper() + words[1:] if work.language == "id" else words
