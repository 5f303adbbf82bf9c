"""What an incident is worth: its level, whether data may be at risk, and whether customers are told first."""

from datetime import datetime, timedelta
from typing import Literal

from pydantic import Field

from casefile.incident import Incident, Level
from policies.breaker import Breaking

Integrity = Literal["none", "unknown_delivery"]
# Nobody can be answered at all; everything else leaves most of the work going on.
GRAVE = frozenset({"whatsapp"})
# Nothing of a customer's waits for these.
INWARD = frozenset({"knowledge", "model", "embeddings", "mattermost"})
# Whose customers could be told: through a WhatsApp that is down nobody can, and of the rest nobody waits.
TELLS = frozenset({"schedule", "payments"})


class Degraded(Breaking):
    """When something counts as out of order, and when that is serious."""

    major_minutes: float = Field(default=30, gt=0)
    major_cases: int = Field(default=10, ge=1)
    knowledge_age_hours: float = Field(default=72, gt=0)


def integrity_of(unknown: int) -> Integrity:
    """Say whether data is at risk: `unknown` counts effects of which nobody can say whether they happened."""
    return "unknown_delivery" if unknown else "none"


def level_of(incident: Incident, unknown: int, now: datetime, rules: Degraded) -> Level:
    """Grade an incident: which dependency, for how long, how many cases, and whether data is at risk.

    It never sinks while the incident lasts, so that nobody is called off by a number that fell; a level that a
    person has set stays.
    """
    if incident.graded_by:
        return incident.level
    if incident.level == "major" or incident.name in GRAVE:
        return "major"
    if incident.name in INWARD:
        return "minor"
    lasts = now - incident.since >= timedelta(minutes=rules.major_minutes) and incident.cases > 0
    at_risk = integrity_of(unknown) != "none" and incident.name in TELLS
    return "major" if lasts or at_risk or incident.cases >= rules.major_cases else "minor"


def asks_on_call(incident: Incident) -> bool:
    """Say whether the person on call still has to be asked whether customers are told first."""
    waited = incident.level == "major" and incident.cases > 0 and incident.name in TELLS
    return waited and not incident.asked and incident.ended_at is None


def too_old(released_at: datetime, now: datetime, rules: Degraded) -> bool:
    """Say whether the release in force is too old to go on with while its source is out of reach."""
    return now - released_at > timedelta(hours=rules.knowledge_age_hours)
