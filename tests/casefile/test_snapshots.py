from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.records import Delta, Snapshot, StudentSnapshot, age_minutes

NOW = datetime(2026, 2, 10, 3, 0, tzinfo=UTC)
HELD = Snapshot(contact_id="c1", as_of=NOW, ttl_minutes=180, rev=3)
NEWS = (StudentSnapshot(student_id="st1", name="Rani"),)
# What makes news of a student the whole of it.
REST: dict[str, object] = {"invoices": (), "open_orders": ()}


def delta(rev: int = 4, as_of: datetime = NOW + timedelta(minutes=5), **changes: object) -> Delta:
    return Delta(contact_id="c1", rev=rev, as_of=as_of).model_copy(update=changes)


@pytest.mark.parametrize("changes", [{"rev": 3}, {"rev": 2}, {"contact_id": "c2"}])
def test_old_news_and_anothers_change_nothing(changes: dict[str, object]) -> None:
    for news in (delta(students=NEWS, **REST), delta(students=NEWS)):
        assert HELD.with_news(news) != HELD
        assert HELD.with_news(news.model_copy(update=changes)) is HELD


def test_whole_news_renews_the_age_and_half_does_not() -> None:
    whole = HELD.with_news(delta(students=NEWS, **REST))
    assert (whole.rev, whole.students, whole.as_of) == (4, NEWS, NOW + timedelta(minutes=5))
    half = HELD.model_copy(update={"students": NEWS}).with_news(delta(invoices=()))
    assert (half.rev, half.students, half.as_of) == (4, NEWS, NOW)
    assert HELD.with_news(delta(students=NEWS)).as_of == NOW


def test_half_the_news_counts_only_right_after_what_is_held() -> None:
    assert HELD.with_news(delta(rev=5, students=NEWS)) is HELD
    assert HELD.with_news(delta(rev=9, students=NEWS, **REST)).rev == 9


@given(st.lists(st.tuples(st.integers(0, 12), st.booleans()), max_size=8))
def test_the_revision_only_climbs_whatever_the_order(revs: list[tuple[int, bool]]) -> None:
    held = HELD
    for rev, whole in revs:
        after = held.with_news(delta(rev=rev, students=NEWS, **(REST if whole else {})))
        assert after.rev >= held.rev
        held = after
    assert held.rev >= max([3, *(rev for rev, whole in revs if whole)])


def test_a_reading_is_as_old_as_it_is_far_off() -> None:
    assert (
        age_minutes(NOW, NOW + timedelta(minutes=30)) == age_minutes(NOW, NOW - timedelta(minutes=30)) == 30
    )
