"""What every guarded operation is given, and what it gives back."""

from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Literal

from pydantic import JsonValue

from casefile.packets import CResult, CTask
from policies.limits import Limits
from store.facts import Reading
from store.records import Reader, staff
from store.times import iso
from store.transaction import Tx

# What is BEGUN is no result yet: it has to be written in another system first.
Status = Literal["SUCCESS", "FAILED", "BLOCKED_POLICY", "NEED_VERIFICATION", "BEGUN"]


@dataclass(frozen=True, slots=True)
class Work:
    """One task inside its writing transaction.

    `owners` are the contacts the case speaks for; `approver` is who let it go, when an approval covers it;
    `exception` says that this was a coach, who may release what the policy does not; `elsewhere` that student records
    are another system's.
    """

    tx: Tx
    task: CTask
    now: datetime
    limits: Limits
    zone: tzinfo
    owners: frozenset[str] = frozenset()
    approver: str | None = None
    exception: bool = False
    conditions: str = ""
    elsewhere: bool = False

    @property
    def reading(self) -> Reading:
        """How this desk reads its records."""
        return Reading(self.zone, self.limits.quota_month, self.limits.snapshot_ttl_minutes)

    def text(self, name: str) -> str:
        """Return a parameter as text; empty when it is missing."""
        value = self.task.params.get(name)
        return "" if value is None else str(value)

    def assignee(self) -> str:
        """Name the person who has to carry a due task out: the approver, else the first operator."""
        if self.approver:
            return self.approver
        return first_operator(self.tx.all)


def first_operator(read: Reader) -> str:
    """Name who takes up what nobody in particular has; whoever comes first where nobody is an operator."""
    people = staff(read)
    return next((p.id for p in people if "operator" in p.roles), people[0].id if people else "")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it; `contacts` are those whose records changed (empty: nothing was written)."""

    status: Status
    details: str
    contacts: tuple[str, ...] = ()
    old_state: dict[str, JsonValue] = field(default_factory=dict)
    new_state: dict[str, JsonValue] = field(default_factory=dict)
    refs: dict[str, JsonValue] = field(default_factory=dict)
    next_recommendation: str = ""

    def result(self, work: Work, rev: int) -> CResult:
        """Write it up as C reports it."""
        return CResult.model_validate(
            {
                "case_id": work.task.case_id,
                "status": self.status,
                "action": work.task.action,
                "details": self.details,
                "old_state": self.old_state,
                "new_state": self.new_state,
                "refs": {"key": work.task.idempotency_key, "at": iso(work.now), **self.refs},
                "rev": rev,
                "next_recommendation": self.next_recommendation,
            }
        )


def blocked(why: str, by: str = "policy", **refs: JsonValue) -> Outcome:
    """Nothing was done: a rule does not hold at the moment of writing; `by` names it for who goes on from here."""
    return Outcome("BLOCKED_POLICY", why, refs={"blocked_by": by, **refs})


def impossible(why: str) -> Outcome:
    """Nothing was done: the task names something that is not there."""
    return Outcome("FAILED", why)
