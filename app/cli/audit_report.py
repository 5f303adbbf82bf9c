"""`loket audit report`: what the weekly samples showed, how sure we understand, and what was stopped, and why."""

import argparse
import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from agents.work import Desk
from app.cli.common import database, say, say_json, settings_of, table
from app.desk import desk_for
from app.wire import clock_for
from casefile.auditing import Count, Sample
from casefile.errors import BadInput
from casefile.reading import Reading
from casefile.weekly import Faults
from gateway.faults import faults_in
from graph.record import unpacked
from policies.drift import WeekOfReadings, week_of_readings
from policies.sampling import WEEK, span, week_of
from store.auditing import SqlAuditBook

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Week:
    """One week's figures."""

    sample: Sample | None
    readings: WeekOfReadings
    faults: Faults


def run(args: argparse.Namespace) -> int:
    """Report on the last weeks, the running one included."""
    return asyncio.run(_run(args))


async def _run(args: argparse.Namespace) -> int:
    if args.weeks < 1:
        raise BadInput(f"--weeks {args.weeks}: at least one week has to be looked at")
    settings = settings_of(args)
    now = clock_for(settings).now()
    desk = desk_for(*settings.desks[0], now.year)
    zone = desk.rules.zone
    names = [week_of(now - WEEK * back, zone) for back in reversed(range(args.weeks))]
    with database(settings) as opened:
        book = SqlAuditBook(opened, desk.rules.desk)
        weeks = [await _week(book, desk, name) for name in names]
        stopped = await book.stopped(span(names[0], zone)[0], now)
    if args.json:
        say_json({"weeks": [_data(week) for week in weeks], "stopped": [c.model_dump() for c in stopped]})
    else:
        for line in _report(weeks, stopped):
            say(line)
    return 0


async def _week(book: SqlAuditBook, desk: Desk, name: str) -> Week:
    begins, ends = span(name, desk.rules.zone)
    readings = week_of_readings(name, [r async for r in _readings(book, begins, ends)])
    sample = await book.sample(name)
    return Week(sample, readings, await faults_in(sample, book, desk))


async def _readings(book: SqlAuditBook, begins: datetime, ends: datetime) -> AsyncIterator[Reading]:
    while begins < ends:
        for body in await book.records(begins, min(begins + DAY, ends)):
            reading = unpacked(body).reading
            if reading is not None:
                yield reading
        begins += DAY


def _report(weeks: Sequence[Week], stopped: Sequence[Count]) -> Iterator[str]:
    heads = ("week", "sent", "looked at", "judged", "correct", "incorrect", "risky", "no source", "invented")
    yield table(heads, [_sampled(week) for week in weeks])
    yield "No source, invented: cases of 100 looked at, found by running them again or by a person."
    if lost := sum(week.faults.not_comparable for week in weeks):
        yield f"{lost} answers could not be run again: their records are gone, or asked something else then."
    yield ""
    yield table(("week", "readings", "confidence", "unclear"), list(_drift(weeks)))
    for what in ("held", "edited", "denied"):
        found = [(str(c.count), c.why) for c in stopped if c.what == what]
        if found:
            yield "\n" + table((what, "why"), found)


def _sampled(week: Week) -> tuple[str, ...]:
    sample = week.sample
    if sample is None:
        return (week.readings.week, "not picked", "-", "-", "-", "-", "-", "-", "-")
    labels = [a.judgement.label for a in sample.answers if a.judgement]
    counts = (len(labels), *(labels.count(label) for label in ("correct", "incorrect", "risky")))
    faults = (
        _of_100(week.faults.without_source, week.faults.cases),
        _of_100(week.faults.invented, week.faults.cases),
    )
    shown = ("-" if fault is None else f"{fault:g}" for fault in faults)
    return (sample.week, str(sample.sent), str(len(sample.answers)), *map(str, counts), *shown)


def _drift(weeks: Sequence[Week]) -> Iterator[tuple[str, ...]]:
    """Yield each week's certainty beside how it differs from the week before."""
    before: WeekOfReadings | None = None
    for now in (week.readings for week in weeks):
        sure = _moved(now.confidence, before.confidence if before else None)
        yield now.week, str(now.readings), sure, _moved(now.abstained, before.abstained if before else None)
        before = now


def _moved(now: float | None, before: float | None) -> str:
    if now is None:
        return "-"
    return f"{now:.0%}" if before is None else f"{now:.0%} ({(now - before) * 100:+.0f})"


def _of_100(count: int, cases: int) -> float | None:
    return round(100 * count / cases, 1) if cases else None


def _data(week: Week) -> dict[str, Any]:
    sample = week.sample
    labels = [a.judgement.label for a in sample.answers if a.judgement] if sample else []
    return {
        **week.readings.model_dump(),
        "sent": sample.sent if sample else None,
        "looked_at": len(sample.answers) if sample else 0,
        "judged": {label: labels.count(label) for label in ("correct", "incorrect", "risky")},
        "cases": week.faults.cases,
        "without_source_per_100": _of_100(week.faults.without_source, week.faults.cases),
        "invented_per_100": _of_100(week.faults.invented, week.faults.cases),
        "not_comparable": week.faults.not_comparable,
    }
