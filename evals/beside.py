"""Two runs beside one another, tier by tier: what passed, and what models did and cost for it."""

from collections.abc import Iterator, Sequence

from evals.outcome import Outcome
from evals.run import Run

HEADS = ("tier", "passed A", "B", "calls A", "B", "tokens A", "B", "Rp A", "B")
ALL = "all"


def by_tier(before: Run, after: Run) -> Iterator[tuple[str, ...]]:
    """Yield a row for each tier, and one for all, of the conversations both runs hold; the tier is the first run's."""
    old, new = before.by_name, after.by_name
    tiers = {name: outcomes[0].tier for name, outcomes in old.items() if name in new}
    for tier in (*sorted(set(tiers.values())), ALL):
        names = [name for name, found in tiers.items() if tier in (ALL, found)]
        sides = [_figures([one for name in names for one in run[name]]) for run in (old, new)]
        yield (tier, *(figure for pair in zip(*sides, strict=True) for figure in pair))


def _figures(outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    passed, used = sum(one.ok for one in outcomes), [one.usage for one in outcomes]
    return (
        f"{passed} of {len(outcomes)}",
        str(sum(one.calls for one in used)),
        f"{sum(one.tokens_in + one.tokens_out for one in used):,}",
        f"{sum(one.rupiah for one in used):,.0f}",
    )
