"""One desk's settings: desk.yaml, read once and frozen."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field, field_validator, model_validator

from app.checked_yaml import checked_yaml
from app.service_keys import ServiceKey
from casefile.base import Frozen, Lane, Language
from casefile.errors import BadInput
from casefile.facts import RolloutMode
from policies.appointments import Appointments
from policies.charging import Charging
from policies.followups import FollowUp
from policies.leads import Leads
from policies.limits import Limits
from policies.payments import PayTo
from policies.sla import Hours
from policies.window import ReopenTemplate

Number = Annotated[str, Field(pattern=r"^\+[1-9]\d{7,14}$")]


class WhatsAppNumber(Frozen):
    """One WhatsApp number of a desk: our account name, Meta's phone number id, and the number people see."""

    account: str = Field(pattern=r"^[a-z0-9-]+$")
    phone_number_id: str = Field(pattern=r"^\d+$")
    display_number: str


class KnowledgeConfig(Frozen):
    """Where the desk's pages are written: its own folder, or a Notion database that is looked at every so often.

    A page is to be read again `review_days` after its last review.
    """

    source: Literal["folder", "notion"] = "folder"
    database_id: str | None = None
    poll_minutes: int = Field(default=10, ge=1, le=24 * 60)
    review_days: int = Field(default=180, ge=1)

    @model_validator(mode="after")
    def _whole(self) -> "KnowledgeConfig":
        if self.source == "notion" and not self.database_id:
            raise ValueError("database_id is missing: the id in the address of the Notion database")
        return self


class SheetConfig(Frozen):
    """A database of the school's records in Notion; `properties` are those it calls otherwise than we do."""

    database_id: str = ""
    properties: dict[str, str] = {}


class RecordsConfig(Frozen):
    """Where students, sessions and the reschedule ledger are kept: our own store, or three Notion databases."""

    source: Literal["store", "notion"] = "store"
    students: SheetConfig = SheetConfig()
    sessions: SheetConfig = SheetConfig()
    reschedules: SheetConfig = SheetConfig()
    poll_minutes: int = Field(default=5, ge=1, le=24 * 60)

    @model_validator(mode="after")
    def _whole(self) -> "RecordsConfig":
        kinds = {"students": self.students, "sessions": self.sessions, "reschedules": self.reschedules}
        if self.source == "notion" and (missing := [k for k, one in kinds.items() if not one.database_id]):
            which = ", ".join(missing)
            raise ValueError(
                f"database_id of {which} is missing: the id in the address of each Notion database"
            )
        return self


class DeskConfig(Frozen):
    """desks/<name>/desk.yaml: everything that is one desk's own."""

    name: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    title: str
    case_prefix: str = Field(pattern=r"^[A-Z]{2,5}$")
    numbers: tuple[WhatsAppNumber, ...] = Field(min_length=1)
    lanes: dict[Lane, int]
    lane_language: Language = "id"
    default_language: Language = "id"
    mode: RolloutMode = "pilot"
    sells: bool = False
    leads: Leads | None = None
    appointments: Appointments | None = None
    enrols: bool = False
    a_approval: Literal["role", "human"] = "role"
    pilot_allowlist: frozenset[Number] = frozenset()
    limits: Limits = Limits()
    pay_to: PayTo | None = None
    payments: Charging = Charging()
    follow_up: FollowUp | None = None
    reopen_template: ReopenTemplate | None = None
    hours: Hours
    holidays: str | None = None
    sample_records: bool = False
    knowledge: KnowledgeConfig = KnowledgeConfig()
    records: RecordsConfig = RecordsConfig()
    service_keys: tuple[ServiceKey, ...] = ()

    @model_validator(mode="after")
    def _leads_can_be_met(self) -> "DeskConfig":
        service = self.leads.service if self.leads else None
        if service and not (self.appointments and self.appointments.service(service)):
            raise ValueError(f"leads.service: {service!r} is none of the services under appointments")
        return self

    @field_validator("lanes")
    @classmethod
    def _every_lane(cls, lanes: dict[Lane, int]) -> dict[Lane, int]:
        if missing := [lane for lane in get_args(Lane) if lane not in lanes]:
            raise ValueError(f"the chat id of {', '.join(missing)} is missing")
        return lanes


def read_desk(file: Path) -> DeskConfig:
    """Read one desk.yaml; raises BadInput like `load`."""
    return checked_yaml(DeskConfig, file)


def with_holidays(hours: Hours, country: str | None, years: range) -> Hours:
    """Add a country's public holidays to a desk's days off; `country` is an ISO code such as ID.

    Raises BadInput for a country whose holidays are not known.
    """
    if country is None:
        return hours
    # Imported here: the calendar library is only needed once, when a desk is wired.
    import holidays

    try:
        days = holidays.country_holidays(country, years=years)
    except NotImplementedError as error:
        raise BadInput(
            f"holidays: {country!r} is not allowed: give a country's ISO code, such as ID"
        ) from error
    off: frozenset[date] = frozenset(days)
    return hours.model_copy(update={"holidays": hours.holidays | off})
