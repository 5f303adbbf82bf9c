"""Pages that nobody has read for too long, named in the ops lane once a week."""

from datetime import datetime

from agents.work import Desk
from casefile.effects import PostToLane
from policies.reviews import past_review
from policies.sampling import week_of
from ports.journal import Journal
from ports.upkeep import Reviewed


class PageReviews:
    """Looks as the desk opens; `days` is how long a review lasts."""

    def __init__(self, pages: Reviewed, days: int, journal: Journal, desk: Desk) -> None:
        self._pages = pages
        self._days = days
        self._journal = journal
        self._desk = desk

    async def announce(self, slot: datetime, now: datetime) -> bool:
        """Name the pages past their review; whatever day of a week is the first, once in it."""
        rules, lanes = self._desk.rules, self._desk.lanes
        late = past_review(self._pages.reviewed(), now.astimezone(rules.zone).date(), self._days)
        if late:
            lines = (f"• {page.page} · {page.last_reviewed:%Y-%m-%d} · {page.owner}" for page in late)
            values = {"count": str(len(late)), "days": str(self._days), "pages": "\n".join(lines)}
            thread = f"review:{rules.desk}:{week_of(slot, rules.zone)}"
            post = PostToLane(key=thread, lane="ops", thread=thread, html=lanes.post("page_reviews", values))
            await self._journal.announce(post, "", "", now)
        return True
