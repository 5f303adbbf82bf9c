"""What models may cost: a case that has cost what it may is a person's from then on."""

from collections.abc import Iterable

from casefile.case import Case
from casefile.money import MICRO
from policies.limits import Limits

OVER = frozenset({"resolved", "closed"})


def spent_out(case: Case, limits: Limits) -> bool:
    """Say whether models have cost a case what they may."""
    return case.spent >= limits.model_rupiah_per_case * MICRO


def may_be_read(cases: Iterable[Case], limits: Limits) -> bool:
    """Say whether a model may read what belongs to one of these cases."""
    return not any(spent_out(case, limits) for case in cases if case.state not in OVER)
