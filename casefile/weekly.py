"""A desk's week in figures: the raw events it is counted from, and the pack people read."""

from datetime import datetime

from casefile.auditing import Count
from casefile.base import Frozen


class Event(Frozen):
    """One raw event (docs/storage.md, Measures)."""

    name: str
    case_id: str | None
    at: datetime
    value: float
    detail: str


class TierCases(Frozen):
    """The cases of a tier - the strictest of their turns in the week - and how many of them went to a person."""

    tier: str
    cases: int
    escalated: int


class CallSum(Frozen):
    """Calls of models for one task in cases of one tier; `strong` are those of a strong model, cost is micro-rupiah."""

    tier: str
    task: str
    calls: int
    strong: int
    tokens: int
    cost: int


class RawWeek(Frozen):
    """What a week's figures are counted from; `events` reach seven days further, for what is opened again by then."""

    begins: datetime
    ends: datetime
    events: tuple[Event, ...] = ()
    tiers: tuple[TierCases, ...] = ()
    calls: tuple[CallSum, ...] = ()
    messages: int = 0
    retries: int = 0
    sessions: int = 0
    consumed: int = 0


class Faults(Frozen):
    """What looking again at a sample found, in cases; `not_comparable` are answers that could not be run again."""

    cases: int = 0
    without_source: int = 0
    invented: int = 0
    not_comparable: int = 0


class Spread(Frozen):
    """How long something took, in seconds: the value that half, and nine tenths, stay within; None of nothing."""

    count: int = 0
    p50: float | None = None
    p90: float | None = None


class TierWeek(Frozen):
    """A tier's week: its cases, what became of them, and what models did for them and cost (micro-rupiah)."""

    tier: str
    cases: int = 0
    escalated: int = 0
    resolved: int = 0
    calls: int = 0
    strong: int = 0
    tokens: int = 0
    cost: int = 0


class Decided(Frozen):
    """How often something was asked of a coach, and approved."""

    asked: int = 0
    approved: int = 0


class WeeklyPack(Frozen):
    """One ISO week in the measures of spec 4; docs/weekly.md says how each is counted."""

    week: str
    tiers: tuple[TierWeek, ...]
    first_response: Spread
    resolution: Spread
    resolution_by_people: Spread
    resolved: int
    reopened: int
    messages: int
    held: int
    unverified: int
    refunds: Decided
    exceptions: Decided
    moves: int
    moved: int
    sessions: int
    consumed: int
    followed_up: int
    recovered: int
    recovered_rupiah: int
    faults: Faults
    stopped: tuple[Count, ...]
    strong_tasks: dict[str, int]
    down_minutes: dict[str, float]
    retries: int
    unknown: int
    approval: Spread
    handed_over: int
    takeovers: int
