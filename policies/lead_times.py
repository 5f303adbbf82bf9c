"""When a prospect wants it: spans of time as people name them, which are seldom days."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from policies.claims import MONTH_OF

_SHORT_MONTHS = frozenset({"may", "mar", "mei"})
_MONTH = "|".join(sorted(MONTH_OF, key=len, reverse=True))
# "May" and "mar" are months only where something says so.
_SURE_MONTH = "|".join(sorted(set(MONTH_OF) - _SHORT_MONTHS | {"mei"}, key=len, reverse=True))
_NUMBERS = {"se": 1, "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "beberapa": 3,
            "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "six": 6, "couple of": 2, "few": 3}  # fmt: skip
_NUMBER = rf"(?:\d{{1,2}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_UNITS = {"hari": 1, "day": 1, "minggu": 7, "pekan": 7, "week": 7, "bulan": 30, "bln": 30, "month": 30,
          "tahun": 365, "thn": 365, "year": 365}  # fmt: skip
_UNIT = "|".join(_UNITS)
_QUARTERS = {"1": 1, "2": 2, "3": 3, "4": 4, "pertama": 1, "kedua": 2, "ketiga": 3, "keempat": 4,
             "first": 1, "second": 2, "third": 3, "fourth": 4, "i": 1, "ii": 2, "iii": 3, "iv": 4}  # fmt: skip
_QUARTER = "|".join(sorted(_QUARTERS, key=len, reverse=True))
_SOON = 7
_FAR = 365
_NOT = re.compile(r"(?<!\w)(?:bukan|bkn|not(?! (?:before|until|later|sooner))|instead of)(?: \w+)? ?$")


class Span(NamedTuple):
    """A span of time in a text: where it stands, its first and last day (None where nobody can say)."""

    start: int
    end: int
    since: dt.date | None
    until: dt.date | None


Days = tuple[dt.date | None, dt.date | None]
Reader = Callable[[re.Match[str], dt.date], Days]


def spans(text: str, today: dt.date, *, asked: bool = False) -> tuple[Span, ...]:
    """Return the spans of time a folded text names, in their order, without those said not to be meant.

    `asked`: it answers just that, so that a bare "two months" is from now on and not how long something takes.
    """
    return tuple(sorted(_found(text, today, (*_RULES, _BARE) if asked else _RULES)))


def _found(text: str, today: dt.date, rules: Iterable[tuple[re.Pattern[str], Reader]]) -> Iterator[Span]:
    for pattern, read in rules:
        for match in pattern.finditer(text):
            if not _NOT.search(text[: match.start()]):
                yield Span(match.start(), match.end(), *read(match, today))
            text = text[: match.start()] + "\x00" * (match.end() - match.start()) + text[match.end() :]


def _month(year: int, month: int, months: int = 1) -> Days:
    """Return the first and last day of so many months; months past the twelfth are the next year's."""
    first = dt.date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
    after = month + months
    return first, dt.date(year + (after - 1) // 12, (after - 1) % 12 + 1, 1) - dt.timedelta(days=1)


def _soon(match: re.Match[str], today: dt.date) -> Days:
    return today, today + dt.timedelta(days=_SOON)


def _whenever(match: re.Match[str], today: dt.date) -> Days:
    return None, None


def _quarter(match: re.Match[str], today: dt.date) -> Days:
    quarter = _QUARTERS[match["q"] or match["nth"] or match["en"]]
    year = _year(match["year"], match["rel"], today)
    if match["year"] is None and match["rel"] is None and quarter * 3 < today.month:
        year += 1
    return _month(year, quarter * 3 - 2, 3)


def _next_quarter(match: re.Match[str], today: dt.date) -> Days:
    return _month(today.year, (today.month - 1) // 3 * 3 + 4, 3)


def _new_year(match: re.Match[str], today: dt.date) -> Days:
    return _month(today.year + 1, 1)


def _numbered_month(match: re.Match[str], today: dt.date) -> Days:
    month = int(match["n"])
    return _month(today.year + (month < today.month), month)


def _year(said: str | None, relative: str | None, today: dt.date) -> int:
    if said is not None:
        return int(said)
    return today.year + (1 if relative in {"depan", "next"} else 0)


def _part_of_year(match: re.Match[str], today: dt.date) -> Days:
    said, relative = match["year"] or match["only"], match["rel"] or match["rel_en"]
    first, months = (1, 3) if match["part"] in _EARLY else (11, 2) if match["part"] in _LATE else (5, 4)
    # "Awal tahun" said in spring is the next one's.
    gone = said is None and relative is None and first + months <= today.month
    return _month(_year(said, relative, today) + gone, first, months)


_EARLY = frozenset({"awal", "early", "beginning of", "start of"})
_LATE = frozenset({"akhir", "late", "end of"})


def _part_of_month(days: Days, part: str | None) -> Days:
    first, last = days
    if first is None or last is None or not part:
        return days
    if part in _EARLY:
        return first, first.replace(day=10)
    return (first.replace(day=21), last) if part in _LATE else (first.replace(day=11), first.replace(day=20))


def _named_month(match: re.Match[str], today: dt.date) -> Days:
    month = MONTH_OF[match["month"]]
    year = _year(match["year"], match["rel"], today)
    if match["year"] is None and match["rel"] is None and month < today.month:
        year += 1
    return _part_of_month(_month(year, month), match["part"])


def _relative_month(match: re.Match[str], today: dt.date) -> Days:
    ahead = 1 if match["rel"] in {"depan", "dpn"} or match["rel_en"] == "next" else 0
    return _part_of_month(_month(today.year, today.month + ahead), match["part"])


def _relative_year(match: re.Match[str], today: dt.date) -> Days:
    ahead = 1 if (match["rel"] or match["rel_en"]) in {"depan", "dpn", "next"} else 0
    first, last = _month(today.year + ahead, 1, 12)
    return (first if ahead else today), last


def _relative_week(match: re.Match[str], today: dt.date) -> Days:
    ahead = 1 if (match["rel"] or match["rel_en"]) in {"depan", "dpn", "next"} else 0
    monday = today + dt.timedelta(days=7 * ahead - today.weekday())
    return max(monday, today), monday + dt.timedelta(days=6)


def _in_so_long(match: re.Match[str], today: dt.date) -> Days:
    unit = _UNITS[match["unit"]]
    counts = [_NUMBERS.get(n) or int(n) for n in (match["n"], match["to"]) if n]
    far = [today + dt.timedelta(days=min(count * unit, 10 * _FAR)) for count in counts]
    return (far[0] if len(far) > 1 else today), far[-1]


_PART = (
    r"(?:(?P<part>awal|pertengahan|tengah|akhir|early|mid(?:dle of)?|late|end of|beginning of|start of)[ -])"
)
_SO_LONG = rf"(?P<n>{_NUMBER})(?: ?(?:-|sampai|to|or|atau) ?(?P<to>{_NUMBER}))? ?(?P<unit>{_UNIT})(?:an|s)?"
_IN_YEAR = r"(?: (?P<year>20\d\d)| tahun (?P<rel>depan|ini))?"
_RULES: tuple[tuple[re.Pattern[str], Reader], ...] = tuple(
    (re.compile(rf"(?<!\w)(?:{pattern})(?!\w)"), read)
    for pattern, read in (
        (
            r"(?:belum|ga|gak|nggak|tidak|not|no|in no) (?:ada )?(?:(?:ter)?buru-?buru|mendesak|deadline|rush|hurry"
            r"|urgent)"
            r"|santai(?: aja)?|masih lama|kapan (?:aja|saja)|any ?time|whenever|fleksibel|flexible"
            r"|(?:sebelum|sesudah|habis|abis|setelah|pas|before|after) (?:lebaran|ramadh?an|puasa|natal|christmas|eid)",
            _whenever,
        ),
        (
            r"asap|a\.s\.a\.p|secep[ae]t(?:nya| mungkin)|sesegera mungkin|segera|buru-?buru|urgent|mendesak"
            r"|as soon as possible|right away|immediately|straight away|hari ini|today|minggu ini juga",
            _soon,
        ),
        (
            rf"(?:q(?P<q>[1-4])|(?:kuartal|triwulan|quarter) (?:ke-?)?(?P<nth>{_QUARTER})"
            rf"|(?P<en>first|second|third|fourth) quarter){_IN_YEAR}",
            _quarter,
        ),
        (r"(?:sesudah|habis|abis|setelah|after|in) (?:the )?(?:tahun baru|new year)", _new_year),
        (r"next quarter|(?:kuartal|triwulan) depan", _next_quarter),
        (
            rf"{_PART}(?:the )?(?:(?:(?P<rel_en>next|this) )?(?:tahun|thn|year)(?: (?P<rel>depan|ini))?"
            r"(?: ?(?P<year>20\d\d))?|(?P<only>20\d\d))",
            _part_of_year,
        ),
        (
            rf"{_PART}?(?:(?:bulan|bln) (?P<rel>depan|dpn|ini)|(?P<rel_en>next|this) month)",
            _relative_month,
        ),
        (r"(?:minggu|mgg|pekan) (?P<rel>depan|dpn|ini)|(?P<rel_en>next|this) week", _relative_week),
        (rf"{_PART}?(?:bulan |bln )?(?P<month>{_SURE_MONTH}){_IN_YEAR}", _named_month),
        (
            rf"(?:{_PART}|(?:bulan|in|by|until|around|before) )(?P<month>{_MONTH}){_IN_YEAR}",
            _named_month,
        ),
        (r"(?:tahun|thn) (?P<rel>depan|dpn|ini)|(?P<rel_en>next|this) year", _relative_year),
        (r"bulan (?P<n>1[0-2]|[1-9])", _numbered_month),
        (rf"(?:dalam|in|within|paling lambat|maks(?:imal)?|max) {_SO_LONG}", _in_so_long),
        (rf"{_SO_LONG} (?:lagi|ke ?depan|dari sekarang|mendatang|from now)", _in_so_long),
    )
)
_BARE: tuple[re.Pattern[str], Reader] = (re.compile(rf"(?<!\w)(?:{_SO_LONG})(?!\w)"), _in_so_long)
