"""The weekly sample of what was sent: which week it is, and which of its answers people look at."""

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from casefile.auditing import Answer
from casefile.errors import BadInput
from casefile.verdict import TIERS

WEEK = timedelta(days=7)


def week_of(at: datetime, zone: tzinfo) -> str:
    """Name the ISO week of an instant by the desk's calendar, such as "2026-W47"."""
    year, week, _ = at.astimezone(zone).isocalendar()
    return f"{year}-W{week:02}"


def span(week: str, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return when a week begins and when the next one does, in UTC (BadInput for what is no week)."""
    found = re.fullmatch(r"(\d{4})-W(\d{2})", week)
    try:
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        monday = None
    if monday is None:
        raise BadInput(f"{week!r} is no week: write it as 2026-W47")
    begins, ends = (datetime.combine(day, time(), zone) for day in (monday, monday + WEEK))
    return begins.astimezone(UTC), ends.astimezone(UTC)


def pick(answers: Sequence[Answer], size: int, seed: str) -> tuple[Answer, ...]:
    """Choose so many answers, the same ones for the same seed.

    Every kind - tier, drafted or from a template, language - gives one before any gives a second, the strictest
    tier and a model's words first.
    """
    strata: dict[tuple[int, bool, str], list[Answer]] = {}
    for answer in answers:
        kind = (-TIERS.index(answer.tier), not answer.drafted, answer.language)
        strata.setdefault(kind, []).append(answer)
    drawn = [sorted(strata[kind], key=lambda a: _draw(seed, a.key)) for kind in sorted(strata)]
    rounds = max((len(stratum) for stratum in drawn), default=0)
    dealt = [stratum[n] for n in range(rounds) for stratum in drawn if n < len(stratum)]
    return tuple(dealt[:size])


def _draw(seed: str, key: str) -> bytes:
    return hashlib.sha256(f"{seed}:{key}".encode()).digest()
