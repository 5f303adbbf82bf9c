"""Free hours as a table: each row a stretch of a day, cut into slots of equal length."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta, tzinfo
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from casefile.base import Frozen
from services.cells import Day, Text, Whole
from services.importing import Refused
from store import records
from store.records import Reader
from store.times import iso
from store.transaction import Tx


def _clock(value: Any) -> time:
    hour, colon, minute = str(value).strip().replace(".", ":").partition(":")
    try:
        return time(int(hour), int(minute[:2]) if colon else 0)
    except ValueError:
        raise ValueError("not a time of day; write 10:00 or 10.00") from None


Clock = Annotated[time, BeforeValidator(_clock)]


class SlotRow(Frozen):
    """A stretch of a day in which somebody is free, in the desk's zone; a slot that would not end in it is left out."""

    coach: Text = Field(min_length=1)
    date: Day
    start: Clock
    end: Clock
    minutes: Whole = Field(ge=5, le=480)

    @model_validator(mode="after")
    def _holds(self) -> "SlotRow":
        day = self.date
        length = datetime.combine(day, self.end) - datetime.combine(day, self.start)
        if length < timedelta(minutes=self.minutes):
            raise ValueError(f"no {self.minutes} minutes lie between start and end")
        return self


COLUMNS = tuple(SlotRow.model_fields)


class SlotTable:
    """Implements services.importing.Kind; brought in again, what is there already stays."""

    shape = SlotRow

    def __init__(self, zone: tzinfo, now: datetime) -> None:
        self._zone = zone
        self._now = now

    def put(self, tx: Tx, row: SlotRow) -> bool:
        """Write a stretch's slots; True when any of them is new."""
        known = {found["name"] for found in tx.all("SELECT name FROM coaches", ())}
        if known and row.coach not in known:
            raise Refused(f"coach = {row.coach!r} is nobody here; there are {', '.join(sorted(known))}")
        new = [span for span in self._spans(row) if self._is_new(tx, row.coach, *span)]
        for start, end in new:
            tx.execute(
                "INSERT INTO slots (id, coach, start_at, end_at) VALUES (?, ?, ?, ?)",
                (f"sl_{row.coach}_{iso(start)}", row.coach, iso(start), iso(end)),
            )
        return bool(new)

    def _spans(self, row: SlotRow) -> Iterator[tuple[datetime, datetime]]:
        start = datetime.combine(row.date, row.start, self._zone)
        last = datetime.combine(row.date, row.end, self._zone)
        if start <= self._now:
            raise Refused(f"{row.date} {row.start:%H:%M} has passed")
        while (end := start + timedelta(minutes=row.minutes)) <= last:
            yield start, end
            start = end

    def _is_new(self, tx: Tx, coach: str, start: datetime, end: datetime) -> bool:
        """Say whether a slot is still to be written; what is booked in it, or cut otherwise, is refused."""
        same = tx.one("SELECT end_at FROM slots WHERE coach = ? AND start_at = ?", (coach, iso(start)))
        if same is not None and same["end_at"] == iso(end):
            return False
        for what, where in (("slots", ""), ("sessions", " AND status = 'scheduled'")):
            clash = tx.one(
                f"SELECT start_at FROM {what} WHERE coach = ? AND start_at < ? AND end_at > ?{where} LIMIT 1",
                (coach, iso(end), iso(start)),
            )
            if clash is not None:
                at = f"{start:%Y-%m-%d %H:%M}"
                raise Refused(f"{coach} has something else at {at}; leave that stretch out")
        return True


def slot_rows(read: Reader, zone: tzinfo, now: datetime) -> Iterator[dict[str, Any]]:
    """Yield the free hours ahead as rows that can be brought in again."""
    for slot in records.free_slots(read, now):
        start, end = slot.start.astimezone(zone), slot.end.astimezone(zone)
        yield {
            "coach": slot.coach,
            "date": start.date().isoformat(),
            "start": f"{start:%H:%M}",
            "end": f"{end:%H:%M}",
            "minutes": int((end - start).total_seconds()) // 60,
        }
