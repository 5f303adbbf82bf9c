"""Moments written down for people: days, dates and clock times in both languages."""

from datetime import datetime, tzinfo

from casefile.base import Language

DAYS: dict[Language, tuple[str, ...]] = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS: dict[Language, tuple[str, ...]] = {
    "id": (
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}


def day_name(at: datetime, zone: tzinfo, language: Language) -> str:
    """Name the weekday as the desk's wall calendar has it."""
    return DAYS[language][at.astimezone(zone).weekday()]


def date_words(at: datetime, zone: tzinfo, language: Language) -> str:
    """Write the whole date: `Kamis, 12 Februari 2026` or `Thursday, 12 February 2026`."""
    local = at.astimezone(zone)
    month = MONTHS[language][local.month - 1]
    return f"{day_name(at, zone, language)}, {local.day} {month} {local.year}"


def short_date_words(at: datetime, zone: tzinfo, language: Language) -> str:
    """Write the date without its year: `Kamis, 12 Feb` or `Thursday, 12 Feb`."""
    local = at.astimezone(zone)
    month = MONTHS[language][local.month - 1]
    # Three letters of "Agustus" are how Indonesian calendars shorten it too, so a cut is enough.
    return f"{day_name(at, zone, language)}, {local.day} {month[:3]}"


def time_words(at: datetime, zone: tzinfo, language: Language) -> str:
    """Write the clock time with its zone: `16.00 WIB` or `4:00 PM WIB`."""
    local = at.astimezone(zone)
    if language == "id":
        return f"{local:%H.%M} {local:%Z}"
    return f"{local.hour % 12 or 12}:{local:%M} {'AM' if local.hour < 12 else 'PM'} {local:%Z}"


def moment_words(at: datetime, zone: tzinfo, language: Language) -> str:
    """Write date and time together, ready to stand in a sentence."""
    joint = "pukul" if language == "id" else "at"
    return f"{date_words(at, zone, language)} {joint} {time_words(at, zone, language)}"
