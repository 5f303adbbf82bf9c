"""Which pages are to be read again."""

from datetime import date, timedelta

from casefile.vitals import ReviewedPage
from policies.reviews import past_review

TODAY = date(2026, 11, 26)


def page(name: str, days_ago: int) -> ReviewedPage:
    return ReviewedPage(page=name, owner="Tari", last_reviewed=TODAY - timedelta(days=days_ago))


def test_a_review_lasts_so_many_days_and_the_oldest_come_first() -> None:
    pages = [page("b.id", 181), page("c.id", 180), page("a.id", 181), page("d.id", 400), page("e.id", -1)]
    assert [one.page for one in past_review(pages, TODAY, 180)] == ["d.id", "a.id", "b.id"]
    assert past_review(pages, TODAY, 400) == ()
