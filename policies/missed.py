"""Does a message speak of a lesson that has gone by? A closed list of readings over its canonical words."""

import datetime as dt
import re
from collections.abc import Callable

from casefile.base import Frozen
from policies.words import DAYS


class Missed(Frozen):
    """A lesson gone by: the day it was on when one was said (`weekday`: by its name), else None.

    `slipped`: the words say that it was missed; else they only name it.
    """

    day: dt.date | None = None
    weekday: bool = False
    slipped: bool = False


_WEEKDAYS = {name.lower(): n for names in DAYS.values() for n, name in enumerate(names)} | {"jum'at": 4}
_WEEKDAY = "|".join(sorted(_WEEKDAYS, key=len, reverse=True))
_LESSON = r"(?:sesi|les|kelas|latihan|lesson|class|session)"
_BEFORE = r"(?:kemarin|kemaren|lalu)"
_NOT_YET = r"(?:bakal|bakalan|akan|mau|takut|jangan|biar|supaya|will|gonna|going to|might|tidak)"
_Day = Callable[[re.Match[str], dt.date], Missed]


def _ago(days: int) -> _Day:
    return lambda _, today: Missed(day=today - dt.timedelta(days=days))


def _last(found: re.Match[str], today: dt.date) -> Missed:
    back = (today.weekday() - _WEEKDAYS[found["name"]]) % 7 or 7
    return Missed(day=today - dt.timedelta(days=back), weekday=True)


def _some_day(_: re.Match[str], today: dt.date) -> Missed:
    return Missed()


_DAYS: tuple[tuple[str, _Day], ...] = (
    # "Minggu lalu" is last week, "hari Minggu lalu" last Sunday.
    (r"(?<!hari )minggu (?:lalu|kemarin)|pekan lalu|last week", _some_day),
    (rf"(?P<name>{_WEEKDAY}) (?:yang |minggu )?{_BEFORE}", _last),
    (rf"last (?P<name>{_WEEKDAY})s?", _last),
    (r"kemarin lusa|the day before yesterday", _ago(2)),
    (r"tadi malam|semalam|last night", _ago(1)),
    (r"tadi (?:pagi|siang|sore)", _ago(0)),
    (r"kemarin|kemaren|yesterdays?", _ago(1)),
)
# Said of a lesson these mean it is over; said of what is to come ("bakal kelewat") they do not.
_SLIPPED = re.compile(rf"(?<!\w)(?P<before>{_NOT_YET} )?(?:saya |i )?(?:kelewat\w*|terlewat\w*|missed)(?!\w)")
_STAYED_AWAY = re.compile(
    r"(?<!\w)(?:tidak (?:sempat |jadi |bisa )?(?:datang|hadir|masuk|ikut|les)|bolos|absen|ketinggalan"
    r"|(?:could not|couldnt|did not|didnt|was not able to|wasnt able to) (?:make it|come|attend|join))(?!\w)"
)
_ABOUT_A_LESSON = re.compile(rf"(?<!\w)(?:{_LESSON}|jadwal)")


def missed(words: str, today: dt.date) -> Missed | None:
    """Return the lesson gone by that canonical words speak of, or None."""
    for pattern, read in _DAYS:
        day = re.search(rf"(?<!\w)(?:{pattern})(?!\w)", words)
        if day is None:
            continue
        found = read(day, today)
        if _slipped(words) or _STAYED_AWAY.search(words):
            return found.model_copy(update={"slipped": True})
        before, after = words[: day.start()], words[day.end() :]
        named = re.search(rf"(?<!\w){_LESSON} (?:\w+ ){{0,3}}$", before) or re.match(
            rf" {_LESSON}(?!\w)", after
        )
        return found if named else None
    if _slipped(words) and _ABOUT_A_LESSON.search(words):
        return Missed(slipped=True)
    return None


def _slipped(words: str) -> bool:
    found = _SLIPPED.search(words)
    return found is not None and found["before"] is None
