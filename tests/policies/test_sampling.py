"""The weekly sample: the desk's own weeks, every kind of answer, the same choice for the same seed."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.auditing import Answer
from casefile.errors import BadInput
from policies.sampling import pick, span, week_of

JAKARTA = ZoneInfo("Asia/Jakarta")


def answer(key: str, **changes: Any) -> Answer:
    plain = {"case_id": "SCH-2026-0001", "turn": 1, "tier": "R0", "language": "id", "drafted": False}
    return Answer.model_validate({"key": key, **plain, **changes})


def test_a_week_begins_at_the_desks_own_midnight() -> None:
    sunday_evening = datetime(2026, 11, 22, 16, 59, tzinfo=UTC)
    monday = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
    assert (week_of(sunday_evening, JAKARTA), week_of(monday, JAKARTA)) == ("2026-W47", "2026-W48")
    assert span("2026-W48", JAKARTA) == (monday, datetime(2026, 11, 29, 17, 0, tzinfo=UTC))


def test_the_turn_of_the_year_has_a_week_of_its_own() -> None:
    assert week_of(datetime(2027, 1, 1, tzinfo=UTC), JAKARTA) == "2026-W53"
    assert span("2026-W53", JAKARTA)[1] == span("2027-W01", JAKARTA)[0]


@pytest.mark.parametrize("week", ["2026-W54", "2026-W00", "2026-47", "last", ""])
def test_what_is_no_week_is_refused(week: str) -> None:
    with pytest.raises(BadInput, match="is no week: write it as 2026-W47"):
        span(week, JAKARTA)


def test_every_kind_is_looked_at_before_any_twice_the_riskiest_first() -> None:
    many = [answer(f"many:{n}") for n in range(50)]
    few = [
        answer("r3", tier="R3"),
        answer("r1-model", tier="R1", drafted=True),
        answer("r1", tier="R1"),
        answer("en", language="en"),
    ]
    chosen = pick([*many, *few], 6, "school:2026-W47")
    assert [a.key for a in chosen[:4]] == ["r3", "r1-model", "r1", "en"]
    assert all(a.key.startswith("many:") for a in chosen[4:])
    assert len({a.key for a in chosen}) == 6


def test_another_seed_chooses_others() -> None:
    many = [answer(f"many:{n}") for n in range(50)]
    assert pick(many, 5, "school:2026-W47") != pick(many, 5, "school:2026-W48")


@given(
    st.lists(st.tuples(st.sampled_from(["R0", "R1", "R2", "R3"]), st.booleans()), max_size=30),
    st.integers(0, 40),
    st.randoms(use_true_random=False),
)
def test_the_choice_depends_on_nothing_but_seed_and_answers(
    kinds: list[tuple[str, bool]], size: int, order: Any
) -> None:
    answers = [answer(str(n), tier=tier, drafted=drafted) for n, (tier, drafted) in enumerate(kinds)]
    shuffled = list(answers)
    order.shuffle(shuffled)
    chosen = pick(answers, size, "s")
    assert chosen == pick(shuffled, size, "s")
    assert len(chosen) == min(size, len(answers))
    taken = Counter((a.tier, a.drafted) for a in chosen)
    left = Counter((a.tier, a.drafted) for a in answers)
    # No kind has two more than another that could have had one more.
    for count in taken.values():
        assert all(count - taken[other] <= 1 for other in left if taken[other] < left[other])
