"""Finds clock times and parts of the day in a text, in Indonesian and English."""

import datetime as dt
import re

from casefile.reading import PartOfDay
from understanding.spans import Span

Clock = tuple[dt.time | None, PartOfDay | None, bool]

_PARTS: dict[str, PartOfDay] = {
    "pagi": "morning", "pgi": "morning", "pg": "morning", "subuh": "morning", "morning": "morning",
    "mornings": "morning", "siang": "noon", "siangan": "noon", "sing": "noon", "lunch": "noon",
    "lunchtime": "noon", "sore": "afternoon", "sorean": "afternoon", "sorenya": "afternoon",
    "petang": "afternoon", "afternoon": "afternoon", "arvo": "afternoon", "malam": "evening",
    "malem": "evening", "mlm": "evening", "maghrib": "evening", "magrib": "evening",
    "evening": "evening", "night": "evening", "tonight": "evening", "pagian": "morning", "paginya": "morning",
}  # fmt: skip
_HOUR_WORDS = {
    "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8,
    "sembilan": 9, "sepuluh": 10, "sebelas": 11, "duabelas": 12, "dua belas": 12, "one": 1, "two": 2,
    "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12,
}  # fmt: skip
_PART = "|".join(sorted(_PARTS, key=len, reverse=True))
_WORD = "|".join(sorted(_HOUR_WORDS, key=len, reverse=True))
_HOUR = rf"(?:[01]?\d|2[0-4])|{_WORD}"
_HALF = r"setengah|stengah|stgh|stngah|1/2|½|half past|half"
_TAIL = (
    rf"(?: ?-?an)?(?: ?(?:o'?clock|wib|waktu jakarta))?(?: ?(?:nya|in the|at|on|di|yang|yg))?"
    rf"(?: ?(?P<part>(?:{_PART})))?(?:an)?"
)
_LEAD = r"(?P<lead>(?:jam|jm|pukul|pkl|pk|at|@|around|about|before|after|by|from|sebelum|sesudah|habis|abis)\.? ?)"
_AMPM = r"(?P<ampm>a\.?m\.?|p\.?m\.?)"
_RULES = tuple(
    re.compile(rf"(?<![\w\x00.,:/]){pattern}(?![\w\x00:/])")
    for pattern in (
        rf"{_LEAD}?(?P<kind>{_HALF}) ?(?P<hour>{_HOUR}){_TAIL}",
        rf"{_LEAD}?(?P<kind>quarter past|quarter to|seperempat lewat|ten past|ten to) (?P<hour>{_HOUR}){_TAIL}",
        rf"{_LEAD}?(?P<hour>{_HOUR}) (?P<kind>lewat|lebih|kurang|past) ?(?P<minute>\d{{1,2}}|seperempat|setengah)"
        rf"(?: menit)?{_TAIL}",
        rf"{_LEAD}?(?P<hour>{_HOUR})(?:[.:](?P<minute>[0-5]\d))? ?{_AMPM}",
        rf"{_LEAD}?(?P<hour>[01]?\d|2[0-4])[.:](?P<minute>[0-5]\d){_TAIL}",
        rf"{_LEAD}(?P<hour>{_HOUR})(?! ?(?:bulan|minggu|hari|menit|jam|kali|orang|x|tahun|rb|ribu|juta|jt)\b){_TAIL}",
        rf"(?P<hour>[01]?\d|2[0-4]) ?(?:-?an(?: (?P<part>{_PART}))?|o'?clock)",
        rf"(?P<hour>[01]?\d|2[0-4]) ?(?P<part>{_PART})(?:an)?",
        rf"(?P<hour>{_WORD}) (?:o'?clock ?|in the )?(?P<part>{_PART})",
        r"(?P<noon>noon|midday|mid day|tengah hari)",
        rf"(?:nanti |this |the |in the )?(?P<part>{_PART})(?:an| hari)?(?: (?:ini|nanti|time))?",
    )
)
# The other end of a range or a list of hours: "jam 3-5 sore", "jam 3 atau 4".
_MORE = re.compile(
    rf"(?P<gap>\s*(?:-|atau|ato|or|sampai|sampe|smpe|s/d|to|until|/|,|dan|and)\s*)"
    rf"(?P<hour>[01]?\d|2[0-4])(?:[.:](?P<minute>[0-5]\d))?{_TAIL}(?: ?{_AMPM})?(?![\w\x00:/.])"
)


