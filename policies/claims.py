"""The checkable statements inside a text - numbers, amounts, dates, times, codes - in one canonical form.

`asserts` lists what the statement may mean (one of them must be granted); `grants` lists what the same
words, standing in a fact, allow to be said. So "12 Februari 2026" grants "12 Feb" but not the reverse.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache

from casefile.base import Frozen
from policies.promises_words import COMMON_CAPITALS
from policies.words import DAYS, MONTHS


class Claim(Frozen):
    """One statement; values are marked n number, t time, d date, w weekday, r relative day, x other."""

    text: str
    asserts: tuple[str, ...]
    grants: tuple[str, ...]


MONTH_OF = {name.lower(): n for names in MONTHS.values() for n, name in enumerate(names, start=1)}
MONTH_OF |= {name[:3]: n for name, n in list(MONTH_OF.items())} | {"agt": 8, "ags": 8, "sept": 9, "nop": 11}
DAY_OF = {name.lower(): n for names in DAYS.values() for n, name in enumerate(names)}
DAY_OF |= {"jum'at": 4, "ahad": 6}
RELATIVE = {
    "hari ini": "today", "today": "today", "pagi ini": "today", "siang ini": "today", "sore ini": "today",
    "malam ini": "today", "nanti siang": "today", "nanti sore": "today", "nanti malam": "today",
    "tonight": "today", "this morning": "today", "this afternoon": "today", "this evening": "today",
    "besok lusa": "overmorrow", "besok": "tomorrow", "besoknya": "tomorrow", "tomorrow": "tomorrow",
    "lusa": "overmorrow", "the day after tomorrow": "overmorrow", "kemarin": "yesterday",
    "yesterday": "yesterday", "minggu depan": "next week", "next week": "next week",
    "bulan depan": "next month",
    "next month": "next month",
}  # fmt: skip
UNITS = {
    "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9,
    "sepuluh": 10, "sebelas": 11, "seratus": 100, "seribu": 1000, "sejuta": 1_000_000,
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90, "twice": 2,
}  # fmt: skip
ONES = {"satu": 1, "one": 1}  # alone they are mostly articles ("salah satu", "one moment")
SCALES = {
    "puluh": 10, "ratus": 100, "hundred": 100, "ribu": 1000, "rb": 1000, "k": 1000, "thousand": 1000,
    "juta": 1_000_000, "jt": 1_000_000, "million": 1_000_000,
}  # fmt: skip


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


MONTH = rf"(?:{_any(MONTH_OF)})(?![a-z])"
PART = r"(?:\s*(?P<{0}>pagi|siang|sore|malam|[ap]\.?m\b))"
NOT_PART = PART.format("half")
STATEMENT = re.compile(
    rf"""
    (?P<link>https?://\S+ | (?:www|wa)\.\S+)
  | (?P<email>[\w.%+-]+@[\w-]+(?:\.[\w-]+)+)
  | (?P<code>(?<![\w-])[a-z]{{1,6}}-\d[\w-]*)
  | (?P<phone>(?<!\w)(?:\+|0)\d(?:[\s-]?\d){{7,}})
  | (?P<iy>\d{{4}})-(?P<im>\d{{2}})-(?P<id>\d{{2}})
  | (?<![\d.,])(?P<sd>\d{{1,2}})[/-](?P<sm>\d{{1,2}})[/-](?P<sy>\d{{4}})
  | (?<![\d.,])(?P<dd>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<dm>{MONTH})(?:,?\s+(?P<dy>\d{{4}}))?
  | (?<!\w)(?P<mm>{MONTH})\s+(?P<md>\d{{1,2}})(?:st|nd|rd|th)?(?![\w:]|\.\d)(?:,?\s+(?P<my>\d{{4}}))?
  | (?<!\w)(?P<om>{MONTH})\s+(?P<oy>\d{{4}})
  | (?<!\w)(?:bulan|in|since|until|sampai)\s+(?P<bm>{MONTH})
  | (?<!\w)(?:tanggal|tgl\.?)\s+(?P<t1>\d{{1,2}})(?!\w) | (?<!\w)(?P<t2>\d{{1,2}})(?:st|nd|rd|th)(?!\w)
  | (?<![\d.,:])(?P<h>[01]?\d|2[0-3])[.:](?P<min>[0-5]\d)(?![\d:]|[.,]\d){PART.format("hp")}?
  | (?<![\d.,:])(?P<bh>\d{{1,2}}){PART.format("bp")}
  | (?<!\w)(?:jam|pukul|pkl\.?|at|by|before|after|until|from)\s+(?P<ah>\d{{1,2}})(?![\w:%]|[.,]\d|{NOT_PART})
  | (?P<num>\d{{1,24}}(?:[.,]\d{{1,24}}){{0,8}})(?:\s?(?P<scale>ribu|rb|juta|jt|thousand|million|k)(?!\w))?
  | (?<!\w)(?P<words>(?:(?:{_any(UNITS)})(?!-dua)|(?:{_any(ONES)})(?=[\s-]+(?:{_any(SCALES)})(?!\w)))
      (?:[\s-]+(?:(?:hundred|thousand|million)\s+and\s+(?:{_any({**UNITS, **ONES})})
        |{_any({**UNITS, **ONES, **SCALES})}|belas))*)(?!\w)
  | (?<!\w)(?P<rel>{_any(RELATIVE)})(?!\w)
  | (?<!\w)(?:(?P<day>{_any(set(DAY_OF) - {"minggu"})})s?|hari\s+(?P<sun>minggu)|(?P<cap>(?-i:Minggu)))(?!\w)
    """,
    re.IGNORECASE | re.VERBOSE,
)


# One turn asks several times about the same words, and the desk's own wording comes back in every turn.
@lru_cache(maxsize=2048)
def claims(text: str) -> tuple[Claim, ...]:
    """Return the statements of a text in order."""
    return tuple(_claim(found) for found in STATEMENT.finditer(text))


def granted(texts: Iterable[str]) -> frozenset[str]:
    """Return everything that facts and excerpts allow to be said."""
    return frozenset(value for text in texts for claim in claims(text) for value in claim.grants)


def names_in(plain: str) -> Iterator[str]:
    """Yield the words of a text that its capitals make names."""
    dated = " ".join(claim.text.casefold() for claim in claims(plain))
    for found in re.finditer(r"[^\W\d_]{3,}", plain):
        word = found[0]
        if not word.istitle() or word.casefold() in COMMON_CAPITALS or word.casefold() in dated:
            continue
        before = plain[: found.start()].rstrip(' "“(*_-•')
        # A capital at the start of a sentence says nothing about the word.
        opens = not before or before[-1] in ".!?:;\n" or "\n" in plain[len(before) : found.start()]
        if not opens:
            yield word


def _claim(found: re.Match[str]) -> Claim:
    part = found.groupdict()
    if part["phone"]:
        return _same(found, f"x:{re.sub(r'[^0-9]', '', part['phone'])}")
    other = _first(part, "link email code")
    if other:
        return _same(found, f"x:{other.lower().rstrip('.,!?)')}")
    if part["rel"]:
        return _same(found, f"r:{RELATIVE[part['rel'].lower()]}")
    weekday = part["day"] or part["sun"] or part["cap"]
    if weekday:
        return _same(found, f"w:{DAY_OF[weekday.lower()]}")
    return _date(found, part) or _time(found, part) or _same(found, f"n:{_number(part)}")


def _same(found: re.Match[str], *values: str) -> Claim:
    return Claim(text=found[0], asserts=values, grants=values)


def _first(part: dict[str, str | None], names: str) -> str | None:
    return next((part[name] for name in names.split() if part[name]), None)


def _date(found: re.Match[str], part: dict[str, str | None]) -> Claim | None:
    day, month = _first(part, "id sd dd md t1 t2"), _first(part, "im sm dm mm om bm")
    year = _first(part, "iy sy dy my oy")
    if day is None and month is None:
        return None
    d = int(day) if day else 0
    m = 0 if month is None else int(month) if month.isdigit() else MONTH_OF[month.lower()]
    y = int(year) if year else 0
    # Every way of leaving parts out of what was said: never adding one.
    grants = {f"d:{a}-{b}-{c}" for a in {y, 0} for b in {m, 0} for c in {d, 0}}
    if y:
        grants.add(f"n:{y}")
    weekday = _weekday(y, m, d)
    if weekday is not None:
        grants.add(f"w:{weekday}")
    return Claim(text=found[0], asserts=(f"d:{y}-{m}-{d}",), grants=tuple(sorted(grants)))


def _weekday(year: int, month: int, day: int) -> int | None:
    try:
        return date(year, month, day).weekday()
    except ValueError:
        # Parts left out, or no such day: nothing to say about its weekday.
        return None


def _time(found: re.Match[str], part: dict[str, str | None]) -> Claim | None:
    bare = part["ah"]
    if bare:
        # "jam 3" may be either half of the day, and "before 3" a plain number.
        hour = int(bare)
        return _same(found, *_clock(hour, 0), *(_clock(hour + 12, 0) if hour < 12 else ()), f"n:{hour}")
    hour_text = part["h"] or part["bh"]
    if hour_text is None:
        return None
    half = (part["hp"] or part["bp"] or "").lower()
    hour = int(hour_text)
    if hour == 12 and half.startswith(("a", "malam")):
        hour = 0
    elif hour < 12 and (half.startswith(("pm", "p.", "sore", "malam")) or (half == "siang" and hour < 10)):
        hour += 12
    return _same(found, *_clock(hour, int(part["min"] or 0)))


def _clock(hour: int, minute: int) -> tuple[str, ...]:
    return (f"t:{hour}:{minute:02}",)


def _number(part: dict[str, str | None]) -> str:
    if part["words"]:
        return str(_spelled(part["words"].lower()))
    text, scale = part["num"] or "", SCALES[part["scale"].lower()] if part["scale"] else 1
    grouped = re.fullmatch(r"(\d{1,3}(?:[.,]\d{3})+)(?:[.,]00)?", text)
    if grouped and scale == 1:
        return str(int(re.sub(r"\D", "", grouped[1])))
    if text.isdigit():
        return str(int(text) * scale)
    whole, _, fraction = re.sub(r"[.,]", ".", text).rpartition(".")
    digits = int(re.sub(r"\D", "", whole) + fraction) * scale
    places = 10 ** len(fraction)
    rest = str(digits % places).rjust(len(fraction), "0").rstrip("0")
    return f"{digits // places}.{rest}" if rest else str(digits // places)


def _spelled(words: str) -> int:
    total = current = 0
    for word in re.split(r"[\s-]+", words):
        if word == "belas":
            current += 10
        elif word in SCALES:
            scale = SCALES[word]
            # "dua puluh lima ribu": tens and hundreds scale the last figure, thousands everything so far.
            last = current % 10 if scale < 1000 else current
            current += last * (scale - 1)
            if scale >= 1000:
                total, current = total + current, 0
        else:
            current += UNITS.get(word, ONES.get(word, 0))
    return total + current
