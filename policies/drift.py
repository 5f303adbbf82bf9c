"""How sure the understanding is, week by week: what changes here changes before anybody complains."""

from collections.abc import Iterable

from casefile.base import Frozen
from casefile.reading import Reading


class WeekOfReadings(Frozen):
    """Of so many readings: their mean confidence, and which share was not clear enough to act on."""

    week: str
    readings: int
    confidence: float | None
    abstained: float | None


def confidence_of(reading: Reading) -> float:
    """Return how sure a reading is: as its least sure request, or as its best guess where nothing was clear."""
    if reading.requests:
        return min(request.confidence for request in reading.requests)
    return max((guess.confidence for guess in reading.guesses), default=0.0)


def week_of_readings(week: str, readings: Iterable[Reading]) -> WeekOfReadings:
    """Sum up a week; a week in which nobody wrote has no figures."""
    count, sure, abstained = 0, 0.0, 0
    for reading in readings:
        count += 1
        sure += confidence_of(reading)
        abstained += reading.abstained
    if count == 0:
        return WeekOfReadings(week=week, readings=0, confidence=None, abstained=None)
    return WeekOfReadings(week=week, readings=count, confidence=sure / count, abstained=abstained / count)