def find_times(text: str, lesson_hours: tuple[int, int]) -> list[Span[Clock]]:
    """Return clock times and parts of day; a bare hour gets its likelier half of the day and a flag."""
    found: list[Span[Clock]] = []
    for rule in _RULES:
        for match in rule.finditer(text):
            clock = _read(match.groupdict(), lesson_hours)
            if clock is None:
                continue
            found.append(Span(match.start(), match.end(), clock))
            text = _blank(text, match.start(), match.end())
            if clock[0] is not None:
                text = _more(text, match.end(), found, lesson_hours)
    return sorted(found, key=lambda span: span.start)


def _more(text: str, end: int, found: list[Span[Clock]], lesson_hours: tuple[int, int]) -> str:
    """Read further hours right after one; an earlier bare hour takes the part of day said last."""
    first = found[-1]
    match = _MORE.match(text, end)
    if match is None:
        return text
    groups = match.groupdict()
    second = _read(groups, lesson_hours)
    if second is None or second[0] is None:
        return text
    if first.value[1] and second[2]:
        second = _read(groups | {"part": _name(first.value[1])}, lesson_hours) or second
    said = groups["part"] or groups["ampm"]
    if first.value[2] and first.value[0] and said:
        again = {"hour": str((first.value[0].hour - 1) % 12 + 1), "minute": f"{first.value[0].minute:02d}"}
        found[-1] = Span(first.start, first.end, _read(groups | again, lesson_hours) or first.value)
    found.append(Span(match.start("hour"), match.end(), second))
    return _blank(text, match.start("hour"), match.end())


def _name(part: PartOfDay) -> str:
    return {"morning": "pagi", "noon": "siang", "afternoon": "sore", "evening": "malam"}[part]


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + "\x00" * (end - start) + text[end:]


def _read(groups: dict[str, str | None], lesson_hours: tuple[int, int]) -> Clock | None:
    """Return the time one match says, None when its numbers are no time."""
    if groups.get("noon"):
        return dt.time(12), "noon", False
    part = _PARTS.get(groups.get("part") or "")
    if not groups.get("hour"):
        return (None, part, False) if part else None
    said = str(groups["hour"])
    hour = _HOUR_WORDS[said] if said in _HOUR_WORDS else int(said)
    minutes = hour * 60 + _minutes(groups)
    if not 0 <= hour <= 24 or not 0 <= minutes < 24 * 60:
        return None
    hour, minute = divmod(minutes, 60)
    ampm = (groups.get("ampm") or "").replace(".", "")
    if ampm:
        return (dt.time(hour % 12 + (12 if ampm == "pm" else 0), minute), None, False) if hour <= 12 else None
    exact = hour > 12 or hour == 0 or said.startswith("0")
    if exact:
        return dt.time(hour, minute), part, False
    if part is not None:
        return dt.time(hour_in(hour, part), minute), part, False
    likely = hour if hour >= lesson_hours[0] else hour + 12
    return dt.time(likely % 24, minute), None, True


def _minutes(groups: dict[str, str | None]) -> int:
    """Return the minutes added to (or taken from) the hour said."""
    kind, said = groups.get("kind"), groups.get("minute")
    fixed = {
        "half past": 30, "half": 30, "quarter past": 15, "seperempat lewat": 15, "quarter to": -15,
        "ten past": 10, "ten to": -10,
    }  # fmt: skip
    if kind in fixed:
        return fixed[kind]
    if kind in ("setengah", "stengah", "stgh", "stngah", "1/2", "½"):
        return -30
    amount = {"seperempat": 15, "setengah": 30}.get(said or "") or int(said or 0)
    return -amount if kind == "kurang" else amount


def hour_in(hour: int, part: PartOfDay) -> int:
    """Return the hour of a twelve-hour clock within its part of the day."""
    if part == "morning":
        return hour % 12 if hour == 12 else hour
    if part == "noon":
        return hour if hour >= 10 else hour + 12
    return hour if hour == 12 and part == "afternoon" else hour % 12 + 12 if hour != 12 else 0
