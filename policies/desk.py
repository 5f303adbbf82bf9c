"""The rules of one desk in force: limits, hours and rollout, as one frozen object."""

from typing import Literal
from zoneinfo import ZoneInfo

from casefile.base import Frozen, Language
from casefile.facts import RolloutMode
from policies.appointments import Appointments
from policies.charging import Charging
from policies.leads import Leads
from policies.limits import Limits
from policies.payments import PayTo
from policies.sla import Hours
from policies.window import ReopenTemplate


class Rules(Frozen):
    """Everything the gate needs to know of a desk that is not a fact of the case.

    `sells`: it sells goods from a catalogue; `leads` is what it asks of a prospect, if it does; `appointments` is what
    is booked there by the hour; `enrols`: trials, enrolments and renewals go through invoices.
    """

    desk: str
    limits: Limits
    hours: Hours
    mode: RolloutMode
    sells: bool = False
    leads: Leads | None = None
    appointments: Appointments | None = None
    enrols: bool = False
    a_approval: Literal["role", "human"] = "role"
    default_language: Language = "id"
    lane_language: Language = "id"
    pay_to: PayTo | None = None
    payments: Charging = Charging()
    pilot_allowlist: frozenset[str] = frozenset()
    reopen: ReopenTemplate | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The desk's own time zone."""
        return ZoneInfo(self.hours.zone)
