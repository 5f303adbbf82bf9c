"""What an incident is worth, and when somebody has to be asked or alerted."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from casefile.incident import Incident
from policies.incidents import Degraded, asks_on_call, integrity_of, level_of, too_old

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
RULES = Degraded(major_minutes=30, major_cases=10, knowledge_age_hours=72)


def incident(name: str = "schedule", **changes: Any) -> Incident:
    """An incident that began just now."""
    told = {
        "id": "INC-2026-0001",
        "since": NOW,
        "level": "minor",
        "manual": False,
        "why": "",
        "opened_by": "breaker",
    }
    return Incident.model_validate({**told, "name": name, **changes})


@pytest.mark.parametrize(
    ("given", "minutes", "unknown", "level"),
    [
        (incident(), 0, 0, "minor"),
        (incident(cases=9), 29, 0, "minor"),
        (incident(cases=10), 0, 0, "major"),
        (incident(cases=1), 30, 0, "major"),
        # Nobody waits for it, so nobody is called out.
        (incident(cases=0), 600, 0, "minor"),
        (incident(), 0, 1, "major"),
        (incident("payments"), 0, 1, "major"),
        (incident("telegram"), 0, 1, "minor"),
        (incident("telegram", cases=12), 0, 0, "major"),
        (incident("whatsapp"), 0, 0, "major"),
        (incident("model", cases=50), 600, 3, "minor"),
        (incident("knowledge", cases=50), 600, 0, "minor"),
        # It never sinks by itself.
        (incident("model", level="major"), 0, 0, "major"),
        # What a person has set stays.
        (incident("whatsapp", graded_by="sf_tari"), 600, 5, "minor"),
    ],
)
def test_the_level(given: Incident, minutes: float, unknown: int, level: str) -> None:
    assert level_of(given, unknown, NOW + timedelta(minutes=minutes), RULES) == level


@pytest.mark.parametrize(
    ("given", "asks"),
    [
        (incident(level="major", cases=1), True),
        (incident("payments", level="major", cases=1), True),
        (incident(level="minor", cases=1), False),
        (incident(level="major", cases=0), False),
        # Through a WhatsApp that is down nobody can be told anything.
        (incident("whatsapp", level="major", cases=5), False),
        (incident(level="major", cases=1, asked=True), False),
        (incident(level="major", cases=1, ended_at=NOW), False),
    ],
)
def test_the_person_on_call_is_asked_where_customers_can_be_told(given: Incident, asks: bool) -> None:
    assert asks_on_call(given) is asks


def test_data_is_at_risk_while_something_is_in_doubt() -> None:
    assert (integrity_of(0), integrity_of(2)) == ("none", "unknown_delivery")


def test_a_release_grows_too_old() -> None:
    assert not too_old(NOW - timedelta(hours=72), NOW, RULES)
    assert too_old(NOW - timedelta(hours=73), NOW, RULES)
