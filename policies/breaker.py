"""A circuit breaker as a pure state machine: what was observed goes in, where it stands then comes out.

closed: everything is let through. open: nothing is, until a probe is due. half_open: one probe is under way, and
nothing else is let through; it closes the breaker, or opens it again for longer.
"""

from datetime import datetime, timedelta

from pydantic import Field, model_validator

from casefile.base import Frozen
from casefile.incident import Breaker

CLOSED = Breaker()


class Breaking(Frozen):
    """When a breaker opens and how long it waits: each failed probe doubles the wait, up to the longest."""

    failures: int = Field(default=3, ge=1)
    first_wait_seconds: float = Field(default=5, gt=0)
    longest_wait_seconds: float = Field(default=120, gt=0)
    idle_seconds: float = Field(default=120, gt=0)

    @model_validator(mode="after")
    def _grows(self) -> "Breaking":
        if self.longest_wait_seconds < self.first_wait_seconds:
            raise ValueError("longest_wait_seconds has to be at least first_wait_seconds")
        return self

    def wait(self, probes: int) -> timedelta:
        """Return how long to wait after so many failed probes."""
        seconds = self.first_wait_seconds
        for _ in range(probes):
            if seconds >= self.longest_wait_seconds:
                break
            seconds *= 2
        return timedelta(seconds=min(seconds, self.longest_wait_seconds))


def failed(breaker: Breaker, now: datetime, rules: Breaking, *, check: bool = False) -> Breaker:
    """Take note of a failure; `check`: nobody's work failed, only a look at whether it would go."""
    if breaker.state == "open":
        # Begun before it opened: the wait runs as it is.
        return breaker
    if breaker.state == "half_open":
        probes = breaker.probes + 1
        return Breaker(state="open", probes=probes, probe_at=now + rules.wait(probes))
    failures, missed = breaker.failures + (not check), breaker.missed + check
    if failures + missed >= rules.failures:
        return opened(now, rules)
    return Breaker(failures=failures, missed=missed)


def opened(now: datetime, rules: Breaking) -> Breaker:
    """Return a breaker that opens now."""
    return Breaker(state="open", probe_at=now + rules.wait(0))


def worked(breaker: Breaker, *, check: bool = False) -> Breaker:
    """Take note of a success; while open only the probe's counts.

    A check that went through forgets the checks that did not, never failed work: what can be looked at may
    still not be worked with.
    """
    if breaker.state == "open":
        return breaker
    if breaker.state == "closed" and check:
        return Breaker(failures=breaker.failures)
    return CLOSED


def probe_due(breaker: Breaker, now: datetime, rules: Breaking) -> bool:
    """Say whether a probe may go now; also when the clock was set back and would make it wait for ages."""
    if breaker.state == "closed" or breaker.probe_at is None:
        return False
    longest = timedelta(seconds=rules.longest_wait_seconds)
    return now >= breaker.probe_at or breaker.probe_at - now > longest


def probing(breaker: Breaker, now: datetime, rules: Breaking) -> Breaker:
    """Let one probe go; who is not back by the longest wait has died over it, and another may go."""
    back_by = now + timedelta(seconds=rules.longest_wait_seconds)
    return Breaker(state="half_open", probes=breaker.probes, probe_at=back_by)
