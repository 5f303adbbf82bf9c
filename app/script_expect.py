"""What a script can expect of a step, and the base its parts share."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, model_validator

from casefile.base import Language
from casefile.case import CaseState
from casefile.verdict import ApprovalKind, Decision, Tier

RoleName = Literal["A", "B", "C", "D", "E", "F", "person"]
LedgerState = Literal["queued", "attempting", "accepted", "delivered", "read", "failed", "unknown"]
Table = Literal[
    "sessions",
    "slots",
    "reschedules",
    "students",
    "contacts",
    "conversations",
    "invoices",
    "refunds",
    "due_tasks",
    "approvals",
    "evidence",
    "operations",
    "gaps",
    "audit",
    "reminders",
    "orders",
    "order_items",
    "variants",
    "addresses",
    "leads",
    "packages",
    "enrolments",
]

QUOTES = "yes, no, on and off mean true or false in YAML; put the word in quotes"


def _as_words(value: object) -> object:
    """Take one text for a list of one, and refuse what YAML has quietly turned into something else."""
    values = value if isinstance(value, list | tuple) else [value]
    for one in values:
        if isinstance(one, bool):
            raise ValueError(QUOTES)
    return tuple(str(one) if isinstance(one, int | float) else one for one in values)


def _as_counts(value: object) -> object:
    """Take a name, or a list of names, for "at least once"."""
    if isinstance(value, str):
        return {value: None}
    return dict.fromkeys(value) if isinstance(value, list) else value


def _compiles(patterns: tuple[str, ...]) -> tuple[str, ...]:
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"{pattern!r} is not a regular expression: {error}") from error
    return patterns


def _listed(value: object) -> object:
    return tuple(value) if isinstance(value, list) else (value,)


Words = Annotated[tuple[str, ...], BeforeValidator(_as_words)]
Patterns = Annotated[Words, AfterValidator(_compiles)]
Counts = Annotated[dict[str, int | None], BeforeValidator(_as_counts)]


class Part(BaseModel):
    """A part of a script: closed, and it says what it takes when it is given something else."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, value: Any) -> Any:
        allowed = [field.alias or name for name, field in cls.model_fields.items()]
        if isinstance(value, cls):
            return value
        if not isinstance(value, dict):
            raise ValueError(f"{value!r} is no mapping; it takes {', '.join(allowed)}")
        strange = [str(key) for key in value if key not in allowed]
        if strange:
            raise ValueError(f"there is no key {', '.join(strange)}; allowed here: {', '.join(allowed)}")
        return value


class ReplyExpect(Part):
    """What the customer was told in this step: every word of `contains` in some reply, none of `not_contains`."""

    contains: Words = ()
    not_contains: Words = ()
    matches: Patterns = ()
    template: Words = ()
    buttons: Words = ()
    count: int | None = Field(default=None, ge=0)
    language: Language | None = None
    by: str | None = None


class CaseExpect(Part):
    """One turn of this step, and the case as it stands after the step; only what is given is looked at."""

    intent: str | None = None
    floor: Tier | None = None
    tier: Tier | None = None
    decision: Decision | None = None
    missing: str | None = None
    rules: Words = ()
    signals: Words = ()
    roles: tuple[RoleName, ...] | None = None
    approval: ApprovalKind | None = None
    state: CaseState | None = None
    owner: str | None = None


class LaneExpect(Part):
    """What the staff saw in this step: posts that are new or were edited."""

    contains: Words = ()
    not_contains: Words = ()
    buttons: Words = ()
    file: Literal["photo", "voice", "document"] | None = None
    count: int | None = Field(default=None, ge=0)
    none: bool = False


class RecordExpect(Part):
    """Rows of a record as they stand after the step; times are the desk's, as 'YYYY-MM-DD HH:MM'."""

    table: Table
    where: dict[str, JsonValue] = {}
    has: dict[str, JsonValue] = Field(default={}, alias="is")
    count: int | None = Field(default=None, ge=0)


class Expect(Part):
    """What has to be true once a step has settled."""

    to: str | None = None
    reply: ReplyExpect | None = None
    none: bool = False
    case: Annotated[tuple[CaseExpect, ...], BeforeValidator(_listed)] = ()
    cases: int | None = Field(default=None, ge=0)
    effects: Counts = {}
    coach: LaneExpect | None = None
    ops: LaneExpect | None = None
    incident: LaneExpect | None = None
    told: Words = ()
    ledger: dict[LedgerState, int] = {}
    record: Annotated[tuple[RecordExpect, ...], BeforeValidator(_listed)] = ()

    @model_validator(mode="after")
    def _one_way(self) -> "Expect":
        if self.none and self.reply is not None:
            raise ValueError("none and reply contradict one another: give one of them")
        return self
