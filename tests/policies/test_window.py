"""WhatsApp's window: 24 hours to the second, and unknown is neither open nor closed."""

from datetime import timedelta

from policies.window import FREE_WRITING, has_closed, is_open
from tests.policies.builders import NOW


def test_the_window_closes_after_24_hours() -> None:
    last = NOW - FREE_WRITING
    assert has_closed(last, NOW) and not is_open(last, NOW)
    earlier = NOW - timedelta(seconds=1)
    assert is_open(last, earlier) and not has_closed(last, earlier)


def test_a_window_nobody_has_seen_is_neither() -> None:
    assert not has_closed(None, NOW) and not is_open(None, NOW)
