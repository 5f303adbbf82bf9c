"""The shipping table and the vouchers as tables."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from pydantic import Field, model_validator

from casefile.base import Frozen
from casefile.shop import ShippingRate, Voucher
from services.cells import Day, Rupiah, Text, Whole, Yes
from services.importing import Refused
from store import orders
from store.records import Reader
from store.times import moment
from store.transaction import Tx


class RateRow(Frozen):
    """What a courier takes to a city."""

    courier: Text = Field(min_length=1)
    city: Text = Field(min_length=1)
    first_kg: Rupiah = Field(ge=0, le=100_000_000)
    next_kg: Rupiah = Field(ge=0, le=100_000_000)
    days: Text = ""


class VoucherRow(Frozen):
    """A voucher, from the beginning of its first day to the end of its last, in the desk's zone."""

    code: Text = Field(pattern=r"^[A-Za-z0-9]{3,20}$")
    percent: Whole | None = Field(default=None, ge=1, le=100)
    amount: Rupiah | None = Field(default=None, ge=1, le=1_000_000_000)
    least_subtotal: Rupiah = Field(default=0, ge=0, le=1_000_000_000)
    most_discount: Rupiah | None = Field(default=None, ge=1, le=1_000_000_000)
    first_day: Day | None = None
    last_day: Day | None = None
    uses: Whole | None = Field(default=None, ge=0, le=1_000_000)
    once_per_contact: Yes = False

    @model_validator(mode="after")
    def _holds(self) -> "VoucherRow":
        if (self.percent is None) == (self.amount is None):
            raise ValueError("give percent or amount, and not both")
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValueError("last_day lies before first_day")
        return self


RATE_COLUMNS, VOUCHER_COLUMNS = tuple(RateRow.model_fields), tuple(VoucherRow.model_fields)


class RateTable:
    """Implements services.importing.Kind."""

    shape = RateRow

    def __init__(self) -> None:
        self._seen: set[tuple[str, str]] = set()

    def put(self, tx: Tx, row: RateRow) -> bool:
        """Write what a courier takes to a city; True when they did not deliver there before."""
        lane = (row.courier.casefold(), row.city.casefold())
        if lane in self._seen:
            raise Refused(f"{row.courier} to {row.city} is in the table twice")
        self._seen.add(lane)
        known = next((r for r in orders.rates_to(tx.all, row.city) if r.courier.casefold() == lane[0]), None)
        rate = ShippingRate.model_validate(row.model_dump())
        # As it is spelled already: two spellings of a place would be two places.
        named = rate.model_copy(update={"courier": known.courier, "city": known.city}) if known else rate
        orders.put_rate(tx, named)
        return known is None


class VoucherTable:
    """Implements services.importing.Kind; the uses there were stay counted."""

    shape = VoucherRow

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._seen: set[str] = set()

    def put(self, tx: Tx, row: VoucherRow) -> bool:
        """Write a voucher; True when it is new."""
        code = row.code.upper()
        if code in self._seen:
            raise Refused(f"code = {code!r} is in the table twice")
        self._seen.add(code)
        known = orders.voucher(tx.all, code)
        terms = row.model_dump(exclude={"code", "first_day", "last_day"})
        ends = row.last_day + timedelta(days=1) if row.last_day else None
        begun = {"begins": self._midnight(row.first_day), "ends": self._midnight(ends)}
        orders.put_voucher(tx, Voucher(code=code, **terms, **begun))
        return known is None

    def _midnight(self, day: date | None) -> datetime | None:
        return None if day is None else datetime.combine(day, time(), self._zone)


def rate_rows(read: Reader) -> Iterator[dict[str, Any]]:
    """Yield the shipping table as rows that can be brought in again."""
    for row in read("SELECT * FROM shipping_rates ORDER BY city, courier", ()):
        yield {name: row[name] for name in RATE_COLUMNS}


def voucher_rows(read: Reader, zone: tzinfo) -> Iterator[dict[str, Any]]:
    """Yield the vouchers as rows that can be brought in again."""
    for row in read("SELECT * FROM vouchers ORDER BY code", ()):
        begins, ends = (
            moment(at).astimezone(zone) if at else None for at in (row["begins_at"], row["ends_at"])
        )
        own = {name: row[name] for name in VOUCHER_COLUMNS if name not in ("first_day", "last_day")}
        yield {
            **own,
            "first_day": begins.date().isoformat() if begins else None,
            "last_day": (ends - timedelta(days=1)).date().isoformat() if ends else None,
            "once_per_contact": "yes" if row["once_per_contact"] else "no",
        }
