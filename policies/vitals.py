"""What is wrong with the desk's state, and how old its backlog is."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from casefile.base import Frozen
from casefile.case import CaseState
from casefile.vitals import OpenCase, Standstill, Vitals
from policies.limits import Limits
from policies.sla import Hours, deadline

# A step of ours takes seconds; what has not moved for this long has been forgotten.
STANDING = timedelta(minutes=30)
# What the inbox and the ledger hold moves within seconds, too; a restart or a slow channel may take minutes.
MOVING = timedelta(minutes=10)
OURS: frozenset[CaseState] = frozenset({"new", "triaged", "executing"})
PEOPLES: frozenset[CaseState] = frozenset({"with_person", "awaiting_approval"})
# Upper bounds of the ages a backlog is counted in; what is older than the last is the rest.
AGES = (timedelta(hours=1), timedelta(hours=4), timedelta(hours=24))


class Troubles(Frozen):
    """What is wrong; each part is empty while it is well."""

    down: tuple[str, ...] = ()
    stuck: tuple[str, ...] = ()
    unread: Standstill = Standstill()
    late: Standstill = Standstill()
    unknown: Standstill = Standstill()
    drifted: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        counted = self.unread.count + self.late.count + self.unknown.count
        return bool(self.down or self.stuck or counted or self.drifted)


def troubles(vitals: Vitals, hours: Hours, limits: Limits, now: datetime) -> Troubles:
    """Return what is wrong now; a backlog by itself is work, not trouble."""
    return Troubles(
        down=tuple(sorted(vitals.down)),
        stuck=tuple(case.id for case in vitals.cases if is_stuck(case, hours, limits, now)),
        unread=vitals.unread,
        late=vitals.late,
        unknown=vitals.unknown,
        drifted=vitals.drifted,
    )


def is_stuck(case: OpenCase, hours: Hours, limits: Limits, now: datetime) -> bool:
    """Say whether a case is past its clock with nobody acting.

    With a role: nothing has touched it for half an hour. With people: the time in which one of them had to look,
    counted in business hours from when it came to them, is over, and it is still there. An order whose customer has
    been answered is the staff's own list, and not stuck.
    """
    if case.state in OURS:
        return now - case.updated_at > STANDING
    if case.state in PEOPLES and case.promised:
        return now > deadline(hours, case.tier, case.urgent, case.since, limits)
    return False


def by_age(cases: Sequence[OpenCase], now: datetime) -> tuple[int, ...]:
    """Count the cases that wait for us by how long ago they were opened: up to each of AGES, and older."""
    counts = [0] * (len(AGES) + 1)
    for case in cases:
        counts[sum(now - case.opened_at > most for most in AGES)] += 1
    return tuple(counts)
