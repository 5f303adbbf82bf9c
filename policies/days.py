"""The day, or the week, that a question is about, and how it is said back."""

import datetime as dt
import re

from casefile.base import Frozen, Language
from casefile.reading import Reading
from policies.words import DAYS, MONTHS

_NEXT_WEEK = re.compile(r"(?<!\w)(?:minggu depan|pekan depan|next week)(?!\w)")
_THIS_WEEK = re.compile(r"(?<!\w)(?:minggu ini|pekan ini|this week)(?!\w)")
WEEK_WORDS: dict[Language, tuple[str, str]] = {
    "id": ("minggu ini", "minggu depan"),
    "en": ("this week", "next week"),
}
TODAY_WORDS: dict[Language, tuple[str, str]] = {"id": ("hari ini", "besok"), "en": ("today", "tomorrow")}


class AskedDays(Frozen):
    """From `first` to `last`, both included; `week`: 0 this week, 1 the next, None when it is one day."""

    first: dt.date
    last: dt.date
    week: int | None = None

    def words(self, today: dt.date, language: Language) -> str:
        """Say which day or week it is: `besok (Selasa, 24 Nov)`, `next week`, `on Thursday, 3 December`."""
        if self.week is not None:
            return WEEK_WORDS[language][self.week]
        away = (self.first - today).days
        day, month = DAYS[language][self.first.weekday()], MONTHS[language][self.first.month - 1]
        if away in (0, 1):
            return f"{TODAY_WORDS[language][away]} ({day}, {self.first.day} {month[:3]})"
        return f"{'on ' if language == 'en' else ''}{day}, {self.first.day} {month}"


def asked_days(reading: Reading | None, today: dt.date) -> AskedDays | None:
    """Return the days a question is about; None when it names none, or one that has passed."""
    if reading is None:
        return None
    for week, pattern in enumerate((_THIS_WEEK, _NEXT_WEEK)):
        if pattern.search(reading.normalized):
            monday = today + dt.timedelta(days=7 * week - today.weekday())
            return AskedDays(first=max(monday, today), last=monday + dt.timedelta(days=6), week=week)
    day = next((when.date for when in reading.slots.when if when.date is not None), None)
    return AskedDays(first=day, last=day) if day is not None and day >= today else None
