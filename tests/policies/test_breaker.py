"""The breaker: opens after failures in a row, tries again ever more slowly, closes by the probe alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from casefile.incident import Breaker
from policies.breaker import CLOSED, Breaking, failed, probe_due, probing, worked

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
RULES = Breaking(failures=3, first_wait_seconds=5, longest_wait_seconds=60)


def after(*seen: str) -> Breaker:
    """Return where a breaker stands after failures (f), failed checks (c), successes (w) and good checks (g)."""
    breaker = CLOSED
    for one in seen:
        failing = failed(breaker, NOW, RULES, check=one == "c")
        breaker = failing if one in "fc" else worked(breaker, check=one == "g")
    return breaker


@pytest.mark.parametrize(
    ("seen", "state"),
    [
        ("", "closed"),
        ("ff", "closed"),
        ("fff", "open"),
        ("fcc", "open"),
        ("ccc", "open"),
        ("ffwf", "closed"),
        ("ccgc", "closed"),
        # What can be looked at may still not be worked with.
        ("ffgf", "open"),
        ("cfgf", "closed"),
    ],
)
def test_it_opens_after_failures_in_a_row(seen: str, state: str) -> None:
    assert after(*seen).state == state


def test_while_it_is_open_what_comes_in_late_changes_nothing() -> None:
    opened = after("f", "f", "f")
    assert failed(opened, NOW + timedelta(seconds=4), RULES) == opened
    assert worked(opened) == opened


def test_each_failed_probe_waits_longer_up_to_the_longest() -> None:
    breaker, waits = after("f", "f", "f"), []
    at = NOW
    for _ in range(7):
        assert breaker.probe_at is not None
        waits.append((breaker.probe_at - at).total_seconds())
        at = breaker.probe_at
        assert probe_due(breaker, at, RULES) and not probe_due(breaker, at - timedelta(seconds=1), RULES)
        breaker = failed(probing(breaker, at, RULES), at, RULES)
    assert waits == [5, 10, 20, 40, 60, 60, 60]


def test_a_probe_that_is_answered_closes_it() -> None:
    assert worked(probing(after("f", "f", "f"), NOW, RULES)) == CLOSED
    assert worked(probing(after("f", "f", "f"), NOW, RULES), check=True) == CLOSED


def test_a_probe_that_never_comes_back_is_given_to_another() -> None:
    lost = probing(after("f", "f", "f"), NOW, RULES)
    assert not probe_due(lost, NOW + timedelta(seconds=59), RULES)
    assert probe_due(lost, NOW + timedelta(seconds=60), RULES)


def test_a_clock_set_back_holds_no_probe_up() -> None:
    opened = after("f", "f", "f")
    assert probe_due(opened, NOW - timedelta(hours=5), RULES)


def test_what_is_closed_or_a_persons_is_not_probed() -> None:
    assert not probe_due(CLOSED, NOW, RULES)
    assert not probe_due(Breaker(state="open"), NOW, RULES)


def test_the_longest_wait_cannot_be_shorter_than_the_first() -> None:
    with pytest.raises(ValidationError, match="longest_wait_seconds"):
        Breaking(first_wait_seconds=10, longest_wait_seconds=5)


@given(
    st.lists(st.tuples(st.sampled_from("fcwgp"), st.floats(0, 500)), max_size=60),
    st.builds(
        Breaking,
        failures=st.integers(1, 5),
        first_wait_seconds=st.floats(0.5, 20),
        longest_wait_seconds=st.floats(20, 400),
    ),
)
def test_whatever_happens_it_lets_nothing_through_while_open_and_comes_back(
    events: list[tuple[str, float]], rules: Breaking
) -> None:
    breaker, now = CLOSED, NOW
    for kind, seconds in events:
        now += timedelta(seconds=seconds)
        before = breaker
        match kind:
            case "p":
                if probe_due(breaker, now, rules):
                    breaker = probing(breaker, now, rules)
                    assert breaker.state == "half_open" and before.state != "closed"
            case "f" | "c":
                breaker = failed(breaker, now, rules, check=kind == "c")
                assert not (before.state != "closed" and breaker.state == "closed")
            case _:
                breaker = worked(breaker, check=kind == "g")
                assert breaker.state in ("closed", before.state)
                assert (before.state, breaker.state) != ("open", "closed")
        assert breaker.failures + breaker.missed < rules.failures
        assert (breaker.state == "closed") == (breaker.probe_at is None)
        if breaker.probe_at is not None:
            # It never waits longer than the longest, whatever has happened.
            longest = now + timedelta(seconds=rules.longest_wait_seconds)
            assert breaker.probe_at <= max(longest, before.probe_at or longest)
    # From wherever it stands, the longest wait and one good probe bring it back.
    later = now + timedelta(seconds=rules.longest_wait_seconds)
    if breaker.state != "closed":
        assert probe_due(breaker, later, rules)
        assert worked(probing(breaker, later, rules)) == CLOSED
