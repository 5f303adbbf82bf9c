"""Who may be listened to from where; who writes too often; figures as text."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.auth import bind_problems, loopback
from gateway.metrics import Sample, render
from gateway.ratelimit import FloodCounter

START = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
GOOD = "0123456789abcdef"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost"])
def test_loopback_needs_no_secrets(host: str) -> None:
    assert bind_problems(host, {"WHATSAPP_APP_SECRET": None}) == ()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.5", "loket.example", "", "localhost.example"])
def test_anything_wider_needs_every_secret(host: str) -> None:
    assert not loopback(host)
    secrets = {"A_SECRET": GOOD, "B_SECRET": None, "C_SECRET": "  ", "D_SECRET": "short"}
    problems = bind_problems(host, secrets)
    assert [problem.split()[0] for problem in problems] == ["B_SECRET", "C_SECRET", "D_SECRET"]
    assert all("127.0.0.1" in problem for problem in problems)
    assert "short " not in problems[2].replace("shorter", "")
    assert bind_problems(host, {"A_SECRET": GOOD}) == ()


def test_eleventh_message_in_a_minute_is_a_flood() -> None:
    counter = FloodCounter(limit=10)
    told = [counter.seen("wa-1", n, START + timedelta(seconds=n)) for n in range(11)]
    assert told == [False] * 10 + [True]
    assert counter.flooding("wa-1", START + timedelta(seconds=11))
    assert not counter.seen("wa-1", 10, START + timedelta(seconds=10)), "counted once, said once"
    assert not counter.seen("wa-1", 11, START + timedelta(seconds=11)), "it was past the limit before"
    assert not counter.flooding("wa-2", START)
    assert not counter.flooding("wa-1", START + timedelta(seconds=61))


def test_quiet_conversations_are_forgotten() -> None:
    counter = FloodCounter(limit=10)
    for n in range(500):
        counter.seen(f"wa-{n}", 1, START)
    counter.seen("wa-new", 1, START + timedelta(minutes=2))
    assert list(counter._times) == ["wa-new"]


@given(st.integers(1, 5), st.lists(st.integers(0, 40), max_size=30))
def test_counter_agrees_with_counting(limit: int, gaps: list[int]) -> None:
    counter, at, times = FloodCounter(limit), START, []
    for number, gap in enumerate(gaps):
        at += timedelta(seconds=gap)
        past = len([time for time in times if at - time < timedelta(minutes=1)]) > limit
        times.append(at)
        recent = [time for time in times if at - time < timedelta(minutes=1)]
        assert counter.seen("wa-1", number, at) == (len(recent) > limit and not past)
        assert counter.flooding("wa-1", at) == (len(recent) > limit)


def test_figures_are_grouped_and_escaped() -> None:
    text = render(
        [
            Sample("a_total", 2, "Line\nbreak.", "counter", {"k": 'x"y\\z\n'}),
            Sample("b", 0.5, "B."),
            Sample("a_total", 1e10, "Line\nbreak.", "counter"),
        ]
    )
    assert text == (
        "# HELP a_total Line\\nbreak.\n# TYPE a_total counter\n"
        'a_total{k="x\\"y\\\\z\\n"} 2\na_total 1e+10\n# HELP b B.\n# TYPE b gauge\nb 0.5\n'
    )
