"""Which pages somebody has to read again: those whose last review is too long ago."""

from collections.abc import Iterable
from datetime import date, timedelta

from casefile.vitals import ReviewedPage


def past_review(pages: Iterable[ReviewedPage], today: date, days: int) -> tuple[ReviewedPage, ...]:
    """Return the pages last reviewed more than so many days ago, the longest first."""
    late = [page for page in pages if today - page.last_reviewed > timedelta(days=days)]
    return tuple(sorted(late, key=lambda page: (page.last_reviewed, page.page)))
