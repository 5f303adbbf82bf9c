"""An incident: one dependency out of order, from the first sign until it is back."""

from typing import Literal

from pydantic import AwareDatetime

from casefile.base import Frozen

Level = Literal["minor", "major"]
What = Literal["opened", "held", "level", "asked", "told", "not_told", "closed"]
BreakerState = Literal["closed", "open", "half_open"]


class Breaker(Frozen):
    """Where a dependency's circuit breaker stands.

    `failures` of real work and `missed` checks are counted in a row, `probes` are those that failed since it
    opened; `probe_at` is when the next may go, or by when the one under way has to be back.
    """

    state: BreakerState = "closed"
    failures: int = 0
    missed: int = 0
    probes: int = 0
    probe_at: AwareDatetime | None = None


class Incident(Frozen):
    """A dependency that every process treats as down; at most one is open for each.

    A `manual` one was set by a person and ends by a person; `graded_by` is who set its level, empty while the rule
    does. `rev` grows with everything its post shows, `cases` counts the cases it touched, `told` is what the person
    on call decided about the customers, and `told_by` who that was.
    """

    id: str
    name: str
    since: AwareDatetime
    level: Level
    manual: bool
    why: str
    opened_by: str
    breaker: Breaker = Breaker(state="open")
    graded_by: str = ""
    cases: int = 0
    rev: int = 1
    asked: bool = False
    told: Literal["", "yes", "no"] = ""
    told_by: str = ""
    ended_at: AwareDatetime | None = None
    ended_by: str = ""
    report: str = ""


class IncidentStep(Frozen):
    """One line of an incident's timeline."""

    at: AwareDatetime
    actor: str
    what: What
    detail: str = ""
