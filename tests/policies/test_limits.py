import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from casefile.base import Language
from policies.limits import Cutoff, Limits


def test_the_locked_limits_of_the_school() -> None:
    limits = Limits()
    assert (limits.free_reschedules, limits.quota_month, limits.cutoff) == (2, "request", Cutoff(minutes=60))
    assert (limits.messages_per_minute, limits.questions_per_turn, limits.max_turns) == (10, 2, 12)
    assert (limits.snapshot_ttl_minutes, limits.verification_attempts) == (180, 3)
    assert (limits.verification_lock_minutes, limits.message_chars) == (60, 700)


@pytest.mark.parametrize("wrong", [{}, {"minutes": 60, "calendar_days": 1}])
def test_a_cutoff_has_exactly_one_meaning(wrong: dict[str, int]) -> None:
    with pytest.raises(ValidationError, match="exactly one of minutes or calendar_days"):
        Cutoff(**wrong)


@pytest.mark.parametrize(
    ("cutoff", "language", "words"),
    [
        (Cutoff(minutes=60), "id", "60 menit sebelum sesi mulai"),
        (Cutoff(minutes=60), "en", "60 minutes before the session starts"),
        (Cutoff(calendar_days=1), "id", "H-1, yaitu 1 hari sebelum hari sesi"),
        (Cutoff(calendar_days=1), "en", "1 day before the day of the session"),
        (Cutoff(calendar_days=2), "en", "2 days before the day of the session"),
    ],
)
def test_the_cutoff_in_words(cutoff: Cutoff, language: Language, words: str) -> None:
    assert cutoff.words(language) == words


@given(st.sampled_from([n for n, f in Limits.model_fields.items() if f.annotation is int]))
def test_no_limit_can_be_negative(name: str) -> None:
    with pytest.raises(ValidationError, match=name):
        Limits.model_validate({name: -1})
