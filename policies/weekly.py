"""The weekly pack: spec 4's measures, counted from a week's raw events."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta

from casefile.auditing import Count
from casefile.verdict import TIERS
from casefile.weekly import CallSum, Decided, Event, Faults, RawWeek, Spread, TierWeek, WeeklyPack

REOPENED_WITHIN = timedelta(days=7)
# What people decide is not timed together with what answers itself.
OURS, PEOPLES = frozenset({"R0", "R1"}), frozenset({"R2", "R3"})
QA_HOLD = "send_message QA."


def pack_of(week: str, raw: RawWeek, stopped: Sequence[Count], faults: Faults) -> WeeklyPack:
    """Count a week; `stopped` and `faults` are what the audit found in it."""
    seen = _Events([event for event in raw.events if raw.begins <= event.at < raw.ends])
    resolved = seen.named("resolution")
    return WeeklyPack(
        week=week,
        tiers=tuple(_tiers(raw, Counter(event.detail for event in resolved))),
        first_response=seen.spread("first_response"),
        resolution=spread(event.value for event in resolved if event.detail in OURS),
        resolution_by_people=spread(event.value for event in resolved if event.detail in PEOPLES),
        resolved=len(resolved),
        reopened=_reopened(resolved, raw.events),
        messages=raw.messages + int(seen.total("messages_pruned")),
        held=sum(event.detail.startswith(QA_HOLD) for event in seen.named("held")),
        unverified=seen.count("unverified_action"),
        refunds=seen.decided("refund"),
        exceptions=seen.decided("exception"),
        moves=seen.count("reschedule_success"),
        moved=int(seen.total("reschedule_success")),
        sessions=raw.sessions,
        consumed=raw.consumed,
        followed_up=len({event.detail.split()[0] for event in seen.named("invoice_followed_up")}),
        recovered=seen.count("payment_recovered"),
        recovered_rupiah=int(seen.total("payment_recovered")),
        faults=faults,
        stopped=tuple(stopped),
        strong_tasks=_strong(raw.calls),
        down_minutes=seen.by_detail("dependency_down_minutes"),
        retries=raw.retries + int(seen.total("retries_pruned")),
        unknown=seen.count("ledger_unknown"),
        approval=seen.spread("approval_time"),
        handed_over=seen.count("takeover"),
        takeovers=seen.count("conversation_takeover"),
    )


def spread(values: Iterable[float]) -> Spread:
    """Return the median and the ninth decile by nearest rank: each is a value that was there."""
    found = sorted(values)
    if not found:
        return Spread()
    p50, p90 = (found[-(-len(found) * percent // 100) - 1] for percent in (50, 90))
    return Spread(count=len(found), p50=p50, p90=p90)


class _Events:
    """Events by their names."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._by_name: dict[str, list[Event]] = {}
        for event in events:
            self._by_name.setdefault(event.name, []).append(event)

    def named(self, name: str) -> list[Event]:
        return self._by_name.get(name, [])

    def count(self, name: str) -> int:
        return len(self.named(name))

    def total(self, name: str) -> float:
        return sum(event.value for event in self.named(name))

    def spread(self, name: str) -> Spread:
        return spread(event.value for event in self.named(name))

    def decided(self, what: str) -> Decided:
        return Decided(asked=self.count(f"{what}_asked"), approved=self.count(f"{what}_approved"))

    def by_detail(self, name: str) -> dict[str, float]:
        sums: dict[str, float] = {}
        for event in self.named(name):
            sums[event.detail] = sums.get(event.detail, 0.0) + event.value
        return dict(sorted(sums.items()))


def _reopened(resolved: Sequence[Event], events: Sequence[Event]) -> int:
    """Count the resolutions of the week after which the customer came back within seven days."""
    again = [event for event in events if event.name == "reopened"]
    return sum(
        any(one.case_id == event.case_id and event.at < one.at <= event.at + REOPENED_WITHIN for one in again)
        for event in resolved
    )


def _tiers(raw: RawWeek, resolved: Counter[str]) -> Iterable[TierWeek]:
    """Yield each tier that had a case or a call; calls of turns that were lost belong to none (empty)."""
    cases = {one.tier: one for one in raw.tiers}
    for tier in (*TIERS, ""):
        calls = [call for call in raw.calls if call.tier == tier]
        there = cases.get(tier)
        if there is None and not calls and not resolved[tier]:
            continue
        yield TierWeek(
            tier=tier,
            cases=there.cases if there else 0,
            escalated=there.escalated if there else 0,
            resolved=resolved[tier],
            calls=sum(call.calls for call in calls),
            strong=sum(call.strong for call in calls),
            tokens=sum(call.tokens for call in calls),
            cost=sum(call.cost for call in calls),
        )


def _strong(calls: Sequence[CallSum]) -> dict[str, int]:
    """Say which tasks the strong model was asked for, and how often."""
    sums: Counter[str] = Counter()
    for call in calls:
        sums[call.task] += call.strong
    return {task: n for task, n in sums.most_common() if n}
