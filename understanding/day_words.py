"""Finds days in a text: today and its neighbours, named weekdays, dates with and without month or year."""

import datetime as dt
import re
from collections.abc import Callable

from understanding.spans import Span

_WEEKDAYS = (
    ("senin|senen|snin|monday|mon", 0),
    ("selasa|slasa|tuesday|tues|tue", 1),
    ("rabu|rebo|wednesday|weds|wed", 2),
    ("kamis|kemis|kms|thursday|thurs|thur|thu", 3),
    ("jumat|jum'at|jum at|jmt|jumaat|friday|fri", 4),
    ("sabtu|sbtu|sabtoe|saturday|sat", 5),
    ("minggu|ahad|sunday|sun", 6),
)
_MONTHS = (
    "januari|january|jan",
    "februari|february|feb|pebruari",
    "maret|march|mar|mrt",
    "april|apr",
    "mei|may",
    "juni|june|jun",
    "juli|july|jul",
    "agustus|august|aug|agt|agu|ags",
    "september|sept|sep",
    "oktober|october|okt|oct",
    "november|nov|nopember",
    "desember|december|des|dec",
)
_DAY_OF = {name: day for names, day in _WEEKDAYS for name in names.split("|")}
_MONTH_OF = {name: i + 1 for i, names in enumerate(_MONTHS) for name in names.split("|")}
_DAY = "|".join(sorted(_DAY_OF, key=len, reverse=True))
_MONTH = "|".join(sorted(_MONTH_OF, key=len, reverse=True))
_NUMBER = {
    "se": 1, "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "a": 1,
}  # fmt: skip
_COUNT = r"(\d{1,2}|" + "|".join(_NUMBER) + ")"
_OFFSETS = (
    (r"besok ?lusa|lusa|day after tomorrow|the day after tomorrow|overmorrow", 2),
    (r"besok|besuk|bsk|bsok|bsoknya|esok(?: hari)?|tomorrow|tmrw?|tmr|tmrrw|tomorow|tommorow|tommorrow|2moro", 1),
    (r"hari ini|hr ini|today|tdy|this (?=morning|afternoon|evening)|nanti (?=pagi|siang|sore|malam|malem)"
     r"|ntar (?=pagi|siang|sore|malam|malem)", 0),
)  # fmt: skip
_WEEK = r"(?:minggu|mgg|mggu|pekan) (?:depan|dpn|ini|besok|lalu|kemarin)|(?:the )?next week|this week" \
        r"|(?:this |next )?weekend|akhir pekan|akhir minggu|bulan (?:depan|dpn|ini)|next month|this month"  # fmt: skip
_NEXT = r"depan|dpn|dpan|minggu depan|mgg depan|mggu depan|mgg dpn|minggu dpn|next week|pekan depan"
_THIS = r"ini|minggu ini|this week|mgg ini"
Reader = Callable[[re.Match[str], dt.date], dt.date | None]


def find_days(text: str, today: dt.date) -> tuple[list[Span[dt.date | None]], str]:
    """Return the days named, and the text with them blanked so their numbers are not read as hours.

    A value of None is a week or month without a day in it ("minggu depan").
    """
    found: list[Span[dt.date | None]] = []
    for pattern, read in _RULES:
        for match in pattern.finditer(text):
            day = read(match, today)
            if day is None and read is not _vague:
                continue
            found.append(Span(match.start(), match.end(), day))
            text = text[: match.start()] + "\x00" * (match.end() - match.start()) + text[match.end() :]
    return sorted(found, key=lambda span: span.start), text


