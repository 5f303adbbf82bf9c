"""Dates and times as people write them in Indonesian and English, resolved against `now` in the desk's zone."""

import datetime as dt
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from casefile.reading import PartOfDay, WhenSlot
from understanding.clock_words import find_times, hour_in
from understanding.day_words import find_days
from understanding.spans import Span

_JOINT = re.compile(
    r"[\s,.;:()\-]*(?:(?:at|on|the|in|di|pada|hari|jam|jm|pukul|pk|sekitar|kira2?|around|about|by|mulai"
    r"|from|dari|tgl|tanggal|nya|yang|yg|ya|kalo|kalau|bisa|nanti|ini|itu|kak|for|is|pas|buat|utk|untuk|ke)[\s,.;:()\-]*)*"
)
_CHOICE = re.compile(r"\s*(?:,|/|-|atau|ato|or|and|dan|sampai|sampe|smpe|s/?d|to|until|till|sama)+\s*")

_TODAY = re.compile(
    r"\b(?:ini|nanti|tonight|this (?:morning|afternoon|evening))\b(?<!minggu ini)(?<!bulan ini)"
)


@dataclass(frozen=True)
class _Piece:
    start: int
    end: int
    day: dt.date | None = None
    clock: dt.time | None = None
    part: PartOfDay | None = None
    ambiguous: bool = False
    vague: bool = False
    dated: bool = False


def find_when(
    text: str, *, now: dt.datetime, zone: ZoneInfo, lesson_hours: tuple[int, int]
) -> tuple[WhenSlot, ...]:
    """Return the dates and times said in a plain lower-case text, in order.

    A named day is the next one to come; "depan"/"next" means in the calendar week after this one; a day
    of the month without a year is the next such date. A bare hour is taken to fall in lesson hours.
    """
    today = now.astimezone(zone).date()
    days, rest = find_days(text, today)
    times = find_times(rest, lesson_hours)
    pieces = [_day_piece(span) for span in days] + [_time_piece(span) for span in times]
    pieces.sort(key=lambda piece: (piece.start, piece.end))
    merged = _joined(pieces, text)
    return tuple(
        WhenSlot(
            text=text[piece.start : piece.end].strip(" ,.-"),
            date=piece.day or (today if _TODAY.search(text[piece.start : piece.end]) else None),
            time=piece.clock,
            part_of_day=piece.part,
            ambiguous_hour=piece.ambiguous,
        )
        for piece in merged
    )


def _day_piece(span: Span[dt.date | None]) -> _Piece:
    return _Piece(span.start, span.end, day=span.value, vague=span.value is None)


def _time_piece(span: Span[tuple[dt.time | None, PartOfDay | None, bool]]) -> _Piece:
    clock, part, ambiguous = span.value
    return _Piece(span.start, span.end, clock=clock, part=part, ambiguous=ambiguous)


def _joined(pieces: list[_Piece], text: str) -> list[_Piece]:
    """Join a day with the time beside it, and hand day or time on across "atau", "/" and the like."""
    out: list[_Piece] = []
    for piece in pieces:
        between = text[out[-1].end : piece.start] if out else ""
        near = len(between) <= 40
        if out and near and _JOINT.fullmatch(between):
            joined = _pair(out[-1], piece)
            if joined is not None:
                out[-1] = joined
                continue
        listed = near and _CHOICE.fullmatch(_bare(between))
        if out and listed and piece.day is None and not piece.vague and out[-1].day:
            piece = _Piece(piece.start, piece.end, out[-1].day, piece.clock, piece.part, piece.ambiguous)
        out.append(piece)
    for i in range(len(out) - 2, -1, -1):
        here, after = out[i], out[i + 1]
        between = text[here.end : after.start]
        untimed = here.day and not here.clock and not here.part
        if untimed and after.day and after.clock and len(between) <= 40 and _CHOICE.fullmatch(_bare(between)):
            out[i] = _Piece(here.start, here.end, here.day, after.clock, after.part, after.ambiguous)
    return out


def _bare(between: str) -> str:
    return re.sub(r"\b(?:jam|jm|pukul|hari|tgl|tanggal|at|on|the|ke)\b", "", between)


def _pair(a: _Piece, b: _Piece) -> _Piece | None:
    """Return the two pieces as one, or None when they speak of the same thing twice."""
    if a.day and b.day and a.day.weekday() == b.day.weekday() and not (a.dated or a.clock or a.part):
        # "Tuesday, December 1", "3 Desember (Kamis)": a weekday alone is the next to come, its date says which.
        return _Piece(a.start, b.end, max(a.day, b.day), b.clock, b.part, b.ambiguous, dated=True)
    if ((a.day or a.vague) and (b.day or b.vague)) or (a.clock and b.clock):
        return None
    if (a.clock and a.part and b.part and a.part != b.part) or (
        a.clock and not b.day and not b.vague and a.part
    ):
        return None
    part = a.part or b.part
    clock, ambiguous = a.clock or b.clock, a.ambiguous or b.ambiguous
    if clock and ambiguous and part:
        clock, ambiguous = clock.replace(hour=hour_in(clock.hour % 12 or 12, part)), False
    return _Piece(
        a.start, b.end, a.day or b.day, clock, part, ambiguous, a.vague or b.vague, a.dated or b.dated
    )
