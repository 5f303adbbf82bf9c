"""The rows of a desk's record files, as people write them. Dates count from the day of loading."""

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from casefile.base import Frozen
from casefile.enrolments import PackageOffer
from casefile.payments import PaymentState
from casefile.records import Alias, InvoiceStatus, SessionStatus, StaffMember
from casefile.shop import Address


class When(Frozen):
    """A stretch of time on a day counted from the day of loading, in the desk's zone."""

    day_offset: int
    at: time
    minutes: int = Field(ge=1, le=480)

    @field_validator("at", mode="before")
    @classmethod
    def _clock(cls, value: Any) -> Any:
        # YAML 1.1 reads an unquoted 16:00 as sixty times sixteen.
        return f"{value // 60:02d}:{value % 60:02d}" if isinstance(value, int) else value

    def span(self, today: date, zone: tzinfo) -> tuple[datetime, datetime]:
        """Return start and end."""
        start = datetime.combine(today + timedelta(days=self.day_offset), self.at, zone)
        return start, start + timedelta(minutes=self.minutes)


class CoachRow(Frozen):
    """A coach; sessions and slots name one by `name`."""

    id: str
    name: str
    full_name: str = ""
    gender: str = ""
    genres: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    children: bool = False


class ContactRow(Frozen):
    """A person who writes."""

    id: str = Field(pattern=r"^ct_\w+$")
    aliases: tuple[Alias, ...] = Field(min_length=1)
    wa_name: str | None = None
    full_name: str | None = None
    email: str | None = None
    phone: str | None = Field(default=None, pattern=r"^\+[1-9]\d{6,14}$")
    vip: bool = False
    opt_out: bool = False
    tags: tuple[str, ...] = ()
    notes: str = ""
    addresses: tuple[Address, ...] = ()


class PackageRow(Frozen):
    """Lessons bought."""

    name: str
    sessions_left: int = Field(ge=0)
    expires_day_offset: int


class StudentRow(Frozen):
    """Somebody who takes lessons."""

    id: str = Field(pattern=r"^st_\w+$")
    name: str
    guardians: tuple[str, ...] = ()
    own_contact: str | None = None
    package: PackageRow | None = None


class SessionRow(When):
    """A lesson."""

    id: str = Field(pattern=r"^ss_\w+$")
    student: str
    coach: str
    status: SessionStatus = "scheduled"
    service: str = ""


class SlotRow(When):
    """A free hour."""

    id: str
    coach: str


class RescheduleRow(Frozen):
    """Changes made in a month, counted from the month of loading."""

    student: str
    month_offset: int = Field(le=0)
    count: int = Field(ge=1)
    source: Literal["customer", "exception", "school"]


class PaymentRow(Frozen):
    """What is known of a payment; `provider` is short for a status read from the provider."""

    state: PaymentState
    source: Literal["invoice", "provider", "provider_event", "provider_read", "staff"]
    confirmed_by: str | None = None
    evidence: str | None = None
    paid_day_offset: int | None = Field(default=None, le=0)

    @model_validator(mode="after")
    def _has_its_day(self) -> "PaymentRow":
        if (self.state == "CONFIRMED") != (self.paid_day_offset is not None):
            raise ValueError("paid_day_offset says when it was paid: for CONFIRMED, and for nothing else")
        return self

    @field_validator("source")
    @classmethod
    def _read_from_it(cls, value: str) -> str:
        return "provider_read" if value == "provider" else value


class InvoiceRow(Frozen):
    """A bill."""

    number: str = Field(pattern=r"^INV-\d{4}-\d{4}-\d{3}$")
    contact: str
    student: str | None = None
    description: str = ""
    amount: int = Field(ge=0)
    due_day_offset: int
    status: InvoiceStatus
    payment: PaymentRow


ROWS: dict[str, type[Frozen]] = {
    "coaches": CoachRow,
    "contacts": ContactRow,
    "students": StudentRow,
    "sessions": SessionRow,
    "slots": SlotRow,
    "packages": PackageOffer,
    "reschedules": RescheduleRow,
    "invoices": InvoiceRow,
    "staff": StaffMember,
}