def _safe(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _next_date(today: dt.date, month: int | None, day: int) -> dt.date | None:
    """Return the first date from today on with this day (and month)."""
    for ahead in range(60):
        year, month_index = divmod(today.month - 1 + ahead, 12)
        if month is None or month_index + 1 == month:
            date = _safe(today.year + year, month_index + 1, day)
            if date is not None and date >= today:
                return date
    return None


def _year(text: str | None) -> int | None:
    return None if text is None else int(text) + (2000 if len(text) == 2 else 0)


def _iso(match: re.Match[str], today: dt.date) -> dt.date | None:
    return _safe(int(match[1]), int(match[2]), int(match[3]))


def _slashed(match: re.Match[str], today: dt.date) -> dt.date | None:
    year = _year(match[3])
    if year is None:
        return _next_date(today, int(match[2]), int(match[1])) if 1 <= int(match[2]) <= 12 else None
    return _safe(year, int(match[2]), int(match[1]))


def _named(day: str, month: str, year: str | None, today: dt.date) -> dt.date | None:
    exact = _year(year)
    number = _MONTH_OF[month]
    return _next_date(today, number, int(day)) if exact is None else _safe(exact, number, int(day))


def _day_month(match: re.Match[str], today: dt.date) -> dt.date | None:
    return _named(match[1], match[2], match[3], today)


def _month_day(match: re.Match[str], today: dt.date) -> dt.date | None:
    return _named(match[2], match[1], match[3], today)


def _day_only(match: re.Match[str], today: dt.date) -> dt.date | None:
    return _next_date(today, None, int(match[1] or match[2]))


def _ahead(match: re.Match[str], today: dt.date) -> dt.date | None:
    word, unit = match[1] or match[3], match[2] or match[4]
    number = int(word) if word.isdigit() else _NUMBER[word]
    return today + dt.timedelta(days=number * (7 if unit.startswith(("minggu", "week", "pekan")) else 1))


def _weekday(match: re.Match[str], today: dt.date) -> dt.date | None:
    groups = match.groupdict()
    day = _DAY_OF[groups["day"]]
    monday = today - dt.timedelta(days=today.weekday())
    if groups["before"] in ("next",) or groups["next"]:
        return monday + dt.timedelta(days=7 + day)
    this = monday + dt.timedelta(days=day)
    if (groups["before"] == "this" or groups["this"]) and this >= today:
        return this
    return today + dt.timedelta(days=(day - today.weekday() - 1) % 7 + 1)


def _offset(days: int) -> Reader:
    return lambda match, today: today + dt.timedelta(days=days)


def _vague(match: re.Match[str], today: dt.date) -> dt.date | None:
    return None


def _rule(pattern: str, read: Reader) -> tuple[re.Pattern[str], Reader]:
    return re.compile(rf"(?<![\w/])(?:{pattern})(?![\w/])"), read


_YEAR = r"(?:[ ,]+(20\d\d))?"
_RULES: tuple[tuple[re.Pattern[str], Reader], ...] = (
    _rule(r"(20\d\d)-(\d{1,2})-(\d{1,2})", _iso),
    _rule(r"(?:(?:tgl|tanggal|tg) ?)?(\d{1,2})[/-](\d{1,2})[/-]((?:20)?\d\d)", _slashed),
    _rule(
        rf"(?:(?:tgl|tanggal|tg|the) ?)?(\d{{1,2}})(?:st|nd|rd|th)?(?: of)?[ -]?({_MONTH}){_YEAR}", _day_month
    ),
    _rule(rf"({_MONTH})\.? (?:the )?(\d{{1,2}})(?:st|nd|rd|th)?(?![.:]\d){_YEAR}", _month_day),
    # 1/2 and 3/4 before an hour are fractions of it, so a bare d/m needs a lead-in or a second digit.
    _rule(r"(?:tgl|tanggal|tg|on) ?(\d{1,2})/(\d{1,2})(?:/(20\d\d))?", _slashed),
    _rule(r"(?!1/2|1/4|3/4)(\d{1,2})/(\d{1,2})(?:/(20\d\d))?", _slashed),
    _rule(
        r"(?:tgl|tanggal|tgll|tg|date) ?(\d{1,2})(?:nya|an)?(?![.:]\d)|the (\d{1,2})(?:st|nd|rd|th)",
        _day_only,
    ),
    _rule(
        rf"{_COUNT} ?(hari|minggu|pekan|hr) (?:lagi|kemudian|ke ?depan)|in {_COUNT} (days?|weeks?)", _ahead
    ),
    *(_rule(pattern, _offset(days)) for pattern, days in _OFFSETS),
    _rule(
        rf"(?:(?P<before>next|this|coming) )?(?:(?P<day>(?<=hari )minggu|(?!minggu|mon ma)(?:{_DAY}))s?)"
        rf"(?: (?:(?P<next>{_NEXT})|(?P<this>{_THIS})))?",
        _weekday,
    ),
    _rule(_WEEK, _vague),
    _rule(r"(?P<before>)(?P<day>minggu|ahad)(?P<next>)(?P<this>)", _weekday),
)
